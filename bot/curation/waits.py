"""Who wants to be told: members who wait for an answer, kept until they have been told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import notices
from bot.cooldown import Clock
from bot.curation.asked import key_of, known
from bot.curation.journal import question_of
from bot.curation.opened import opened
from bot.errors import CurationError
from bot.herald import Snapshot
from bot.host import Host
from bot.matching.index import Label
from bot.reply import Reply
from bot.store.database import Database
from bot.store.schema import answers, lines, questions, waits
from bot.store.writer import Writer

__all__ = ["LEASE", "Notice", "Tell", "Waits"]

LEASE = 60.0
"""Seconds that a process has for telling somebody; twice as long with each further try."""

_TRIES = 5
_MOST = 20  # that one process takes at once
_PATIENCE = 2.0  # seconds for an answer that isn't written yet
_GONE = "I don't have that question any more. Please ask it again."
_NOT_KEPT = "Questions aren't kept here, so I couldn't tell you later."


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a member can be told now.

    Attributes:
        question: what they had asked.
        address: where they asked, as the platform gave it to :meth:`Waits.add`.
        reply: what Herald says to it now: the entry that was taught, or the gap's line.
    """

    id: int
    question: str
    member: str
    address: Mapping[str, Any]
    reply: Reply

    @property
    def line(self) -> str:
        """What goes before the reply."""
        return notices.KNOWN if self.reply.kind == "answer" else notices.LOOKED


class Tell(Protocol):
    """How a platform tells a member what they waited for."""

    async def __call__(self, notice: Notice) -> bool:
        """Tells them where they asked, or else in a direct message.

        Returns:
            Whether it got there; where not, it is tried again later, a few times. An exception counts as False.
        """


class Waits:
    """Members who wait."""

    def __init__(self, database: Database, writer: Writer, host: Host, clock: Clock = time.time) -> None:
        self._database = database
        self._writer = writer
        self._host = host
        self._clock = clock

    async def add(self, answer: str, platform: str, member: str, address: Mapping[str, Any]) -> bool:
        """Notes that a member wants to be told.

        Args:
            answer: id of the answer that didn't help, as :meth:`bot.curation.journal.Journal.answered` gave it.
            platform: discord or slack.
            member: the platform's id of who waits.
            address: where they asked; anything that JSON can hold and the platform's ``Tell`` understands.

        Returns:
            False where they wait for that already.

        Raises:
            CurationError: the question isn't kept (any more).
            StoreError: the database can't be used just now.
        """
        with suppress(TimeoutError):  # the button may be quicker than the writer
            await asyncio.wait_for(self._writer.flushed(), _PATIENCE)
        async with opened(self._database) as connection:
            found = (await connection.execute(select(answers).where(answers.c.id == answer))).mappings().first()
            if found is None:
                raise CurationError(_GONE)
            row: dict[str, Any] = {str(name): value for name, value in found.items()}
            if not row["key"]:
                raise CurationError(_NOT_KEPT)
            wait = {"key": row["key"], "text": row["text"], "platform": platform, "member": member, "at": self._clock()}
            insert = self._database.insert(waits).values(**wait, address=dict(address), until=0.0, tried=0)
            added = await connection.execute(insert.on_conflict_do_nothing())
            # What somebody waits for is to be seen in the inbox, also a known gap in its own words.
            question = self._database.insert(questions).values(**question_of(row))
            await connection.execute(question.on_conflict_do_nothing())
        return bool(added.rowcount)

    async def due(self, platform: str) -> Sequence[Notice]:
        """What can be told now and no other process has taken; the caller has it for a minute.

        Raises:
            StoreError: the database can't be used just now.
        """
        snapshot = self._host.snapshot
        async with opened(self._database) as connection:
            now = self._clock()
            await connection.execute(
                delete(waits).where(waits.c.platform == platform, waits.c.tried >= _TRIES, waits.c.until < now)
            )
            found = await _ready(connection, snapshot, platform, now)
            taken = [(row, label) for row, label in found if await _take(connection, row, now)]
        return [await self._notice(row, label) for row, label in taken]

    async def told(self, notice: Notice) -> None:
        """Forgets the member, as they have been told; raises a StoreError where the database can't be used just now."""
        async with opened(self._database) as connection:
            await connection.execute(delete(waits).where(waits.c.id == notice.id))

    async def _notice(self, row: Row[Any], label: Label) -> Notice:
        if label.kind == "entry":  # asked for by id, as some words mean more to Herald than to its matcher
            reply = await self._host.entry(label.id, None, age_restricted=False)
        else:
            reply = await self._host.ask(row.text, None, age_restricted=False)
        return Notice(row.id, row.text, row.member, row.address, reply)


async def _ready(
    connection: AsyncConnection, snapshot: Snapshot, platform: str, now: float
) -> list[tuple[Row[Any], Label]]:
    """Those whose question has an answer now, or has become a gap since they wait."""
    free = select(waits).where(waits.c.platform == platform, waits.c.until < now).order_by(waits.c.id)
    rows = [(row, label) for row in await connection.execute(free) if (label := known(snapshot, row.key))]
    gaps = await _gaps(connection) if any(label.kind == "gap" for _, label in rows) else {}
    ready = [
        (row, label)
        for row, label in rows
        if label.kind == "entry" or (label.kind == "gap" and gaps.get(row.key, 0.0) >= row.at)
    ]
    return ready[:_MOST]


async def _gaps(connection: AsyncConnection) -> Mapping[str, float]:
    """When each question became a gap, where curators made it one."""
    taught = select(lines.c.at, lines.c.content).where(lines.c.active == 1, lines.c.kind.in_(("gap", "gap-phrasing")))
    rows = (await connection.execute(taught)).all()
    return {key_of(question): row.at for row in rows for question in row.content["questions"]}


async def _take(connection: AsyncConnection, row: Row[Any], now: float) -> bool:
    """Whether this process is the one to tell."""
    mine = update(waits).where(waits.c.id == row.id, waits.c.until == row.until)
    taken = await connection.execute(mine.values(until=now + LEASE * 2**row.tried, tried=row.tried + 1))
    return bool(taken.rowcount)
