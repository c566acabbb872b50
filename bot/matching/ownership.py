"""Phrasings of entries that another entry or a gap wins.

Each phrasing is scored by the head that was fitted with it, so that a phrasing which loses stands closer to the words
of another class than to those of its own: a question like it would get the other's answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.errors import Problem
from bot.knowledge.model import KnowledgeBase
from bot.matching.compiled import Compiled
from bot.matching.head import kernel
from bot.matching.index import Label, collect
from bot.matching.signals import combine
from bot.matching.utterance import prepare

__all__ = ["check"]

_CHUNK = 256


def check(
    knowledge: KnowledgeBase, compiled: Compiled, progress: Callable[[float], None] = lambda _: None
) -> Iterator[Problem]:
    """Yields a problem for each phrasing of an entry whose best entry or gap is another one.

    Args:
        compiled: made from this knowledge base.
        progress: told the share of the phrasings that were looked at.
    """
    index = compiled.index
    phrasings = [phrasing for _, members in collect(knowledge) for phrasing in members]
    rows = np.flatnonzero(np.isin(index.owner, index.of_kind("entry")))
    rivals = index.of_kind("entry", "gap")
    # One product for many phrasings at once; the head itself is made for one question.
    coefficients = compiled.head.coefficients[rivals].astype(np.float32)
    for at in range(0, len(rows), _CHUNK):
        chunk = rows[at : at + _CHUNK]
        scores = coefficients @ kernel(_similarities(compiled, phrasings, chunk))
        for row, winner in zip(chunk, rivals[scores.argmax(axis=0)], strict=True):
            if winner != index.owner[row]:
                yield _problem(knowledge, index.labels[index.owner[row]], phrasings[row], index.labels[winner])
        progress(min((at + _CHUNK) / len(rows), 1.0))


def _similarities(compiled: Compiled, phrasings: Sequence[str], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Of all phrasings to those of ``rows``, shape ``(n, len(rows))``."""
    lexicon, (lexical, vectors) = compiled.index.lexicon, (compiled.similarities.lexical, compiled.similarities.vectors)
    questions = [prepare(phrasings[row], lexicon) for row in rows]
    alike = np.stack([lexical.similarities(question.terms, question.tokens) for question in questions], axis=1)
    return combine(alike, alike if vectors is None else vectors @ vectors[rows].T)


def _problem(knowledge: KnowledgeBase, own: Label, phrasing: str, winner: Label) -> Problem:
    file, line = knowledge.places["entries", own.id]
    message = f"entries: '{own.id}': the {winner.kind} '{winner.id}' wins its phrasing \"{phrasing}\""
    hint = "make it more telling" if winner.kind == "gap" else f"make it more telling, or move it to '{winner.id}'"
    return Problem(file, line, message, hint)
