"""Fixtures: Herald's real Slack app over the town, connected to the loopback Slack by Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL

from adapters.slack.app import make_app
from adapters.slack.desk import Desk
from adapters.slack.endpoints import web_client
from adapters.slack.manifest import manifest
from adapters.slack.outbox import Outbox
from adapters.slack.places import Places
from adapters.slack.socket import Socket
from adapters.slack.workspaces import Installed
from bot.host import Host
from bot.office import Office
from bot.settings import Settings
from tests.adapters.slack.many import Many, staged
from tests.adapters.slack.support import World
from tests.slack_server import BlockKit, SlackServer
from tests.slack_server.server import APP_TOKEN, BOT_TOKEN


@pytest.fixture(scope="session")
def schema() -> BlockKit:
    """Slack's types, which know nothing where they are missing."""
    return BlockKit()


@pytest.fixture
async def server(schema: BlockKit) -> AsyncIterator[SlackServer]:
    """A loopback Slack, whose app was made from Herald's manifest; it ends without a problem."""
    async with SlackServer(manifest(auto_answer=True, admin_group=True), schema=schema) as made:
        yield made
        assert made.problems == []


@pytest.fixture
def office() -> Office | None:
    """What needs the store: none, unless a test's file says otherwise."""
    return None


@pytest.fixture
async def world(server: SlackServer, host: Host, office: Office | None) -> AsyncIterator[World]:
    """Herald in a workspace with two members, an admin, and channels for all and for explicit material."""
    made = World.made(server)
    settings = Settings(slack_explicit_channels=(made.loud.id,), slack_auto_channels=(made.auto.id,))
    async with aiohttp.ClientSession() as session:
        client = web_client(server.api_url, session, BOT_TOKEN)
        me = Installed(SecretStr(BOT_TOKEN), server.team.bot.id, server.team.bot_id, server.team.id)
        outbox = Outbox(session, pause=0.0)
        places = Places(settings.slack_explicit_channels)
        desk = Desk(host, outbox, places, office)
        app = make_app(desk, settings, web_client(server.api_url, session), me)
        opened = await client.apps_connections_open(app_token=APP_TOKEN)
        socket = Socket(app, APP_TOKEN, desk.flight, ping=1.0)
        async with socket.connected(str(opened["url"])):
            await server.ready()
            made.desk, made.desk_client = desk, client
            yield made
            desk.flight.close()
        assert await desk.flight.drain(5) == 0


@pytest.fixture
async def many(host: Host, database_url: URL, schema: BlockKit) -> AsyncIterator[Many]:
    """Herald's place, on either database."""
    async with staged(host, database_url, schema) as made:
        yield made
