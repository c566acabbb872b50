"""Knowledge bases that were compiled whole, for others to be grafted onto."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from weakref import ref

from bot.knowledge.model import KnowledgeBase
from bot.matching.compiled import Compiled
from bot.matching.quotes import QuoteIndex

__all__ = ["Base", "Bases"]

_KEPT = 3  # what was taught may be undone after it was compiled whole, and goes onto an earlier one then


@dataclass(frozen=True)
class Base:
    """A knowledge base compiled whole.

    Attributes:
        held: what was compiled, as long as anybody holds it: it is large, and soon read again.
        read: reads it again; None where it can't be.
        quotes: None where they weren't made ready.
    """

    knowledge: KnowledgeBase
    held: Callable[[], Compiled | None]
    read: Callable[[], Compiled | None]
    quotes: QuoteIndex | None

    @property
    def compiled(self) -> Compiled | None:
        """What was compiled, or None where it is gone."""
        return self.held() or self.read()


class Bases:
    """The last few of them; safe to share between threads."""

    def __init__(self) -> None:
        self._bases: tuple[Base, ...] = ()
        self._lock = Lock()

    def __iter__(self) -> Iterator[Base]:
        """Newest first."""
        return iter(self._bases)

    def add(
        self,
        knowledge: KnowledgeBase,
        compiled: Compiled | None,
        read: Callable[[], Compiled | None],
        quotes: QuoteIndex | None = None,
    ) -> None:
        """Remembers one.

        Args:
            compiled: None where it has to be read.
            read: finds what was compiled when nobody holds it any more.
        """
        held = ref(compiled) if compiled else (lambda: None)
        with self._lock:
            others = [base for base in self._bases if base.knowledge.version != knowledge.version]
            self._bases = (Base(knowledge, held, read, quotes), *others)[:_KEPT]
