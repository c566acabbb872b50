"""The commands about what is kept: ``herald db``, ``inbox``, ``stats`` and ``answer``."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.knowledge import load
from bot.settings import read_settings
from bot.store.database import Database, address, newest, open_database
from bot.store.schema import answers, questions
from bot.versions.ledger import Ledger
from tests.adapters.support import run
from tests.support import full_disk

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def store(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, which isn't there yet."""
    monkeypatch.setenv("HERALD_DATA_DIR", str(environment / "data"))
    return environment / "data" / "herald.db"


def put(store: Path, table: Any, **values: Any) -> None:
    """Puts a row there."""

    async def work() -> None:
        database = Database(address(f"sqlite:///{store}"))
        async with database.begin() as connection:
            await connection.execute(insert(table).values(**values))
        await database.close()

    asyncio.run(work())


def answered(store: Path, at: float, **more: Any) -> None:
    """Puts an answer there."""
    row = {"id": "0123456789abcdef", "at": at, "platform": "discord", "place": "", "kind": "unknown", "near": []}
    decided = {"score": 0.25, "threshold": 0.5, "candidates": [["talk-host", 0.25]], "knowledge": "v1", "seconds": 0.1}
    put(store, answers, **{**row, **decided, "key": "zebulon", "text": "zebulon?", **more})


async def served(folder: Path) -> None:
    """As if Herald had run on a folder."""
    async with open_database(address(read_settings().database)) as database:
        await Ledger(database).begin(load(folder), str(folder))


class TestDatabase:
    def test_status_tells_what_to_do(self, store: Path) -> None:
        """A new database has no schema; an upgrade makes it, and a second finds nothing to do."""
        assert f"none (herald db upgrade makes it {newest()})" in run("db", "status").stdout
        assert run("db", "upgrade").stdout == f"The schema is {newest()}; it was none.\n"
        assert run("db", "upgrade").stdout == f"The schema is {newest()}.\n"
        status = run("db", "status")
        assert (status.exit_code, status.stderr) == (0, "")
        assert f"{newest()} (up to date)" in status.stdout
        assert "questions  0" in status.stdout

    def test_an_address_is_shown_without_its_password(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What can't be reached ends with a line and exit status 1."""
        monkeypatch.setenv("HERALD_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/name")
        result = run("db", "status")
        assert result.exit_code == 1
        assert "can't be used" in result.stderr
        assert "secret" not in result.output


class TestBackup:
    def test_a_copy_holds_what_the_database_does(
        self, store: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While another one uses it; and put in its place, it serves."""
        run("db", "upgrade")
        answered(store, 1_795_000_000.0)
        copy = environment / "copies" / "herald.db"
        copy.parent.mkdir()
        with closing(sqlite3.connect(store)) as other:
            other.execute("SELECT * FROM answers").fetchone()
            assert run("db", "backup", copy).stdout == f"Wrote {copy}, which only you may read.\n"
        assert (stat.S_IMODE(copy.stat().st_mode), stat.S_IMODE(store.parent.stat().st_mode)) == (0o600, 0o700)
        monkeypatch.setenv("HERALD_DATA_DIR", str(copy.parent))
        assert "Question: zebulon?" in run("answer", "0123456789abcdef").stdout

    def test_what_is_there_is_never_written_over(self, store: Path, environment: Path) -> None:
        """Nor is a database made to be copied."""
        assert run("db", "backup", environment / "copy").stderr == f"There is no database yet ({store})\n"
        run("db", "upgrade")
        (environment / "copy").write_text("mine", "utf-8")
        assert "is there already" in run("db", "backup", environment / "copy").stderr
        assert (environment / "copy").read_text("utf-8") == "mine"
        missing = run("db", "backup", environment / "none" / "copy")
        assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)

    def test_a_copy_that_fails_leaves_nothing(self, store: Path, environment: Path) -> None:
        """So that the same command does it once there is room."""
        run("db", "upgrade")
        copy = environment / "copies" / "herald.db"
        copy.parent.mkdir()
        with full_disk(room=8192):
            assert "can't be copied" in run("db", "backup", copy).stderr
        assert not list(copy.parent.iterdir())
        assert run("db", "backup", copy).exit_code == 0

    def test_a_server_has_its_own_tools(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The line names the command."""
        monkeypatch.setenv("HERALD_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/name")
        result = run("db", "backup", "copy")
        assert "pg_dump" in result.stderr
        assert "secret" not in result.stderr


class TestInbox:
    def test_into_a_pipe_it_lists_what_waits(self, store: Path) -> None:
        """In plain text, without asking anything."""
        run("db", "upgrade")
        common = {"platform": "slack", "first": 0.0, "last": 1_795_000_000.0, "picks": {}, "near": [], "state": "open"}
        put(store, questions, key="zebulon", text="zebulon?", asked=3, **common)
        result = run("inbox")
        assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "  1. zebulon?")
        assert "asked 3 times" in result.stdout

    def test_it_publishes_and_deletes_nothing(
        self, store: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Files edited here are drafts, and how long questions are kept is set where Herald runs."""
        asyncio.run(served(environment / "kb"))
        common = {"platform": "slack", "asked": 1, "picks": {}, "near": [], "state": "open"}
        put(store, questions, key="zebulon", text="zebulon?", first=0.0, last=0.0, **common)
        monkeypatch.setenv("HERALD_RETENTION_DAYS", "1")
        (environment / "kb" / "more.yaml").write_text("background: [harbor lights]\n", "utf-8")
        before = run("history").stdout
        assert run("inbox").stdout.startswith("  1. zebulon?")
        assert run("inbox").stdout.startswith("  1. zebulon?")
        assert run("history").stdout == before

    def test_an_empty_one_says_so(self, store: Path) -> None:
        """The database is made where there is none."""
        assert run("inbox").stdout == "Nothing waits in the inbox.\n"
        assert store.is_file()

    def test_where_questions_are_not_kept_it_says_so(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And which setting that is."""
        monkeypatch.setenv("HERALD_RECORD_QUESTIONS", "false")
        assert "HERALD_RECORD_QUESTIONS" in run("inbox").stdout


class TestStats:
    def test_it_counts_and_draws(self, store: Path, environment: Path) -> None:
        """Into a file, if one is given."""
        run("db", "upgrade")
        answered(store, 1_795_000_000.0)
        chart = environment / "chart.png"
        result = run("stats", "365", "--chart", chart)
        assert result.exit_code == 0
        assert "in the last 365 days" in result.stdout
        assert result.stdout.endswith(f"Wrote {chart}.\n")
        assert chart.read_bytes().startswith(PNG)

    def test_what_draws_keeps_to_the_cache_folder(
        self, store: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It leaves nothing in the home folder, where it may be read-only."""
        run("db", "upgrade")
        home = environment / "home"
        home.mkdir()
        for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("HERALD_CACHE_DIR", "cache")
        command = (Path(sys.executable).with_name("herald"), "stats", "--chart", "chart.png")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert [*home.iterdir()] == []
        assert (environment / "cache" / "matplotlib").is_dir()

    @pytest.mark.parametrize("days", ["0", "366", "many"])
    def test_days_are_checked(self, store: Path, days: str) -> None:
        """Wrong usage exits with 2."""
        assert run("stats", days).exit_code == 2


class TestAnswer:
    def test_it_tells_why(self, store: Path) -> None:
        """By the id that the log has."""
        run("db", "upgrade")
        answered(store, 1_795_000_000.0)
        result = run("answer", "0123456789abcdef")
        assert result.exit_code == 0
        assert "Question: zebulon?" in result.stdout
        assert "0.25  talk-host" in result.stdout

    def test_one_that_is_not_kept_ends_with_a_line(self, store: Path) -> None:
        """And exit status 1."""
        result = run("answer", "nonsense")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("There is no such answer")
