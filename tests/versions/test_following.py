"""One process follows what another puts into service."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.errors import StoreDownError
from bot.store.database import Database
from bot.store.schema import versions
from tests.versions.conftest import Stage, phrasing
from tests.versions.tables import QUESTION, damage


class TestFollow:
    """What one process publishes reaches all."""

    async def test_teaching_reaches_another_process(self, stage: Stage) -> None:
        """By notification in PostgreSQL, long before it would look; in SQLite by looking."""
        first = await stage.started()
        poll = 60 if stage.database.shared else 0.02
        second = stage.process(Database(stage.database.url), poll)
        async with second.publisher:
            if stage.database.shared:
                await listening(stage.database)
            told = await first.teach(phrasing(QUESTION))
            await second.until(lambda kb: kb.version == told.after)
        await second.publisher._database.close()

    async def test_what_the_bell_missed_is_found_by_looking(self, stage: Stage) -> None:
        """Every so often."""
        first = await stage.started()
        second = stage.process(poll=0.02)
        second.publisher._bell.listen = never  # type: ignore[method-assign]
        async with second.publisher:
            told = await first.teach(phrasing(QUESTION))
            await second.until(lambda kb: kb.version == told.after)

    async def test_another_process_needs_no_folder(self, stage: Stage, tmp_path: object) -> None:
        """It has the content from the store, places and all."""
        first = await stage.started()
        second = await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await first.publisher.reload("discord:1")
        for path in stage.folder.iterdir():
            path.unlink()
        await second.publisher._catch_up()
        assert second.knowledge == first.knowledge

    async def test_what_does_not_load_stays_out(self, stage: Stage) -> None:
        """The old version stays, it is logged once, and the next version is adopted."""
        first, second = await stage.started(), await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await first.publisher.reload("discord:1")
        before = second.knowledge
        await damage(stage, first.knowledge.version)
        with capture_logs() as log:
            await second.publisher._catch_up()
            await second.publisher._catch_up()
        assert [line["event"] for line in log] == ["version not adopted"]
        assert second.knowledge is before
        stage.data["entries"][0]["answer"] = "Ben Reed did."
        stage.write()
        await first.publisher.reload("discord:1")
        with capture_logs() as log:
            await second.publisher._catch_up()
        assert second.knowledge == first.knowledge
        assert log[-1]["event"] == "versions are followed again"

    async def test_lines_that_this_herald_reads_otherwise_stay_out(self, stage: Stage) -> None:
        """A version that would not be the one that others answer from is not adopted."""
        first, second = await stage.started(), await stage.started()
        await first.teach(phrasing(QUESTION))
        async with stage.database.begin() as connection:
            await connection.execute(update(versions).where(versions.c.id == 2).values(knowledge="0123456789ab"))
        with capture_logs() as log:
            await second.publisher._catch_up()
        assert "upgrade Herald" in log[0]["error"]
        assert QUESTION not in second.questions("camera")

    async def test_a_database_that_was_put_back_is_followed(self, stage: Stage) -> None:
        """A lower number than before is in service then."""
        process = await stage.started()
        await process.teach(phrasing(QUESTION))
        async with stage.database.begin() as connection:
            await connection.execute(versions.delete().where(versions.c.id == 2))
        await process.publisher._catch_up()
        assert QUESTION not in process.questions("camera")

    async def test_a_store_that_is_away_at_the_start_is_joined_later(self, stage: Stage) -> None:
        """PostgreSQL: the folder answers meanwhile, and a reload is refused."""
        process = stage.process(stage.away())
        await (await stage.started()).teach(phrasing(QUESTION))
        async with process.publisher:
            with pytest.raises(StoreDownError):
                await process.host.reload("discord:1")
            process.publisher._database = stage.database
            process.publisher._ledger = type(process.publisher._ledger)(stage.database)
            process.publisher._bell.ring()
            await process.until(lambda kb: QUESTION in kb.entries["camera"].questions)


async def never() -> None:
    """Listens to nothing."""


async def listening(database: Database) -> None:
    """Returns when somebody listens for versions."""
    from sqlalchemy import text

    wanted = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
    async with asyncio.timeout(10):
        while True:
            async with database.begin() as connection:
                if await connection.scalar(wanted):
                    return
