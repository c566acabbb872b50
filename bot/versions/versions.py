"""Versions: each knowledge base that went into service, with who put it there and from where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreDownError, in_words
from bot.store import schema
from bot.store.database import FAILURES, Database
from bot.versions import rows
from bot.versions.rows import Version

__all__ = ["Version", "Versions", "reachable"]


class Versions:
    """Reads the versions of a database. Every method raises a StoreDownError where it can't be used just now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> Version | None:
        """The version in service; None before the first."""
        async with reachable(self._database) as connection:
            return await rows.current(connection)

    async def get(self, number: int) -> Version | None:
        """One version; None where there is none of that number."""
        async with reachable(self._database) as connection:
            row = (await connection.execute(select(schema.versions).where(schema.versions.c.id == number))).first()
            return rows.version(row) if row else None

    async def history(self, page: int = 1, size: int = 10) -> Sequence[Version]:
        """Versions from the newest on; pages count from 1, and one beyond the last is empty."""
        wanted = select(schema.versions).order_by(schema.versions.c.id.desc())
        async with reachable(self._database) as connection:
            found = await connection.execute(wanted.offset((max(page, 1) - 1) * size).limit(size))
            return [rows.version(row) for row in found]

    async def count(self) -> int:
        """How many there are."""
        async with reachable(self._database) as connection:
            return int(await connection.scalar(select(func.count()).select_from(schema.versions)) or 0)


@asynccontextmanager
async def reachable(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction, where the database can be used.

    Raises:
        StoreDownError: it can't.
    """
    try:
        async with database.begin() as connection:
            yield connection
    except FAILURES as error:
        reason = in_words(error).partition(" [SQL")[0]
        raise StoreDownError(f"The database can't be used just now, so nothing was changed ({reason})") from error
