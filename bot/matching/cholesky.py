"""Cholesky's factor of a matrix of which only the lower triangle is kept, in panels, and solving by it.

A panel is some rows, from the first column to the last row's own. numpy's own factorization makes three copies of the
whole matrix, and has no triangular solver to go with it. Left-looking and blockwise (Golub and Van Loan 2013, section
4.2.9): nearly all the work is in products of tall matrices, which the linear algebra library shares out itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.cores import shares, together

__all__ = ["Factor", "factorize", "panels"]

Matrix = npt.NDArray[np.float32]

_PANEL = 4096  # smaller ones keep less above the diagonal, but make the products slower
_BLOCK = 512
_SMALL = 64


def panels(size: int) -> list[slice]:
    """The rows of each panel of a matrix of so many rows."""
    return [slice(at, min(at + _PANEL, size)) for at in range(0, size, _PANEL)]


@dataclass(frozen=True)
class Factor:
    """The factor ``L`` of a matrix ``L @ L.T``.

    Attributes:
        panels: what is above the diagonal in them means nothing.
        inverses: of the blocks on the diagonal.
    """

    panels: Sequence[Matrix]
    inverses: Sequence[Matrix]

    def solve(self, targets: Matrix, first: npt.NDArray[np.int64]) -> Matrix:
        """Solves ``L @ L.T @ x = targets`` in place.

        Args:
            first: the row above which each column is empty, ascending.
        """
        together(lambda part: self._solve(targets[:, part], first[part]), shares(0, targets.shape[1]))
        return targets

    def last(self, count: int) -> Matrix:
        """The inverse of ``L``'s last rows and columns; the last ones of the inverse matrix are its square."""
        size = sum(map(len, self.panels))
        lower = np.zeros((count, count), np.float32)
        for rows, panel in _placed(self.panels):
            begin = max(rows.start, size - count)
            if begin < rows.stop:
                part = panel[begin - rows.start :, size - count :]
                lower[begin - (size - count) : rows.stop - (size - count), : part.shape[1]] = part
        return _inverse(np.tril(lower))

    def _solve(self, targets: Matrix, first: npt.NDArray[np.int64]) -> None:
        blocks = list(zip(_blocks(self.panels), self.inverses, strict=True))
        for (rows, lower), inverse in blocks:
            begun = int(np.searchsorted(first, rows.stop))
            known = lower[:, : rows.start] @ targets[: rows.start, :begun]
            targets[rows, :begun] = inverse @ (targets[rows, :begun] - known)
        for (rows, lower), inverse in reversed(blocks):
            targets[rows] = inverse.T @ targets[rows]
            targets[: rows.start] -= lower[:, : rows.start].T @ targets[rows]


def factorize(gram: Sequence[Matrix]) -> Factor:
    """Factorizes a positive definite matrix, given as its panels, in place."""
    inverses: list[Matrix] = []
    for block, lower in _blocks(gram):
        below = [panel[max(block.start - rows.start, 0) :] for rows, panel in _placed(gram) if rows.stop > block.start]
        known = lower[:, : block.start].T
        for part in below:
            part[:, block] -= part[:, : block.start] @ known
        lower[:, block] = np.linalg.cholesky(lower[:, block])
        inverses.append(_inverse(lower[:, block]))
        below[0] = below[0][len(lower) :]
        for part in below:
            part[:, block] = part[:, block] @ inverses[-1].T
    return Factor(gram, inverses)


def _placed(gram: Sequence[Matrix]) -> Iterator[tuple[slice, Matrix]]:
    """Each panel with the rows that it holds."""
    ends = itertools.accumulate(map(len, gram))
    return ((slice(end - len(panel), end), panel) for end, panel in zip(ends, gram, strict=True))


def _blocks(gram: Sequence[Matrix]) -> Iterator[tuple[slice, Matrix]]:
    """Each block of rows, and these rows of its panel."""
    for rows, panel in _placed(gram):
        for at in range(rows.start, rows.stop, _BLOCK):
            block = slice(at, min(at + _BLOCK, rows.stop))
            yield block, panel[block.start - rows.start : block.stop - rows.start]


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
