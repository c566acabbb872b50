"""Kernel ridge regression on the phrasings: which class does a text belong to?

``K = exp((similarity - 1) / 0.3)``, ridge 0.1, one-hot targets; closed form, with exact scores for phrasings and whole
classes left out (Rasmussen and Williams 2006, section 5.4.2). Width and ridge are the measured plateau, not tuned here.
It takes memory as the square of the phrasings and time as their cube, so of very many it is fitted on an even choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.cores import shares, together

__all__ = ["Fit", "Head", "amended", "fit", "fitted_on", "kernel"]

Matrix = npt.NDArray[np.float32]

WIDTH = 0.3
RIDGE = 0.1
LARGEST = 15_000  # phrasings; 0.9 GB, and about 10 s on two cores
_BLOCK = 512
_SMALL = 64


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

    def scores_of_all(self, similarities: Matrix) -> Matrix:
        """Scores of all classes for some texts, shape ``(texts, classes)``; their similarities as rows."""
        return kernel(similarities) @ self.coefficients.T


@dataclass(frozen=True)
class Fit:
    """A head with what is needed to leave some phrasings out.

    Attributes:
        owner: the class of each phrasing, shape ``(n,)``.
        kept: the phrasings that it is fitted on, ascending, shape ``(k,)``.
        weights: their coefficients, shape ``(k, classes)``.
        halves: columns of the inverse of the Gram matrix's Cholesky factor for the phrasings ``rows``, shape
            ``(k, len(rows))``; the products of two are what the inverse Gram matrix holds.
    """

    head: Head
    owner: npt.NDArray[np.int64]
    kept: npt.NDArray[np.int64]
    weights: Matrix
    halves: Matrix
    rows: npt.NDArray[np.int64]

    def left_out(self, rows: npt.NDArray[np.int64]) -> Matrix:
        """Scores of the phrasings ``rows`` when all of them are left out at once, shape ``(len(rows), classes)``."""
        places = np.searchsorted(self.kept, rows)
        halves = self.halves[places.min() :, np.searchsorted(self.rows, rows)]  # above its own row a column is empty
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


def fit(
    similarity: Matrix,
    owner: npt.NDArray[np.int64],
    kept: npt.NDArray[np.int64],
    classes: int,
    rows: npt.NDArray[np.int64] | None = None,
) -> Fit:
    """Fits a head.

    Args:
        similarity: of each kept phrasing to each, shape ``(k, k)``; overwritten, as it is the largest thing there is.
        owner: the class of each phrasing, ascending, shape ``(n,)``.
        kept: the phrasings to fit on, ascending; see :func:`fitted_on`.
        classes: how many classes there are.
        rows: those of them that will be left out, ascending; none by default.
    """
    rows = np.zeros(0, np.int64) if rows is None else rows
    members = owner[kept]
    gram = similarity
    together(lambda part: _to_kernel(gram[part]), shares(0, len(gram)))
    gram[np.diag_indices_from(gram)] += RIDGE
    inverses = _factorize(gram)
    places = np.searchsorted(kept, rows)
    halves = _forward(gram, inverses, _one_hot(places, np.arange(len(rows)), (len(kept), len(rows))), places)
    targets = _one_hot(np.arange(len(kept)), members, (len(kept), classes))
    weights = _backward(gram, inverses, _forward(gram, inverses, targets, np.searchsorted(members, np.arange(classes))))
    coefficients = np.zeros((classes, len(owner)), np.float32)
    coefficients[:, kept] = weights.T
    return Fit(Head(coefficients), owner, kept, weights, halves, rows)


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


def _one_hot(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], shape: tuple[int, int]) -> Matrix:
    matrix = np.zeros(shape, np.float32)
    matrix[rows, columns] = 1
    return matrix


def _blocks(size: int) -> list[slice]:
    return [slice(at, min(at + _BLOCK, size)) for at in range(0, size, _BLOCK)]


def _to_kernel(similarity: Matrix) -> None:
    """As :func:`kernel`, in place."""
    np.subtract(similarity, 1, out=similarity)
    np.divide(similarity, WIDTH, out=similarity)
    np.exp(similarity, out=similarity)


def _factorize(gram: Matrix) -> list[Matrix]:
    """Cholesky's factor in place of the lower triangle; returns the inverses of its diagonal blocks.

    numpy's own makes three copies of the matrix, and has no triangular solver to go with it. Left-looking and
    blockwise (Golub and Van Loan 2013, section 4.2.9): nearly all the work is in matrix products, on all cores.
    """
    inverses: list[Matrix] = []

    def subtract(rows: slice) -> None:
        gram[rows, block] -= gram[rows, : block.start] @ gram[block, : block.start].T

    def divide(rows: slice) -> None:
        gram[rows, block] = gram[rows, block] @ inverses[-1].T

    for block in _blocks(len(gram)):
        together(subtract, shares(block.start, len(gram), _BLOCK))
        gram[block, block] = np.linalg.cholesky(gram[block, block])
        inverses.append(_inverse(gram[block, block]))
        together(divide, shares(block.stop, len(gram), _BLOCK))
    return inverses


def _inverse(lower: Matrix) -> Matrix:
    """The inverse of a lower triangle, by halves (Higham 2002, section 14.2)."""
    size = len(lower)
    if size <= _SMALL:
        return np.asarray(np.linalg.inv(lower), np.float32)
    half = size // 2
    first, last = _inverse(lower[:half, :half]), _inverse(lower[half:, half:])
    inverse = np.zeros_like(lower)
    inverse[:half, :half], inverse[half:, half:] = first, last
    inverse[half:, :half] = -last @ (lower[half:, :half] @ first)
    return inverse


def _forward(lower: Matrix, inverses: list[Matrix], targets: Matrix, first: npt.NDArray[np.int64]) -> Matrix:
    """Solves ``lower @ x = targets`` in place; column ``i`` is empty above row ``first[i]``, which is ascending."""

    def solve(columns: slice) -> None:
        part, begins = targets[:, columns], first[columns]
        for block, inverse in zip(_blocks(len(lower)), inverses, strict=True):
            begun = int(np.searchsorted(begins, block.stop))
            solved = part[: block.start, :begun]
            part[block, :begun] = inverse @ (part[block, :begun] - lower[block, : block.start] @ solved)

    together(solve, shares(0, targets.shape[1]))
    return targets


def _backward(lower: Matrix, inverses: list[Matrix], targets: Matrix) -> Matrix:
    """Solves ``lower.T @ x = targets`` in place."""

    def solve(columns: slice) -> None:
        part = targets[:, columns]
        for block, inverse in zip(reversed(_blocks(len(lower))), reversed(inverses), strict=True):
            part[block] = inverse.T @ (part[block] - lower[block.stop :, block].T @ part[block.stop :])

    together(solve, shares(0, targets.shape[1]))
    return targets
