"""Privacy: what is kept about members, and how it goes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Column, Table, delete, or_, update

from bot.claims import KEPT
from bot.cooldown import Clock
from bot.curation.audit import DISMISSED
from bot.curation.opened import opened
from bot.curation.votes import hashed
from bot.store import schema
from bot.store.database import Database

__all__ = ["Forgotten", "Privacy"]

_DAY = 86400.0
_ASKED = (schema.answers.c.at, schema.questions.c.last, schema.votes.c.at, schema.waits.c.at)
_PASSING = (schema.claims.c.at, schema.contexts.c.at, schema.links.c.at, schema.paces.c.at)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many votes and waits of a member were deleted."""

    votes: int
    waits: int

    @property
    def line(self) -> str:
        """What the member is told."""
        if not self.votes and not self.waits:
            return "I keep nothing about you."
        parts = [_counted(self.votes, "vote"), _counted(self.waits, "question that you wanted to be told about")]
        return f"Deleted: {' and '.join(filter(None, parts))}. I keep nothing else about you."


class Privacy:
    """Forgets members when they wish, and everybody's questions in time."""

    def __init__(self, database: Database, days: int, clock: Clock = time.time) -> None:
        """Takes after how many days what was asked is deleted."""
        self._database = database
        self._days = days
        self._clock = clock

    async def forget(self, platform: str, member: str) -> Forgotten:
        """Deletes all that is kept about a member.

        Raises:
            StoreError: the database can't be used just now.
        """
        votes, waits = schema.votes, schema.waits
        async with opened(self._database) as connection:
            who = await hashed(connection, self._database, platform, member)
            voted = await connection.execute(delete(votes).where(votes.c.member == who))
            waited = (waits.c.platform == platform) & (waits.c.member == member)
            waiting = await connection.execute(delete(waits).where(waited))
        return Forgotten(voted.rowcount, waiting.rowcount)

    async def purge(self) -> int:
        """Deletes what has been kept long enough: what was asked, and what a restart or an event needs for 25 hours.

        Returns:
            How many rows went, or lost a question.

        Raises:
            StoreError: the database can't be used just now.
        """
        now = self._clock()
        ages = [*((column, self._days * _DAY) for column in _ASKED), *((column, KEPT) for column in _PASSING)]
        gone = [await self._older(column, now - age) for column, age in ages]
        return sum(gone) + await self._unsaid(now - self._days * _DAY)

    async def _older(self, column: Column[float], than: float) -> int:
        assert isinstance(column.table, Table)
        async with opened(self._database) as connection:
            return (await connection.execute(delete(column.table).where(column < than))).rowcount

    async def _unsaid(self, than: float) -> int:
        """Empties what the audit log has of questions that were dismissed; who did that, and when, stays."""
        audit = schema.audit.c
        undone = (audit.action == "undo") & audit.what.startswith(DISMISSED)
        old = (audit.at < than, audit.what != "", or_(audit.action == "dismiss", undone))
        async with opened(self._database) as connection:
            return (await connection.execute(update(schema.audit).where(*old).values(what=""))).rowcount


def _counted(count: int, what: str) -> str:
    first, *rest = what.split(" ", 1)
    return f"{count:,} {' '.join([first if count == 1 else f'{first}s', *rest])}" if count else ""
