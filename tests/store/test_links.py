"""Links of questions and answers that several processes follow."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from bot.links import DELETIONS, EDITS, REPEATS
from bot.store import links as module
from bot.store.breaker import Breaker
from bot.store.database import Database
from bot.store.links import SharedLinks
from bot.store.schema import links as table
from tests.support import Clock


def two(database: Database, clock: Clock) -> tuple[SharedLinks[int], SharedLinks[int]]:
    """Those of two processes."""
    one, other = (SharedLinks(Breaker(database, clock, clock, patience=30.0), "x", int, clock) for _ in range(2))
    return one, other


async def test_an_edit_reaches_another_process(database: Database) -> None:
    """For five minutes, where the words changed; an edit that it has answered isn't answered again by the first."""
    clock = Clock()
    one, other = two(database, clock)
    link = await one.begin(1, 10, "who")
    assert await one.answered(link, 100)
    assert await other.edited(1, "who") is None
    found = await other.edited(1, "what")
    assert found
    assert (found.question, found.channel, found.answer) == (1, 10, 100)
    await other.changed(found, "what")
    assert await one.edited(1, "what") is None
    assert await one.edited(1, "who") is link
    clock.now += EDITS + 1
    assert await other.edited(1, "why") is None


async def test_an_edit_waits_for_the_answer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which another process is giving just then."""
    monkeypatch.setattr(module, "_LOOK", 0.01)
    one, other = two(database, Clock())
    link = await one.begin(1, 10, "who")
    found = await other.edited(1, "what")
    assert found
    waiting = asyncio.create_task(other.awaited(found))
    await asyncio.sleep(0)
    assert await one.answered(link, 100)
    assert await waiting == 100


async def test_a_deletion_reaches_another_process(database: Database) -> None:
    """For a day, and once."""
    clock = Clock()
    one, other = two(database, clock)
    for question in (1, 2):
        assert await one.answered(await one.begin(question, 10, "who"), question + 100)
    found = await other.removed(1)
    assert found
    assert (found.answer, found.deleted) == (101, True)
    assert await other.removed(1) is None
    clock.now += DELETIONS + 1
    assert await other.removed(2) is None


async def test_a_question_deleted_while_another_process_answers_it(database: Database) -> None:
    """Whoever answers is told that the answer has to go."""
    one, other = two(database, Clock())
    link = await one.begin(1, 10, "who")
    assert await other.removed(1)
    assert not await one.answered(link, 100)


async def test_a_repeat_is_seen_by_another_process(database: Database) -> None:
    """For a minute; not once the answer is deleted, or says something else."""
    clock = Clock()
    one, other = two(database, clock)
    for question, entry in ((1, "a"), (2, "b"), (3, "c")):
        link = await one.begin(question, 10, "who")
        await one.answered(link, question + 100)
        await one.posted(10, entry, question + 100, f"url {entry}")
    assert [await other.earlier(10, entry) for entry in "abc"] == ["url a", "url b", "url c"]
    assert await other.earlier(11, "a") is None
    assert await other.removed(101) is None
    found = await other.edited(2, "what")
    assert found
    await other.changed(found, "what")
    assert [await other.earlier(10, entry) for entry in "abc"] == [None, None, "url c"]
    assert await other.edited(1, "what") is None
    clock.now += REPEATS + 1
    assert await other.earlier(10, "c") is None


async def test_platforms_do_not_mix(database: Database) -> None:
    """Their ids may be the same."""
    clock = Clock()
    one, _ = two(database, clock)
    elsewhere = SharedLinks(Breaker(database, clock, clock, patience=30.0), "y", int, clock)
    await one.begin(1, 10, "who")
    assert await elsewhere.edited(1, "what") is None
    assert await elsewhere.removed(1) is None


async def test_what_is_followed_no_longer_is_deleted(database: Database) -> None:
    """What was posted after a minute, the rest after a day."""
    clock = Clock()
    one, _ = two(database, clock)

    async def rows() -> int:
        async with database.begin() as connection:
            return await connection.scalar(select(func.count()).select_from(table)) or 0

    await one.begin(1, 10, "who")
    await one.posted(10, "a", 101, "url")
    clock.now += REPEATS + 1
    await one.purge()
    assert await rows() == 1
    clock.now += DELETIONS
    await one.purge()
    assert await rows() == 0
