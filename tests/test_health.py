"""Whether Herald is alive and ready."""

from __future__ import annotations

import asyncio

import pytest

from bot.health import LAG, SILENCE, Connection, Health
from tests.support import Clock


def test_it_is_ready_when_all_that_are_expected_are_connected() -> None:
    """One that did not come so far isn't; while closing nothing more should come."""
    health = Health()
    health.expect(["discord", "slack"])
    health.watch("slack", lambda: Connection(connected=True))
    assert health.unready() == ["discord is not connected"]
    health.watch("discord", lambda: Connection(connected=False, silent=1.0))
    assert health.unready() == ["discord is not connected"]
    health.watch("discord", lambda: Connection(connected=True, silent=1.0))
    assert health.unready() == []
    health.draining = True
    assert health.unready() == ["closing"]
    assert health.hung() == []


@pytest.mark.parametrize(("silent", "wrong"), [(None, 0), (SILENCE, 0), (SILENCE + 1, 1)])
def test_a_platform_that_says_nothing_for_long_means_a_hung_connection(silent: float | None, wrong: int) -> None:
    """Being away for a moment does not: libraries connect again by themselves."""
    health = Health()
    health.watch("discord", lambda: Connection(connected=False, silent=silent))
    assert len(health.hung()) == wrong


async def test_a_loop_that_is_late_is_seen() -> None:
    """By how much; one that was late for long means that the process hangs."""
    clock, second = Clock(), asyncio.Event()

    async def late(seconds: float) -> None:
        if clock.now > 1000:
            second.set()
            await asyncio.Event().wait()
        clock.now += seconds + 0.5

    health = Health(clock, late)
    beating = asyncio.create_task(health.beat())
    await second.wait()
    assert health.lag == pytest.approx(0.5)
    assert health.hung() == []
    clock.now += LAG + 2
    assert len(health.hung()) == 1
    beating.cancel()
