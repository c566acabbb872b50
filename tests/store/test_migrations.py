"""Tests of migrations: nothing that was kept is lost, and the schema is what the code works with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Row, Table, select
from sqlalchemy.types import JSON, BigInteger, Boolean, DateTime, Float, Integer, LargeBinary

from bot.store.database import Database, revisions
from bot.store.schema import metadata

Rows = dict[str, Row[Any]]


def value(column: Column[Any]) -> Any:
    """Something that fits a column."""
    when = datetime(2026, 11, 22)  # noqa: DTZ001 -- the columns of Slack's library have no zone
    kinds = {
        JSON: {"a": ["b"]}, LargeBinary: b"a", Float: 1.5, BigInteger: 2**40, Integer: 1, Boolean: True, DateTime: when
    }  # fmt: skip
    return next((fitting for kind, fitting in kinds.items() if isinstance(column.type, kind)), "a")


def tables(connection: Connection) -> list[Table]:
    """Those that the database has, but for Alembic's own."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def filled(connection: Connection) -> Rows:
    """Puts a row into each table."""
    for table in tables(connection):
        connection.execute(table.insert().values({column.name: value(column) for column in table.columns}))
    return held(connection)


def held(connection: Connection) -> Rows:
    """The row of each table that has one."""
    found = {table.name: connection.execute(select(table)).first() for table in tables(connection)}
    return {name: row for name, row in found.items() if row is not None}


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to make the database as the code has it."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.mark.parametrize("revision", revisions())
async def test_what_an_older_herald_kept_is_there(empty_database: Database, revision: str) -> None:
    """From each revision: every row, with every value."""
    await empty_database.upgrade(revision)
    async with empty_database.begin() as connection:
        before = await connection.run_sync(filled)
    await empty_database.upgrade()
    async with empty_database.begin() as connection:
        after = await connection.run_sync(held)
    assert before
    assert {name: [after[name]._mapping[key] for key in row._mapping] for name, row in before.items()} == {
        name: list(row) for name, row in before.items()
    }


async def test_the_last_makes_the_schema_of_the_code(empty_database: Database) -> None:
    """Alembic finds nothing to change."""
    await empty_database.upgrade()
    async with empty_database.begin() as connection:
        assert await connection.run_sync(differences) == []
