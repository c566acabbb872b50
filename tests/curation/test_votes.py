"""Votes: one for each member and record, and no way back to the member."""

from __future__ import annotations

import pytest

from bot import notices
from bot.curation.votes import Votes
from bot.host import Host
from bot.ids import RecordId
from bot.store.database import Database
from bot.store.schema import secrets
from bot.store.schema import votes as table
from bot.store.writer import Writer
from tests.curation.rows import rows
from tests.support import Clock

DIRECTOR, LIGHT = RecordId("entry", "director"), RecordId("quote", "on-light")


@pytest.fixture
def votes(database: Database, writer: Writer, host: Host, now: Clock) -> Votes:
    """Votes over the same database."""
    return Votes(database, writer, host, now)


async def test_a_vote_can_be_changed(votes: Votes, writer: Writer, database: Database, now: Clock) -> None:
    """The last one counts, and a reason goes with the vote that it was for."""
    assert votes.vote(DIRECTOR, "down", "discord", "17") == notices.THANKS
    assert votes.reason(DIRECTOR, "wrong", "discord", "17") == notices.THANKS
    await writer.flushed()
    assert [(row["vote"], row["reason"]) for row in await rows(database, table)] == [("down", "wrong")]
    now.now += 5
    votes.vote(DIRECTOR, "up", "discord", "17")
    votes.reason(DIRECTOR, "wrong", "discord", "17")
    await writer.flushed()
    (row,) = await rows(database, table)
    assert (row["vote"], row["reason"], row["record"], row["at"]) == ("up", None, "e.director", now.now)


async def test_each_member_and_record_has_one(votes: Votes, writer: Writer, database: Database) -> None:
    """The same id on two platforms is two members."""
    for platform, member in (("discord", "17"), ("slack", "17"), ("discord", "18")):
        votes.vote(DIRECTOR, "up", platform, member)
        votes.vote(LIGHT, "down", platform, member)
    await writer.flushed()
    assert len(await rows(database, table)) == 6


async def test_members_are_hashed_with_a_salt_of_the_database(votes: Votes, writer: Writer, database: Database) -> None:
    """Nothing that is kept is or contains a member's id, and the salt is made once."""
    for member in ("4711471147114711", "4711471147114712"):
        votes.vote(DIRECTOR, "up", "discord", member)
    await writer.flushed()
    assert "47114711" not in str(await rows(database, table))
    assert len({row["member"] for row in await rows(database, table)}) == 2
    assert [len(row["value"]) for row in await rows(database, secrets)] == [32]


async def test_a_record_that_is_gone_gets_no_vote(votes: Votes, writer: Writer, database: Database) -> None:
    """A button may be older than the knowledge base."""
    assert votes.vote(RecordId("entry", "gone"), "up", "discord", "17") == notices.RETIRED
    await writer.flushed()
    assert not await rows(database, table)
