"""Fixtures: Herald's real Discord client over the town, in simcord's Discord in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import simcord

from adapters.discord.app import HeraldClient
from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.links import Links
from bot.reload import build_here
from bot.service import Service, open_service
from bot.settings import Settings
from tests.adapters.discord.support import Clock, World
from tests.support import write_knowledge
from tests.town import town

_PATIENCE = 60.0  # seconds; compiling a knowledge base may take some on a busy machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives Herald time to finish what simcord waits for."""
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.simcord(settle_timeout=_PATIENCE))


@pytest.fixture
def clock() -> Clock:
    """Time as the adapter's links and cooldowns see it."""
    return Clock()


@pytest.fixture
def service(tmp_path: Path, lasting: Path) -> Service:
    """Over a folder of the test's own; the compiled town is in the cache already."""
    folder = write_knowledge(tmp_path / "kb", town())
    return open_service(Settings(knowledge_dir=folder, cache_dir=lasting / "cache", encoder=False))


@pytest.fixture
def host(lexical_snapshot: Snapshot, service: Service, clock: Clock) -> Iterator[Host]:
    """Herald over the town, on the lexical half."""
    made = Host(Herald(lexical_snapshot, seed=1), service, build_here, clock)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the Discord client."""
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def client(host: Host, settings: Settings, clock: Clock) -> HeraldClient:
    """The client, not connected yet."""
    return HeraldClient(host, settings, links=Links(clock), shard_count=1)


@pytest.fixture
def simcord_bot(client: HeraldClient) -> HeraldClient:
    """The client that simcord's own fixture connects."""
    return client


@pytest.fixture
def world(simcord_env: simcord.Env) -> World:
    """A guild with a channel and two members, and Herald in it."""
    return World.made(simcord_env)
