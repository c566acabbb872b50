"""Which answer belongs to which question."""

from __future__ import annotations

from bot.links import Links
from tests.support import Clock


async def test_an_edit_is_followed_for_five_minutes() -> None:
    """Where the words changed."""
    clock = Clock()
    links: Links[int] = Links(clock)
    link = await links.begin(1, 10, "who")
    assert await links.edited(1, "what") is link
    assert await links.edited(1, "who") is await links.edited(2, "what") is None
    await links.changed(link, "what")
    assert await links.edited(1, "what") is None
    clock.now += 301
    assert await links.edited(1, "why") is None


async def test_a_deletion_is_followed_for_a_day() -> None:
    """Once."""
    clock = Clock()
    links: Links[int] = Links(clock)
    first, _ = await links.begin(1, 10, "who"), await links.begin(2, 10, "who")
    assert await links.removed(1) is first
    assert first.deleted
    assert await links.removed(1) is None
    clock.now += 24 * 60 * 60 + 1
    assert await links.removed(2) is None


async def test_a_deleted_answer_is_forgotten() -> None:
    """Its question's edits lead nowhere, and nobody is pointed at it."""
    links: Links[int] = Links(Clock())
    link = await links.begin(1, 10, "who")
    link.answer = 5
    await links.posted(10, "harbor-host", 5, "url")
    assert await links.earlier(10, "harbor-host") == "url"
    assert await links.removed(5) is None
    assert await links.earlier(10, "harbor-host") is None
    assert await links.edited(1, "what") is None


async def test_memory_is_bounded() -> None:
    """The oldest are forgotten."""
    links: Links[int] = Links(Clock(), kept=2)
    for number in range(4):
        await links.begin(number, 10, "who")
        await links.posted(number, "harbor-host", number, "url")
    assert [await links.edited(number, "what") is not None for number in range(4)] == [False, False, True, True]
    assert [await links.earlier(number, "harbor-host") for number in range(4)] == [None, None, "url", "url"]
