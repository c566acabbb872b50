"""English words, from two lists: those that a misspelling may stand for, and rarer ones that are no misspelling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import resources

__all__ = ["SHORTEST", "Dictionary", "by_length", "dictionary"]

SHORTEST = 4  # letters of a word that may be repaired, or be what another one stands for


class Dictionary(dict[str, int]):
    """The common words of the language and their rank by frequency.

    Attributes:
        rare: further words, inflected ones for the most part.
    """

    def __init__(self, words: Iterable[tuple[str, int]] = (), rare: Iterable[str] = ()) -> None:
        super().__init__(words)
        self.rare = frozenset(rare)

    @cached_property
    def by_length(self) -> Mapping[int, Sequence[str]]:
        """The common words by their length, made once for all knowledge bases."""
        return by_length(self)


def by_length(words: Iterable[str]) -> Mapping[int, Sequence[str]]:
    """Words that repair may choose, by their length: only those of about the same length come near."""
    found: dict[int, list[str]] = {}
    for word in sorted(words):
        if len(word) >= SHORTEST:
            found.setdefault(len(word), []).append(word)
    return found


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The whole words of the encoder's WordPiece vocabulary, about by frequency, and SymSpell's list (see NOTICE)."""
    ranked = ((word, rank) for rank, word in enumerate(_lines("wordpiece.txt")))
    common = ((word, rank) for word, rank in ranked if word.isascii() and word.isalpha() and len(word) > 1)
    return Dictionary(common, _lines("words.txt"))


def _lines(name: str) -> Sequence[str]:
    return (resources.files("bot.matching") / "data" / name).read_text("utf-8").splitlines()
