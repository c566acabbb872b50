"""Whether the database answers: found out once for all, and never waited for long."""

from __future__ import annotations

import asyncio
import time

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreDownError
from bot.store.breaker import SHAKY, Breaker
from bot.store.database import Database, address
from tests.support import Clock

NOWHERE = address("postgresql://u:secret@127.0.0.1:1/name")


async def one(connection: AsyncConnection) -> int:
    return await connection.scalar(select(1)) or 0


async def test_work_is_done_within_a_transaction(database: Database) -> None:
    """Which is committed."""
    breaker = Breaker(database, patience=30.0)

    async def make(connection: AsyncConnection) -> None:
        await connection.execute(text("INSERT INTO turns VALUES ('a', 1)"))

    async def count(connection: AsyncConnection) -> int:
        return await connection.scalar(text("SELECT count(*) FROM turns")) or 0

    await breaker.run(make)
    assert await breaker.run(count) == 1


async def test_the_time_is_the_database_s(database: Database) -> None:
    """In seconds since 1970."""
    breaker = Breaker(database, patience=30.0)

    async def now(connection: AsyncConnection) -> float:
        return await connection.scalar(select(breaker.now)) or 0.0

    assert abs(await breaker.run(now) - time.time()) < 60


async def test_one_meets_the_failure_and_the_others_are_told() -> None:
    """Once in the log, with the kind of error alone; nobody tries but who looks whether it is back."""
    clock = Clock()
    breaker = Breaker(Database(NOWHERE), clock, patience=30.0)

    async def counted(connection: AsyncConnection) -> None:
        raise AssertionError("it got a connection")

    with structlog.testing.capture_logs() as logs:
        with pytest.raises(StoreDownError, match="can't be used"):
            await breaker.run(counted)
        for _ in range(5):
            with pytest.raises(StoreDownError, match="is down"):
                await breaker.run(counted)
        assert breaker.up_for == 0.0
        assert not await breaker.probe()
    assert [log["event"] for log in logs] == ["database down; going on without it"]
    assert "secret" not in str(logs)


async def fail(connection: AsyncConnection) -> None:
    raise OSError("lost")


async def test_a_database_that_is_back_is_found_and_logged(database: Database) -> None:
    """And is new for a while, as others may not have said what they did meanwhile."""
    clock = Clock()
    breaker = Breaker(database, clock, patience=30.0)
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(StoreDownError):
            await breaker.run(fail)
        clock.now += 3.0
        assert await breaker.probe()
        assert not await breaker.probe()
        assert await breaker.run(one) == 1
        assert (breaker.up_for, breaker.outage) == (0.0, 3.0)
        clock.now += SHAKY
        assert breaker.up_for >= SHAKY
    assert [(log["event"], log.get("seconds")) for log in logs][1:] == [("database back", 3.0)]


async def test_a_restart_is_waited_for(database: Database) -> None:
    """By who asks for it, for so many seconds after it went; not where it is up, or has long been down."""
    clock = Clock()
    breaker = Breaker(database, clock, patience=30.0)
    assert not await breaker.recovered(1.0)
    with pytest.raises(StoreDownError):
        await breaker.run(fail)
    waiting = asyncio.create_task(breaker.recovered(10.0))
    await asyncio.sleep(0)
    assert await breaker.probe()
    assert await waiting
    with pytest.raises(StoreDownError):
        await breaker.run(fail)
    assert not await breaker.recovered(0.01)
    clock.now += 10.0
    assert not await breaker.recovered(10.0)


async def test_what_is_late_is_given_up(database: Database) -> None:
    """Whoever waits goes on at once; what a member typed stands in no message."""
    await Breaker(database, patience=30.0).run(one)  # connects
    breaker, over = Breaker(database, patience=0.5), asyncio.Event()

    async def slow(connection: AsyncConnection) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            over.set()

    for number in range(3):
        assert breaker.up_for, number  # once may be chance
        with pytest.raises(StoreDownError, match="TimeoutError"):
            await breaker.run(slow)
    assert not breaker.up_for
    await asyncio.wait_for(over.wait(), 5)
    await breaker.close()


async def test_who_is_cut_off_leaves_no_work_behind(database: Database) -> None:
    """It is given up, too."""
    breaker, begun, over = Breaker(database, patience=30.0), asyncio.Event(), asyncio.Event()

    async def slow(connection: AsyncConnection) -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            over.set()

    task = asyncio.create_task(breaker.run(slow))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(over.wait(), 5)
    await breaker.close()
