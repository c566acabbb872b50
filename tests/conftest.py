"""Fixtures that tests share."""

from __future__ import annotations

import asyncio
import gc
import pwd
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest.mock import create_autospec

import pytest
from hypothesis import settings as property_settings
from sqlalchemy.engine import URL

from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.knowledge import KnowledgeBase
from bot.matching.semantic import Encoder, open_encoder
from bot.reload import build_here
from bot.service import open_service
from bot.settings import Settings
from bot.store.database import Database, address
from tests import postgres
from tests.bare import Bare, served
from tests.examples import PROFILE
from tests.postgres import Server, upgraded
from tests.support import Data, build, small_knowledge, write_knowledge
from tests.town import town

property_settings.load_profile(PROFILE)  # before tests are imported; --hypothesis-profile=deep comes after this

gc.disable()  # until all is imported: nothing of that is garbage


def pytest_collection_finish() -> None:
    """Lets what was imported be, whenever garbage is looked for."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what takes longest first, so that no worker is still at it when the others are done."""
    items.sort(key=lambda item: item.path.name != "test_shipped.py")


@pytest.fixture
def data() -> Data:
    """The small knowledge base as plain data."""
    return small_knowledge()


@pytest.fixture
def folder(tmp_path: Path, data: Data) -> Path:
    """The small knowledge base as a folder."""
    return write_knowledge(tmp_path / "knowledge", data)


@pytest.fixture
def knowledge(tmp_path: Path, data: Data) -> KnowledgeBase:
    """The small knowledge base, loaded."""
    return build(tmp_path / "knowledge", data)


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system doesn't know, and no HOME, as a container may have it."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", create_autospec(pwd.getpwuid, side_effect=KeyError))


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that lasts for all tests: the town's knowledge base in kb, and a cache in cache."""
    folder = tmp_path_factory.mktemp("lasting")
    write_knowledge(folder / "kb", town())
    return folder


def opened(lasting: Path, *, encoder: bool) -> Snapshot:
    """The town's knowledge base made ready."""
    settings = Settings(knowledge_dir=lasting / "kb", cache_dir=lasting / "cache", encoder=encoder)
    return open_service(settings).herald().snapshot


@pytest.fixture(scope="session")
def lexical_snapshot(lasting: Path) -> Snapshot:
    """The town's knowledge base on the lexical half alone."""
    return opened(lasting, encoder=False)


@pytest.fixture(scope="session")
def hybrid_snapshot(lasting: Path) -> Snapshot:
    """The town's knowledge base with the encoder."""
    return opened(lasting, encoder=True)


@pytest.fixture(scope="session")
def encoder(lasting: Path) -> Encoder:
    """The packaged encoder."""
    return open_encoder(None, lasting / "cache")


@pytest.fixture
def town_herald(lexical_snapshot: Snapshot) -> Herald:
    """Herald over the town on the lexical half, always with the same picks."""
    return Herald(lexical_snapshot, seed=1)


@pytest.fixture
def settings(tmp_path: Path, lasting: Path) -> Settings:
    """Over a folder and a data folder of the test's own; the compiled town is in the cache already."""
    folder = write_knowledge(tmp_path / "kb", town())
    return Settings(
        knowledge_dir=folder, cache_dir=lasting / "cache", data_dir=tmp_path / "data" / "herald", encoder=False
    )


@pytest.fixture
def host(lexical_snapshot: Snapshot, settings: Settings) -> Iterator[Host]:
    """Herald over the town, on the lexical half."""
    service = open_service(settings)
    service.remember(lexical_snapshot.knowledge)
    made = Host(Herald(lexical_snapshot, seed=1), service, build_here)
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """Herald as if no extra were installed."""
    with served(tmp_path_factory.mktemp("bare")) as serving:
        yield serving


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server."""
    with postgres.server(tmp_path_factory.mktemp("postgresql")) as running:
        yield running


@pytest.fixture(scope="session")
def template(postgresql: Server) -> Iterator[str]:
    """Name of a PostgreSQL database with the newest schema, to be copied."""
    url = postgresql.database()
    asyncio.run(upgraded(url))
    yield str(url.database)
    postgresql.drop(url)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the newest schema, to be copied: migrations take longer than most tests."""
    file = tmp_path_factory.mktemp("sqlite") / "herald.db"
    asyncio.run(upgraded(address(f"sqlite:///{file}")))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each of the databases that Herald works with."""
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a database without a schema."""
    yield from _address(backend, request, tmp_path, "template1")


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a database with the newest schema and nothing in it."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path)
    name = request.getfixturevalue("template") if backend == "postgresql" else ""
    yield from _address(backend, request, tmp_path, name)


def _address(backend: str, request: pytest.FixtureRequest, folder: Path, template: str) -> Iterator[URL]:
    if backend == "sqlite":
        yield address(f"sqlite:///{folder / 'herald.db'}")
        return
    running: Server = request.getfixturevalue("postgresql")
    url = running.database(template)
    yield url
    running.drop(url)


@pytest.fixture
async def empty_database(empty_url: URL) -> AsyncIterator[Database]:
    """A database without a schema."""
    async with Database(empty_url) as made:
        yield made


@pytest.fixture
async def database(database_url: URL) -> AsyncIterator[Database]:
    """A database with the newest schema and nothing in it."""
    async with Database(database_url) as made:
        yield made
