"""Looking into tables, and putting rows there that would take long to come about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, select

from bot.store.database import Database

__all__ = ["put", "rows", "settled"]


async def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    """All rows of a table."""
    async with database.begin() as connection:
        return [{str(name): value for name, value in row.items()} for row in await _mappings(connection, table)]


async def _mappings(connection: Any, table: Table) -> Any:
    return (await connection.execute(select(table))).mappings()


async def put(database: Database, table: Table, *values: dict[str, Any]) -> None:
    """Puts rows into a table."""
    async with database.begin() as connection:
        await connection.execute(insert(table), list(values))


async def settled(database: Database, kind: str, target: str, questions: Sequence[str], at: float) -> None:
    """Puts an overlay line there as it was taught at a time."""
    from bot.store.schema import lines

    row = {"at": at, "who": "terminal", "kind": kind, "target": target, "content": {"questions": [*questions]}}
    await put(database, lines, {**row, "active": 1})
