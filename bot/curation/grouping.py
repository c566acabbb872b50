"""Which questions ask the same, by the matcher's own similarity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from weakref import ref

import numpy as np
import numpy.typing as npt

from bot.herald import Snapshot
from bot.matching import lexical
from bot.matching.compiled import Compiled
from bot.matching.semantic import Encoder
from bot.matching.signals import combine, embed
from bot.matching.utterance import Utterance, prepare
from bot.matching.vectors import Recent

__all__ = ["Asks", "Grouper"]

# Measured on 60 questions in 18 groups as members write them: from these on, 97 % of the pairs that are put together
# ask the same (90 % without the encoder), and 56 % (30 %) of those that do are found.
_ALIKE, _ALIKE_IN_WORDS = 0.55, 0.45
_KEPT = 5000  # vectors; two of a question at most


@dataclass(frozen=True, slots=True)
class Asks:
    """A question that waits in the store, as its row has it.

    Attributes:
        picks: entry to how often it was picked.
        near: entries with their scores when it was last asked.
        state: open, taught, new or gap.
        waits: members who want to be told.
    """

    key: str
    text: str
    platform: str
    last: float
    asked: int
    picks: Mapping[str, int]
    near: tuple[tuple[str, float], ...]
    state: str
    waits: int = 0


@dataclass(frozen=True, slots=True)
class _Grouped:
    """What was grouped, by what, and the groups that came of it."""

    questions: Sequence[Asks]
    compiled: Callable[[], Compiled | None]
    groups: Sequence[Sequence[Asks]]


class Grouper:
    """Groups questions; keeps the last groups, and vectors of questions it has met. Safe to share between threads."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encode = Recent(encoder.encode, _KEPT).encode if encoder else None
        self._last = _Grouped((), lambda: None, ())

    def groups(self, snapshot: Snapshot, questions: Sequence[Asks]) -> Sequence[Sequence[Asks]]:
        """The questions in groups, each led by its most asked; every question is in one of them.

        Groups that were asked most often, and of these the latest, come first.
        """
        last, compiled = self._last, snapshot.matcher.compiled
        if last.compiled() is compiled and last.questions == questions:
            return last.groups
        found = self._grouped(snapshot, questions)
        self._last = _Grouped(questions, ref(compiled), found)  # held weakly, as it is large
        return found

    def _grouped(self, snapshot: Snapshot, questions: Sequence[Asks]) -> Sequence[Sequence[Asks]]:
        ordered = sorted(questions, key=lambda asks: (-asks.asked, -asks.last, asks.key))
        alike = self._alike(snapshot, ordered)
        free, found = np.ones(len(ordered), bool), []
        for leader in range(len(ordered)):
            if free[leader]:
                free[leader] = False
                members = np.flatnonzero(alike[leader] & free)
                free[members] = False
                found.append([ordered[i] for i in (leader, *members)])
        return sorted(found, key=_weight)

    def _alike(self, snapshot: Snapshot, questions: Sequence[Asks]) -> npt.NDArray[np.bool_]:
        """Which ask the same, shape ``(n, n)``."""
        lexicon = snapshot.matcher.compiled.index.lexicon
        prepared = [prepare(asks.text, lexicon) for asks in questions]
        if not prepared:
            return np.zeros((0, 0), bool)
        words = lexical.over(prepared)
        similar, least = words.between(np.arange(len(prepared))), _ALIKE_IN_WORDS
        if self._encode:
            vectors = embed(prepared, self._encode)
            similar, least = combine(similar, vectors @ vectors.T), _ALIKE
        return (similar >= least) & ~_contradicting(prepared)


def _contradicting(questions: Sequence[Utterance]) -> npt.NDArray[np.bool_]:
    """Pairs that each name somebody or something that the other doesn't."""
    names = sorted(set().union(*(question.names for question in questions)))
    held = np.array([[name in question.names for name in names] for question in questions], np.int64)
    extra = (held @ (1 - held).T) > 0 if names else np.zeros((len(questions), len(questions)), bool)
    return np.asarray(extra & extra.T, bool)


def _weight(group: Sequence[Asks]) -> tuple[int, float, str]:
    return (-sum(asks.asked for asks in group), -max(asks.last for asks in group), group[0].key)
