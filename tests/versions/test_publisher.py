"""What goes into service at a start and by a reload, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from bot.errors import CurationError, KnowledgeError, StoreDownError, StoreError
from bot.store.database import Database, revisions
from bot.store.schema import audit, questions, versions
from tests.support import write_knowledge
from tests.versions.conftest import Stage, new_entry, phrasing
from tests.versions.tables import QUESTION, damage, ended, question_row


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

    async def test_an_older_schema_is_refused(self, empty_database: Database, stage: Stage) -> None:
        """PostgreSQL's, with the command to run; SQLite's is upgraded."""
        await empty_database.upgrade(revisions()[0])
        process = stage.process(empty_database)
        if empty_database.shared:
            with pytest.raises(StoreError, match="herald db upgrade"):
                await process.publisher.__aenter__()
            return
        async with process.publisher:
            assert process.publisher.version


class TestBeside:
    """A start that deploys nothing, as that of the inbox in the terminal."""

    async def test_a_draft_stays_out(self, stage: Stage, tmp_path: Path) -> None:
        """What is in service is adopted, from whatever folder, and what is taught goes on top of that."""
        before = (await stage.started()).knowledge
        draft = write_knowledge(tmp_path / "draft", {**stage.data, "background": ["more"]})
        curator = await stage.started(folder=draft, deploys=False)
        assert curator.knowledge == before
        await curator.teach(phrasing(QUESTION), who="terminal")
        newest = await curator.publisher.versions.current()
        assert newest
        assert (newest.number, newest.base, newest.origin) == (2, before.version, str(stage.folder))
        assert QUESTION in curator.questions("camera")

    async def test_before_the_first_version_nothing_is_published(self, stage: Stage) -> None:
        """And nothing can be taught; what is published then is followed."""
        curator = await stage.started(deploys=False)
        with pytest.raises(CurationError, match="herald run"):
            await curator.teach(phrasing(QUESTION))
        assert await curator.publisher.versions.count() == 0
        served = await stage.started()
        await curator.publisher._catch_up()
        assert curator.publisher.version == served.publisher.version


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
