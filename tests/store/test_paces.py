"""Cooldowns that several processes count together."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.engine import URL

from bot.cooldown import Limits, Pace, Paces, Refusal
from bot.store.breaker import Breaker
from bot.store.database import Database
from bot.store.paces import SharedLimits
from bot.store.schema import paces as table
from tests.examples import often
from tests.support import Clock

PACES = Paces(Pace(3, 10.0), Pace(5, 10.0))


def shared(database: Database, clock: Clock) -> SharedLimits:
    """The cooldowns of a new process."""
    return SharedLimits(Breaker(database, clock, clock, patience=30.0), PACES, clock)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from("ab"), st.sampled_from("xy"), st.floats(0, 5)), max_size=20)
)
@settings(max_examples=often(10), deadline=None, suppress_health_check=list(HealthCheck))
def test_two_processes_count_as_one_does_alone(database_url: URL, asked: list[tuple[int, str, str, float]]) -> None:
    """The same questions are taken and refused, with the same wait."""

    async def play() -> None:
        database, clock = Database(database_url), Clock()
        async with database.begin() as connection:
            await connection.execute(delete(table))
        together, alone = [shared(database, clock), shared(database, clock)], Limits(PACES, clock)
        for process, member, channel, pause in asked:
            clock.now += pause
            assert _rounded(await together[process].take(member, channel)) == _rounded(
                await alone.take(member, channel)
            )
        await database.close()

    asyncio.run(play())


def _rounded(refusal: Refusal | None) -> Refusal | None:
    return Refusal(round(refusal.wait, 6), refusal.first) if refusal else None


async def test_at_once_no_more_are_taken_than_one_after_the_other(database: Database) -> None:
    """However many processes are asked, and in whatever order they want both buckets."""
    clock = Clock()
    processes = [shared(database, clock) for _ in range(4)]
    taken = await asyncio.gather(*(processes[n % 4].take(n % 3, n % 2) for n in range(24)))
    assert sum(refusal is None for refusal in taken) <= min(3 * PACES.member.questions, 2 * PACES.channel.questions)
    assert sum(refusal is None for refusal in taken) >= PACES.channel.questions


async def test_what_is_full_again_is_deleted(database: Database) -> None:
    """Nothing is left of who asked."""
    clock = Clock()
    limits = shared(database, clock)
    await limits.take("ada", "harbor")
    clock.now += 10.1
    await limits.purge()
    async with database.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(table)) == 0
