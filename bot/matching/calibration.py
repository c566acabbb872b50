"""From a knowledge base's own data to one calibrated model and two thresholds.

The recipe is that of the project's notes on near misses: phrasings left out (their entry is right), whole gaps left out
and gap phrasings left out (nothing is right), and the folder's checks, which another hand has written and no head has
seen. Each is left out of every statistic. Rows whose candidate says about the same as the right answer are dropped.

The owner's one number, the wanted precision, is met on cross-validated checks mixed with left-out gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bot.matching import logistic
from bot.matching.evidence import COLUMNS
from bot.matching.logistic import Logistic

__all__ = ["Calibration", "Example", "Forecast", "calibrate"]

Array = npt.NDArray[np.float64]
Group = Literal["phrasing", "gap", "gap-phrasing", "check", "check-unknown"]

# How much each group weighs in the fit; gap phrasings whose gap stays in mostly teach what the hard rule does anyway.
_WEIGHTS: dict[Group, float] = {
    "phrasing": 0.35,
    "gap": 0.15,
    "gap-phrasing": 0.02,
    "check": 0.35,
    "check-unknown": 0.2,
}
_FOLDS = 5
_UNANSWERABLE = 0.25  # share of questions without an answer that the forecast assumes
_OFFER = 0.05
# Share of the unanswerable that is as hard as left-out gaps, whose subject nothing foresees. Of the near misses of an
# unseen round and of the public samples 4-10 % were answered where 32-42 % of left-out gaps were, which makes a
# quarter; it is rounded up, for checks that curators have worked on promise too much, and a near miss let through is
# the worse fault.
_UNFORESEEN = 0.35
_ENOUGH_CHECKS = 50


@dataclass(frozen=True)
class Example:
    """One left-out question.

    Attributes:
        evidence: of its best entries, shape ``(k, columns)``.
        right: 1 for those that answer it, shape ``(k,)``.
        keep: rows to fit on; the others say about the same as the right one.
        contends: entries near enough to the best one to answer.
        blocked: a gap or small talk is on top, so that no entry may answer.
    """

    group: Group
    evidence: Array
    right: Array
    keep: npt.NDArray[np.bool_]
    contends: npt.NDArray[np.bool_]
    blocked: bool

    @property
    def answerable(self) -> bool:
        """Whether some entry is the right answer."""
        return self.group in ("phrasing", "check")


@dataclass(frozen=True)
class Forecast:
    """What the thresholds are expected to do, in shares of questions, measured on left-out data.

    Attributes:
        precision: right among answered, on checks mixed with left-out gaps; ``met`` tells whether it is the wanted one.
        checks_right, checks_wrong: of the answerable checks.
        checks_false: unanswerable checks that would be answered.
        phrasings_right: left-out phrasings answered right (a floor: they differ from each other on purpose).
        gaps_false: phrasings of left-out gaps that would be answered (a ceiling of the near-miss rate).
        curve: (threshold, precision, checks right) points.
    """

    precision: float
    met: bool
    checks: int
    checks_right: float
    checks_wrong: float
    checks_false: float
    phrasings_right: float
    gaps_false: float
    curve: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Calibration:
    """The model of the evidence, the threshold to answer and the one to offer near questions."""

    model: Logistic
    answer: float
    offer: float
    forecast: Forecast


@dataclass(frozen=True)
class _Outcome:
    """The best probability of an example and whether that entry is right; blocked ones have probability -1."""

    group: Group
    answerable: bool
    probability: float
    right: bool


def calibrate(examples: Sequence[Example], precision: float) -> Calibration:
    """Fits the model and chooses the thresholds for a wanted precision (0 to 1)."""
    outcomes = _cross_validated(examples)
    model = _fitted(examples)
    curve = [(t, *_mixture(outcomes, t)) for t in np.round(np.arange(0.02, 0.99, 0.01), 2)]
    useful = [point for point in curve if point[2] > 0]  # a threshold that answers nothing keeps no promise
    passing = [t for t, reached, _ in useful if reached >= precision]
    # Where nothing can be learned, as from a handful of phrasings, hardly anything but the phrasings is answered.
    best = max(useful, key=lambda point: (point[1], -point[0]), default=curve[-1])[0]
    threshold = float(passing[0] if passing else best)
    forecast = _forecast(outcomes, threshold, curve, met=bool(passing))
    return Calibration(model, threshold, min(_OFFER, threshold), forecast)


def _fitted(examples: Sequence[Example]) -> Logistic:
    if not any(example.keep.any() for example in examples):
        return logistic.undecided(examples[0].evidence.shape[1] if examples else len(COLUMNS))
    evidence = np.vstack([example.evidence[example.keep] for example in examples])
    right = np.concatenate([example.right[example.keep] for example in examples])
    groups = np.concatenate([np.full(int(example.keep.sum()), example.group) for example in examples])
    weight = np.zeros(len(right))
    for group, mass in _WEIGHTS.items():
        members = groups == group
        weight[members] = mass / max(int(members.sum()), 1)
    return logistic.fit(evidence, right, weight * len(weight) / weight.sum())


def _cross_validated(examples: Sequence[Example]) -> list[_Outcome]:
    """Every example judged by a model that has not seen it."""
    fold = np.arange(len(examples)) % _FOLDS
    outcomes: list[_Outcome] = []
    for number in range(_FOLDS):
        model = _fitted([example for example, f in zip(examples, fold, strict=True) if f != number])
        judged = [example for example, f in zip(examples, fold, strict=True) if f == number]
        outcomes += [_outcome(example, model) for example in judged]
    return outcomes


def _outcome(example: Example, model: Logistic) -> _Outcome:
    probabilities = model.probability(example.evidence)
    if not len(probabilities):
        return _Outcome(example.group, example.answerable, -1.0, right=False)
    best = int(np.where(example.contends, probabilities, -1.0).argmax())
    shown = -1.0 if example.blocked else float(probabilities[best])
    return _Outcome(example.group, example.answerable, shown, bool(example.right[best] > 0))


def _share(
    outcomes: Sequence[_Outcome], group: Sequence[Group], threshold: float, *, right: bool | None = None
) -> float:
    """Share of a group that is answered: at all, right or wrong."""
    members = [o for o in outcomes if o.group in group]
    hits = [o for o in members if o.probability >= threshold and (right is None or o.right == right)]
    return len(hits) / len(members) if members else 0.0


def _mixture(outcomes: Sequence[_Outcome], threshold: float) -> tuple[float, float]:
    """Precision on answerable questions mixed with unanswerable ones, and the share of the former answered right."""
    asked: Group = "check" if _enough(outcomes, "check") else "phrasing"
    right = _share(outcomes, [asked], threshold, right=True)
    wrong = _share(outcomes, [asked], threshold, right=False)
    unforeseen = _UNFORESEEN if _enough(outcomes, "check-unknown") else 1.0
    false = unforeseen * _share(outcomes, ["gap"], threshold)
    false += (1 - unforeseen) * _share(outcomes, ["check-unknown"], threshold)
    given = (1 - _UNANSWERABLE) * (right + wrong) + _UNANSWERABLE * false
    return ((1 - _UNANSWERABLE) * right / given if given else 1.0), right


def _enough(outcomes: Sequence[_Outcome], group: Group) -> bool:
    return sum(o.group == group for o in outcomes) >= _ENOUGH_CHECKS


def _forecast(
    outcomes: Sequence[_Outcome], threshold: float, curve: Sequence[tuple[float, float, float]], *, met: bool
) -> Forecast:
    return Forecast(
        precision=_mixture(outcomes, threshold)[0],
        met=met,
        checks=sum(o.group in ("check", "check-unknown") for o in outcomes),
        checks_right=_share(outcomes, ["check"], threshold, right=True),
        checks_wrong=_share(outcomes, ["check"], threshold, right=False),
        checks_false=_share(outcomes, ["check-unknown"], threshold),
        phrasings_right=_share(outcomes, ["phrasing"], threshold, right=True),
        gaps_false=_share(outcomes, ["gap"], threshold),
        curve=tuple((float(t), float(p), float(r)) for t, p, r in curve[3::8]),
    )
