"""Fixtures that tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeBase
from tests.support import Data, build, small_knowledge, write_knowledge


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
