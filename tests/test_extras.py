"""What is installed at wish: each command that needs it says so in one line, and the rest works without."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.bare import IMPORT, Bare
from tests.test_project import ROOT


@pytest.mark.parametrize(
    ("arguments", "settings", "extra"),
    [
        (["run"], {"DISCORD_TOKEN": "a.b.c"}, "discord"),
        (["run"], {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "slack"),
        (["invite"], {"DISCORD_TOKEN": "a.b.c"}, "discord"),
        (["setup"], {}, "discord,slack"),
        (["slack", "manifest"], {}, "slack"),
        (["slack", "new-key"], {}, "slack"),
        (["slack", "rotate-keys"], {}, "slack"),
        (["db", "status"], {"HERALD_DATABASE_URL": "postgresql://u@127.0.0.1:1/x"}, "postgres"),
        (["history"], {"HERALD_DATABASE_URL": "postgresql://u@127.0.0.1:1/x"}, "postgres"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    bare: Bare, tmp_path: Path, arguments: list[str], settings: dict[str, str], extra: str
) -> None:
    """With the command that installs it."""
    done = bare(tmp_path, *arguments, **settings)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"This needs what isn't installed: pip install 'herald-bot[{extra}]'\n"


def test_a_chart_needs_what_draws_it(bare: Bare, place: Path) -> None:
    """The counts don't."""
    assert bare(place, "new", "mine").returncode == 0
    settings = {"HERALD_KNOWLEDGE_DIR": "mine", "HERALD_DATA_DIR": str(place / "data")}
    drawn = bare(place, "stats", "7", "--chart", "chart.png", **settings)
    assert drawn.stderr == "This needs what isn't installed: pip install 'herald-bot[chart]'\n"
    assert bare(place, "stats", "7", **settings).stdout.startswith("0 questions")


def test_answering_needs_none_of_it(bare: Bare, place: Path) -> None:
    """In the terminal, and for curators."""
    settings = {"HERALD_CACHE_DIR": str(place / "cache")}
    assert bare(place, "new", "mine").returncode == 0
    asked = bare(place, "ask", "who hosted the spring panel", HERALD_KNOWLEDGE_DIR="mine", **settings)
    assert asked.stdout.startswith("Ada Stone hosted"), asked.stderr
    assert bare(place, "kb", "check", "mine", **settings).returncode == 0
    drawn = bare(place, "preview", "who hosted the spring panel", HERALD_KNOWLEDGE_DIR="mine", **settings)
    assert drawn.returncode == 0, drawn.stderr
    run = bare(place, "run", HERALD_KNOWLEDGE_DIR="mine", **settings)
    assert run.stderr.startswith("No platform to run on: set DISCORD_TOKEN")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder to start in."""
    return tmp_path


def test_no_extra_is_needed_by_default() -> None:
    """What is declared for an extra isn't declared for all."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {Requirement(wanted).name for some in project["optional-dependencies"].values() for wanted in some}
    assert extras == {"aiohttp", "asyncpg", "cryptography", "discord.py", "matplotlib", "slack-bolt", "yarl"}
    assert extras & {Requirement(wanted).name for wanted in project["dependencies"]} == set()


def test_one_platform_and_the_store_do_without_what_the_other_needs() -> None:
    """Nothing that every run imports needs an extra."""
    done = subprocess.run([sys.executable, "-c", IMPORT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
