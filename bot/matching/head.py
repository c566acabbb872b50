"""Kernel ridge regression on the phrasings: which class does a text belong to?

``K = exp((similarity - 1) / 0.3)``, ridge 0.1, one-hot targets; closed form, with exact scores for phrasings and whole
classes left out (Rasmussen and Williams 2006, section 5.4.2). Width and ridge are the measured plateau, not tuned here.
It takes memory as the square of the phrasings and time as their cube, so of very many it is fitted on an even choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching import cholesky
from bot.matching.cholesky import Factor
from bot.matching.cores import shares, together

__all__ = ["Fit", "Head", "amended", "fit", "fitted_on", "in_order", "kernel"]

Matrix = npt.NDArray[np.float32]

WIDTH = 0.3
RIDGE = 0.1
LARGEST = 16_000  # phrasings; 0.6 GB, and about 10 s on two cores


def kernel(similarity: Matrix) -> Matrix:
    """Similarities (at most 1) to kernel values."""
    return np.asarray(np.exp((similarity - 1) / WIDTH), np.float32)


@dataclass(frozen=True)
class Head:
    """A fitted head: one row of coefficients for each class, shape ``(classes, phrasings)``."""

    coefficients: Matrix

    def scores(self, similarity: Matrix, classes: npt.NDArray[np.int64] | None = None) -> Matrix:
        """Scores of all classes for one text's similarities to the phrasings; 0 for classes that aren't named."""
        chosen = np.arange(len(self.coefficients)) if classes is None else classes
        values = kernel(similarity)
        scores = np.zeros(len(self.coefficients), np.float32)
        scores[chosen] = [self.coefficients[row] @ values for row in chosen.tolist()]  # all at once would copy them
        return scores

    def scores_of_all(self, similarities: Matrix) -> Matrix:
        """Scores of all classes for some texts, shape ``(texts, classes)``; their similarities as rows."""
        return kernel(similarities) @ self.coefficients.T


@dataclass(frozen=True)
class Fit:
    """A head with what is needed to leave some phrasings out.

    Attributes:
        owner: the class of each phrasing, shape ``(n,)``.
        rows: the phrasings that may be left out, ascending, shape ``(r,)``.
        weights: their coefficients, shape ``(r, classes)``.
        halves: columns for them, shape ``(r, r)``; the products of two are what the inverse Gram matrix holds.
    """

    head: Head
    owner: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    weights: Matrix
    halves: Matrix

    def left_out(self, rows: npt.NDArray[np.int64]) -> Matrix:
        """Scores of the phrasings ``rows`` when all of them are left out at once, shape ``(len(rows), classes)``."""
        places = np.searchsorted(self.rows, rows)
        halves = self.halves[places.min() :, places]  # above its own row a column is empty
        inverse = halves.T @ halves
        scores = -self.weights[places] / inverse if len(rows) == 1 else -np.linalg.solve(inverse, self.weights[places])
        scores[np.arange(len(rows)), self.owner[rows]] += 1
        return np.asarray(scores, np.float32)


def fitted_on(owner: npt.NDArray[np.int64], largest: int = LARGEST) -> npt.NDArray[np.int64]:
    """The phrasings to fit on, ascending: all, or of every class as many as go into ``largest``, evenly chosen."""
    sizes = np.bincount(owner)
    most = next((cap for cap in range(int(sizes.max(initial=1)), 1, -1) if np.minimum(sizes, cap).sum() <= largest), 1)
    begins = np.cumsum(sizes) - sizes
    chosen = [
        begin + np.linspace(0, size - 1, min(size, most)).astype(np.int64)
        for begin, size in zip(begins, sizes, strict=True)
        if size
    ]
    return np.concatenate([np.zeros(0, np.int64), *chosen])


def in_order(kept: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The phrasings to fit on in the order of :func:`fit`: those that will be left out, ``rows``, come last."""
    return np.concatenate([np.setdiff1d(kept, rows), rows])


def fit(
    gram: Sequence[Matrix],
    owner: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    classes: int,
    last: int = 0,
) -> Fit:
    """Fits a head.

    Args:
        gram: similarities of the phrasings to fit on to each other, as panels of a lower triangle (see
            :mod:`bot.matching.cholesky`); overwritten, as it is the largest thing there is.
        owner: the class of each phrasing, ascending, shape ``(n,)``.
        order: the phrasings to fit on, as the rows of ``gram``; see :func:`in_order`.
        classes: how many classes there are.
        last: how many at the end of ``order`` may be left out. They come last as the inverse is then had from the end
            of the factor alone.
    """
    for panel in gram:
        together(_to_kernel, [panel[part] for part in shares(0, len(panel))])
        panel[np.arange(len(panel)), np.arange(panel.shape[1] - len(panel), panel.shape[1])] += RIDGE
    factor = cholesky.factorize(gram)
    weights = _weights(factor, owner[order], classes)
    coefficients = np.zeros((classes, len(owner)), np.float32)
    coefficients[:, order] = weights.T
    begin = len(order) - last
    return Fit(Head(coefficients), owner, order[begin:], weights[begin:], factor.last(last))


def _weights(factor: Factor, owner: npt.NDArray[np.int64], classes: int) -> Matrix:
    """The solution for one-hot targets, shape ``(len(owner), classes)``."""
    labels, first = np.unique(owner, return_index=True)
    begun = np.argsort(first)
    targets = np.zeros((len(owner), classes), np.float32)
    for column, label in enumerate(labels[begun]):
        targets[:, column] = owner == label
    weights = np.zeros_like(targets)
    weights[:, labels[begun]] = factor.solve(targets[:, : len(labels)], first[begun])
    return weights


def amended(coefficients: Matrix, rows: npt.NDArray[np.int64], similarity: Matrix, missing: Matrix) -> Matrix:
    """Coefficients brought nearer to what a new fit would give, in place, where a few phrasings have come or gone.

    One step of block Gauss-Seidel: of all changes to the coefficients of ``rows`` the one that comes nearest to the
    solution, in the norm that belongs to the Gram matrix (Saad 2003, section 5.3). With all phrasings among them it is
    the solution. A change reaches about as far as its neighbors, so that a few hundred come close.

    Args:
        rows: the phrasings whose coefficients may change: those that are new, and what is near to the change.
        similarity: of these to each other, shape ``(k, k)``.
        missing: what they should score but don't yet, shape ``(k, classes)``.
    """
    gram = kernel(similarity)
    gram[np.diag_indices_from(gram)] += RIDGE
    coefficients[:, rows] += np.linalg.solve(gram, missing).T
    return coefficients


def _to_kernel(similarity: Matrix) -> None:
    """As :func:`kernel`, in place."""
    np.subtract(similarity, 1, out=similarity)
    np.divide(similarity, WIDTH, out=similarity)
    np.exp(similarity, out=similarity)
