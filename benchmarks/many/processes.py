"""The processes: started, watched, killed, and started again."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.adapters.process import START, BotProcess, herald_run

__all__ = ["Runner"]

_LOOK = 0.02  # seconds between two looks at what a process has written
_VERSION = re.compile(r"event=version .*?\bnumber=(\d+)")
_CONNECTED = "event=connected platform=slack"
_DOWN = 'event="database down'
_NOISE = "Future exception was never retrieved"  # of a connection that asyncpg was making when the server went
_WRONG = re.compile(r"level=(?:error|critical)|Traceback|exception was never retrieved")


@dataclass(eq=False)
class Runner:
    """One of the processes, in one life after the other.

    Attributes:
        up: since when this life answers, by ``time.perf_counter``; 0 while it doesn't.
        versions: when each version went into service in this life.
        wrong: lines that no process should write.
        outages: why it found the database down, each time.
        lives: how often it was started.
    """

    name: str
    folder: Path
    settings: Mapping[str, str]
    up: float = 0.0
    versions: dict[int, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    outages: list[str] = field(default_factory=list)
    lives: int = 0
    bot: BotProcess | None = None
    _kept: AsyncExitStack = field(default_factory=AsyncExitStack)
    _answers: asyncio.Event = field(default_factory=asyncio.Event)
    _watching: asyncio.Task[None] | None = None
    _traced: bool = False

    async def start(self) -> None:
        """Starts it."""
        self.folder.mkdir(exist_ok=True)
        self.versions, self.lives = {}, self.lives + 1
        self._answers.clear()
        self.bot = await self._kept.enter_async_context(herald_run(self.folder, self.settings))
        self._watching = asyncio.create_task(self._watch(self.bot))

    async def ready(self) -> None:
        """Waits until it answers.

        Raises:
            AssertionError: it takes too long, or has ended.
        """
        try:
            await asyncio.wait_for(self._answers.wait(), START)
        except TimeoutError:
            raise AssertionError(f"{self.name} isn't up; it wrote:\n{self.output}") from None

    async def kill(self) -> None:
        """Kills it at once."""
        assert self.bot
        self.bot.tell(signal.SIGKILL)
        self.up = 0.0
        await self._gone()

    async def end(self) -> bool:
        """Ends it; whether it ended as it should."""
        assert self.bot
        self.bot.tell(signal.SIGTERM)
        status = await self.bot.status()
        if status:
            print(f"{self.name} ended with {status}; it wrote:\n{self.output}")
        await self._gone()
        return status == 0

    @property
    def output(self) -> str:
        """The last that it wrote."""
        return "\n".join(list(self.bot.lines)[-20:]) if self.bot else ""

    async def _gone(self) -> None:
        await self._kept.aclose()
        if self._watching:
            await self._watching

    async def _watch(self, bot: BotProcess) -> None:
        """Notes when what happened, until the process ends."""
        seen = 0
        while True:
            over, lines = bot.ended, list(bot.lines)
            for line in lines[seen:]:
                self._heard(line, bot)
            seen = len(lines)
            if over:
                return
            await asyncio.sleep(_LOOK)

    def _heard(self, line: str, bot: BotProcess) -> None:
        if found := _VERSION.search(line):
            self.versions.setdefault(int(found[1]), time.perf_counter())
        if _CONNECTED in line and not bot.ended:
            self.up = time.perf_counter()
            self._answers.set()
        if _DOWN in line:
            self.outages.append(line.rpartition("error=")[2])
        if line.startswith("timestamp="):
            self._traced = False
        if self._traced or (_WRONG.search(line) and _NOISE not in line):
            self._traced = self._traced or line.startswith("Traceback")
            self.wrong.append(f"{self.name}: {line}")
