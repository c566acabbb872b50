"""What members ask after an entry's answer, made ready to be compared with a question.

Such words lean on the answer and mean nothing by themselves ("why?"), so that they are no phrasings of a class: they
have an index and vectors of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from bot.knowledge.model import KnowledgeBase
from bot.matching import lexical
from bot.matching.lexical import Scores
from bot.matching.lexicon import Lexicon
from bot.matching.semantic import Vectors
from bot.matching.signals import Encode, Similarities, embed
from bot.matching.utterance import Utterance, prepare

__all__ = ["Asked", "FollowUps", "Likeness", "build", "changes", "read", "regrown"]

Asked = tuple[tuple[str, str, str], ...]
"""Entry, target and phrasing of each follow-up, in order of the entries."""

_NEAREST = 150


@dataclass(frozen=True)
class FollowUps:
    """The follow-ups of all entries; a row of the similarities for each.

    Attributes:
        asked: what stands in the rows.
    """

    asked: Asked
    similarities: Similarities

    def likeness(self, question: Utterance, vector: Vectors | None) -> Likeness:
        """How near a question comes to each of them; ``vector`` is None without an encoder."""
        return Likeness(self, self.similarities.compared(question, vector)[-1])

    def leads(self, entries: Iterable[str]) -> Counter[str]:
        """How many of what is asked after some entries lead to each target, an id of an entry or gap."""
        return Counter(target for entry in entries for _, target, _ in self.asked[self.rows(entry)])

    def rows(self, entry: str) -> slice:
        """The rows of an entry; none of what has no follow-ups."""
        return self._rows.get(entry, slice(0, 0))

    @cached_property
    def _rows(self) -> Mapping[str, slice]:
        """The rows of each entry."""
        rows: dict[str, slice] = {}
        for row, (entry, _, _) in enumerate(self.asked):
            rows[entry] = slice(rows[entry].start if entry in rows else row, row + 1)
        return rows


@dataclass(frozen=True)
class Likeness:
    """How near one question comes to each follow-up: combined similarities, shape ``(len(asked),)``."""

    follow_ups: FollowUps
    values: Scores

    def after(self, entries: Iterable[str]) -> Mapping[str, float]:
        """The greatest by target, an id of an entry or gap, among what is asked after some entries."""
        rows = (range(rows.start, rows.stop) for rows in map(self.follow_ups.rows, entries))
        return _greatest((target, value) for (_, target, _), value in self._of(chain.from_iterable(rows)))

    def anywhere(self, weight: Callable[[str], float]) -> Mapping[str, float]:
        """The greatest by target among the nearest of all, each times the ``weight`` of the entry it is asked after."""
        nearest = np.argsort(-self.values, kind="stable")[:_NEAREST]
        return _greatest((target, value * weight(entry)) for (entry, target, _), value in self._of(nearest.tolist()))

    def _of(self, rows: Iterable[int]) -> Iterator[tuple[tuple[str, str, str], float]]:
        return ((self.follow_ups.asked[row], float(self.values[row])) for row in rows)


def _greatest(values: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for name, value in values:
        found[name] = max(value, found.get(name, value))
    return found


def read(knowledge: KnowledgeBase, lexicon: Lexicon) -> tuple[Asked, Sequence[Utterance]]:
    """The follow-ups of a knowledge base, and each taken apart."""
    asked = _asked(knowledge)
    return asked, _prepared(asked, lexicon)


def build(asked: Asked, utterances: Sequence[Utterance], vectors: Vectors | None) -> FollowUps:
    """Makes follow-ups that were read comparable; ``vectors``, one each, are None for the lexical half alone."""
    return FollowUps(asked, Similarities(lexical.over(utterances), vectors))


def changes(old: FollowUps, knowledge: KnowledgeBase) -> int:
    """How many follow-ups come or go where those of a knowledge base follow."""
    return len(set(old.asked) ^ set(_asked(knowledge)))


def regrown(old: FollowUps, knowledge: KnowledgeBase, lexicon: Lexicon, encode: Encode | None) -> FollowUps:
    """The follow-ups of a knowledge base that differs little from one whose follow-ups are there.

    Only words that are new are encoded; where none come or go, it is the same piece.
    """
    if _asked(knowledge) == old.asked:
        return old
    asked, utterances = read(knowledge, lexicon)
    return build(asked, utterances, _vectors(old, asked, utterances, encode))


def _vectors(old: FollowUps, asked: Asked, utterances: Sequence[Utterance], encode: Encode | None) -> Vectors | None:
    known = old.similarities.vectors
    if known is None or encode is None:
        return None
    places = {phrasing: row for row, (_, _, phrasing) in enumerate(old.asked)}
    rows = np.array([places.get(phrasing, -1) for _, _, phrasing in asked], np.int64)
    stayed, added = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
    vectors = np.empty((len(asked), known.shape[1]), np.float32)
    vectors[stayed] = known[rows[stayed]]
    if len(added):
        vectors[added] = embed([utterances[row] for row in added.tolist()], encode)
    return vectors


def _asked(knowledge: KnowledgeBase) -> Asked:
    return tuple(
        (entry.id, target, phrasing)
        for entry in knowledge.entries.values()
        for target, phrasings in entry.follow_ups.items()
        for phrasing in phrasings
    )


def _prepared(asked: Asked, lexicon: Lexicon) -> Sequence[Utterance]:
    """The phrasings taken apart: each once, as many stand under several entries."""
    utterances = {phrasing: prepare(phrasing, lexicon) for phrasing in {phrasing for _, _, phrasing in asked}}
    return [utterances[phrasing] for _, _, phrasing in asked]
