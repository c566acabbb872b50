"""A knowledge base made ready to answer: index, vectors, head and calibration, built once and cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching import calibration, follow_ups, head, index, leftout, quotes, semantic
from bot.matching.calibration import Calibration
from bot.matching.cores import together
from bot.matching.follow_ups import FollowUps
from bot.matching.head import Head
from bot.matching.index import Index
from bot.matching.quotes import QuoteVectors
from bot.matching.semantic import Vectors
from bot.matching.signals import Encode, Similarities, embed
from bot.matching.utterance import prepare
from bot.matching.vectors import VectorCache

__all__ = ["Compiled", "Progress", "compile_knowledge"]

Progress = Callable[[str, float], None]
"""Told what is being done and the share of all work done, 0 to 1."""


_ROWS = 512


@dataclass(frozen=True)
class Compiled:
    """Everything the matcher needs; immutable, shared between threads.

    Attributes:
        grafted: how many phrasings have come or gone since it was compiled whole (see :mod:`bot.matching.graft`).
    """

    index: Index
    similarities: Similarities
    head: Head
    calibration: Calibration
    quotes: QuoteVectors | None
    follow_ups: FollowUps
    grafted: int = 0


def compile_knowledge(
    knowledge: KnowledgeBase, vectors_of: VectorCache | None, precision: float, progress: Progress
) -> Compiled:
    """Builds everything from the knowledge base.

    Args:
        vectors_of: encodes texts; None for the lexical half alone.
        precision: the wanted share of right answers among those given.
    """
    progress("reading phrasings", 0.0)
    built = index.build(knowledge, semantic.dictionary())
    encode = (
        partial(vectors_of.encode, progress=lambda done: progress("encoding", 0.1 + 0.4 * done)) if vectors_of else None
    )
    vectors, asked_on = follow_ups.build(knowledge, built, encode)
    similarities = Similarities(built.lexical, vectors)
    progress("comparing", 0.5)
    kept = head.fitted_on(built.owner)
    sample = leftout.choose(built, kept)
    gram = _similarities(similarities, kept)
    progress("fitting", 0.6)
    fitted = head.fit(gram, built.owner, kept, len(built.labels), sample.rows)
    progress("calibrating", 0.8)
    answers = _answers(knowledge, built, encode)
    examples = list(leftout.left_out_examples(built, similarities, fitted, sample, answers))
    checks = [(check, prepare(check.ask, built.lexicon)) for check in knowledge.checks]
    asked = embed([question for _, question in checks], encode) if encode and checks else None
    examples += leftout.check_examples(built, similarities, fitted, answers, checks, asked)
    calibrated = calibration.calibrate(examples, precision)
    spoken = quotes.vectors(knowledge, encode) if encode else None
    progress("ready", 1.0)
    return Compiled(built, similarities, fitted.head, calibrated, spoken, asked_on)


def _similarities(similarities: Similarities, kept: npt.NDArray[np.int64]) -> Vectors:
    """Of some phrasings to each other, shape ``(k, k)``; blockwise, as that matrix is by far the largest thing here."""
    both = np.empty((len(kept), len(kept)), np.float32)
    among = similarities.only(kept)

    def compare(at: int) -> None:
        block = np.arange(at, min(at + _ROWS, len(kept)))
        both[block] = among.between(block)

    together(compare, range(0, len(kept), _ROWS))
    return both


def _answers(knowledge: KnowledgeBase, built: Index, encode: Encode | None) -> Vectors | None:
    """Vectors of the entries' answers, in order of the classes; entries come first there."""
    if encode is None:
        return None
    ids = [built.labels[label].id for label in built.of_kind("entry")]
    return embed([prepare(knowledge.entries[name].answer, built.lexicon) for name in ids], encode)
