"""Lines: who came first goes first."""

from __future__ import annotations

import asyncio

from adapters.slack.line import Lines


async def test_who_came_first_goes_first() -> None:
    """Whoever is ready before; one who leaves early doesn't let others past those still waiting."""
    lines = Lines()
    first, second, third = (lines.enter("C1") for _ in range(3))
    other = lines.enter("C2")
    await asyncio.wait_for(other.first(), 1)
    waiting = asyncio.create_task(third.first())
    second.leave()
    await asyncio.sleep(0)
    assert not waiting.done()
    first.leave()
    await asyncio.wait_for(waiting, 1)
    third.leave()
    other.leave()
    await asyncio.sleep(0)
    await asyncio.wait_for(lines.enter("C1").first(), 1)
    assert len(lines._last) == 1


async def test_giving_up_lets_the_others_go_on() -> None:
    """As where the time to close has run out."""
    lines = Lines()
    first, second, third = (lines.enter("C1") for _ in range(3))
    given_up = asyncio.create_task(second.first())
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    second.leave()
    first.leave()
    await asyncio.wait_for(third.first(), 1)
