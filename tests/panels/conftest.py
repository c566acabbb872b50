"""Fixtures of panels: Herald over the town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.reload import build_here
from bot.service import open_service
from bot.settings import Settings


@pytest.fixture
def host(lexical_snapshot: Snapshot, lasting: Path) -> Iterator[Host]:
    """Herald over the town, on the lexical half."""
    settings = Settings(knowledge_dir=lasting / "kb", cache_dir=lasting / "cache", encoder=False)
    made = Host(Herald(lexical_snapshot, seed=1), open_service(settings), build_here)
    yield made
    made.close()
