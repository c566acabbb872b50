"""Follow-up questions: what was said before, and the ways to read a question in its light.

Context is per conversation, bounded in turns and time. A question that stands by itself is never touched; one with a
pronoun, an ellipsis or a contrast is read anew with the subject of the turns before, and the matcher decides which
reading makes sense.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from bot.knowledge.model import KnowledgeBase
from bot.matching import text

__all__ = ["Conversations", "Turn", "leans_back", "readings"]

TURNS = 6
MINUTES = 15.0
CONVERSATIONS = 10_000
_ANTECEDENTS = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange.

    Attributes:
        asked: the question as it was understood, follow-up words resolved.
        names: ids it was about, the asked ones first.
        entry: the entry that answered, or None.
        request: speaker ids and topic of a quote request, or None.
        shown: ids of the quotes shown.
    """

    asked: str
    names: tuple[str, ...] = ()
    entry: str | None = None
    request: tuple[frozenset[str] | None, str] | None = None
    shown: tuple[str, ...] = ()


class Conversations:
    """The last turns of each conversation, in memory; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._turns: OrderedDict[str, tuple[float, tuple[Turn, ...]]] = OrderedDict()

    def turns(self, conversation: str | None) -> tuple[Turn, ...]:
        """The turns that still count, oldest first."""
        if conversation is None:
            return ()
        with self._lock:
            at, turns = self._turns.get(conversation, (0.0, ()))
            return turns if self._clock() - at <= MINUTES * 60 else ()

    def add(self, conversation: str | None, turn: Turn) -> None:
        """Remembers a turn; the oldest conversations are forgotten when there are too many."""
        if conversation is None:
            return
        earlier = self.turns(conversation)
        with self._lock:
            self._turns[conversation] = (self._clock(), (*earlier, turn)[-TURNS:])
            self._turns.move_to_end(conversation)
            while len(self._turns) > CONVERSATIONS:
                self._turns.popitem(last=False)


_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|himself|herself)\b")
_NEUTRAL = re.compile(r"\b(?:it|its|that|this|those|these|that one|this one)\b")
_PLACE = re.compile(r"\b(?:there|then)\b")
_LINKED = re.compile(r"^(?:and|but|also|so|ok and|what about|how about|what of|same for|or)\b[\s,]*")
_CONTRAST = re.compile(
    r"^(?:and |but |ok |so )*(?:what about|how about|what of|same for|and|in|at|for|the one|the other)\b[\s,]*(?P<rest>.+)$"
)
_OTHER = re.compile(r"\b(?:the )?other (?:one|event|talk|festival|article|q&a|screening|city)\b")
_BARE = re.compile(
    r"^(?:(?:and|but|ok|so) )*(?:why|how|when|where|who|what|which|which one|who else|what else|how come|how so|why not|how long|how many|"
    r"how much|since when|by whom|with whom|what for|really|where was that|when was that|who was it|why is that|why was that|what happened next"
    r"|and then|what next|then what|what then)$"
)


def leans_back(raw: str) -> bool:
    """Whether a question may need the turns before: a pronoun, a linking word, a contrast, or nothing but a question word."""
    folded = _plain(raw)
    return any(p.search(folded) for p in (_BARE, _LINKED, _OTHER, _PERSONAL, _NEUTRAL, _PLACE))


def empty(raw: str) -> bool:
    """Whether a question is nothing but a question word, and means nothing without the turns before."""
    return bool(_BARE.match(_plain(raw)))


def readings(raw: str, turns: Sequence[Turn], knowledge: KnowledgeBase) -> Iterator[str]:
    """Ways to read a follow-up question in the light of the turns before, the likeliest kinds first."""
    if not turns:
        return
    last, folded = turns[-1], _plain(raw)
    bare = _LINKED.sub("", folded)
    names = _antecedents(turns, knowledge)
    if _BARE.match(folded):
        yield f"{bare} {_body(last.asked)}"
        yield from (f"{bare} {name}" for name in names)
        return
    for name in names:
        if _PERSONAL.search(bare) or _NEUTRAL.search(bare):
            yield _NEUTRAL.sub(name, _PERSONAL.sub(lambda m: _inflected(m.group(), name), bare, count=2), count=1)
    contrast = _CONTRAST.match(folded)
    if contrast:
        yield from _contrasted(contrast.group("rest"), last, knowledge)
    yield from (f"{bare} {name}" for name in names)
    yield f"{_body(last.asked)} {bare}"


def _contrasted(rest: str, last: Turn, knowledge: KnowledgeBase) -> Iterator[str]:
    """The last question with one of its names exchanged for the contrasted one."""
    for name in last.names:
        for written in sorted((knowledge.names[name].name, *knowledge.names[name].aliases), key=len, reverse=True):
            spelled = " ".join(text.words(text.fold(written)))
            if re.search(rf"\b{re.escape(spelled)}\b", last.asked):
                yield re.sub(rf"\b{re.escape(spelled)}\b", rest, last.asked)
    yield f"{last.asked} {rest}"


def _plain(raw: str) -> str:
    return " ".join(text.words(text.fold(raw)))


def _body(asked: str) -> str:
    """A question without its question word, to hang another one before it."""
    return re.sub(r"^(?:who|what|when|where|why|how|which)\b\s*", "", asked)


def _inflected(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun in ("his", "hers", "their", "theirs") else name


def _antecedents(turns: Sequence[Turn], knowledge: KnowledgeBase) -> list[str]:
    """Names that a pronoun may stand for, the latest first."""
    ids = dict.fromkeys(name for turn in reversed(turns[-2:]) for name in turn.names if name in knowledge.names)
    return [knowledge.names[name].name for name in list(ids)[:_ANTECEDENTS]]


def understood(turn: Turn, reading: str) -> Turn:
    """The turn with its question as it was read."""
    return replace(turn, asked=_plain(reading))
