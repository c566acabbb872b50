"""What members ask after an entry's answer, made ready to be compared with a question.

Such words lean on the answer and mean nothing by themselves ("why?"), so that they are no phrasings of a class: they
have an index and vectors of their own, and a question is compared with those of one entry alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.knowledge.model import KnowledgeBase
from bot.matching import lexical
from bot.matching.lexical import LexicalIndex
from bot.matching.lexicon import Lexicon
from bot.matching.semantic import Vectors
from bot.matching.signals import Encode, Similarities, combine, embed
from bot.matching.utterance import Utterance, prepare

__all__ = ["Asked", "FollowUps", "build", "changes", "read", "regrown"]

Asked = tuple[tuple[str, str, str], ...]
"""Entry, target and phrasing of each follow-up, in order of the entries."""


@dataclass(frozen=True)
class FollowUps:
    """The follow-ups of all entries; a row of the similarities for each.

    Attributes:
        asked: what stands in the rows.
    """

    asked: Asked
    similarities: Similarities

    def near(self, question: Utterance, vector: Vectors | None, entry: str) -> Mapping[str, float]:
        """How near a question comes to what is asked after an entry.

        Args:
            vector: of the question; None without an encoder.

        Returns:
            the greatest combined similarity by target, an id of an entry or gap; empty where nothing is asked.
        """
        if entry not in self._rows:
            return {}
        rows = self._rows[entry]
        words = self.similarities.lexical.similarities(question.terms, question.tokens)[rows]
        vectors = self.similarities.vectors
        meant = words if vectors is None or vector is None else vectors[rows] @ vector
        found: dict[str, float] = {}
        for (_, target, _), likeness in zip(self.asked[rows], combine(words, meant).tolist(), strict=True):
            found[target] = max(likeness, found.get(target, likeness))
        return found

    @cached_property
    def _rows(self) -> Mapping[str, slice]:
        """The rows of each entry."""
        rows: dict[str, slice] = {}
        for row, (entry, _, _) in enumerate(self.asked):
            rows[entry] = slice(rows[entry].start if entry in rows else row, row + 1)
        return rows


def read(knowledge: KnowledgeBase, lexicon: Lexicon) -> tuple[Asked, Sequence[Utterance]]:
    """The follow-ups of a knowledge base, and each taken apart."""
    asked = _asked(knowledge)
    return asked, _prepared(asked, lexicon)


def build(asked: Asked, utterances: Sequence[Utterance], encode: Encode | None) -> FollowUps:
    """Compiles follow-ups that were read.

    Args:
        encode: None for the lexical half alone.
    """
    return FollowUps(asked, Similarities(_lexical(utterances), embed(utterances, encode) if encode else None))


def changes(old: FollowUps, knowledge: KnowledgeBase) -> int:
    """How many follow-ups come or go where those of a knowledge base follow."""
    return len(set(old.asked) ^ set(_asked(knowledge)))


def regrown(old: FollowUps, knowledge: KnowledgeBase, lexicon: Lexicon, encode: Encode | None) -> FollowUps:
    """The follow-ups of a knowledge base that differs little from one whose follow-ups are there.

    Only words that are new are encoded; where none come or go, it is the same piece.
    """
    asked = _asked(knowledge)
    if asked == old.asked:
        return old
    utterances = _prepared(asked, lexicon)
    return FollowUps(asked, Similarities(_lexical(utterances), _vectors(old, asked, utterances, encode)))


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


def _lexical(utterances: Sequence[Utterance]) -> LexicalIndex:
    return lexical.build([u.terms for u in utterances], [u.tokens for u in utterances])
