"""What is under way: nothing new is taken while closing, and what was taken is finished."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

__all__ = ["PATIENCE", "Flight"]

PATIENCE = 10.0
"""Seconds that answers under way may take at the end."""


class Flight:
    """Counts the answers under way."""

    def __init__(self) -> None:
        self._under_way = 0
        self._landed = asyncio.Event()
        self._landed.set()
        self._closing = False
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def count(self) -> int:
        """How many are under way."""
        return self._under_way

    @property
    def closing(self) -> bool:
        """Whether no more is taken."""
        return self._closing

    def close(self) -> None:
        """Takes no more."""
        self._closing = True

    @contextmanager
    def aboard(self) -> Iterator[None]:
        """Something that is to be finished before closing."""
        self._under_way += 1
        self._landed.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._landed.set()

    def keep(self, task: asyncio.Task[Any]) -> None:
        """A task that is to be ended where it isn't done in time."""
        self._tasks.add(task)

    def forget(self, task: asyncio.Task[Any]) -> None:
        """It is done."""
        self._tasks.discard(task)

    async def abandon(self) -> None:
        """Ends what was not finished in time, and leaves it to other processes."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def landed(self) -> None:
        """Returns as soon as nothing is under way."""
        await self._landed.wait()

    async def drain(self, seconds: float) -> int:
        """Takes no more, waits for what is under way, and returns how much was not finished in time."""
        self.close()
        try:
            await asyncio.wait_for(self.landed(), seconds)
        except TimeoutError:
            return self._under_way
        return 0

    async def finish(self, platform: str) -> int:
        """As :meth:`drain`, for as long as the end of a platform may take; what is lost is ended, and in the log."""
        lost = await self.drain(PATIENCE)
        if lost:
            structlog.get_logger().warning("answers lost while closing", count=lost, platform=platform)
            await self.abandon()
        return lost
