"""How a running Herald is doing."""

from __future__ import annotations

import pytest

from bot.herald import Herald
from bot.status import Latencies, render, status


def measured(*seconds: float, kept: int = 1000) -> Latencies:
    """Latencies of questions that took so long."""
    ticks = iter([tick for taken in seconds for tick in (0.0, taken)])
    latencies = Latencies(kept, lambda: next(ticks))
    for _ in seconds:
        with latencies.timed():
            pass
    return latencies


def test_percentiles_are_those_of_the_questions() -> None:
    """In seconds; the highest is the slowest."""
    latencies = measured(*(n / 100 for n in range(1, 101)))
    assert latencies.percentiles(0, 50, 99, 100) == (0.01, 0.51, 1.0, 1.0)
    assert Latencies().percentiles(50) == ()


def test_only_the_last_questions_count() -> None:
    """Memory is bounded."""
    latencies = measured(9.0, 1.0, 2.0, kept=2)
    assert (len(latencies), latencies.percentiles(0, 100)) == (2, (1.0, 2.0))


def test_a_question_that_failed_is_not_counted() -> None:
    latencies = Latencies()
    with pytest.raises(ValueError, match="no"), latencies.timed():
        raise ValueError("no")
    assert len(latencies) == 0


def test_a_status_tells_version_counts_calibration_and_times(town_herald: Herald) -> None:
    lines = render(status(town_herald, measured(0.002), 90061.0, "No encoder.")).splitlines()
    assert lines[0].startswith(f"Knowledge base {town_herald.snapshot.knowledge.version}: 18 entries, 8 quotes")
    assert lines[1] == "Up for 1 d 1 h."
    assert "% of the answers given" in lines[3]
    assert lines[4:] == ["Last 1 questions: 2.0 ms (p50), 2.0 ms (p99).", "No encoder."]


def test_before_the_first_question_there_are_no_times(town_herald: Herald) -> None:
    assert render(status(town_herald, Latencies(), 0.4)).splitlines()[1::3] == [
        "Up for 0 s.",
        "No question was asked yet.",
    ]
