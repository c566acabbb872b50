"""Cholesky's factor in panels, against numpy's own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import cholesky
from bot.matching.cholesky import factorize

Matrix = npt.NDArray[np.float32]


def positive(size: int) -> Matrix:
    """A positive definite matrix."""
    points = np.random.default_rng(5).normal(size=(size, size)).astype(np.float32)
    return np.asarray(points @ points.T / size + np.eye(size), np.float32)


def cut(matrix: Matrix) -> list[Matrix]:
    """Its lower triangle in panels."""
    return [matrix[rows, : rows.stop].copy() for rows in cholesky.panels(len(matrix))]


@pytest.fixture(params=[(4096, 512), (64, 512), (64, 16), (10, 3), (7, 7)])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Panels and blocks of all proportions."""
    monkeypatch.setattr(cholesky, "_PANEL", request.param[0])
    monkeypatch.setattr(cholesky, "_BLOCK", request.param[1])


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("size", [1, 2, 50, 150])
def test_it_solves(size: int) -> None:
    """What is solved for, multiplied again, is what was given; columns may begin below the first row."""
    matrix, first = positive(size), np.array([0, size // 2, size - 1])
    targets = np.zeros((size, 3), np.float32)
    targets[first, [0, 1, 2]] = 1
    solved = factorize(cut(matrix)).solve(targets.copy(), first)
    assert matrix @ solved == pytest.approx(targets, abs=1e-4)


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("count", [0, 1, 9, 40, 50])
def test_the_end_of_the_inverse(count: int) -> None:
    """The square of the last triangle's inverse is the last part of the inverse matrix."""
    matrix = positive(50)
    last = factorize(cut(matrix)).last(count)
    assert last.T @ last == pytest.approx(np.linalg.inv(matrix)[50 - count :, 50 - count :], abs=1e-4)


def test_panels_cover_all_rows_once() -> None:
    """In order, the last one short."""
    found = cholesky.panels(10_000)
    assert [(rows.start, rows.stop) for rows in found] == [(0, 4096), (4096, 8192), (8192, 10_000)]
    assert cholesky.panels(0) == []
