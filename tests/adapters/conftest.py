"""Fixtures that tests of adapters share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.cooldown import Pace, Paces
from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.reload import build_here
from bot.service import Service, open_service
from bot.settings import Settings
from bot.store.breaker import Breaker
from bot.store.claims import SharedClaims
from bot.store.database import Database
from bot.store.together import Together
from tests.adapters.ports import held_port
from tests.adapters.support import harbor, lexical_herald
from tests.support import Clock, write_knowledge
from tests.town import town


@pytest.fixture(scope="session")
def herald(tmp_path_factory: pytest.TempPathFactory) -> Herald:
    """Herald over the small knowledge base; tests keep to conversations of their own."""
    return lexical_herald(tmp_path_factory.mktemp("herald"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that lasts, so that a knowledge base is compiled once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def environment(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that Herald is started in, with the settings of a run without encoder; its knowledge base is in kb."""
    for name in [name for name in os.environ if name.startswith(("HERALD_", "DISCORD_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HERALD_ENCODER", "false")
    monkeypatch.setenv("HERALD_CACHE_DIR", str(cache))
    monkeypatch.setenv("HERALD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HERALD_KNOWLEDGE_DIR", str(write_knowledge(tmp_path / "kb", harbor())))
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    """A port to listen at that nobody else gets."""
    with held_port() as port:
        yield port


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
def breaker(database: Database, clock: Clock) -> Breaker:
    """A database that several processes share; nothing times out on a busy machine."""
    return Breaker(database, clock, clock, patience=30.0)


@pytest.fixture
def one_of_several(lexical_snapshot: Snapshot, service: Service, clock: Clock, breaker: Breaker) -> Iterator[Host]:
    """Herald over the town, in one of several processes."""
    together = Together(breaker, Paces(Pace(5, 10.0), Pace(30, 10.0)), clock)
    made = Host(Herald(lexical_snapshot, seed=1), service, build_here, clock, together)
    yield made
    made.close()


@pytest.fixture
def dead(breaker: Breaker, clock: Clock) -> SharedClaims:
    """The claims of another process, which is about to die."""
    return SharedClaims(breaker, clock)


@pytest.fixture(scope="session")
def wire_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's knowledge base in kb, and in cache what is compiled from it."""
    folder = tmp_path_factory.mktemp("wire")
    write_knowledge(folder / "kb", town())
    open_service(Settings(knowledge_dir=folder / "kb", cache_dir=folder / "cache", encoder=False)).herald()
    return folder


@pytest.fixture(scope="session")
def wire_settings(wire_folder: Path) -> Mapping[str, str]:
    """The variables of a bot over the town, on the lexical half, with a cooldown that tests do not meet."""
    return {
        "HERALD_KNOWLEDGE_DIR": str(wire_folder / "kb"),
        "HERALD_CACHE_DIR": str(wire_folder / "cache"),
        "HERALD_ENCODER": "false",
        "HERALD_LOG_LEVEL": "INFO",
        "HERALD_MEMBER_QUESTIONS": "1000",
        "HERALD_CHANNEL_QUESTIONS": "1000",
    }
