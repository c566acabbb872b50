"""What is installed at wish: each command that needs it says so in one line, and the rest works without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.test_project import ROOT

_WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"discord", "slack_bolt", "slack_sdk", "asyncpg", "matplotlib", "cryptography"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import importlib.util
find = importlib.util.find_spec
missing = {"discord", "slack_bolt", "asyncpg", "matplotlib"}
importlib.util.find_spec = lambda name: None if name in missing else find(name)
sys.argv[0] = "herald"
"""
_IMPORT = f"{_WITHOUT}import adapters.running, adapters.watching, bot.host, bot.office\n"
# Imports once what most commands need, then forks for each command: a line of JSON in, and its exit status out.
_SERVE = f"""{_IMPORT}
import json, os
from adapters.main import main

for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[1:] = order["arguments"]
    sys.stdin, sys.stdout, sys.stderr = open(os.devnull), open(order["out"], "w"), open(order["err"], "w")
    main()
"""


class Bare:
    """Herald as if no extra were installed."""

    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        """Takes what serves, and a folder for what is written to standard output and standard error."""
        self._server = server
        self._out, self._err = folder / "out", folder / "err"

    def __call__(self, folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in a folder."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("HERALD", "DISCORD", "SLACK"))
        }
        order = {
            "folder": str(folder), "arguments": arguments, "out": str(self._out), "err": str(self._err),
            "environment": {**environment, "HERALD_ENCODER": "false", **settings},
        }  # fmt: skip
        assert self._server.stdin
        assert self._server.stdout
        print(json.dumps(order), file=self._server.stdin, flush=True)
        status = int(self._server.stdout.readline())
        out, err = self._out.read_text("utf-8"), self._err.read_text("utf-8")
        return subprocess.CompletedProcess(arguments, status, out, err)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """What runs commands."""
    command, pipe = [sys.executable, "-c", _SERVE], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
        yield Bare(server, tmp_path_factory.mktemp("bare"))


@pytest.mark.parametrize(
    ("arguments", "settings", "extra"),
    [
        (["run"], {"DISCORD_TOKEN": "a.b.c"}, "discord"),
        (["run"], {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "slack"),
        (["invite"], {"DISCORD_TOKEN": "a.b.c"}, "discord"),
        (["slack", "manifest"], {}, "slack"),
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


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder to start in."""
    return tmp_path


def test_no_extra_is_needed_by_default() -> None:
    """What is declared for an extra isn't declared for all."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {Requirement(wanted).name for some in project["optional-dependencies"].values() for wanted in some}
    assert extras == {"asyncpg", "cryptography", "discord.py", "matplotlib", "slack-bolt"}
    assert extras & {Requirement(wanted).name for wanted in project["dependencies"]} == set()


def test_one_platform_and_the_store_do_without_what_the_other_needs() -> None:
    """Nothing that every run imports needs an extra."""
    done = subprocess.run([sys.executable, "-c", _IMPORT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
