"""Similarities of texts to the phrasings, from the lexical and the semantic side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.matching import int8
from bot.matching.evidence import Signals
from bot.matching.head import Head
from bot.matching.lexical import LexicalIndex
from bot.matching.semantic import Vectors
from bot.matching.utterance import Utterance

__all__ = ["LEXICAL_WEIGHT", "Encode", "Similarities", "combine", "embed", "texts_of"]

LEXICAL_WEIGHT = 0.5
_CLASSES = 64  # classes that the head scores; further ones never came among the best five
_AT_ONCE = 64  # questions

Starts = npt.NDArray[np.int64]
Encode = Callable[[Sequence[str]], Vectors]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Similarities:
    """Compares utterances with the phrasings.

    Attributes:
        vectors: of the phrasings, shape ``(n, width)``; None without an encoder.
    """

    lexical: LexicalIndex
    vectors: Vectors | None

    def make_ready(self) -> None:
        """Prepares for questions one by one, which the first of them would wait for: 50 ms for 15,000 phrasings."""
        _ = self._rows

    @cached_property
    def _rows(self) -> int8.Rows | None:
        return None if self.vectors is None else int8.rows(self.vectors)

    def signals(self, question: Utterance, vector: Vectors | None, head: Head, starts: Starts | None = None) -> Signals:
        """All signals of one question.

        Args:
            vector: of the question; None without an encoder.
            starts: first phrasing of each class; given, the head scores only the classes with the nearest phrasings.
        """
        lexical, semantic, combined = self.compared(question, vector)
        return Signals(lexical, semantic, combined, head.scores(combined, _near(combined, starts)))

    def compared(self, question: Utterance, vector: Vectors | None) -> tuple[Matrix, Matrix, Matrix]:
        """Lexical, semantic and combined similarities to the phrasings; ``vector`` as for :meth:`signals`."""
        lexical = self.lexical.similarities(question.terms, question.tokens)
        semantic = lexical if vector is None or self._rows is None else self._rows.products(vector)
        return lexical, semantic, combine(lexical, semantic)

    def signals_of_all(
        self, questions: Sequence[Utterance], vectors: Vectors | None, head: Head, starts: Starts
    ) -> Iterator[Signals]:
        """As :meth:`signals`, for many questions: the head scores some at once, which takes a fraction of the time."""
        for at in range(0, len(questions), _AT_ONCE):
            some = questions[at : at + _AT_ONCE]
            lexical = np.stack([self.lexical.similarities(question.terms, question.tokens) for question in some])
            meant = None if vectors is None else vectors[at : at + _AT_ONCE]
            semantic = lexical if self.vectors is None or meant is None else meant @ self.vectors.T
            combined = combine(lexical, semantic)
            scored = head.scores_of_all(combined)
            for row, scores in enumerate(scored):
                near = _only(scores, _near(combined[row], starts))
                yield Signals(lexical[row], semantic[row], combined[row], near)

    def between(self, rows: Starts) -> Matrix:
        """Of some phrasings to every phrasing, shape ``(len(rows), n)``."""
        lexical = self.lexical.between(rows)
        return lexical if self.vectors is None else combine(lexical, self.vectors[rows] @ self.vectors.T)

    def among(self, rows: Starts) -> Matrix:
        """Of some phrasings to each other, shape ``(len(rows), len(rows))``."""
        return self.only(rows).between(np.arange(len(rows)))

    def only(self, rows: Starts) -> Similarities:
        """Those of some of the phrasings, in that order."""
        return Similarities(self.lexical.only(rows), None if self.vectors is None else self.vectors[rows])


def _near(combined: Matrix, starts: Starts | None) -> Starts | None:
    """The classes of the nearest phrasings, or None for all."""
    if starts is None or len(starts) - 1 <= _CLASSES:
        return None
    nearest = np.maximum.reduceat(combined, starts[:-1])
    return np.argpartition(-nearest, _CLASSES)[:_CLASSES]


def _only(scores: Matrix, classes: Starts | None) -> Matrix:
    """The scores of some classes, 0 for the others; all where none are named."""
    if classes is None:
        return scores
    kept = np.zeros_like(scores)
    kept[classes] = scores[classes]
    return kept


def combine(lexical: Matrix, semantic: Matrix) -> Matrix:
    """The weighted mean of both sides."""
    combined = np.multiply(lexical, LEXICAL_WEIGHT)
    combined += semantic
    combined /= 1 + LEXICAL_WEIGHT
    return combined


def embed(utterances: Sequence[Utterance], encode: Encode) -> Vectors:
    """Unit vectors of utterances, shape ``(n, width)``: the mean of the whole text's and of its asking part's."""
    texts = texts_of(utterances)
    place = {text: row for row, text in enumerate(texts)}
    found = encode(texts)
    vectors = found[[place[u.spoken] for u in utterances]] + found[[place[u.focus] for u in utterances]]
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def texts_of(utterances: Iterable[Utterance]) -> list[str]:
    """What is encoded of utterances, each text once."""
    return list(dict.fromkeys(text for u in utterances for text in (u.spoken, u.focus)))
