"""Alerting admins on Discord."""

from __future__ import annotations

import discord
import pytest

from adapters.discord.alerting import Alerting
from bot.errors import PlatformError
from bot.panels.model import Panel
from tests.adapters.discord.support import World


async def test_an_alert_pings_nobody(world: World) -> None:
    """It is a plain message with the report set off."""
    await Alerting(world.client, world.channel.id)(Panel("@everyone: 1 problem.", report="entries.yaml:2: no answer"))
    await world.env.settle()
    (message,) = world.answers()
    assert message.content.endswith("1 problem.\n```\nentries.yaml:2: no answer\n```")
    assert not message.mention_everyone


async def test_a_channel_that_is_not_there_is_named(world: World) -> None:
    """By its setting; the same for one that Herald may not write in."""
    with pytest.raises(PlatformError, match="HERALD_DISCORD_ADMIN_CHANNEL=404: no channel that Herald may write in"):
        await Alerting(world.client, 404)(Panel("1 problem."))
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.me: discord.PermissionOverwrite(send_messages=False)}
    )
    with pytest.raises(PlatformError, match=str(closed.id)):
        await Alerting(world.client, closed.id)(Panel("1 problem."))
