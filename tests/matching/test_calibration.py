"""The thresholds hold what they promise, or say that they can't."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import calibration
from bot.matching.calibration import Calibration, Example, Group

CANDIDATES = 3


def examples(count: int, group: Group, seed: int, *, clear: float) -> list[Example]:
    """Questions whose right entry differs from the wrong ones by ``clear`` standard deviations of the evidence."""
    random = np.random.default_rng(seed)
    made = []
    every = np.ones(CANDIDATES, bool)
    for _ in range(count):
        evidence = random.normal(size=(CANDIDATES, 4))
        right = np.zeros(CANDIDATES)
        if group in ("phrasing", "check"):
            right[int(random.integers(CANDIDATES))] = 1
        evidence[:, 0] += clear * right
        evidence[:, 1] += clear / 2 * right
        made.append(Example(group, evidence, right, every, every, blocked=False))
    return made


def mixed(seed: int, *, clear: float, count: int = 400) -> list[Example]:
    """All groups, in proportion."""
    groups: list[tuple[Group, int]] = [
        ("phrasing", count), ("gap", count), ("gap-phrasing", count // 4), ("check", count),
        ("check-unknown", count // 2),
    ]  # fmt: skip
    return [made for n, (group, size) in enumerate(groups) for made in examples(size, group, seed + n, clear=clear)]


def measured(calibrated: Calibration, fresh: list[Example]) -> float:
    """Precision on new questions mixed as the forecast mixes them: three answerable ones to an unanswerable one."""
    answered: dict[str, list[bool]] = {"check": [], "check-unknown": [], "gap": []}
    asked = dict.fromkeys(answered, 0)
    for example in fresh:
        if example.group in answered:
            asked[example.group] += 1
            given = calibrated.model.probability(example.evidence)
            if given.max() >= calibrated.answer:
                answered[example.group].append(bool(example.right[given.argmax()]))
    right = 0.75 * sum(answered["check"]) / asked["check"]
    wrong = 0.75 * answered["check"].count(False) / asked["check"]
    false = 0.25 * (
        0.9 * len(answered["check-unknown"]) / asked["check-unknown"] + 0.1 * len(answered["gap"]) / asked["gap"]
    )
    return right / (right + wrong + false)


@pytest.mark.parametrize("precision", [0.85, 0.95])
def test_the_precision_asked_for_is_met_on_new_questions(precision: float) -> None:
    """Within what chance leaves open at this number of questions."""
    calibrated = calibration.calibrate(mixed(1, clear=3.0), precision)
    assert calibrated.forecast.met
    assert calibrated.forecast.precision >= precision
    assert measured(calibrated, mixed(100, clear=3.0, count=2000)) > precision - 0.025


def test_the_forecast_is_what_comes() -> None:
    """The share answered right on new questions is about the one forecast."""
    calibrated = calibration.calibrate(mixed(2, clear=3.0), 0.9)
    fresh = [example for example in mixed(200, clear=3.0, count=2000) if example.group == "check"]
    given = [calibrated.model.probability(example.evidence) for example in fresh]
    right = np.mean([
        p.max() >= calibrated.answer and bool(e.right[p.argmax()]) for p, e in zip(given, fresh, strict=True)
    ])  # fmt: skip
    assert calibrated.forecast.checks_right == pytest.approx(float(right), abs=0.05)


def test_more_precision_answers_less() -> None:
    """The threshold only ever rises with what is asked for."""
    found = [calibration.calibrate(mixed(3, clear=2.5), wanted) for wanted in (0.7, 0.8, 0.9)]
    assert found[0].answer <= found[1].answer <= found[2].answer
    assert found[0].answer < found[2].answer
    assert found[0].forecast.checks_right > found[2].forecast.checks_right


def test_what_cannot_be_met_is_said() -> None:
    """Evidence that says nothing: the best there is, and the forecast doesn't claim it."""
    calibrated = calibration.calibrate(mixed(4, clear=0.0), 0.99)
    assert not calibrated.forecast.met
    assert calibrated.forecast.precision < 0.6


def test_answering_nothing_keeps_no_promise() -> None:
    """Where every check is blocked there is no precision to speak of."""
    blocked = [Example(e.group, e.evidence, e.right, e.keep, e.contends, blocked=True) for e in mixed(12, clear=3.0)]
    assert not calibration.calibrate(blocked, 0.9).forecast.met


def test_blocked_questions_are_never_answered() -> None:
    """A gap on top is no answer, whatever the evidence: they count as unanswered."""
    plain = mixed(5, clear=3.0)
    blocked = [Example(e.group, e.evidence, e.right, e.keep, e.contends, blocked=e.group == "check") for e in plain]
    assert calibration.calibrate(plain, 0.9).forecast.checks_right > 0.3
    assert calibration.calibrate(blocked, 0.9).forecast.checks_right == 0


def test_entries_far_behind_never_answer() -> None:
    """Where the right one is far behind, nothing right is answered, though its evidence is the best."""
    plain = mixed(5, clear=3.0)
    behind = [Example(e.group, e.evidence, e.right, e.keep, e.right == 0, blocked=False) for e in plain]
    assert calibration.calibrate(plain, 0.9).forecast.checks_right > 0.3
    assert calibration.calibrate(behind, 0.9).forecast.checks_right == 0


def test_rows_that_say_the_same_as_the_right_one_teach_nothing() -> None:
    """A twin of the right answer, marked wrong, would spoil the model; dropped, it doesn't."""
    random = np.random.default_rng(6)

    def with_twin(example: Example, *, keep: bool) -> Example:
        evidence = np.vstack(
            [example.evidence, example.evidence[int(example.right.argmax())] + 0.1 * random.normal(size=4)]
        )
        kept = np.append(example.keep, keep)
        return Example(
            example.group, evidence, np.append(example.right, 0), kept, np.append(example.contends, True), blocked=False
        )

    plain = examples(400, "check", 7, clear=3.0)
    top = np.vstack([example.evidence[int(example.right.argmax())] for example in plain])
    dropped = calibration.calibrate([with_twin(e, keep=False) for e in plain], 0.9).model.probability(top)
    spoiled = calibration.calibrate([with_twin(e, keep=True) for e in plain], 0.9).model.probability(top)
    assert dropped.mean() > spoiled.mean() + 0.1


def test_the_curve_and_the_offer() -> None:
    """Thresholds ascend, shares are shares, and near questions are offered from below the answer on."""
    calibrated = calibration.calibrate(mixed(8, clear=3.0), 0.9)
    curve: npt.NDArray[np.float64] = np.array(calibrated.forecast.curve)
    assert (np.diff(curve[:, 0]) > 0).all()
    assert ((curve >= 0) & (curve <= 1)).all()
    assert (np.diff(curve[:, 2]) <= 0).all()
    assert 0 < calibrated.offer <= calibrated.answer


def test_a_few_checks_are_not_relied_on() -> None:
    """Below fifty the left-out phrasings stand in for them."""
    few = [
        *examples(300, "phrasing", 9, clear=3.0),
        *examples(300, "gap", 10, clear=3.0),
        *examples(3, "check", 11, clear=0.0),
    ]
    assert calibration.calibrate(few, 0.9).forecast.met


@pytest.mark.parametrize(("answerable", "unanswerable"), [(49, 50), (50, 49), (50, 50)])
def test_what_is_likelier_wrong_is_not_answered_where_little_was_measured(answerable: int, unanswerable: int) -> None:
    """On a few easy questions any threshold keeps any promise; on many it is what was measured."""
    asked = [*examples(answerable, "phrasing", 1, clear=9.0), *examples(unanswerable, "gap", 2, clear=9.0)]
    calibrated = calibration.calibrate(asked, 0.5)
    enough = answerable == unanswerable == 50
    assert (calibrated.answer >= 0.5, calibrated.forecast.enough) == (not enough, enough)
    assert calibrated.forecast.asked == answerable + unanswerable
