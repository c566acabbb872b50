"""A PostgreSQL that is stopped, started and frozen: answers go on, and what was missed is made up for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
from sqlalchemy.engine import URL

from bot.claims import Claim, Job
from bot.conversation import Turn
from bot.cooldown import Pace, Paces
from bot.store.breaker import PATIENCE, Breaker
from bot.store.database import Database
from bot.store.together import Together
from tests.postgres import Server

PACES = Paces(Pace(2, 60.0), Pace(100, 60.0))
JOB = Job("x", {"text": "who moderated the harbor talk"})
SOON = 10.0  # seconds; far more than it takes


class Processes:
    """Processes that share a database, without what each does by itself from time to time."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.breakers: list[Breaker] = []

    def start(self) -> Together:
        """A new one."""
        breaker = Breaker(Database(self._url))
        self.breakers.append(breaker)
        return Together(breaker, PACES)

    async def close(self) -> None:
        for breaker in self.breakers:
            await breaker.close()
            await breaker.database.close()


@pytest.fixture
async def processes(own_url: URL) -> AsyncIterator[Processes]:
    """None yet."""
    made = Processes(own_url)
    yield made
    await made.close()


@asynccontextmanager
async def stopped(server: Server) -> AsyncIterator[None]:
    """Stops the database for the length of a block."""
    await asyncio.to_thread(server.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(server.start)


async def back(process: Together) -> None:
    """Waits until a process has found that the database is back."""
    async with asyncio.timeout(SOON):
        while not process._breaker.up_for:
            await process._probe()
            await asyncio.sleep(0.05)


async def used(process: Together, number: int) -> list[object]:
    """All that an answer uses, once."""
    links = process.links("x", int)
    claim = Claim(f"event {number}", JOB)
    said: list[object] = [await process.claims.take(claim)]
    said.append(await process.limits.take(number, "channel"))
    link = await links.begin(number, 1, "who")
    said.append(await process.contexts.turns(f"conversation {number}"))
    await process.contexts.add(f"conversation {number}", Turn("who"))
    said.append(await links.earlier(1, f"entry {number}"))
    claim.message = str(number)
    said.append(await links.answered(link, number + 1000))
    await links.posted(1, f"entry {number}", number + 1000, "url")
    await process.claims.settle(claim)
    said.append(await process.contexts.turns(f"conversation {number}"))
    said.append(await links.earlier(1, f"entry {number}"))
    return said


ANSWERED = [True, None, (), None, True, (Turn("who"),), "url"]


async def test_a_stopped_database(own_server: Server, processes: Processes) -> None:
    """Each process goes on by itself, says so once, and says what it did when the database is back."""
    one, other = processes.start(), processes.start()
    assert await used(one, 1) == ANSWERED
    with structlog.testing.capture_logs() as logs:
        async with stopped(own_server):
            assert await used(one, 2) == ANSWERED
            assert await used(one, 3) == ANSWERED
            assert not await one.claims.take(Claim("event 2", JOB))
        await back(one)
        await one.claims.renew()
    assert [log["event"] for log in logs] == ["database down; going on without it", "database back"]
    assert not await other.claims.take(Claim("event 2", JOB))
    assert await used(other, 4) == ANSWERED


async def test_a_frozen_database(own_server: Server, processes: Processes) -> None:
    """The first who finds out waits for some seconds, and nobody after that."""
    one = processes.start()
    assert await used(one, 1) == ANSWERED
    own_server.freeze()
    try:
        began = time.perf_counter()
        assert await used(one, 2) == ANSWERED
        first = time.perf_counter() - began
        began = time.perf_counter()
        assert await one.claims.take(Claim("at once", JOB))
        assert time.perf_counter() - began < PATIENCE / 2
    finally:
        own_server.thaw()
    assert first < 8 * PATIENCE
    await back(one)
    assert await used(one, 3) == ANSWERED


async def test_a_claim_of_an_outage_is_held_afterwards(own_server: Server, processes: Processes) -> None:
    """What is still being answered when the database is back is no other's; both are unsure while it is new."""
    one, other = processes.start(), processes.start()
    assert await used(one, 1) == ANSWERED
    assert await used(other, 2) == ANSWERED
    async with stopped(own_server):
        claim = Claim("event 3", JOB)
        assert await one.claims.take(claim)
        assert claim.doubt
        assert await other.contexts.turns("anything") == ()
    await back(one)
    await one.claims.renew()
    await back(other)
    assert not await other.claims.take(Claim("event 3", JOB))
    mine = Claim("event 4", JOB)
    assert await other.claims.take(mine)
    assert mine.doubt
    assert not await other.claims.stranded("x")


async def test_started_while_the_database_is_away(own_server: Server, processes: Processes) -> None:
    """A bot that can't reach it answers all the same."""
    one = processes.start()
    async with stopped(own_server), one:
        assert await used(one, 1) == ANSWERED


async def test_a_restart_of_the_database_is_bridged(own_server: Server, processes: Processes) -> None:
    """Who claims something just then waits a moment, and is as sure as ever."""
    one, other = processes.start(), processes.start()
    assert await used(one, 1) == ANSWERED
    await asyncio.to_thread(own_server.stop)
    taking = asyncio.create_task(one.claims.take(claim := Claim("event 2", JOB)))
    try:
        async with asyncio.timeout(SOON):
            while one._breaker.up_for:
                await one.contexts.turns("anything")
    finally:
        await asyncio.to_thread(own_server.start)
    await back(one)
    assert await taking
    assert not claim.untold or one._breaker.outage > 1.0  # on a machine that takes longer to start it
    assert not await other.claims.take(Claim("event 2", JOB))
