"""From a knowledge base's own data to one calibrated model and two thresholds.

The recipe is that of the project's notes on near misses: phrasings left out (their entry is right), whole gaps left out
and gap phrasings left out (nothing is right), and the folder's checks, which another hand has written and no head has
seen. Each is left out of every statistic. Rows whose candidate says about the same as the right answer are dropped.

The owner's one number, the wanted precision, is met on cross-validated checks mixed with left-out gaps.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bot.matching import logistic
from bot.matching.cores import together
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
# Share of the unanswerable that is as hard as left-out gaps, whose subject nothing foresees. A share, for some subjects
# are met by nobody's checks; no more, as for a third of the checks nobody has curated. On 200 unread questions
# with 0.15 half a percent more is answered right, but of the near misses 8 % instead of 3.
_UNFORESEEN = 0.2
_ENOUGH_CHECKS = 50
_LIKELIER = 0.5


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
        asked: questions that the precision is measured on; ``enough`` tells whether it can be relied upon.
        checks_right, checks_wrong: of the answerable checks.
        checks_false: unanswerable checks that would be answered.
        phrasings_right: left-out phrasings answered right (a floor: they differ from each other on purpose).
        gaps_false: phrasings of left-out gaps that would be answered (a ceiling of the near-miss rate).
        curve: (threshold, precision, checks right) points.
    """

    precision: float
    met: bool
    asked: int
    enough: bool
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
class _Outcomes:
    """What comes of the examples of each group.

    Attributes:
        probability: of the best candidate; -1 where no entry may answer.
        right: whether that is the right entry.
    """

    probability: Mapping[Group, Array]
    right: Mapping[Group, npt.NDArray[np.bool_]]

    def count(self, *groups: Group) -> int:
        """How many examples there are."""
        return sum(len(self.right[group]) for group in groups)

    def share(self, group: Group, threshold: float, *, right: bool | None = None) -> float:
        """Share of a group that is answered: at all, right or wrong."""
        hits = self.probability[group] >= threshold
        if right is not None:
            hits &= self.right[group] == right
        return float(hits.mean()) if len(hits) else 0.0

    def enough(self, group: Group) -> bool:
        """Whether there are as many as can be relied upon."""
        return self.count(group) >= _ENOUGH_CHECKS

    @property
    def answerable(self) -> Group:
        """The questions with an answer that precision is measured on."""
        return "check" if self.enough("check") else "phrasing"

    @property
    def unanswerable(self) -> tuple[Group, ...]:
        """Those without one."""
        return ("gap", "check-unknown") if self.enough("check-unknown") else ("gap",)


def calibrate(examples: Sequence[Example], precision: float) -> Calibration:
    """Fits the model and chooses the thresholds for a wanted precision (0 to 1)."""
    model = _fitted(examples)
    outcomes = _cross_validated(examples, model)
    curve = [(t, *_mixture(outcomes, t)) for t in np.round(np.arange(0.02, 0.99, 0.01), 2)]
    useful = [point for point in curve if point[2] > 0]  # a threshold that answers nothing keeps no promise
    passing = [t for t, reached, _ in useful if reached >= precision]
    # Where nothing can be learned, as from a handful of phrasings, hardly anything but the phrasings is answered.
    best = max(useful, key=lambda point: (point[1], -point[0]), default=curve[-1])[0]
    threshold = float(passing[0] if passing else best)
    if not _enough(outcomes):
        # Any threshold may look good on a handful: then nothing is answered that is likelier wrong.
        threshold = max(threshold, _LIKELIER)
    forecast = _forecast(outcomes, threshold, curve, met=bool(passing))
    return Calibration(model, threshold, min(_OFFER, threshold), forecast)


def _fitted(examples: Sequence[Example], start: Logistic | None = None) -> Logistic:
    if not any(example.keep.any() for example in examples):
        return logistic.undecided(examples[0].evidence.shape[1] if examples else len(COLUMNS))
    evidence = np.vstack([example.evidence[example.keep] for example in examples])
    right = np.concatenate([example.right[example.keep] for example in examples])
    groups = np.concatenate([np.full(int(example.keep.sum()), example.group) for example in examples])
    weight = np.zeros(len(right))
    for group, mass in _WEIGHTS.items():
        members = groups == group
        weight[members] = mass / max(int(members.sum()), 1)
    return logistic.fit(evidence, right, weight * len(weight) / weight.sum(), start=start)


def _cross_validated(examples: Sequence[Example], start: Logistic) -> _Outcomes:
    """Every example judged by a model that has not seen it; ``start`` is the one that has seen them all."""
    judged = [row for fold in together(lambda number: _judged(examples, number, start), range(_FOLDS)) for row in fold]
    rows = {group: [row for row in judged if row[0] == group] for group in _WEIGHTS}
    return _Outcomes(
        {group: np.array([probability for _, probability, _ in rows[group]], np.float64) for group in rows},
        {group: np.array([right for _, _, right in rows[group]], bool) for group in rows},
    )


def _judged(examples: Sequence[Example], number: int, start: Logistic) -> list[tuple[Group, float, bool]]:
    """One fold: the group of each example, its best probability, and whether that is of the right entry."""
    model = _fitted([example for place, example in enumerate(examples) if place % _FOLDS != number], start)
    fold = examples[number::_FOLDS]
    counts = np.cumsum([0, *(len(example.evidence) for example in fold)])
    evidence = np.vstack([np.zeros((0, len(model.mean))), *(e.evidence for e in fold if len(e.evidence))])
    probabilities = model.probability(evidence)
    parts = [probabilities[begin:end] for begin, end in itertools.pairwise(counts)]
    return [(e.group, *_best(e, part)) for e, part in zip(fold, parts, strict=True)]


def _best(example: Example, probabilities: Array) -> tuple[float, bool]:
    if not len(probabilities):
        return -1.0, False
    best = int(np.where(example.contends, probabilities, -1.0).argmax())
    return -1.0 if example.blocked else float(probabilities[best]), bool(example.right[best] > 0)


def _mixture(outcomes: _Outcomes, threshold: float) -> tuple[float, float]:
    """Precision on answerable questions mixed with unanswerable ones, and the share of the former answered right."""
    asked = outcomes.answerable
    right = outcomes.share(asked, threshold, right=True)
    wrong = outcomes.share(asked, threshold, right=False)
    unforeseen = _UNFORESEEN if outcomes.enough("check-unknown") else 1.0
    false = unforeseen * outcomes.share("gap", threshold)
    false += (1 - unforeseen) * outcomes.share("check-unknown", threshold)
    given = (1 - _UNANSWERABLE) * (right + wrong) + _UNANSWERABLE * false
    return ((1 - _UNANSWERABLE) * right / given if given else 1.0), right


def _enough(outcomes: _Outcomes) -> bool:
    """Whether precision is measured on as many questions of either sort as can be relied upon."""
    return outcomes.enough(outcomes.answerable) and outcomes.count(*outcomes.unanswerable) >= _ENOUGH_CHECKS


def _forecast(
    outcomes: _Outcomes, threshold: float, curve: Sequence[tuple[float, float, float]], *, met: bool
) -> Forecast:
    return Forecast(
        precision=_mixture(outcomes, threshold)[0],
        met=met,
        asked=outcomes.count(outcomes.answerable, *outcomes.unanswerable),
        enough=_enough(outcomes),
        checks=outcomes.count("check", "check-unknown"),
        checks_right=outcomes.share("check", threshold, right=True),
        checks_wrong=outcomes.share("check", threshold, right=False),
        checks_false=outcomes.share("check-unknown", threshold),
        phrasings_right=outcomes.share("phrasing", threshold, right=True),
        gaps_false=outcomes.share("gap", threshold),
        curve=tuple((float(t), float(p), float(r)) for t, p, r in curve[3::8]),
    )
