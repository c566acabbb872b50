"""Work shared out among cores."""

from __future__ import annotations

import pytest

from bot.matching import cores


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("size", [0, 1, 3, 8, 1000])
def test_shares_cover_a_range_once(monkeypatch: pytest.MonkeyPatch, count: int, size: int) -> None:
    """One after another, however many there are."""
    monkeypatch.setattr(cores, "cores", lambda: count)
    parts = cores.shares(5, 5 + size)
    assert [place for part in parts for place in range(part.start, part.stop)] == list(range(5, 5 + size))
    assert len(parts) <= count


def test_small_work_is_not_cut_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting costs something too."""
    monkeypatch.setattr(cores, "cores", lambda: 4)
    assert cores.shares(0, 100, least=64) == [slice(0, 100)]
    assert len(cores.shares(0, 100, least=50)) == 2


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """On one core and on several."""
    monkeypatch.setattr(cores, "cores", lambda: count)
    assert cores.together(lambda number: number * number, range(20)) == [number * number for number in range(20)]
    assert cores.together(str, []) == []


def test_what_goes_wrong_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it had been done here."""
    monkeypatch.setattr(cores, "cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        cores.together(lambda number: 1 // number, range(3))


def test_there_is_a_core() -> None:
    """At least the one this runs on."""
    assert 1 <= cores.cores() <= 4
