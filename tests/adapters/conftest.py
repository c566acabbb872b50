"""Fixtures that tests of adapters share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.herald import Herald
from tests.adapters.support import harbor, lexical_herald
from tests.support import write_knowledge


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
    for name in [name for name in os.environ if name.startswith(("HERALD_", "DISCORD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HERALD_ENCODER", "false")
    monkeypatch.setenv("HERALD_CACHE_DIR", str(cache))
    monkeypatch.setenv("HERALD_KNOWLEDGE_DIR", str(write_knowledge(tmp_path / "kb", harbor())))
    return tmp_path
