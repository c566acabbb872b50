"""What is under way is finished before closing."""

from __future__ import annotations

import asyncio

from bot.flight import Flight


async def test_what_is_under_way_is_waited_for() -> None:
    """And nothing new is taken."""
    flight = Flight()
    with flight.aboard():
        drained = asyncio.create_task(flight.drain(5))
        await asyncio.sleep(0)
        assert flight.closing
        assert not drained.done()
    assert await drained == 0


async def test_not_for_ever() -> None:
    """What is lost is counted."""
    flight = Flight()
    with flight.aboard(), flight.aboard():
        assert await flight.drain(0.01) == 2
