"""The kernel head: what it leaves out it has never seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import cholesky, head
from bot.matching.head import RIDGE, Fit, Head, kernel

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

CLASSES = 8
OWNER: Rows = np.repeat(np.arange(CLASSES), [5, 4, 6, 5, 3, 7, 5, 5])

ALL: Rows = np.arange(len(OWNER))


@pytest.fixture(scope="module")
def similarity() -> Matrix:
    """Cosines of phrasings that lie about the middle of their class."""
    random = np.random.default_rng(3)
    middles = random.normal(size=(CLASSES, 12))
    points = middles[OWNER] + 0.8 * random.normal(size=(len(OWNER), 12))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points @ points.T, np.float32)


@pytest.fixture(scope="module")
def fitted(similarity: Matrix) -> Fit:
    """A head over all phrasings, any of which may be left out."""
    return head.fit([similarity.copy()], OWNER, ALL, CLASSES, len(OWNER))


def refitted(similarity: Matrix, rows: Rows) -> Matrix:
    """Scores of ``rows`` by a head that was fitted in double precision without them."""
    kept = np.setdiff1d(np.arange(len(OWNER)), rows)
    gram = np.asarray(kernel(similarity), np.float64)
    targets = np.eye(CLASSES)[OWNER[kept]]
    weights = np.linalg.solve(gram[np.ix_(kept, kept)] + RIDGE * np.eye(len(kept)), targets)
    return np.asarray(gram[np.ix_(rows, kept)] @ weights, np.float32)


@pytest.mark.parametrize("row", [0, 7, 20, 39])
def test_a_phrasing_left_out(similarity: Matrix, fitted: Fit, row: int) -> None:
    """The closed form gives what fitting again without it gives."""
    rows = np.array([row])
    assert fitted.left_out(rows) == pytest.approx(refitted(similarity, rows), abs=1e-3)


@pytest.mark.parametrize("label", range(CLASSES))
def test_a_whole_class_left_out(similarity: Matrix, fitted: Fit, label: int) -> None:
    """All of its phrasings at once: a subject that the knowledge base has never heard of."""
    rows = np.flatnonzero(label == OWNER)
    scores = fitted.left_out(rows)
    assert scores == pytest.approx(refitted(similarity, rows), abs=1e-3)
    assert np.abs(scores[:, label]).max() < 1e-3


def test_panels_make_no_difference(similarity: Matrix, fitted: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix of many panels and blocks, the last ones short, gives what a single one gives."""
    monkeypatch.setattr(cholesky, "_PANEL", 15)
    monkeypatch.setattr(cholesky, "_BLOCK", 7)
    gram = [similarity[rows, : rows.stop].copy() for rows in cholesky.panels(len(OWNER))]
    blockwise = head.fit(gram, OWNER, ALL, CLASSES, len(OWNER))
    assert len(gram) == 3
    assert blockwise.weights == pytest.approx(fitted.weights, abs=1e-4)
    assert blockwise.left_out(np.array([11, 30])) == pytest.approx(fitted.left_out(np.array([11, 30])), abs=1e-4)


def test_the_order_makes_no_difference(similarity: Matrix, fitted: Fit) -> None:
    """What will be left out comes last, also a whole class and one between others; every class keeps its scores."""
    rows = np.array([1, 5, 6, 7, 8, 30, 39])
    order = head.in_order(ALL, rows)
    part = head.fit([similarity[np.ix_(order, order)]], OWNER, order, CLASSES, len(rows))
    assert sorted(order.tolist()) == ALL.tolist()
    assert part.head.coefficients == pytest.approx(fitted.head.coefficients, abs=1e-4)
    for gone in (rows[:1], rows[1:5], rows[[1, 6]]):
        assert part.left_out(gone) == pytest.approx(fitted.left_out(gone), abs=1e-4)


def test_of_many_phrasings_an_even_choice_is_fitted() -> None:
    """All where they are few enough, else the large classes give, and none is lost."""
    assert (head.fitted_on(OWNER, len(OWNER)) == ALL).all()
    kept = head.fitted_on(OWNER, 30)
    assert len(kept) <= 30
    assert np.bincount(OWNER[kept]).tolist() == [3, 3, 3, 3, 3, 3, 3, 3]
    assert (np.diff(kept) > 0).all()
    assert {0, 4} <= set(kept.tolist())  # the first and the last of a class of five
    assert np.bincount(OWNER[head.fitted_on(OWNER, 1)]).tolist() == [1] * CLASSES
    assert head.fitted_on(np.zeros(0, np.int64)).shape == (0,)


def test_what_is_not_fitted_has_no_say(similarity: Matrix) -> None:
    """Its coefficients are 0; the rest is what a head over them alone gives, and may be left out of it."""
    kept = head.fitted_on(OWNER, 30)
    rows = kept[[2, 7, 11]]
    order = head.in_order(kept, rows)
    gram = similarity[np.ix_(order, order)]
    part = head.fit([gram.copy()], OWNER, order, CLASSES, 3)
    alone = head.fit([gram.copy()], OWNER[order], np.arange(len(order)), CLASSES, 3)
    assert part.head.coefficients[:, order] == pytest.approx(alone.head.coefficients)
    assert not np.delete(part.head.coefficients, kept, axis=1).any()
    assert part.left_out(rows) == pytest.approx(alone.left_out(np.arange(len(order))[-3:]))


def test_leaving_out_costs_something(similarity: Matrix, fitted: Fit) -> None:
    """A phrasing's own class scores lower for it once it is out: it doesn't judge itself."""
    rows = np.arange(len(OWNER))
    own = [float(fitted.head.scores(similarity[row])[OWNER[row]]) for row in rows]
    out = [float(fitted.left_out(np.array([row]))[0, OWNER[row]]) for row in rows]
    assert all(np.array(out) < np.array(own))


def test_only_some_rows_can_be_left_out(similarity: Matrix) -> None:
    """What is kept for leaving out is kept for these alone, and serves the same scores."""
    rows = np.array([3, 11, 12])
    order = head.in_order(ALL, rows)
    fitted = head.fit([similarity[np.ix_(order, order)]], OWNER, order, CLASSES, 3)
    assert fitted.halves.shape == (3, 3)
    assert fitted.left_out(np.array([11, 12])) == pytest.approx(refitted(similarity, np.array([11, 12])), abs=1e-3)


def test_half_precision_is_enough(similarity: Matrix, fitted: Fit) -> None:
    """The scores that are served differ from the fitted ones by less than any margin that counts."""
    served = np.stack([fitted.head.scores(row) for row in similarity])
    assert served == pytest.approx(kernel(similarity) @ fitted.weights, abs=5e-3)


def test_phrasings_belong_to_their_class(similarity: Matrix, fitted: Fit) -> None:
    """On what it was fitted with the head is hardly ever wrong."""
    best = np.array([fitted.head.scores(row).argmax() for row in similarity])
    assert (best == OWNER).mean() > 0.9


def test_classes_that_are_not_asked_for_score_nothing(similarity: Matrix, fitted: Fit) -> None:
    """And the others score as they would among all."""
    some = fitted.head.scores(similarity[0], np.array([0, 3]))
    every = fitted.head.scores(similarity[0])
    assert some[[0, 3]] == pytest.approx(every[[0, 3]], abs=1e-5)
    assert not np.delete(some, [0, 3]).any()


def test_kernel_is_one_at_home_and_falls_off() -> None:
    """Equal texts have 1, unrelated ones next to nothing."""
    values = kernel(np.array([1, 0.5, 0], np.float32))
    assert values[0] == 1
    assert values[0] > values[1] > values[2] > 0
    assert values[2] < 0.05


def test_no_classes() -> None:
    """An empty head scores nothing."""
    assert Head(np.zeros((0, 0), np.float16)).scores(np.zeros(0, np.float32)).shape == (0,)
