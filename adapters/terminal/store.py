"""The store on the command line: its schema, statistics and past answers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from adapters.terminal.render import clean
from bot.curation import audit, past, statistics
from bot.curation.past import Past
from bot.curation.statistics import Statistics
from bot.errors import CurationError, StoreError
from bot.knowledge import load
from bot.settings import Settings
from bot.store import schema
from bot.store.database import Database, address, newest, open_database, shown

__all__ = ["answer", "audited", "backup", "stats", "status", "upgrade"]

_COUNTED = (schema.answers, schema.questions, schema.votes, schema.waits, schema.lines, schema.versions)


def upgrade(settings: Settings) -> str:
    """Brings the schema up to date; returns what was done.

    Raises:
        StoreError: the database can't be reached, or is of a newer Herald.
    """

    async def work() -> str:
        async with Database(address(settings.database)) as database:
            before = await database.revision()
            await database.upgrade()
            return f"The schema is {newest()}" + ("." if before == newest() else f"; it was {before or 'none'}.")

    return asyncio.run(work())


def backup(settings: Settings, into: Path) -> str:
    """Copies a SQLite database while Herald runs; returns what was done.

    Raises:
        StoreError: it is a PostgreSQL, there is none yet, the file is there already, or one of both can't be used.
    """
    url = address(settings.database)
    if url.get_backend_name() != "sqlite":
        raise StoreError("A PostgreSQL is backed up by its own tools: pg_dump --format=custom --file=FILE NAME")
    if into.exists():
        raise StoreError(f"{into} is there already: give a new file")
    if not (url.database and Path(url.database).is_file()):
        raise StoreError(f"There is no database yet ({url.database})")
    try:
        _copy(url.database, into)
    except sqlite3.Error as error:
        raise StoreError(f"The database can't be copied: {error}") from None
    return f"Wrote {into}, which only you may read."


def _copy(database: str, into: Path) -> None:
    """Copies a database into a new file, of which nothing stays where that fails: it would be taken for a backup."""
    into.touch(mode=0o600, exist_ok=False)
    try:
        with closing(sqlite3.connect(database)) as ours, closing(sqlite3.connect(into)) as copy:
            ours.backup(copy)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def status(settings: Settings) -> str:
    """Where the database is, its schema, and how much is in it.

    Raises:
        StoreError: the database can't be reached.
    """

    async def work() -> str:
        async with Database(address(settings.database)) as database:
            return "\n".join([line async for line in _status(database)])

    return asyncio.run(work())


async def _status(database: Database) -> AsyncIterator[str]:
    found = await database.revision()
    yield f"{'database':<10} {shown(database.url)}"
    advice = "up to date" if found == newest() else f"herald db upgrade makes it {newest()}"
    yield f"{'schema':<10} {found or 'none'} ({advice})"
    if found == newest():
        async with database.begin() as connection:
            for table in _COUNTED:
                count = await connection.scalar(select(func.count()).select_from(table)) or 0
                yield f"{table.name:<10} {count:,}"


def stats(settings: Settings, days: int, chart: Path | None) -> Iterator[str]:
    """Statistics as text; drawn into a file, too, where one is given.

    Raises:
        StoreError: the database can't be used.
        KnowledgeError: the knowledge base has problems.
        OSError: the file can't be written.
    """
    knowledge = load(settings.knowledge_folder)

    async def work() -> tuple[str, bytes]:
        async with open_database(address(settings.database)) as database:
            counting = Statistics(database, lambda: knowledge, lambda: settings.cache_folder)
            found = await counting.last(days)
            return statistics.render(found), await counting.chart(found) if chart else b""

    told, picture = asyncio.run(work())
    yield clean(told)
    if chart:
        chart.write_bytes(picture)
        yield f"Wrote {chart}."


def audited(settings: Settings, most: int) -> str:
    """What those who look after Herald did last, the newest first.

    Raises:
        StoreError: the database can't be used.
    """

    async def work() -> str:
        async with open_database(address(settings.database)) as database:
            found = await audit.last(database, most)
            return clean("\n".join(map(audit.render, found)) or "Nobody has changed anything yet.")

    return asyncio.run(work())


def answer(settings: Settings, name: str) -> str:
    """Why a past answer was given, by its id or its message.

    Raises:
        CurationError: it isn't kept.
        StoreError: the database can't be used.
    """

    async def work() -> str:
        async with open_database(address(settings.database)) as database:
            found = await Past(database).find(name)
            if found is None:
                raise CurationError("There is no such answer: give the id from the log, or the message's. Old ones go.")
            return clean(past.render(found))

    return asyncio.run(work())
