"""What tests of matching share."""

from __future__ import annotations

import pytest

from bot.herald import Snapshot
from bot.matching.matcher import Matcher


@pytest.fixture(params=["lexical_snapshot", "hybrid_snapshot"])
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """The town, on the lexical half alone and with the encoder."""
    found: Snapshot = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def matcher(snapshot: Snapshot) -> Matcher:
    """Its matcher."""
    return snapshot.matcher
