"""Fixtures of the server's own tests: a town with two channels, two members, and a plain bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discord_server import DiscordServer, OpenApi
from tests.discord_server.plain import Plain, running
from tests.discord_server.stage import ManualClock, Stage


@pytest.fixture(scope="session")
def judge() -> OpenApi:
    """Discord's description, which knows nothing where it is missing."""
    return OpenApi()


@pytest.fixture
async def stage(judge: OpenApi) -> AsyncIterator[Stage]:
    """The stage with the bot connected."""
    clock = ManualClock()
    async with DiscordServer(clock=clock, judge=judge) as server:
        guild = server.world.guild("Town")
        general = server.world.channel(guild, "general")
        bot = Plain()
        async with running(server, bot):
            yield Stage(server, clock, guild, general, server.member("ada", guild), server.member("ben", guild), bot)
