"""What doesn't fit one message keeps a knowledge base from loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.model import MESSAGE_LIMIT
from tests.support import Data, messages, write_knowledge


def problems(tmp_path: Path, data: Data) -> list[str]:
    return messages(write_knowledge(tmp_path / "kb", data))


def longest(tmp_path: Path, data: Data) -> int:
    """How long the first entry's answer may be in characters."""
    data["entries"][0]["answer"] = "y" * 1200
    (message,) = problems(tmp_path, data)
    assert message.startswith("entries.yaml:2: entries: 'talk-host': answer, quotes and sources have ")
    size = int(message.partition(" have ")[2].partition(" ")[0].replace(",", ""))
    return 1200 - (size - MESSAGE_LIMIT)


def test_an_answer_with_its_quotes_and_sources(tmp_path: Path, data: Data) -> None:
    """To the character: what just fits loads, one more doesn't."""
    data["quotes"].append({**data["quotes"][0], "id": "long-one", "text": "x" * 880})
    data["entries"][0]["quotes"] = ["on-light", "long-one"]
    most = longest(tmp_path, data)
    data["entries"][0]["answer"] = "y" * most
    assert problems(tmp_path, data) == []
    data["entries"][0]["answer"] += "y"
    assert len(problems(tmp_path, data)) == 1


@pytest.mark.parametrize("key", ["via", "attribution"])
def test_how_a_quote_came_down_counts(tmp_path: Path, data: Data, key: str) -> None:
    """Members are shown it."""
    data["entries"][0]["quotes"] = ["on-light"]
    data["quotes"][0]["text"] = "x" * 880
    before = longest(tmp_path, data)
    data["quotes"][0][key] = {"via": "ben-reed", "attribution": "context"}[key]
    assert longest(tmp_path, data) < before


def test_a_quote_with_a_long_address(tmp_path: Path, data: Data) -> None:
    """By itself it must fit too."""
    data["entries"][0]["quotes"] = []
    data["quotes"][0]["text"] = "x" * 900
    data["sources"][0]["url"] = "https://example.org/" + "z" * 950
    assert [message.partition(":")[0] for message in problems(tmp_path, data)] == ["quotes.yaml"]
