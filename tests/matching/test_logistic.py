"""The logistic regression: separable problems, calibration, shrinking."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import logistic

Array = npt.NDArray[np.float64]


def sample(count: int, seed: int) -> tuple[Array, Array, Array]:
    """Evidence, truth and the true probability of each row: a logit with a product and a square in it."""
    random = np.random.default_rng(seed)
    evidence = random.normal(size=(count, 3))
    logit = 1.5 * evidence[:, 0] - evidence[:, 1] + 0.8 * evidence[:, 0] * evidence[:, 1] - 0.4 * evidence[:, 2] ** 2
    chance = 1 / (1 + np.exp(-logit))
    return evidence, (random.random(count) < chance).astype(float), chance


def test_a_separable_problem_is_solved() -> None:
    """Without diverging, as the ridge bounds the weights."""
    random = np.random.default_rng(1)
    evidence = random.normal(size=(400, 2))
    right = (evidence[:, 0] + evidence[:, 1] > 0).astype(float)
    model = logistic.fit(evidence, right, np.ones(400), penalty=1.0)
    assert ((model.probability(evidence) > 0.5) == (right > 0)).mean() > 0.97
    assert np.isfinite(model.weights).all()


def test_a_problem_of_products_is_solved() -> None:
    """Exclusive or: no straight line does it, products do."""
    evidence = np.random.default_rng(2).normal(size=(800, 2))
    right = (evidence[:, 0] * evidence[:, 1] > 0).astype(float)
    model = logistic.fit(evidence, right, np.ones(800), penalty=1.0)
    assert ((model.probability(evidence) > 0.5) == (right > 0)).mean() > 0.95


def test_probabilities_are_calibrated_on_new_data() -> None:
    """Of the rows given about p, about p are right; and they come near the true chances."""
    evidence, right, _ = sample(6000, 3)
    model = logistic.fit(evidence, right, np.ones(len(right)), penalty=1.0)
    fresh, truth, chance = sample(6000, 4)
    given = model.probability(fresh)
    for low in np.arange(0.0, 1.0, 0.2):
        inside = (given >= low) & (given < low + 0.2)
        assert abs(given[inside].mean() - truth[inside].mean()) < 0.06
    assert np.abs(given - chance).mean() < 0.04


@pytest.mark.parametrize(("weak", "strong"), [(1.0, 100.0), (100.0, 10_000.0)])
def test_a_stronger_penalty_shrinks_the_weights(weak: float, strong: float) -> None:
    """All but the intercept; far out, nothing but the base rate is left."""
    evidence, right, _ = sample(1000, 5)
    norms = [
        float(np.linalg.norm(logistic.fit(evidence, right, np.ones(1000), penalty).weights[1:]))
        for penalty in (weak, strong)
    ]
    assert norms[1] < 0.8 * norms[0]


def test_the_intercept_is_not_shrunk() -> None:
    """With an infinite ridge every row gets the share of right ones."""
    evidence, right, _ = sample(1000, 6)
    model = logistic.fit(evidence, right, np.ones(1000), penalty=1e9)
    assert model.probability(evidence) == pytest.approx(np.full(1000, right.mean()), abs=1e-3)


def test_rows_without_weight_count_for_nothing() -> None:
    """As if they weren't there."""
    evidence, right, _ = sample(1000, 7)
    weight = np.ones(1000)
    weight[500:] = 0
    altered = np.where(np.arange(1000) < 500, right, 1 - right)
    alone = logistic.fit(evidence[:500], right[:500], np.ones(500))
    assert logistic.fit(evidence, altered, weight).probability(evidence) == pytest.approx(
        alone.probability(evidence), abs=1e-6
    )


def test_far_out_evidence_is_clipped() -> None:
    """Beyond four standard deviations nothing changes any more, and nothing overflows."""
    evidence, right, _ = sample(500, 8)
    model = logistic.fit(evidence, right, np.ones(500))
    far, farther = model.probability(np.array([[1e3, 0.0, 0.0], [1e300, 0.0, 0.0]]))
    assert far == farther
    assert 0 <= far <= 1


def test_a_column_that_never_varies() -> None:
    """No division by nothing."""
    evidence, right, _ = sample(300, 9)
    evidence[:, 2] = 7.0
    assert np.isfinite(logistic.fit(evidence, right, np.ones(300)).probability(evidence)).all()


def test_a_start_from_a_near_model_comes_to_the_same() -> None:
    """It only takes fewer steps."""
    evidence, right, _ = sample(2000, 5)
    near = logistic.fit(evidence[:1500], right[:1500], np.ones(1500))
    alone = logistic.fit(evidence, right, np.ones(2000))
    begun = logistic.fit(evidence, right, np.ones(2000), start=near)
    assert begun.probability(evidence) == pytest.approx(alone.probability(evidence), abs=1e-3)
