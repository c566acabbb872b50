"""A knowledge base as one plain mapping, and back."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import KnowledgeBase
from bot.knowledge.content import packed, plain, restored, unpacked, versioned
from tests.support import build
from tests.town import town


@pytest.fixture
def whole(tmp_path: Path) -> KnowledgeBase:
    """The town, with something in every section."""
    return build(tmp_path / "town", town())


def test_it_comes_back_whole(whole: KnowledgeBase, knowledge: KnowledgeBase) -> None:
    """Every record, list and place, in the same order, under the same version."""
    for kb in (whole, knowledge):
        back = unpacked(packed(kb))
        assert back == kb
        assert [list(back.section(name)) for name in ("entries", "gaps", "people")] == [
            list(kb.section(name)) for name in ("entries", "gaps", "people")
        ]


def test_the_version_follows_from_the_content(whole: KnowledgeBase) -> None:
    """Whoever has the content has the version; where records stand doesn't matter."""
    assert versioned(whole) == whole.version == versioned(replace(whole, version="", places={}))


def test_a_key_at_its_default_changes_nothing(whole: KnowledgeBase) -> None:
    """What YAML leaves out and what it says as the default are the same."""
    content = plain(whole)
    assert "spoiler" not in content["entries"][0]
    content["entries"][0]["spoiler"] = False
    assert restored(content) == whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("gaps"),
        lambda content: content["entries"][0].update(mood="new key of a newer Herald"),
        lambda content: content.update(checks=[{"ask": ""}]),
        lambda content: content.update(places=[1]),
        lambda content: content.update(entries={"a": 1}),
    ],
)
def test_what_this_herald_does_not_know_is_refused(whole: KnowledgeBase, damage: Any) -> None:
    """In one line that says what to do."""
    content = plain(whole)
    damage(content)
    with pytest.raises(KnowledgeError, match=r"can't be read.*upgrade Herald") as refused:
        restored(content)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "data", [b"", b"no zlib", zlib.compress(b"no JSON"), zlib.compress(b"[]"), zlib.compress(b'"\\ud800'), b"\x78\x9c"]
)
def test_damaged_bytes_are_refused(data: bytes) -> None:
    """Whatever the bytes are."""
    with pytest.raises(KnowledgeError, match="can't be read"):
        unpacked(data)


def test_it_is_plain(whole: KnowledgeBase) -> None:
    """Nothing is lost on the way through JSON."""
    assert json.loads(json.dumps(plain(whole))) == plain(whole)
