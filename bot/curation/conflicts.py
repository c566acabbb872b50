"""Whether a phrasing may be taught: it must not take questions from another entry, gap or small talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.curation.asked import key_of
from bot.herald import Snapshot
from bot.knowledge.model import KnowledgeBase
from bot.matching.index import Label, collect
from bot.matching.semantic import Encoder, Vectors
from bot.matching.signals import combine, embed
from bot.matching.utterance import Utterance, prepare

__all__ = ["Conflict", "conflict"]

# Similarity from which a phrasing draws questions like another one to itself. Of 1,500 phrasings of the shipped
# knowledge base, which are right where they are, none would be refused by it (without the encoder 0.6 %).
_TAKES, _TAKES_IN_WORDS = 0.85, 0.7
_CALLED = {"entry": "entry", "gap": "gap", "smalltalk": "small talk", "background": "background"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A phrasing that would be taken from its class.

    Attributes:
        question: that was to be taught.
        phrasing: that it would take; ``owner`` has it.
    """

    question: str
    phrasing: str
    owner: Label

    def __str__(self) -> str:
        owner = f"the {_CALLED[self.owner.kind]} '{self.owner.id}'"
        if key_of(self.question) == key_of(self.phrasing):
            return f'"{self.question}" is a phrasing of {owner} already. Take it out there first.'
        return (
            f'"{self.question}" is too much like "{self.phrasing}", a phrasing of {owner}, which would then be '
            "matched wrongly. Teach it there, or write the phrasings of both apart."
        )


def conflict(snapshot: Snapshot, encoder: Encoder | None, question: str, target: Label | None) -> Conflict | None:
    """The phrasing of another class that a new one would take; None where it may be taught.

    It takes one that it is about equal to, unless that has one of its own class nearer by.

    Args:
        target: the class that is to have it; None for one that is to be made.
    """
    index = snapshot.matcher.compiled.index
    utterance = prepare(question, index.lexicon)
    similar = _similar(snapshot, utterance, _vector(utterance, encoder))
    least = _TAKES if encoder else _TAKES_IN_WORDS
    own = index.owner == (index.positions.get(target, -1) if target else -1)
    for row in sorted(np.flatnonzero((similar >= least) & ~own), key=lambda row: -similar[row]):
        if similar[row] >= _nearest_of_its_own(snapshot, int(row)):
            label = index.labels[index.owner[row]]
            place = int(row - index.starts[index.owner[row]])
            return Conflict(question, _phrasings(snapshot.knowledge, label)[place], label)
    return None


def _vector(utterance: Utterance, encoder: Encoder | None) -> Vectors | None:
    return np.asarray(embed([utterance], encoder.encode)[0]) if encoder else None


def _similar(snapshot: Snapshot, utterance: Utterance, vector: Vectors | None) -> Vectors:
    """Of a question to every phrasing, shape ``(n,)``; 1 for the same words."""
    known = snapshot.matcher.compiled.similarities
    lexical = known.lexical.similarities(utterance.terms, utterance.tokens)
    return lexical if known.vectors is None or vector is None else combine(lexical, known.vectors @ vector)


def _nearest_of_its_own(snapshot: Snapshot, row: int) -> float:
    """How near the nearest other phrasing of a phrasing's own class is; 0 where there is none."""
    known, index = snapshot.matcher.compiled.similarities, snapshot.matcher.compiled.index
    others = index.rows(int(index.owner[row]))
    others = others[others != row]
    if not len(others):
        return 0.0
    similar = known.lexical.between(np.array([row], np.int64))[0]
    if known.vectors is not None:
        similar = combine(similar, known.vectors @ known.vectors[row])
    return float(similar[others].max())


def _phrasings(knowledge: KnowledgeBase, wanted: Label) -> Sequence[str]:
    return next(phrasings for label, phrasings in collect(knowledge) if label == wanted)
