"""Turns that several processes take."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.breaker import Breaker
from bot.store.database import Database
from bot.store.turns import SharedTurns
from tests.support import Clock


async def test_one_at_a_time_of_all_processes(database: Database) -> None:
    """Five seconds after the one before; each name by itself."""
    clock = Clock()
    processes = [SharedTurns(Breaker(database, clock, clock, patience=30.0)) for _ in range(3)]
    waits = await asyncio.gather(*(process.reserve("a", 5.0) for process in processes))
    assert sorted(waits) == pytest.approx([0.0, 5.0, 10.0])
    assert await processes[0].reserve("b", 5.0) == pytest.approx(0.0)
    clock.now += 12.0
    assert await processes[1].reserve("a", 5.0) == pytest.approx(3.0)
    clock.now += 100.0
    assert await processes[2].reserve("a", 5.0) == pytest.approx(0.0)
