"""Fixtures: Herald's real Discord client over the town, in simcord's Discord in memory."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from adapters.discord.app import HeraldClient
from bot.host import Host
from bot.office import Office, open_office
from bot.settings import Settings
from tests.adapters.discord.keeping import Bureau, boss_of
from tests.adapters.discord.support import HOME, World

_PATIENCE = 60.0  # seconds; compiling a knowledge base may take some on a busy machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives Herald time to finish what simcord waits for."""
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.simcord(settle_timeout=_PATIENCE))


@pytest.fixture
def settings(tmp_path: Path, sqlite_file: Path) -> Settings:
    """Settings of the Discord client, with a database of the test's own."""
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_file, tmp_path / "data")
    return Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", discord_home=(HOME,))


@pytest.fixture
async def office(request: pytest.FixtureRequest, host: Host, settings: Settings) -> AsyncIterator[Office | None]:
    """The office, for tests that have it kept; else there is none."""
    if "bureau" not in request.fixturenames:
        yield None
        return
    async with open_office(settings, host) as opened:
        yield opened


@pytest.fixture
def client(host: Host, settings: Settings, office: Office | None) -> HeraldClient:
    """The client, not connected yet."""
    return HeraldClient(host, settings, office, shard_count=1)


@pytest.fixture
def simcord_bot(client: HeraldClient) -> HeraldClient:
    """The client that simcord's own fixture connects."""
    return client


@pytest.fixture
def bureau(world: World, office: Office | None) -> Bureau:
    """The same with an office, and an admin."""
    assert office
    return Bureau(world, office, boss_of(world))


@pytest.fixture
def world(simcord_env: simcord.Env) -> World:
    """A guild with a channel and two members, and Herald in it."""
    return World.made(simcord_env)
