"""Feedback: a vote for each member and record, told apart by a salted hash alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import notices
from bot.cooldown import Clock
from bot.host import Host
from bot.ids import RecordId
from bot.store import schema
from bot.store.database import Database
from bot.store.schema import votes
from bot.store.writer import Writer

__all__ = ["REASONS", "Reason", "Vote", "Votes", "hashed"]

Vote = Literal["up", "down"]
Reason = Literal["wrong", "outdated", "incomplete", "other"]
REASONS: tuple[Reason, ...] = ("wrong", "outdated", "incomplete", "other")

_SALT = "votes"
_BYTES = 32


class Votes:
    """Takes votes without ever keeping anybody waiting; call it on the event loop."""

    def __init__(self, database: Database, writer: Writer, host: Host, clock: Clock = time.time) -> None:
        self._database = database
        self._writer = writer
        self._host = host
        self._clock = clock

    def vote(self, record: RecordId, vote: Vote, platform: str, member: str) -> str:
        """Notes a vote, in place of the member's last one on this record; returns the line for them."""
        knowledge = self._host.knowledge
        if record.id not in (knowledge.entries if record.kind == "entry" else knowledge.quotes):
            return notices.RETIRED
        row = {"at": self._clock(), "platform": platform, "vote": vote, "knowledge": knowledge.version}
        self._writer.put(lambda connection: self._keep(connection, str(record), member, row))
        return notices.THANKS

    def reason(self, record: RecordId, reason: Reason, platform: str, member: str) -> str:
        """Notes why a record got the member's 👎; returns the line for them."""
        self._writer.put(lambda connection: self._explain(connection, str(record), (platform, member), reason))
        return notices.THANKS

    async def _keep(self, connection: AsyncConnection, record: str, member: str, row: dict[str, object]) -> None:
        who = await hashed(connection, self._database, str(row["platform"]), member)
        insert = self._database.insert(votes).values(**row, record=record, member=who)
        changed = {**row, "reason": None}
        await connection.execute(insert.on_conflict_do_update(index_elements=["member", "record"], set_=changed))

    async def _explain(self, connection: AsyncConnection, record: str, by: tuple[str, str], reason: str) -> None:
        who = await hashed(connection, self._database, *by)
        mine = (votes.c.member == who) & (votes.c.record == record) & (votes.c.vote == "down")
        await connection.execute(update(votes).where(mine).values(reason=reason))


async def hashed(connection: AsyncConnection, database: Database, platform: str, member: str) -> str:
    """A member as votes know them: a hash by a salt that is made once for each database and never leaves it."""
    salt = select(schema.secrets.c.value).where(schema.secrets.c.name == _SALT)
    found = await connection.scalar(salt)
    if found is None:
        fresh = database.insert(schema.secrets).values(name=_SALT, value=secrets.token_bytes(_BYTES))
        await connection.execute(fresh.on_conflict_do_nothing())
        found = await connection.scalar(salt)
    assert found
    return hmac.new(found, f"{platform}:{member}".encode(), hashlib.sha256).hexdigest()
