"""What tests of the terminal share."""

from __future__ import annotations

import pytest

from adapters.terminal.app import Chat
from bot.herald import Herald


@pytest.fixture
def chat(herald: Herald) -> Chat:
    """A conversation that has just begun."""
    return Chat(herald)
