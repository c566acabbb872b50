"""Fixtures of the wire tests: the town's knowledge base, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.service import open_service
from bot.settings import Settings
from tests.support import write_knowledge
from tests.town import town


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
