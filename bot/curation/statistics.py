"""Statistics: what was asked in the last days, and how it went."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, Row, Select, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.curation.opened import opened
from bot.extras import need
from bot.knowledge.model import KnowledgeBase
from bot.store.database import Database
from bot.store.schema import answers, votes, waits

__all__ = ["LONGEST", "Day", "Statistics", "Stats", "render"]

LONGEST = 365
"""The most days."""

_Wanted: TypeAlias = Select[*tuple[Any, ...]]

_DAY = 86400
_TOP = 8
_ANSWERED = ("answer", "quote", "withheld")
_WAYS: Mapping[str, str] = {**dict.fromkeys(_ANSWERED, "answered"), "choices": "offered", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day (UTC) by what came of them; small talk is none."""

    day: date
    answered: int
    offered: int
    unknown: int

    @property
    def asked(self) -> int:
        """All of them."""
        return self.answered + self.offered + self.unknown


@dataclass(frozen=True, slots=True)
class Stats:
    """The last days.

    Attributes:
        days: each of them, the oldest first, also those on which nothing was asked.
        entries: the questions of the entries that answered most often, each with how often.
        unknown: the questions that weren't answered most often, each with how often; empty where none are kept.
        up, down: votes.
        waiting: members who wait to be told.
    """

    days: tuple[Day, ...]
    entries: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[str, int], ...]
    up: int
    down: int
    waiting: int

    @property
    def share(self) -> float | None:
        """The share of 👍 among votes; None without any."""
        return self.up / (self.up + self.down) if self.up + self.down else None


class Statistics:
    """Counts what the journal has."""

    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], KnowledgeBase],
        cache: Callable[[], Path],
        clock: Clock = time.time,
    ) -> None:
        """Takes what gives the knowledge base, by which entries are told as their questions, and the cache folder."""
        self._database = database
        self._knowledge = knowledge
        self._cache = cache
        self._clock = clock

    async def last(self, days: int = 30) -> Stats:
        """The last days (1 to 365), today included.

        Raises:
            StoreError: the database can't be used just now.
        """
        today = int(self._clock()) // _DAY
        first = today - min(max(days, 1), LONGEST) + 1
        async with opened(self._database) as connection:
            counts = (await connection.execute(self._by_day(first * _DAY))).all()
            entries = await _counted(connection, _most(answers.c.entry, first * _DAY))
            unknown = await _counted(connection, _unknown(first * _DAY))
            up, down = [await _votes(connection, vote, first * _DAY) for vote in ("up", "down")]
            waiting = await connection.scalar(select(func.count()).select_from(waits)) or 0
        shown = tuple((self._question(entry), count) for entry, count in entries)
        return Stats(_days(counts, first, today), shown, unknown, up, down, waiting)

    async def chart(self, stats: Stats) -> bytes:
        """The same as a picture (PNG), drawn in a thread.

        Raises:
            SettingsError: what draws isn't installed.
        """
        need("chart", "matplotlib")
        # Read when it is loaded; else it keeps what it finds out about fonts in the home folder.
        os.environ.setdefault("MPLCONFIGDIR", str(self._cache().absolute() / "matplotlib"))
        from bot.curation import chart

        return await asyncio.to_thread(chart.draw, stats)

    def _by_day(self, since: float) -> _Wanted:
        # A cast of PostgreSQL's rounds, and SQLite may have no floor.
        number: ColumnElement[Any] = answers.c.at / _DAY
        day = func.floor(number) if self._database.shared else cast(number, Integer)
        found = select(day.label("day"), answers.c.kind, func.count().label("asked"))
        return found.where(answers.c.at >= since, answers.c.kind.in_(_WAYS)).group_by(day, answers.c.kind)

    def _question(self, entry: str) -> str:
        """The question of an entry; its id where it is gone."""
        found = self._knowledge().entries.get(entry)
        return found.question if found else entry


def _most(what: ColumnElement[Any], since: float) -> _Wanted:
    found = select(what.label("name"), func.count().label("asked")).where(answers.c.at >= since, what.is_not(None))
    return found.group_by(what).order_by(func.count().desc(), what).limit(_TOP)


def _unknown(since: float) -> _Wanted:
    """By key, and shown as one of its texts."""
    missed = (answers.c.at >= since) & (answers.c.kind == "unknown") & (answers.c.key != "")
    found = select(func.min(answers.c.text).label("name"), func.count().label("asked")).where(missed)
    return found.group_by(answers.c.key).order_by(func.count().desc(), answers.c.key).limit(_TOP)


async def _counted(connection: AsyncConnection, wanted: _Wanted) -> tuple[tuple[str, int], ...]:
    return tuple((row.name, row.asked) for row in await connection.execute(wanted))


async def _votes(connection: AsyncConnection, vote: str, since: float) -> int:
    wanted = select(func.count()).select_from(votes).where(votes.c.vote == vote, votes.c.at >= since)
    return await connection.scalar(wanted) or 0


def _days(rows: Sequence[Row[Any]], first: int, last: int) -> tuple[Day, ...]:
    counts = {day: dict.fromkeys(("answered", "offered", "unknown"), 0) for day in range(first, last + 1)}
    for row in rows:
        if int(row.day) in counts:  # what another process's clock has in tomorrow isn't
            counts[int(row.day)][_WAYS[row.kind]] += row.asked
    epoch = datetime(1970, 1, 1, tzinfo=UTC).date()
    return tuple(Day(epoch + timedelta(days=day), **ways) for day, ways in counts.items())


def render(stats: Stats) -> str:
    """Statistics as plain text, a line for each finding."""
    return "\n".join(_lines(stats))


def _lines(stats: Stats) -> Iterator[str]:
    asked = sum(day.asked for day in stats.days)
    period = "today" if len(stats.days) == 1 else f"in the last {len(stats.days)} days"
    yield f"{asked:,} question{'' if asked == 1 else 's'} {period} (UTC)."
    if asked:
        for way in ("answered", "offered", "unknown"):
            count = sum(getattr(day, way) for day in stats.days)
            yield f"  {way:<9} {count:>7,}  {count / asked:.0%}"
    if stats.share is not None:
        yield f"{stats.up:,} 👍 and {stats.down:,} 👎: {stats.share:.0%} of the votes are 👍."
    if stats.waiting:
        yield f"{stats.waiting:,} member{'' if stats.waiting == 1 else 's'} waiting to be told."
    yield from _top("Answered most often:", stats.entries)
    yield from _top("Not answered, most often:", stats.unknown)


def _top(title: str, found: Sequence[tuple[str, int]]) -> Iterator[str]:
    if found:
        yield title
        yield from (f"  {count:>5,}  {name}" for name, count in found)
