"""Claims over the database, of several processes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Row, delete, select, update
from sqlalchemy.engine import URL

from bot.claims import KEPT, LEASE, Claim, Claims, Job
from bot.store.breaker import Breaker
from bot.store.claims import STALE, SharedClaims
from bot.store.database import Database
from bot.store.schema import claims as table
from tests.claims_machine import ClaimsMachine, World
from tests.examples import often
from tests.support import Clock

JOB = Job("x", {"text": "who moderated the harbor talk"})


def shared(database: Database, clock: Clock) -> SharedClaims:
    """The claims of a new process; nothing times out on a busy machine."""
    return SharedClaims(Breaker(database, clock, clock, patience=30.0), clock)


async def rows(database: Database) -> Sequence[Row[Any]]:
    async with database.begin() as connection:
        return (await connection.execute(select(table))).all()


def test_they_keep_to_the_model(database_url: URL) -> None:
    """Whatever is done in whatever order, by processes that claim, die and stall."""

    class Several(World):
        lease = LEASE
        processes = 3

        async def open(self) -> None:
            self.database = Database(database_url)
            async with self.database.begin() as connection:
                await connection.execute(delete(table))

        async def close(self) -> None:
            await self.database.close()

        def start(self) -> Claims:
            return shared(self.database, self.clock)

        async def renew(self, claims: Claims) -> None:
            assert isinstance(claims, SharedClaims)
            await claims.renew()

    class Machine(ClaimsMachine):
        def world(self, clock: Clock) -> World:
            return Several(clock)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=often(20), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


async def test_of_many_processes_one_takes_it(database: Database) -> None:
    """However many try at once."""
    clock = Clock()
    taken = await asyncio.gather(*(shared(database, clock).take(Claim("a", JOB)) for _ in range(8)))
    assert sorted(taken) == [False] * 7 + [True]


async def test_what_is_kept_to_answer_goes_with_the_answer(database: Database) -> None:
    """Of a question that was answered there is no word left, only that it was."""
    clock = Clock()
    claims, claim = shared(database, clock), Claim("a", JOB)
    await claims.take(claim)
    (row,) = await rows(database)
    assert b"harbor" in row.job
    claim.message = "17"
    await claims.settle(claim)
    (row,) = await rows(database)
    assert (row.job, row.until, row.message) == (None, None, "17")


async def test_what_a_process_dies_over_is_taken_over(database: Database) -> None:
    """With all that is needed to answer it, and with doubt whether it was answered."""
    clock = Clock()
    dead, alive = shared(database, clock), shared(database, clock)
    await dead.take(Claim("a", JOB))
    assert await alive.stranded("x") == []
    clock.now += LEASE + 0.1
    assert await alive.stranded("x") == [JOB]
    claim = Claim("a", JOB)
    assert await alive.take(claim)
    assert claim.doubt
    assert alive.tally["taken_over"] == 1
    assert await alive.stranded("x") == []


async def test_what_is_settled_during_a_renewal_is_not_lost(database: Database) -> None:
    """It is this process's own doing that it no longer holds it."""
    claims, claim = shared(database, Clock()), Claim("a", JOB, message="17")
    await claims.take(claim)
    async with database.begin() as connection:
        await connection.execute(update(table).values(until=None))  # as settling does, and it is seen by the renewal
        both = asyncio.gather(claims.renew(), claims.settle(claim))
        await asyncio.sleep(0)  # they have begun, and wait for this transaction
    await both
    assert (claim.lost, claims.tally["lost"]) == (False, 0)


async def test_a_question_that_kills_is_not_handed_round_for_ever(database: Database) -> None:
    """After three processes it is left alone, and deleted after minutes."""
    clock = Clock()
    for _ in range(3):
        assert await shared(database, clock).take(Claim("a", JOB))
        clock.now += LEASE + 0.1
    last = shared(database, clock)
    assert not await last.take(Claim("a", JOB))
    assert await last.stranded("x") == []
    clock.now += STALE
    await last.purge()
    assert not any(row.job for row in await rows(database))


async def test_old_claims_are_deleted(database: Database) -> None:
    """After a day and an hour."""
    clock = Clock()
    claims, claim = shared(database, clock), Claim("a")
    await claims.take(claim)
    await claims.settle(claim)
    clock.now += KEPT
    await claims.purge()
    assert len(await rows(database)) == 1
    clock.now += 1
    await claims.purge()
    assert await rows(database) == []
