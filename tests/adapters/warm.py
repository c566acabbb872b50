"""``herald run`` as a process of its own whose imports were made before: most of what a start takes.

A server imports what Herald needs, once for all tests of a worker, and each bot is forked from it. What runs then is
the same as by the command, with its settings, signals and exit status. How the interpreter starts and ends only the
command itself can show: ``fresh`` of :func:`tests.adapters.process.herald_run`.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

__all__ = ["Forked"]

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.adapters.imported"])


class Forked:
    """A forked ``herald run``, with what tests need of an ``asyncio.subprocess.Process``.

    Attributes:
        stdout: what it writes to standard output and standard error.
    """

    def __init__(self, process: ForkServerProcess, stdout: asyncio.StreamReader) -> None:
        """Takes a process that was started."""
        self.stdout = stdout
        self._process = process
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(process.sentinel, self._end)

    @classmethod
    async def started(cls, folder: Path, environment: Mapping[str, str]) -> Forked:
        """Starts one in a folder, with these variables and no others."""
        receiver, sender = _FORKING.Pipe(duplex=False)
        with sender:
            process = _FORKING.Process(target=_run, args=(sender, str(folder), dict(environment)))
            await asyncio.to_thread(process.start)  # the first waits for the server
        with receiver:
            output = os.fdopen(os.dup(receiver.fileno()), "rb")
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), output)
        return cls(process, reader)

    @property
    def returncode(self) -> int | None:
        """Its exit status, or the number of the signal that ended it as a negative one; None while it runs."""
        return self._process.exitcode if self._ended.is_set() else None

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it a signal; raises a ProcessLookupError where it has ended."""
        if self._process.pid is None or self._ended.is_set():
            raise ProcessLookupError
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Waits for its end, and returns its exit status."""
        await self._ended.wait()
        return self._process.exitcode or 0

    def _end(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()


def _run(output: Connection, folder: str, environment: Mapping[str, str]) -> None:
    """What the forked process does."""
    from adapters.main import main

    for number in (1, 2):
        os.dup2(output.fileno(), number)
    output.close()
    # Made anew: what they were opened on may have been a file, which can be sought in.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor
    sys.stderr = open(  # noqa: SIM115 - the same
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["herald", "run"]
    main()
