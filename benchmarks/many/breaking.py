"""What goes wrong meanwhile: a process is killed every ten seconds, and PostgreSQL is restarted once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.many.processes import Runner
from benchmarks.many.stage import Stage
from tests.faults import Fault

__all__ = ["Breakage"]

_EVERY = 10.0
_FIRST = 4.0
_HELD = 0.4  # seconds for which no answer gets out before a kill, so that it falls between claim and post


@dataclass
class Breakage:
    """What went wrong.

    Attributes:
        kills: when a process was killed, by ``time.perf_counter``.
        down: seconds for which PostgreSQL was away.
    """

    stage: Stage
    kills: list[float] = field(default_factory=list)
    down: float = 0.0

    async def kill(self, until: float) -> None:
        """Kills one process after the other, and starts each again at once."""
        due = time.perf_counter() + _FIRST
        for runner in itertools.cycle(self.stage.runners):
            if due >= until:
                return
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            await self._kill(runner, applied=len(self.kills) % 2 == 0)
            await runner.start()
            await runner.ready()
            await self.stage.connected()
            due += _EVERY

    async def restart(self, at: float) -> None:
        """Stops PostgreSQL and starts it again."""
        await asyncio.sleep(max(at - time.perf_counter(), 0))
        began = time.perf_counter()
        await asyncio.to_thread(self.stage.database.stop)
        await asyncio.to_thread(self.stage.database.start)
        self.down = time.perf_counter() - began

    async def _kill(self, runner: Runner, *, applied: bool) -> None:
        """Kills a process while answers are on their way.

        Args:
            applied: whether the platforms take these answers though nobody is there to hear so, or lose them.
        """
        with self._held(applied=applied):
            await asyncio.sleep(_HELD)
            self.kills.append(time.perf_counter())
            await runner.kill()

    @contextmanager
    def _held(self, *, applied: bool) -> Iterator[None]:
        over, many = asyncio.Event(), 1000
        fault = Fault(-1 if applied else 0, until=over)
        self.stage.discord.rest.faults.plan("POST", r"/channels/\d+/messages", fault, many)
        self.stage.slack.api.faults.plan(r"chat\.postMessage", fault, many)
        try:
            yield
        finally:
            over.set()
            self.stage.discord.rest.faults.forget()
            self.stage.slack.api.faults.forget()
