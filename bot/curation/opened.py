"""The store as curators' commands use it: what is wrong with it becomes one clear line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.database import FAILURES, Database

__all__ = ["opened"]


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection within a transaction, as :meth:`Database.begin`.

    Raises:
        StoreError: the database can't be used; its own words may hold questions, and stay out.
    """
    try:
        async with database.begin() as connection:
            yield connection
    except FAILURES as error:
        raise StoreError(f"The database can't be used just now ({type(error).__name__}). Try again soon.") from None
