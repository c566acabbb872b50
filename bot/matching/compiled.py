"""A knowledge base made ready to answer: index, vectors, head and calibration, built once and cached on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching import calibration, cholesky, follow_ups, head, index, leftout, quotes
from bot.matching.calibration import Calibration
from bot.matching.cores import together
from bot.matching.dictionary import dictionary
from bot.matching.follow_ups import FollowUps
from bot.matching.head import Fit, Head
from bot.matching.index import Index
from bot.matching.leftout import Sample
from bot.matching.quotes import QuoteVectors
from bot.matching.semantic import Vectors
from bot.matching.signals import Encode, Similarities, embed, texts_of
from bot.matching.utterance import Utterance, prepare
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
    encode = vectors_of.encode if vectors_of else None
    built = index.build(knowledge, dictionary(), lambda read: _begin(vectors_of, read))
    named = [built.labels[label].id for label in built.of_kind("entry")]
    answers = [prepare(knowledge.entries[name].answer, built.lexicon).spoken for name in named]
    checks = [(check, prepare(check.ask, built.lexicon)) for check in knowledge.checks]
    questions = [question for _, question in checks]
    asked, leaning = follow_ups.read(knowledge, built.lexicon)
    _begin(vectors_of, questions, answers)
    _begin(vectors_of, leaning)  # apart, as a vector differs a little with what is encoded beside it
    for texts in quotes.texts_of(knowledge):
        _begin(vectors_of, (), texts)
    told = partial(encode, progress=lambda done: progress("encoding", 0.1 + 0.3 * done)) if encode else None
    similarities = Similarities(built.lexical, _embedded(built.utterances, told))
    fitted, sample = _fitted(built, similarities, progress)
    progress("calibrating", 0.8)
    bench = leftout.Bench(built, similarities, fitted, encode(answers) if encode else None)
    examples = list(leftout.left_out_examples(bench, sample))
    examples += leftout.check_examples(bench, checks, _embedded(questions, encode))
    calibrated = calibration.calibrate(examples, precision)
    spoken = quotes.vectors(knowledge, encode) if encode else None
    asked_on = follow_ups.build(asked, leaning, _embedded(leaning, encode))
    progress("ready", 1.0)
    return Compiled(built, similarities, fitted.head, calibrated, spoken, asked_on)


def _begin(vectors_of: VectorCache | None, read: Sequence[Utterance], texts: Sequence[str] = ()) -> None:
    """Has what was read encoded in the background, and further texts."""
    if vectors_of:
        vectors_of.begin([*texts_of(read), *texts])


def _embedded(utterances: Sequence[Utterance], encode: Encode | None) -> Vectors | None:
    return embed(utterances, encode) if encode else None


def _fitted(built: Index, similarities: Similarities, progress: Progress) -> tuple[Fit, Sample]:
    """The head, and what can be left out of it."""
    progress("comparing", 0.4)
    kept = head.fitted_on(built.owner)
    sample = leftout.choose(built, kept)
    order = head.in_order(kept, sample.rows)
    gram = _gram(similarities, order)
    progress("fitting", 0.5)
    return head.fit(gram, built.owner, order, len(built.labels), len(sample.rows)), sample


def _gram(similarities: Similarities, order: npt.NDArray[np.int64]) -> list[Vectors]:
    """Of some phrasings to each other: the lower triangle in panels, as it is by far the largest thing here."""
    return [_panel(similarities.only(order[: rows.stop]), rows) for rows in cholesky.panels(len(order))]


def _panel(similarities: Similarities, rows: slice) -> Vectors:
    panel = np.empty((rows.stop - rows.start, rows.stop), np.float32)

    def compare(at: int) -> None:
        block = slice(at, min(at + _ROWS, len(panel)))
        panel[block] = similarities.between(np.arange(rows.start + block.start, rows.start + block.stop))

    together(compare, range(0, len(panel), _ROWS))
    return panel
