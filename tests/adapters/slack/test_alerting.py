"""Alerting admins on Slack."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.alerting import Alerting
from adapters.slack.remembered import Key
from adapters.slack.telling import ClientOf
from adapters.slack.workspaces import Installed
from bot.errors import PlatformError
from bot.panels.model import Panel
from tests.adapters.slack.support import World

ALERT = Panel("<!channel>: 1 problem.", report="entries.yaml:2: no answer")


@pytest.fixture
def alerting(world: World) -> Callable[[str], Alerting]:
    """Posts in a channel of the first workspace."""

    async def client_of(key: Key) -> AsyncWebClient:
        assert key == (None, world.server.team.id)
        return world.desk_client

    return lambda channel: made(world, client_of, channel)


def made(world: World, client_of: ClientOf, channel: str) -> Alerting:
    whose = Installed(SecretStr("xoxb-1"), "U1", "B1", world.server.team.id)
    return Alerting(world.desk.outbox, whose, client_of, channel)


async def test_an_alert_pings_nobody(world: World, alerting: Callable[[str], Alerting]) -> None:
    """It is a plain message with the report set off."""
    await alerting(world.general.id)(ALERT)
    (message,) = world.server.sent
    assert "1 problem." in message.shown
    assert "entries.yaml:2: no answer" in message.shown
    assert not message.pings


async def test_a_channel_that_cannot_be_written_in_is_named(world: World, alerting: Callable[[str], Alerting]) -> None:
    """By its setting, with Slack's own word for why, and what to do."""
    closed = world.server.world.channel(world.server.team, "closed", has_bot=False)
    with pytest.raises(PlatformError, match=rf"HERALD_SLACK_ADMIN_CHANNEL={closed.id} .*\(not_in_channel\): invite"):
        await alerting(closed.id)(ALERT)


async def test_where_it_is_installed_nowhere_that_is_said(world: World) -> None:
    """Nothing is posted anywhere."""

    async def client_of(key: Key) -> None:
        del key

    with pytest.raises(PlatformError, match="installed in none of HERALD_SLACK_HOME"):
        await made(world, client_of, world.general.id)(ALERT)
    assert not world.server.sent
