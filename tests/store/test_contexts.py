"""Conversations that several processes know of."""

from __future__ import annotations

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation import MINUTES, TURNS, QuoteWanted, Turn
from bot.store.breaker import Breaker
from bot.store.contexts import SharedContexts, dump, read
from bot.store.database import Database
from bot.store.schema import contexts as table
from tests.support import Clock

_WORDS = st.text(max_size=30)
_REQUESTS = st.builds(QuoteWanted, st.none() | st.frozensets(_WORDS, max_size=3), _WORDS, _WORDS)
_TURNS = st.builds(
    Turn, _WORDS, st.lists(_WORDS, max_size=3).map(tuple), st.none() | _WORDS, st.none() | _REQUESTS,
    st.lists(_WORDS, max_size=3).map(tuple), st.lists(_WORDS, max_size=3).map(tuple),
)  # fmt: skip


def shared(database: Database, clock: Clock) -> SharedContexts:
    """The contexts of a new process."""
    return SharedContexts(Breaker(database, clock, clock, patience=30.0))


@given(_TURNS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_a_turn_comes_back_as_it_was(turn: Turn) -> None:
    """Whatever a member typed."""
    assert read(dump(turn)) == turn


def test_a_turn_of_an_older_process_is_read() -> None:
    """Two versions may run over one database while it is upgraded."""
    written = json.loads(dump(Turn("asked", ("name",), "entry")))
    del written["offered"]
    assert read(json.dumps(written).encode()) == Turn("asked", ("name",), "entry")


async def test_any_process_knows_what_was_said(database: Database) -> None:
    """In order, the last ones only; each conversation by itself."""
    clock = Clock()
    one, other = shared(database, clock), shared(database, clock)
    for number in range(TURNS + 2):
        await (one, other)[number % 2].add("a", Turn(str(number)))
    await one.add("b", Turn("elsewhere"))
    await one.add(None, Turn("nowhere"))
    assert [turn.asked for turn in await other.turns("a")] == [str(number) for number in range(2, TURNS + 2)]
    assert await other.turns(None) == await other.turns("c") == ()


async def test_no_turn_is_lost_where_two_are_added_at_once(database: Database) -> None:
    """By two processes."""
    clock = Clock()
    one, other = shared(database, clock), shared(database, clock)
    await asyncio.gather(*(process.add("a", Turn(name)) for process, name in ((one, "1"), (other, "2"))))
    assert {turn.asked for turn in await one.turns("a")} == {"1", "2"}


async def test_turns_count_for_minutes(database: Database) -> None:
    """Then they are deleted; no row says whose they were."""
    clock = Clock()
    contexts = shared(database, clock)
    await contexts.add("discord:channel:member", Turn("who moderated the harbor talk"))
    async with database.begin() as connection:
        (row,) = (await connection.execute(select(table))).all()
    assert b"member" not in bytes(row.conversation)
    clock.now += MINUTES * 60
    assert await contexts.turns("discord:channel:member")
    await contexts.purge()
    clock.now += 1
    assert await contexts.turns("discord:channel:member") == ()
    await contexts.purge()
    async with database.begin() as connection:
        assert not (await connection.execute(select(table))).all()
