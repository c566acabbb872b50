"""Fixtures that tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import Conversations
from bot.herald import Herald, Snapshot
from bot.knowledge import KnowledgeBase
from bot.matching.semantic import Encoder, open_encoder
from bot.service import open_service
from bot.settings import Settings
from tests.support import Data, build, small_knowledge, write_knowledge
from tests.town import town


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
    """Herald over the town on the lexical half, with conversations of its own and always the same picks."""
    return Herald(lexical_snapshot, Conversations(), seed=1)
