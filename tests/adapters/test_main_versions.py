"""``herald history``, ``herald audit``, ``herald rollback`` and ``herald kb export``, as they are run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.knowledge import load
from bot.knowledge.model import KnowledgeBase
from bot.settings import read_settings
from bot.store.database import Database, address
from bot.versions.ledger import Ledger
from bot.versions.overlay import Line
from bot.versions.versions import Versions
from tests.adapters.support import run
from tests.versions.conftest import adding

TAUGHT = "who held the lamp"


async def served(folder: Path) -> None:
    """As if Herald had run, and something had been taught."""
    database = Database(address(read_settings().database))
    await database.ready()
    ledger = Ledger(database)
    await ledger.begin(load(folder), str(folder))
    lines = [
        Line("phrasing", "talk-host", {"questions": [TAUGHT]}),
        Line("gap", "tide-cast", {"id": "tide-cast", "questions": ["who else"], "line": "Nobody says."}),
    ]
    await ledger.change("discord:9", "teach", adding(*lines))
    await database.close()


async def reloaded(folder: Path) -> None:
    async def read() -> KnowledgeBase:
        return load(folder)

    async with Database(address(read_settings().database)) as database:
        await Ledger(database).publish(read, "discord:9", "reload", str(folder))


async def taught(entry: str, question: str) -> None:
    async with Database(address(read_settings().database)) as database:
        line = Line("phrasing", entry, {"questions": [question]})
        await Ledger(database).change("discord:9", "teach", adding(line))


async def in_service() -> str:
    async with Database(address(read_settings().database)) as database:
        version = await Versions(database).current()
        return version.knowledge if version else ""


async def count() -> int:
    database = Database(address(read_settings().database))
    try:
        return await Versions(database).count()
    finally:
        await database.close()


@pytest.fixture
def folder(environment: Path) -> Path:
    """The knowledge base of a Herald that has run."""
    asyncio.run(served(environment / "kb"))
    return environment / "kb"


class TestHistory:
    """What was in service."""

    def test_a_line_for_each_version(self, folder: Path) -> None:
        """The newest first, with who did it."""
        result = run("history")
        assert result.exit_code == 0
        newest, first = result.stdout.splitlines()
        assert newest.split()[0] == "2"
        assert "teach by discord:9" in newest
        assert load(folder).version in first
        assert f"start ({folder})" in first

    def test_before_the_first(self, environment: Path) -> None:
        """It says so, and needs nothing set up."""
        assert run("history").stdout == "No version was recorded yet.\n"

    def test_beyond_the_last_page(self, folder: Path) -> None:
        """It says how many there are."""
        assert run("history", "--page", "9").stdout == "There are 2 versions.\n"

    def test_a_store_that_cannot_be_used(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One line, and 1."""
        monkeypatch.setenv("HERALD_DATABASE_URL", "postgresql://herald:secret@127.0.0.1:1/none")
        result = run("history")
        assert result.exit_code == 1
        assert "can't be used" in result.stderr
        assert "secret" not in result.stderr
        assert result.stderr.count("\n") == 1


class TestAudit:
    """What was done."""

    def test_who_did_what(self, folder: Path) -> None:
        """The newest first; by whom, and what it changed."""
        run("rollback", "1", "--yes")
        result = run("audit")
        assert result.exit_code == 0
        heads = [line.split()[2:4] for line in result.stdout.splitlines() if not line.startswith(" ")]
        assert heads == [["terminal", "rollback"], ["discord:9", "teach"]]
        assert f"+ {TAUGHT}" in result.stdout.partition("discord:9")[2]
        assert "discord:9" not in run("audit", "--limit", "1").stdout

    def test_before_anything(self, environment: Path) -> None:
        """It says so."""
        assert run("audit").stdout == "Nobody has changed anything yet.\n"


class TestRollback:
    """Going back."""

    def test_it_shows_what_would_change_and_asks(self, folder: Path) -> None:
        """A no changes nothing."""
        result = run("rollback", "1", given="n\n")
        assert f"- {TAUGHT}" in result.stdout
        assert "Nothing was changed." in result.stdout
        assert asyncio.run(count()) == 2

    @pytest.mark.parametrize(("options", "given"), [((), "y\n"), (("--yes",), "")])
    def test_it_makes_a_new_version(self, folder: Path, options: tuple[str, ...], given: str) -> None:
        """With what the old one held."""
        result = run("rollback", "1", *options, given=given)
        assert "Version 3 is in service, with what version 1 held." in result.stdout
        assert "rollback by terminal (version 1)" in run("history").stdout
        assert "holds what is in service" in run("rollback", "1").stdout

    def test_one_that_is_not_there(self, folder: Path) -> None:
        """One line, and 1."""
        result = run("rollback", "7", "--yes")
        assert (result.exit_code, result.stderr) == (
            1, "There is no version 7; the history shows which there are.\n",
        )  # fmt: skip

    def test_before_the_first(self, environment: Path) -> None:
        """It says what to do."""
        assert "herald run" in run("rollback", "1", "--yes").stderr


class TestExport:
    """Into the files."""

    def test_what_was_taught_is_written(self, folder: Path) -> None:
        """Once; the second time there is nothing to do."""
        result = run("kb", "export")
        assert result.exit_code == 0
        assert result.stdout.startswith("Added to entries.yaml, taught.yaml: phrasings 1, entries 0, gaps 1 (version ")
        assert TAUGHT in load(folder).entries["talk-host"].questions
        assert "Nothing was taught" in run("kb", "export").stdout

    def test_another_folder_gets_what_fits_it(self, folder: Path, environment: Path) -> None:
        """What doesn't is told."""
        (environment / "other").mkdir()
        for path in folder.iterdir():
            text = path.read_text("utf-8").replace("talk-host", "the-host")
            (environment / "other" / path.name).write_text(text, "utf-8")
        result = run("kb", "export", environment / "other")
        assert "left out, as it no longer fits: entries: there is no 'talk-host'" in result.stderr
        assert result.stdout.startswith("Added to taught.yaml: phrasings 0, entries 0, gaps 1")

    def test_what_was_taught_before_a_rollback_alone(self, folder: Path) -> None:
        """What the rollback took back isn't written."""
        asyncio.run(taught("talk-host", "who had the mic"))
        run("rollback", "2", "--yes")
        result = run("kb", "export")
        assert (result.exit_code, result.stderr) == (0, "")
        assert load(folder).entries["talk-host"].questions[-1] == TAUGHT
        assert f"(version {asyncio.run(in_service())})" in result.stdout

    def test_files_that_would_undo_a_rollback(self, folder: Path) -> None:
        """What they hold already stays there, and it says so; no more once they are in service."""
        run("kb", "export")
        asyncio.run(reloaded(folder))
        run("rollback", "1", "--yes")
        result = run("kb", "export")
        assert (result.exit_code, result.stdout) == (0, "Nothing was taught that the files don't have.\n")
        assert result.stderr.startswith(
            "The files hold something else than what is in service since the rollback to version 1, and the next "
        )
        assert result.stderr.count("\n") == 1
        asyncio.run(reloaded(folder))
        assert run("kb", "export").stderr == ""
