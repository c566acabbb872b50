"""Herald as it is where no extra is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["IMPORT", "Bare", "served"]

_WITHOUT = """
import sys

missing = set("aiohttp asyncpg cryptography discord matplotlib multidict slack_bolt slack_sdk yarl".split())

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name in missing else find(name)
sys.argv[0] = "herald"
"""
IMPORT = f"{_WITHOUT}import adapters.running, bot.host, bot.office\n"
# Imports once what most commands need, then forks for each command: a line of JSON in, and its exit status out.
_SERVE = f"""{IMPORT}
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


@contextmanager
def served(folder: Path) -> Iterator[Bare]:
    """What runs commands, for as long as the block lasts; writes into a folder."""
    command, pipe = [sys.executable, "-c", _SERVE], subprocess.PIPE
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdin=pipe, stdout=pipe, text=True) as server:
        yield Bare(server, folder)
