"""A quadratic logistic regression with a strong ridge, in numpy: evidence to a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Logistic", "fit", "undecided"]

Array = npt.NDArray[np.float64]

PENALTY = 100.0
_CLIP = 4.0
_STEPS = 12
_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Logistic:
    """A fitted model: standardize, clip at four standard deviations, expand to squares and products, weigh."""

    mean: Array
    scale: Array
    weights: Array

    def probability(self, evidence: Array) -> Array:
        """Probability that each row is right, shape ``(rows,)``."""
        return _sigmoid(_expand(evidence, self.mean, self.scale) @ self.weights)


def _expand(evidence: Array, mean: Array, scale: Array) -> npt.NDArray[np.float32]:
    """Standardized evidence with an intercept before it, and its squares and products after it."""
    standard = np.clip((evidence - mean) / scale, -_CLIP, _CLIP)
    upper = np.triu_indices(standard.shape[1])
    products = standard[:, upper[0]] * standard[:, upper[1]]
    # Half the width is enough for sums over thousands of rows, and twice as fast.
    return np.hstack([np.ones((len(standard), 1)), standard, products]).astype(np.float32)


def fit(evidence: Array, right: Array, weight: Array, penalty: float = PENALTY) -> Logistic:
    """Fits by Newton's method.

    Args:
        evidence: shape ``(rows, columns)``.
        right: 1 or 0 for each row.
        weight: how much each row counts; their mean should be 1.
        penalty: ridge on every weight but the intercept (scikit-learn's 1/C).
    """
    mean = np.average(evidence, axis=0, weights=weight)
    scale = np.sqrt(np.average((evidence - mean) ** 2, axis=0, weights=weight)) + 1e-6
    return Logistic(mean, scale, _newton(_expand(evidence, mean, scale), right, weight, penalty))


def undecided(columns: int) -> Logistic:
    """A model that was fitted to nothing: every probability is one half."""
    return Logistic(np.zeros(columns), np.ones(columns), np.zeros(1 + columns + columns * (columns + 1) // 2))


def _newton(expanded: npt.NDArray[np.float32], right: Array, weight: Array, penalty: float) -> Array:
    weights = np.zeros(expanded.shape[1])
    ridge = np.full(expanded.shape[1], penalty)
    ridge[0] = 1e-6
    for _ in range(_STEPS):
        predicted = _sigmoid((expanded @ weights.astype(np.float32)).astype(np.float64))
        gradient = expanded.T @ (weight * (predicted - right)).astype(np.float32) + ridge * weights
        slope = (weight * predicted * (1 - predicted)).astype(np.float32)
        curvature = (expanded * slope[:, None]).T @ expanded
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        weights -= step
        if np.abs(step).max() < _TOLERANCE:
            break
    return weights


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -35, 35))))
