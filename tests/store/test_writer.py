"""The writer: nothing that was put in is lost while the store is away, and nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from bot.store.database import Database, address, open_database
from bot.store.schema import secrets
from bot.store.writer import Work, Writer
from tests.postgres import Server
from tests.support import full_disk

BOUND = 30.0  # seconds that anything here may take, on a busy machine
LONG = 1.5  # seconds; in which work that is refused is given up


def keeping(name: str) -> Work:
    """Work that writes one row."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(insert(secrets).values(name=name, value=b""))

    return work


async def kept(database: Database) -> list[str]:
    """The rows that are there."""
    async with database.begin() as connection:
        return sorted((await connection.execute(select(secrets.c.name))).scalars())


async def finished(writer: Writer) -> None:
    """Waits until all is written."""
    await asyncio.wait_for(writer.flushed(), BOUND)


@pytest.fixture(autouse=True)
def log() -> Iterator[list[structlog.typing.EventDict]]:
    """What is logged."""
    with capture_logs() as lines:
        yield lines


Lines = list[structlog.typing.EventDict]


class TestWriting:
    async def test_all_is_written_in_order(self, database: Database) -> None:
        """More than fits one batch, in the order in which it came."""
        written: list[int] = []

        def noting(number: int) -> Work:
            async def work(connection: AsyncConnection) -> None:
                await keeping(f"{number:04}")(connection)
                written.append(number)

            return work

        writer = Writer(database)
        for number in range(450):
            writer.put(noting(number))
        writer.start()
        await finished(writer)
        await writer.close()
        assert written == list(range(450))
        assert len(await kept(database)) == 450

    async def test_closing_writes_what_waits(self, database: Database) -> None:
        """What was put in just before the end is there afterwards."""
        writer = Writer(database)
        writer.start()
        writer.put(keeping("last"))
        await writer.close()
        assert await kept(database) == ["last"]

    async def test_what_is_refused_holds_nothing_up(self, database: Database, log: Lines) -> None:
        """Work that can't be done is dropped by itself and counted; its neighbors are written."""
        writer = Writer(database)
        for name in ("a", "b", "b", "c"):
            writer.put(keeping(name))
        writer.start()
        await finished(writer)
        await writer.close()
        assert await kept(database) == ["a", "b", "c"]
        assert writer.dropped == 1
        assert [line["event"] for line in log] == ["the store refuses a write"]

    async def test_too_much_drops_the_oldest(self, database: Database) -> None:
        """Memory is bounded, and what was lost is counted."""
        writer = Writer(database, most=2)
        for name in ("a", "b", "c"):
            writer.put(keeping(name))
        assert (writer.waiting, writer.dropped) == (2, 1)
        writer.start()
        await finished(writer)
        await writer.close()
        assert await kept(database) == ["b", "c"]


class TestOutage:
    async def test_nothing_is_lost_while_the_server_is_away(self, own_server: Server, log: Lines) -> None:
        """It is written once the server is back; the log says so once each way, without what was to be written."""
        url = await asyncio.to_thread(own_server.database)
        database = Database(url)
        await database.upgrade()
        writer = Writer(database)
        writer.start()
        writer.put(keeping("before"))
        await finished(writer)
        await asyncio.to_thread(own_server.stop)
        names = [f"while-{number:03}" for number in range(300)]
        for name in names:
            writer.put(keeping(name))
        await down(log)
        await asyncio.to_thread(own_server.start)
        await finished(writer)
        await writer.close()
        assert await kept(database) == ["before", *names]
        await database.close()
        assert [line["event"] for line in log] == ["store down", "store back"]
        assert log[0]["waiting"] == 300
        assert "while-" not in str(log)

    async def test_nothing_is_lost_while_the_database_is_full(self, database: Database, log: Lines) -> None:
        """It answers still, but what can't be written for lack of room waits for some."""
        # A database that may not grow, and the error that PostgreSQL has for a full disk.
        fills = "DO $$ BEGIN RAISE disk_full; END $$" if database.shared else "PRAGMA max_page_count=1"
        frees = "SELECT 1" if database.shared else "PRAGMA max_page_count=1000000"
        full = True

        def large(name: str) -> Work:
            async def work(connection: AsyncConnection) -> None:
                await connection.execute(text(fills if full else frees))
                await connection.execute(insert(secrets).values(name=name, value=bytes(100_000)))

            return work

        writer = Writer(database)
        for name in "abc":
            writer.put(large(name))
        writer.start()
        await down(log)
        await asyncio.sleep(LONG)
        assert (writer.waiting, writer.dropped) == (3, 0)
        full = False
        await finished(writer)
        await writer.close()
        assert await kept(database) == ["a", "b", "c"]
        assert [line["event"] for line in log] == ["store down", "store back"]

    async def test_nothing_is_lost_while_the_disk_is_full(self, tmp_path: Path, log: Lines) -> None:
        """That of a SQLite, whose file can't be written."""
        async with open_database(address(f"sqlite:///{tmp_path}/herald.db")) as database:
            writer = Writer(database)
            with full_disk():
                writer.put(keeping("a"))
                writer.start()
                await down(log)
                await asyncio.sleep(LONG)
            await finished(writer)
            await writer.close()
            assert await kept(database) == ["a"]
        assert [line["event"] for line in log] == ["store down", "store back"]

    async def test_the_end_does_not_wait_for_a_server_that_is_away(self, tmp_path: Path, log: Lines) -> None:
        """Closing takes as long as it may, and the log tells how much was lost."""
        database = Database(missing())
        writer = Writer(database)
        writer.start()
        writer.put(keeping("lost"))
        await asyncio.wait_for(writer.close(patience=0.3), BOUND)
        await database.close()
        assert log[-1]["event"] == "ended before all was written"
        assert log[-1]["lost"] == 1


def missing() -> URL:
    """An address at which there is no server."""
    return address("postgresql://herald@127.0.0.1:1/none")


async def down(log: Lines) -> None:
    """Waits until the writer has noticed."""
    async with asyncio.timeout(BOUND):
        while not log:  # noqa: ASYNC110 - a log has no event to wait for
            await asyncio.sleep(0.01)
