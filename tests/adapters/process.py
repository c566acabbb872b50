"""Herald as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests.adapters.warm import Forked
from tests.log import PATIENCE, Log

__all__ = ["START", "BotProcess", "connected", "herald_run"]

START = 60.0
"""Seconds that a start may take: it compiles the knowledge base where the cache hasn't got it."""

_OWN = ("HERALD_", "DISCORD_", "SLACK_")


class _Process(Protocol):
    """What is needed of a process."""

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it writes."""

    @property
    def returncode(self) -> int | None:
        """Its exit status; None while it runs."""

    def send_signal(self, number: signal.Signals, /) -> None:
        """Sends it a signal."""

    def kill(self) -> None:
        """Ends it at once."""

    async def wait(self) -> int:
        """Waits for its end, and returns its exit status."""


class BotProcess:
    """A running ``herald run``.

    Attributes:
        lines: what it has written to standard output and standard error.
    """

    def __init__(self, process: _Process) -> None:
        self.lines: Log[str] = Log("line of output")
        self._process = process
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.lines.add(line.decode(errors="replace").rstrip("\n"))

    def tell(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self._process.send_signal(number)

    async def status(self, patience: float = START) -> int:
        """Waits for its end, and returns its exit status.

        Raises:
            AssertionError: it goes on running.
        """
        try:
            async with asyncio.timeout(patience):
                await asyncio.shield(self._reading)
                return await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {patience:g} s; it wrote:\n{self.output}") from None

    @property
    def ended(self) -> bool:
        """Whether it has ended, and all that it wrote is read."""
        return self._reading.done()

    @property
    def output(self) -> str:
        """All that it has written."""
        return "\n".join(self.lines)

    async def end(self) -> None:
        """Makes sure that it is gone."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await self._reading


@asynccontextmanager
async def herald_run(folder: Path, settings: Mapping[str, str], *, fresh: bool = True) -> AsyncIterator[BotProcess]:
    """Runs ``herald run`` until the end of the block.

    Args:
        folder: where it is started, and keeps its data.
        settings: its variables; those of this process do not reach it.
        fresh: starts the command itself; else forks what would run then from a process that has all imported.
    """
    outer = {key: value for key, value in os.environ.items() if not key.startswith(_OWN)}
    environment = {**outer, "HERALD_DATA_DIR": str(folder / "data"), **settings}
    bot = BotProcess(await (_command(folder, environment) if fresh else Forked.started(folder, environment)))
    try:
        yield bot
    finally:
        await bot.end()


async def _command(folder: Path, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("herald"),
        "run",
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def connected(bot: BotProcess, ready: Awaitable[object]) -> None:
    """Waits until a bot is connected, or fails at once where its process ends instead."""
    begun, ended = asyncio.ensure_future(ready), asyncio.create_task(bot.status(START + PATIENCE))
    await asyncio.wait([begun, ended], return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not begun.done():
        begun.cancel()
        raise AssertionError(f"the bot ended before it was ready; it wrote:\n{bot.output}")
    await begun
