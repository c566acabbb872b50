"""Fixtures of the server's own tests: a workspace with a channel, two members, and a plain bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.slack_server import BlockKit, Rules, SlackServer
from tests.slack_server.plain import MANIFEST, Plain, connected
from tests.slack_server.stage import ManualClock, Stage


@pytest.fixture(scope="session")
def schema() -> BlockKit:
    """Slack's types, which know nothing where they are missing."""
    return BlockKit()


@pytest.fixture
async def idle(schema: BlockKit) -> AsyncIterator[Stage]:
    """The stage with a bot that is not connected; what is not acknowledged is sent again soon."""
    clock = ManualClock()
    rules = Rules(ack=0.3, retries=(0.0, 0.05, 0.05))
    async with SlackServer(MANIFEST, rules=rules, clock=clock, schema=schema) as server:
        ada, ben = server.member("ada"), server.member("ben")
        general = server.world.channel(server.team, "general")
        yield Stage(server, clock, general, ada, ben, Plain(server))


@pytest.fixture
async def stage(idle: Stage) -> AsyncIterator[Stage]:
    """The stage with the bot connected over Socket Mode."""
    async with connected(idle.server, idle.bot):
        yield idle
