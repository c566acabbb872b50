"""Fixtures: Herald's real Discord client over the town, in simcord's Discord in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
import simcord

from adapters.discord.app import HeraldClient
from bot.host import Host
from bot.settings import Settings
from tests.adapters.discord.support import World

_PATIENCE = 60.0  # seconds; compiling a knowledge base may take some on a busy machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives Herald time to finish what simcord waits for."""
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.simcord(settle_timeout=_PATIENCE))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the Discord client."""
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def client(host: Host, settings: Settings) -> HeraldClient:
    """The client, not connected yet."""
    return HeraldClient(host, settings, shard_count=1)


@pytest.fixture
def simcord_bot(client: HeraldClient) -> HeraldClient:
    """The client that simcord's own fixture connects."""
    return client


@pytest.fixture
def world(simcord_env: simcord.Env) -> World:
    """A guild with a channel and two members, and Herald in it."""
    return World.made(simcord_env)
