"""What curators change and take back, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import CurationError, KnowledgeError
from bot.store.database import Database
from bot.store.schema import questions
from bot.versions.overlay import Line
from bot.versions.rows import store_line
from tests.versions.conftest import Stage, adding, new_entry, phrasing, without
from tests.versions.tables import QUESTION, damage, ended, question_row


class TestChange:
    """Teaching and undoing."""

    async def test_it_is_in_service_at_once(self, stage: Stage) -> None:
        """With its author in the history."""
        process = await stage.started()
        told = await process.teach(phrasing(QUESTION), who="discord:9")
        assert process.questions("camera")[-1] == QUESTION
        assert process.knowledge.version == told.after
        version = await process.publisher.versions.current()
        assert version
        assert (version.who, version.action, [line.id for line in version.lines]) == ("discord:9", "teach", [1])

    async def test_undoing_gives_the_base_back(self, stage: Stage) -> None:
        """The same version as before, as a version of its own."""
        process = await stage.started()
        before = process.knowledge.version
        await process.teach(phrasing(QUESTION))
        await process.publisher.change("discord:9", "undo", without(1))
        assert process.knowledge.version == before
        assert await ended(stage) == {1: "undone"}
        assert await process.publisher.versions.count() == 3

    async def test_what_an_edit_writes_goes_along(self, stage: Stage) -> None:
        """Rows of its own, with the ids of lines that it stored itself."""
        process = await stage.started()

        async def edit(connection: AsyncConnection, lines: Sequence[Line]) -> Sequence[Line]:
            line = await store_line(connection, phrasing(QUESTION), "discord:9", 1.0)
            await connection.execute(insert(questions).values(question_row(line.id)))
            return [*lines, line]

        await process.publisher.change("discord:9", "teach", edit)
        async with stage.database.begin() as connection:
            assert await connection.scalar(select(questions.c.line)) == 1
        assert QUESTION in process.questions("camera")

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            (phrasing("x", "nowhere"), KnowledgeError),
            (new_entry(sources=["nowhere"]), KnowledgeError),
            (new_entry("camera"), CurationError),
            (new_entry("taught"), CurationError),
        ],
    )
    async def test_what_does_not_fit_leaves_nothing(self, stage: Stage, line: Line, error: type[Exception]) -> None:
        """No line, no version, and what an edit wrote is gone."""
        process = await stage.started()
        await process.teach(new_entry("taught"))

        async def edit(connection: AsyncConnection, lines: Sequence[Line]) -> Sequence[Line]:
            await connection.execute(insert(questions).values(question_row(1)))
            return [*lines, line]

        with pytest.raises(error):
            await process.publisher.change("discord:9", "teach", edit)
        async with stage.database.begin() as connection:
            assert not (await connection.execute(select(questions))).all()
        assert await ended(stage) == {1: None}
        assert await process.publisher.versions.count() == 2

    async def test_an_edit_that_refuses_leaves_nothing(self, stage: Stage) -> None:
        """What it raises reaches the admin."""
        process = await stage.started()

        async def edit(connection: AsyncConnection, lines: Sequence[Line]) -> Sequence[Line]:
            await store_line(connection, phrasing(QUESTION), "discord:9", 1.0)
            raise CurationError("That was taught already.")

        with pytest.raises(CurationError, match="taught already"):
            await process.publisher.change("discord:9", "teach", edit)
        assert await ended(stage) == {}

    async def test_two_processes_that_teach_at_once_lose_nothing(self, stage: Stage) -> None:
        """Both succeed, many times over, and both end with everything."""
        first, second = await stage.started(), await stage.started(database=Database(stage.database.url))
        wanted = [f"lens number {n}" for n in range(8)]
        turns = [(first, second)[n % 2].teach(phrasing(text)) for n, text in enumerate(wanted)]
        await asyncio.gather(*turns)
        last = await first.publisher.versions.current()
        assert last
        assert last.number == 9
        assert sorted(text for line in last.lines for text in line.questions) == wanted
        for process in (first, second):
            await process.publisher._catch_up()
            assert process.knowledge.version == last.knowledge
            assert set(wanted) <= set(process.questions("camera"))
        await second.publisher._database.close()


class TestRollback:
    """Back to an earlier version."""

    async def test_the_preview_tells_what_it_would_change(self, stage: Stage) -> None:
        """And changes nothing; the rollback changes just that."""
        process = await stage.started()
        await process.teach(phrasing(QUESTION))
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await process.publisher.reload("discord:1")
        would = await process.publisher.preview(1)
        changed = {change.id: change for part in would.sections for change in part.changed}
        assert changed["camera"].phrasings_removed == (QUESTION,)
        assert changed["harbor-host"].keys == ("answer",)
        assert await process.publisher.versions.count() == 3
        assert await process.publisher.rollback(1, "discord:1") == would

    async def test_it_is_a_new_version_with_the_lines_of_the_old(self, stage: Stage) -> None:
        """Lines that it had are active again, others not; their questions wait again, or don't."""
        process = await stage.started()
        await process.teach(phrasing("one"))
        await process.publisher.change("discord:1", "undo", without(1))
        await process.teach(phrasing("two"))
        async with stage.database.begin() as connection:
            await connection.execute(insert(questions).values(question_row(2)))
            await connection.execute(insert(questions).values({**question_row(1), "key": "k", "state": "open"}))
        await process.publisher.rollback(2, "slack:U1")
        version = await process.publisher.versions.current()
        assert version
        assert (version.number, version.who, version.action, version.origin) == (5, "slack:U1", "rollback", "version 2")
        assert await ended(stage) == {1: None, 2: "rolled-back"}
        assert process.questions("camera")[-1] == "one"
        async with stage.database.begin() as connection:
            states = await connection.execute(select(questions.c.line, questions.c.state).order_by(questions.c.line))
            assert [tuple(row) for row in states] == [(1, "taught"), (2, "open")]
        await process.teach(phrasing("three"))
        assert process.questions("camera")[-2:] == ("one", "three")

    async def test_to_the_one_in_service_changes_nothing(self, stage: Stage) -> None:
        """No version is made."""
        process = await stage.started()
        assert not (await process.publisher.rollback(1, "discord:1")).sections
        assert await process.publisher.versions.count() == 1

    async def test_to_one_that_is_not_there(self, stage: Stage) -> None:
        """Told in one line."""
        process = await stage.started()
        for attempt in (process.publisher.preview(9), process.publisher.rollback(9, "discord:1")):
            with pytest.raises(CurationError, match="no version 9"):
                await attempt

    async def test_to_one_that_cannot_be_read(self, stage: Stage) -> None:
        """What is in service stays."""
        first = await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await first.publisher.reload("discord:1")
        version = await first.publisher.versions.get(1)
        assert version
        await damage(stage, version.base)
        other = await stage.started()
        with pytest.raises(KnowledgeError, match="can't be read"):
            await other.publisher.rollback(1, "discord:1")
        assert other.knowledge.version == first.knowledge.version
        assert await other.publisher.versions.count() == 2


async def test_adding_helper_is_an_edit(stage: Stage) -> None:
    """An edit that adds nothing makes no version."""
    process = await stage.started()
    assert not (await process.publisher.change("discord:1", "teach", adding())).sections
    assert await process.publisher.versions.count() == 1
