"""Versions at work while Herald runs."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreDownError
from bot.knowledge import KnowledgeBase
from bot.office import Office
from bot.panels.model import Panel
from bot.reload import build_here
from bot.service import Service
from bot.settings import Settings
from bot.store.database import Database, address
from bot.versions.bell import Bell
from bot.versions.watch import watching
from tests.log import Log
from tests.postgres import Server
from tests.versions.conftest import Process, Stage, phrasing


class Slow:
    """A way to build whose first reading takes until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
        found = build_here(service, knowledge)
        if knowledge is None and not self.begun.is_set():
            self.begun.set()
            self.go_on.wait(10)
        return found


class TestRunning:
    """As an async context."""

    async def test_reloads_make_versions_while_it_lasts(self, stage: Stage) -> None:
        """And are the host's own afterwards."""
        process = stage.process()
        async with process.publisher as publisher:
            await process.host.reload("discord:1")
            assert await publisher.versions.count() == 1
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await process.host.reload("discord:1")
        assert await process.publisher.versions.count() == 1
        assert process.knowledge.entries["harbor-host"].answer == "Una Vale did."

    @pytest.mark.parametrize("processes", [1, 2])
    async def test_of_two_reloads_at_once_the_newer_files_stay(self, stage: Stage, processes: int) -> None:
        """However long the first one's reading takes, and whether or not another process does the second."""
        slow = Slow()
        process = await stage.started(build=slow)
        other = process if processes == 1 else await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        first = asyncio.create_task(process.publisher.reload("discord:1"))
        await asyncio.to_thread(slow.begun.wait, 10)
        stage.data["entries"][0]["answer"] = "Ben Reed did."
        stage.write()
        second = asyncio.create_task(other.publisher.reload("discord:2"))
        await asyncio.wait([second], timeout=0.5 if processes == 1 else 10)  # one process alone waits for the first
        slow.go_on.set()
        await asyncio.gather(first, second)
        assert {one.knowledge.entries["harbor-host"].answer for one in (process, other)} == {"Ben Reed did."}
        assert len(await process.publisher.versions.history()) == (3 if processes == 1 else 2)

    async def test_a_file_that_cannot_be_used_is_told(self, stage: Stage, tmp_path: Path) -> None:
        """In one line; reloads stay the host's own."""
        (tmp_path / "file").touch()
        process = stage.process(Database(address(f"sqlite:///{tmp_path}/file/herald.db")))
        with pytest.raises(StoreDownError) as refused:
            await process.publisher.__aenter__()
        assert "\n" not in str(refused.value)
        assert not (await process.host.reload()).sections

    async def test_the_folder_of_the_file_is_made(self, stage: Stage, tmp_path: Path) -> None:
        """Nothing has to be set up."""
        database = Database(address(f"sqlite:///{tmp_path}/new/folder/herald.db"))
        async with stage.process(database).publisher as publisher:
            assert publisher.version
        await database.close()


class TestWatching:
    """Reloading by itself."""

    @pytest.fixture
    async def process(self, stage: Stage) -> Process:
        return await stage.started()

    async def test_a_changed_file_goes_into_service(self, stage: Stage, process: Process) -> None:
        """As a version that says so."""
        async with process.publisher, watching(process.host):
            await begun()
            stage.data["entries"][0]["answer"] = "Una Vale did."
            stage.write()
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")
            version = await process.publisher.versions.current()
        assert version
        assert (version.who, version.action) == ("watch", "watch")

    async def test_what_is_hidden_wakes_nobody(self, stage: Stage) -> None:
        """As it isn't read: editors keep their own there, and Git its lock. The folder itself may be hidden."""
        read: list[Service] = []

        def build(service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
            read.extend([service] if knowledge is None else [])
            return build_here(service, knowledge)

        stage.folder = stage.folder.with_name(".kb")
        stage.write()
        (stage.folder / ".git").mkdir()
        process = await stage.started(build=build)
        async with process.publisher, watching(process.host):
            await begun()
            for name in (".#entries.yaml", ".entries.yml", ".git/index.lock", ".git/entries.yaml"):
                (stage.folder / name).touch()
            await asyncio.sleep(1)  # in which a reload would have begun
            assert read == []
            stage.data["entries"][0]["answer"] = "Una Vale did."
            stage.write()
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")

    async def test_the_office_does_it_where_that_is_set(self, stage: Stage) -> None:
        """By HERALD_WATCH."""
        process = stage.process()
        async with Office(stage.database, process.host, Settings(knowledge_dir=stage.folder, watch=True)):
            await begun()
            stage.data["entries"][0]["answer"] = "Una Vale did."
            stage.write()
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")

    async def test_what_changed_during_the_start_goes_into_service(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After it was read, and before it was watched."""
        monkeypatch.setattr("bot.versions.watch._AGAIN", 100)
        process = stage.process()
        office = Office(stage.database, process.host, Settings(knowledge_dir=stage.folder, watch=True))
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        async with office:
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")

    async def test_a_start_leaves_a_rollback_in_service(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where nothing changed since the files were read, though they differ from what is in service."""
        monkeypatch.setattr("bot.versions.watch._AGAIN", 100)
        first = await stage.started()
        stage.data["entries"][0]["answer"] = "Una Vale did."
        stage.write()
        await first.publisher.reload("discord:1")
        await first.publisher.rollback(1, "discord:1")
        process = stage.process()
        async with Office(stage.database, process.host, Settings(knowledge_dir=stage.folder, watch=True)) as office:
            await asyncio.sleep(1)  # in which a reload would have begun
            assert await office.publisher.versions.count() == 3
        assert process.knowledge.entries["harbor-host"].answer != "Una Vale did."

    async def test_problems_are_told_and_the_old_version_stays(self, stage: Stage, process: Process) -> None:
        """In the log with file and line, and to whoever wants to hear; the next change is taken."""
        told = Log[Panel | None]("report")
        before = process.knowledge
        with capture_logs() as log:
            async with process.publisher, watching(process.host, told.add):
                await begun()
                good = stage.data["entries"][0]["sources"]
                stage.data["entries"][0]["sources"] = ["nowhere"]
                stage.write()
                panel = await told.next()
                assert panel
                assert panel.text.endswith(
                    f"1 problem. Nothing was changed; version {before.version} stays in service."
                )
                assert panel.report.startswith("entries.yaml:11: ")
                assert process.knowledge is before
                stage.data["entries"][0] |= {"sources": good, "answer": "Una Vale did."}
                stage.write()
                await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")
                assert await told.next() is None
        problem = next(line for line in log if line["event"] == "problem")
        assert (problem["file"], problem["line"]) == ("entries.yaml", 11)

    @pytest.mark.parametrize("linked", [True, False])
    async def test_a_folder_in_its_place_goes_into_service(
        self, stage: Stage, process: Process, monkeypatch: pytest.MonkeyPatch, *, linked: bool
    ) -> None:
        """By a link that is turned, or by names; and what changes there later does, too."""
        monkeypatch.setattr("bot.versions.watch._AGAIN", 100)
        old, new = stage.folder.with_name("old"), stage.folder.with_name("new")
        if linked:
            stage.folder.rename(old)
            stage.folder.symlink_to(old)
        async with process.publisher, watching(process.host):
            await begun()
            shutil.copytree(stage.folder, new)
            replace(stage.folder, new, linked=linked)
            stage.data["entries"][0]["answer"] = "Una Vale did."
            stage.write()
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Una Vale did.")
            stage.data["entries"][0]["answer"] = "Ada Stone did."
            stage.write()
            await process.until(lambda kb: kb.entries["harbor-host"].answer == "Ada Stone did.")

    async def test_a_folder_that_is_not_there_is_logged(self, stage: Stage, process: Process) -> None:
        """And told; it ends nothing else."""
        shutil.rmtree(stage.folder)
        told = Log[Panel | None]("report")
        with capture_logs() as log:
            async with watching(process.host, told.add):
                panel = await told.next()
        assert [line["event"] for line in log] == ["no longer watching"]
        assert panel
        assert "aren't watched any more" in panel.text


def replace(folder: Path, new: Path, *, linked: bool) -> None:
    """Puts another folder where the watched one was."""
    if linked:
        turned = new.with_name("turned")
        turned.symlink_to(new)
        turned.replace(folder)
    else:
        shutil.rmtree(folder)
        new.rename(folder)


async def begun() -> None:
    """Lets a task that was just made begin: it watches from its first step on."""
    for _ in range(3):
        await asyncio.sleep(0)


class TestOutage:
    """PostgreSQL goes away and comes back."""

    async def test_what_was_taught_meanwhile_arrives(self, postgresql: Server, stage: Stage) -> None:
        """The connection that listens is made anew, and what was missed is found at once."""
        if not stage.database.shared:
            pytest.skip("there is nothing to listen to in SQLite")
        first = await stage.started()
        second = stage.process(Database(stage.database.url))
        async with second.publisher:
            await cut(stage.database)
            told = await first.teach(phrasing("which lens was that"))
            await second.until(lambda kb: kb.version == told.after)
        await second.publisher._database.close()

    async def test_a_bell_listens_again(self, stage: Stage) -> None:
        """It rings for each connection, and says so once."""
        if not stage.database.shared:
            pytest.skip("there is nothing to listen to in SQLite")
        bell = Bell(stage.database, 60)
        with capture_logs() as log:
            task = asyncio.create_task(bell.listen())
            await bell.wait()
            await cut(stage.database)
            await bell.wait()
            task.cancel()
        assert [line["event"] for line in log] == ["not listening for versions", "listening for versions again"]


async def cut(database: Database) -> None:
    """Ends the connection that listens, once there is one."""
    from sqlalchemy import text

    wanted = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with asyncio.timeout(10):
        ended = 0
        while not ended:
            async with database.begin() as connection:
                ended = await connection.scalar(wanted) or 0
