"""Kernel ridge regression on the phrasings: which class does a text belong to?

``K = exp((similarity - 1) / 0.3)``, ridge 0.1, one-hot targets; closed form, with exact scores for phrasings and whole
classes left out (Rasmussen and Williams 2006, section 5.4.2). Width and ridge are the measured plateau, not tuned here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Fit", "Head", "fit", "kernel"]

Matrix = npt.NDArray[np.float32]

WIDTH = 0.3
RIDGE = 0.1
_BLOCK = 512


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
        scores = np.zeros(len(self.coefficients), np.float32)
        scores[chosen] = self.coefficients[chosen] @ kernel(similarity)
        return scores


@dataclass(frozen=True)
class Fit:
    """A head with what is needed to leave some phrasings out.

    Attributes:
        owner: the class of each phrasing, shape ``(n,)``.
        weights: the coefficients in full precision, shape ``(n, classes)``.
        inverse: columns of the inverse Gram matrix for the phrasings ``rows``, shape ``(n, len(rows))``.
    """

    head: Head
    owner: npt.NDArray[np.int64]
    weights: Matrix
    inverse: Matrix
    rows: npt.NDArray[np.int64]

    def left_out(self, rows: npt.NDArray[np.int64]) -> Matrix:
        """Scores of the phrasings ``rows`` when all of them are left out at once, shape ``(len(rows), classes)``."""
        block = self.inverse[np.ix_(rows, np.searchsorted(self.rows, rows))]
        scores = -np.linalg.solve(block, self.weights[rows])
        scores[np.arange(len(rows)), self.owner[rows]] += 1
        return np.asarray(scores, np.float32)


def fit(
    similarity: Matrix, owner: npt.NDArray[np.int64], classes: int, rows: npt.NDArray[np.int64] | None = None
) -> Fit:
    """Fits a head.

    Args:
        similarity: of each phrasing to each, shape ``(n, n)``; overwritten.
        owner: the class of each phrasing, shape ``(n,)``.
        classes: how many classes there are.
        rows: phrasings that will be left out, ascending; none by default.
    """
    rows = np.zeros(0, np.int64) if rows is None else rows
    np.subtract(similarity, 1, out=similarity)
    np.divide(similarity, WIDTH, out=similarity)
    gram = np.exp(similarity, out=similarity)
    gram[np.diag_indices_from(gram)] += RIDGE
    targets = np.zeros((len(owner), classes + len(rows)), np.float32)
    targets[np.arange(len(owner)), owner] = 1
    targets[rows, classes + np.arange(len(rows))] = 1
    solved = _solve(gram, targets)
    weights = solved[:, :classes]
    return Fit(Head(np.ascontiguousarray(weights.T)), owner, weights, solved[:, classes:], rows)


def _solve(gram: Matrix, targets: Matrix) -> Matrix:
    """Solves ``gram @ x = targets`` for a positive definite matrix; ``targets`` becomes the solution.

    By Cholesky's factor, with blockwise substitution because numpy has no triangular solver: two thirds of the time
    of a general solver.
    """
    lower = np.linalg.cholesky(gram)
    blocks = [slice(at, min(at + _BLOCK, len(lower))) for at in range(0, len(lower), _BLOCK)]
    inverses = [np.linalg.inv(lower[block, block]) for block in blocks]
    for block, inverse in zip(blocks, inverses, strict=True):
        targets[block] = inverse @ (targets[block] - lower[block, : block.start] @ targets[: block.start])
    for block, inverse in zip(reversed(blocks), reversed(inverses), strict=True):
        targets[block] = inverse.T @ (targets[block] - lower[block.stop :, block].T @ targets[block.stop :])
    return targets
