"""Tests of the database: its address, its schema, and transactions, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingsError, StoreError
from bot.settings import Settings
from bot.store import migrating
from bot.store.database import Database, address, newest, open_database, revisions, unwritable
from bot.store.schema import metadata, secrets


class TestAddress:
    """What may stand in HERALD_DATABASE_URL."""

    @pytest.mark.parametrize(
        ("written", "driver"),
        [
            ("sqlite:////var/lib/herald.db", "sqlite+aiosqlite"),
            ("postgresql://u:p@host/name", "postgresql+asyncpg"),
            ("postgres://u@host/name", "postgresql+asyncpg"),
        ],
    )
    def test_the_driver_is_ours_to_choose(self, written: str, driver: str) -> None:
        """Whatever form of address operators have at hand is understood."""
        assert address(written).drivername == driver

    @pytest.mark.parametrize("written", ["mysql://host/name", "herald.db", ""])
    def test_others_are_refused(self, written: str) -> None:
        """Other databases are refused, as is what is no address."""
        with pytest.raises(SettingsError, match=r"^HERALD_DATABASE_URL: .*sqlite://"):
            address(written)

    @pytest.mark.parametrize("name", ["plain", "a b?mode=ro", "100%41", "%3F", "dätä #1@x:y", "by\udcffte"])
    def test_the_default_one_lies_in_the_data_folder(self, name: str) -> None:
        """Whatever the folder's name is: nothing in it is taken for a part of an address."""
        folder = Path("/data", name)
        assert address(Settings(data_dir=folder).database).database == str(folder / "herald.db")


class TestSchema:
    """The schema's revisions."""

    def test_the_revisions_are_those_of_the_migrations(self) -> None:
        """They are told by their files' names, as a start that upgrades nothing does without Alembic."""
        assert [script.revision for script in migrating.scripts().walk_revisions()] == [*reversed(revisions())]
        assert newest() == migrating.scripts().get_current_head()

    async def test_an_upgrade_makes_every_table(self, empty_database: Database) -> None:
        """After an upgrade every table of the schema can be read."""
        await empty_database.upgrade()
        async with empty_database.begin() as connection:
            for table in metadata.sorted_tables:
                assert not (await connection.execute(select(table))).all()

    async def test_starts_make_it_in_an_empty_database(self, empty_url: URL) -> None:
        """Also where several processes are started at once: one makes it, and the others wait for that."""
        processes = [Database(empty_url) for _ in range(5)]
        await asyncio.gather(*(process.ready() for process in processes))
        assert {await process.revision() for process in processes} == {newest()}
        for process in processes:
            await process.close()

    async def test_a_start_upgrades_sqlite_alone(self, empty_database: Database) -> None:
        """An older SQLite upgrades itself; an older PostgreSQL, which others may be using, names the command."""
        await empty_database.upgrade(revisions()[0])
        if empty_database.shared:
            with pytest.raises(StoreError, match="herald db upgrade"):
                await empty_database.ready()
            assert await empty_database.revision() == revisions()[0]
            await empty_database.upgrade()
        await empty_database.ready()

    async def test_two_upgrades_at_once_take_turns(self, empty_database: Database) -> None:
        """The second finds the work done."""
        await asyncio.gather(empty_database.upgrade(), empty_database.upgrade())
        await empty_database.ready()

    async def test_an_unreachable_database_is_one_line(self, tmp_path: Path) -> None:
        """What is wrong with an address is told without its password."""
        missing = Database(address("postgresql://u:secret@127.0.0.1:1/name"))
        with pytest.raises(StoreError, match=r"can't be used \(postgresql") as refused:
            await missing.ready()
        assert "secret" not in str(refused.value)
        assert "\n" not in str(refused.value)
        await missing.close()

    async def test_what_it_makes_is_for_its_owner_alone(self, tmp_path: Path) -> None:
        """The folder and each file; the files even in a folder that was there before and is open to all."""
        (tmp_path / "open").mkdir(mode=0o755)
        for folder in (tmp_path / "new", tmp_path / "open"):
            async with open_database(address(f"sqlite:///{folder}/herald.db")):
                files = list(folder.iterdir())
                assert files
                assert [file.name for file in files if file.stat().st_mode & 0o077] == []
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0


class TestTransactions:
    """What a transaction promises."""

    async def test_what_fails_leaves_nothing(self, database: Database) -> None:
        """A transaction that ends with an error changes nothing."""

        async def fail() -> None:
            async with database.begin() as connection:
                await connection.execute(insert(secrets).values(name="a", value=b"b"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with database.begin() as connection:
            assert await connection.scalar(select(func.count()).select_from(secrets)) == 0

    async def test_of_two_that_insert_one_wins(self, database: Database) -> None:
        """An insert that gives way to an earlier one tells so by its row count."""

        async def claim(value: bytes) -> int:
            async with database.begin() as connection:
                wanted = database.insert(secrets).values(name="a", value=value).on_conflict_do_nothing()
                return (await connection.execute(wanted)).rowcount

        assert sorted(await asyncio.gather(*(claim(bytes([n])) for n in range(5)))) == [0, 0, 0, 0, 1]

    async def test_that_nothing_can_be_written_is_told_from_what_is_refused(self, database: Database) -> None:
        """By the error's code: a read-only database is none of what was to be written, a duplicate is."""

        async def write(*statements: str) -> None:
            async with database.begin() as connection:
                for statement in (*statements, "INSERT INTO secrets (name, value) VALUES ('a', '')"):
                    await connection.execute(text(statement))

        await write()
        with pytest.raises(DBAPIError) as twice:
            await write()
        with pytest.raises(DBAPIError) as no_writes:
            await write("SET TRANSACTION READ ONLY" if database.shared else "PRAGMA query_only=ON")
        assert [unwritable(error.value) for error in (twice, no_writes)] == [False, True]
        assert not unwritable(OSError())
