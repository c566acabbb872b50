"""What is wrong is told in the admins' channels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot import notices
from bot.alerts import Alerts
from bot.claims import MemoryClaims
from bot.errors import PlatformError
from bot.panels.model import Panel
from tests.log import Log

BROKEN = Panel("1 problem.", report="entries.yaml:2: no answer")
WORSE = Panel("2 problems.", report="entries.yaml:2: no answer\nentries.yaml:9: no source")
MENDED = Panel(notices.MENDED)


class Channel:
    """A channel, and what was posted there."""

    def __init__(self) -> None:
        self.posted = Log[Panel]("posted")
        self.refused = Log[Panel]("refused")
        self.closed = False

    async def __call__(self, panel: Panel) -> None:
        """Posts, where that may be."""
        if self.closed:
            self.refused.add(panel)
            raise PlatformError("HERALD_DISCORD_ADMIN_CHANNEL=7: no channel that Herald may write in")
        self.posted.add(panel)


@pytest.fixture
def claims() -> MemoryClaims:
    """What all processes share."""
    return MemoryClaims()


@pytest.fixture
async def alerts(claims: MemoryClaims) -> AsyncIterator[Alerts]:
    """At work."""
    async for made in running(claims):
        yield made


@pytest.fixture
async def other(claims: MemoryClaims) -> AsyncIterator[Alerts]:
    """Those of another process."""
    async for made in running(claims):
        yield made


@pytest.fixture
def channel(alerts: Alerts) -> Channel:
    """Discord's."""
    made = Channel()
    alerts.post_by("discord", made)
    return made


async def running(claims: MemoryClaims) -> AsyncIterator[Alerts]:
    alerts, stop = Alerts(claims, glance=0.01), asyncio.Event()
    task = asyncio.create_task(alerts.run(stop))
    yield alerts
    stop.set()
    await task


async def test_each_problem_is_told_once_and_that_it_is_mended(alerts: Alerts, channel: Channel) -> None:
    """Also where it comes back afterwards."""
    for panel in (BROKEN, WORSE, None, BROKEN, None):
        alerts.report(panel)
        alerts.report(panel)
        assert await channel.posted.next() == (panel or MENDED)
    assert list(channel.posted) == [BROKEN, WORSE, MENDED, BROKEN, MENDED]


async def test_a_platform_that_comes_later_is_told_too(alerts: Alerts, channel: Channel) -> None:
    """What is wrong still; one that went away is told nothing more."""
    alerts.report(BROKEN)
    await channel.posted.next()
    alerts.post_by("discord", None)
    later = Channel()
    alerts.post_by("slack", later)
    assert await later.posted.next() == BROKEN
    alerts.report(WORSE)
    assert await later.posted.next() == WORSE
    assert list(channel.posted) == [BROKEN]


async def test_of_several_processes_one_posts(alerts: Alerts, other: Alerts, channel: Channel) -> None:
    """And the same one says that it is mended; what only the other sees it posts itself."""
    elsewhere = Channel()
    other.post_by("discord", elsewhere)
    alerts.report(BROKEN)
    await channel.posted.next()
    other.report(BROKEN)
    other.report(WORSE)
    assert await elsewhere.posted.next() == WORSE
    alerts.report(None)
    assert await channel.posted.next() == MENDED
    assert (list(channel.posted), list(elsewhere.posted)) == ([BROKEN, MENDED], [WORSE])


async def test_a_channel_that_cannot_be_posted_to_is_one_line_of_the_log(alerts: Alerts, channel: Channel) -> None:
    """Naming its setting; nothing is said to be mended that nobody was told of, and the next problem is tried."""
    channel.closed = True
    with capture_logs() as log:
        alerts.report(BROKEN)
        await channel.refused.next()
        channel.closed = False
        alerts.report(WORSE)
        assert await channel.posted.next() == WORSE
    assert [(line["event"], line["platform"]) for line in log] == [("admins not alerted", "discord")]
    assert "HERALD_DISCORD_ADMIN_CHANNEL=7" in log[0]["error"]
