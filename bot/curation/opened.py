"""The store as curators' commands use it: what is wrong with it becomes one clear line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreDownError
from bot.store.database import FAILURES, Database

__all__ = ["opened"]


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection within a transaction, as :meth:`Database.begin`.

    Raises:
        StoreDownError: the database can't be used; its own words may hold questions, and stay out.
    """
    try:
        async with database.begin() as connection:
            yield connection
    except FAILURES as error:
        reason = type(error).__name__
        raise StoreDownError(f"The database can't be used just now ({reason}). Please try again soon.") from None
