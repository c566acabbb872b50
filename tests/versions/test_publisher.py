"""What goes into service, from one process or several, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from bot.errors import CurationError, KnowledgeError, StoreDownError, StoreError
from bot.store.database import Database
from bot.store.schema import audit, contents, questions, versions
from bot.store.schema import lines as line_table
from bot.versions.overlay import Line
from bot.versions.rows import store_line
from tests.support import write_knowledge
from tests.versions.conftest import Stage, adding, new_entry, phrasing, without

QUESTION = "which lens was that"


async def ended(stage: Stage) -> dict[int, str | None]:
    """Why lines aren't active, by id."""
    async with stage.database.begin() as connection:
        rows = await connection.execute(select(line_table.c.id, line_table.c.active, line_table.c.ended))
        found = {row.id: (row.active, row.ended) for row in rows}
    assert all((active == 1) == (reason is None) for active, reason in found.values())
    return {number: reason for number, (_, reason) in found.items()}


async def damage(stage: Stage, base: str) -> None:
    """Spoils a stored content."""
    async with stage.database.begin() as connection:
        await connection.execute(update(contents).where(contents.c.digest == base).values(data=b"?"))


class TestStart:
    """Which knowledge base is in service after a start."""

    async def test_the_first_start_publishes_the_folder(self, stage: Stage) -> None:
        """With everything that a version says of itself."""
        process = await stage.started()
        (version,) = await process.publisher.versions.history()
        assert version == process.publisher.version
        assert (version.who, version.action, version.origin) == ("start", "start", str(stage.folder))
        assert version.knowledge == version.base == process.knowledge.version
        assert version.diff == f"the first version, {version.base}"

    async def test_a_second_start_adopts_what_was_taught(self, stage: Stage) -> None:
        """The same folder is no deploy: no new version, and every line still there."""
        await (await stage.started()).teach(phrasing(QUESTION))
        again = await stage.started()
        assert QUESTION in again.questions("camera")
        assert await again.publisher.versions.count() == 2

    async def test_a_deploy_is_published_with_what_was_taught(self, stage: Stage) -> None:
        """A folder that never was in service goes into service; the lines stay on top."""
        await (await stage.started()).teach(phrasing(QUESTION))
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        deployed = await stage.started()
        assert deployed.knowledge.entries["harbor-host"].answer == "Una Vale did."
        assert QUESTION in deployed.questions("camera")

    async def test_two_deploys_at_once_make_one_version(self, stage: Stage) -> None:
        """The second finds the first one's."""
        first, second = stage.process(), stage.process()
        await asyncio.gather(first.publisher.start(), second.publisher.start())
        assert await first.publisher.versions.count() == 1
        assert first.publisher.version == second.publisher.version

    async def test_files_that_were_put_back(self, stage: Stage) -> None:
        """One process alone takes them; of several, one with old files must not undo a deploy, and says so."""
        before = (await stage.started()).knowledge.entries["harbor-host"].answer
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await stage.started()
        stage.data["entries"][0]["answer"] = before
        stage.write()
        with capture_logs() as log:
            late = await stage.started()
        expected = "Una Vale did." if stage.database.shared else before
        assert late.knowledge.entries["harbor-host"].answer == expected
        assert any("older files" in line["event"] for line in log) == stage.database.shared

    async def test_after_a_rollback_it_stays(self, stage: Stage) -> None:
        """A restart doesn't undo it."""
        first = await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await first.publisher.reload("discord:1")
        await first.publisher.rollback(1, "discord:1")
        again = await stage.started()
        assert again.knowledge.version == first.knowledge.version
        assert again.knowledge.entries["harbor-host"].answer != "Una Vale did."

    async def test_what_cannot_be_read_leaves_the_folder_in_service(self, stage: Stage) -> None:
        """An older Herald that can't read what a newer one published answers from its folder, and says so."""
        first = await stage.started()
        await first.teach(phrasing(QUESTION))
        await damage(stage, first.publisher.version.base if first.publisher.version else "")
        with capture_logs() as log:
            late = await stage.started()
        assert QUESTION not in late.questions("camera")
        assert late.publisher.version is None
        assert [line["event"] for line in log] == ["version not adopted"]

    async def test_another_folder_is_refused_where_one_process_has_the_database(
        self, stage: Stage, tmp_path: Path
    ) -> None:
        """What was taught for one would be given up for the other; a folder that has moved is taken."""
        await (await stage.started()).teach(phrasing(QUESTION))
        other = write_knowledge(tmp_path / "other", {**stage.data, "background": ["more"]})
        if stage.database.shared:
            assert QUESTION in (await stage.started(folder=other)).questions("camera")
            return
        with pytest.raises(StoreError, match="HERALD_DATA_DIR"):
            await stage.started(folder=other)
        shutil.rmtree(stage.folder)
        assert QUESTION in (await stage.started(folder=other)).questions("camera")

    async def test_an_older_schema_is_refused(self, empty_database: Database, stage: Stage) -> None:
        """PostgreSQL's, with the command to run; SQLite's is upgraded."""
        process = stage.process(empty_database)
        if empty_database.shared:
            with pytest.raises(StoreError, match="herald db upgrade"):
                await process.publisher.__aenter__()
            return
        async with process.publisher:
            assert process.publisher.version


class TestReload:
    """Reading the folder anew."""

    async def test_it_tells_what_changed_and_who_did_it(self, stage: Stage) -> None:
        """In the history, and in the audit log."""
        process = await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        told = await process.publisher.reload("slack:U1")
        assert [change.id for part in told.sections for change in part.changed] == ["harbor-host"]
        version = await process.publisher.versions.current()
        assert version
        assert (version.number, version.who, version.action) == (2, "slack:U1", "reload")
        assert "~ harbor-host: answer" in version.diff
        async with stage.database.begin() as connection:
            (row,) = await connection.execute(select(audit))
        assert (row.who, row.action, row.what, row.knowledge) == ("slack:U1", "reload", version.diff, told.after)

    async def test_nothing_changed_makes_no_version(self, stage: Stage) -> None:
        """And swaps nothing."""
        process = await stage.started()
        before = process.knowledge
        assert not (await process.publisher.reload("slack:U1")).sections
        assert process.knowledge is before
        assert await process.publisher.versions.count() == 1

    async def test_problems_change_nothing(self, stage: Stage) -> None:
        """Neither here nor in the store."""
        process = await stage.started()
        stage.data["entries"][0]["sources"] = ["nowhere"]
        stage.write()
        with pytest.raises(KnowledgeError, match="nowhere"):
            await process.publisher.reload("slack:U1")
        assert await process.publisher.versions.count() == 1

    async def test_the_host_reloads_through_it(self, stage: Stage) -> None:
        """While it runs, an admin's reload makes a version."""
        process = stage.process()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        async with process.publisher:
            stage.write()
            await process.host.reload("discord:7")
            version = await process.publisher.versions.current()
            assert version
            assert (version.who, version.action) == ("discord:7", "reload")

    async def test_a_store_that_is_down_changes_nothing(self, stage: Stage) -> None:
        """The admin is told; what is in service here stays what is in service elsewhere."""
        process = await stage.started()
        before = process.knowledge
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        async with stage.database.begin() as connection:
            await connection.run_sync(versions.drop)
        with pytest.raises(StoreDownError, match="nothing was changed"):
            await process.publisher.reload("slack:U1")
        assert process.knowledge is before

    async def test_what_the_yaml_has_is_dropped(self, stage: Stage) -> None:
        """It is no longer a line, and that is told; what it says stays in service."""
        process = await stage.started()
        await process.teach(phrasing(QUESTION), new_entry())
        before = process.knowledge.version
        camera = next(item for item in stage.data["entries"] if item["id"] == "camera")
        camera["questions"].append(QUESTION)
        stage.data["entries"].append(dict(new_entry().content))
        stage.write()
        told = await process.publisher.reload("slack:U1")
        assert told.notes == ("2 taught before are in the files now",)
        assert await ended(stage) == {1: "merged", 2: "merged"}
        version = await process.publisher.versions.current()
        assert version
        assert (version.knowledge, version.lines) == (before, ())

    async def test_what_no_longer_fits_is_given_up(self, stage: Stage) -> None:
        """An entry that went takes its phrasings along; the reload says so, and its questions wait again."""
        process = await stage.started()
        await process.teach(phrasing(QUESTION), phrasing("how long in all", "shooting-time"))
        async with stage.database.begin() as connection:
            await connection.execute(insert(questions).values(question_row(line=1)))
        stage.data["entries"] = [item for item in stage.data["entries"] if item["id"] != "camera"]
        stage.data["checks"] = []
        stage.write()
        with capture_logs() as log:
            told = await process.publisher.reload("slack:U1")
        assert "no 'camera'" in told.notes[0]
        assert any("camera" in line.get("note", "") for line in log)
        assert await ended(stage) == {1: "orphaned", 2: None}
        assert "how long in all" in process.questions("shooting-time")
        async with stage.database.begin() as connection:
            assert await connection.scalar(select(questions.c.state)) == "open"

    async def test_it_is_the_way_out_of_a_version_that_cannot_be_read(self, stage: Stage) -> None:
        """Whatever became of the one before."""
        first = await stage.started()
        await damage(stage, first.knowledge.version)
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        late = await stage.started()
        await late.publisher.reload("slack:U1")
        assert late.knowledge.entries["harbor-host"].answer == "Una Vale did."


def question_row(line: int) -> dict[str, object]:
    """A question that a line settled."""
    return {
        "key": "which lens", "text": QUESTION, "platform": "slack", "first": 1.0, "last": 1.0, "asked": 1,
        "picks": {}, "near": [], "state": "taught", "line": line,
    }  # fmt: skip


class TestChange:
    """Teaching and undoing."""

    async def test_it_is_in_service_at_once(self, stage: Stage) -> None:
        """With its author in the history."""
        process = await stage.started()
        told = await process.teach(phrasing(QUESTION), who="discord:9")
        assert process.questions("camera")[-1] == QUESTION
        assert process.knowledge.version == told.after
        version = await process.publisher.versions.by_digest(told.after)
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


async def test_adding_helper_is_an_edit(stage: Stage) -> None:
    """An edit that adds nothing makes no version."""
    process = await stage.started()
    assert not (await process.publisher.change("discord:1", "teach", adding())).sections
    assert await process.publisher.versions.count() == 1
