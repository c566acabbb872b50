"""Writing that keeps nobody waiting: what is to be written queues in memory, and one task writes it in batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, unwritable

__all__ = ["MOST", "Work", "Writer"]

Work = Callable[[AsyncConnection], Awaitable[object]]
"""Writes something within a transaction. It may run again after a connection was lost while it was being committed, so
that doing it twice must be the same as doing it once."""

MOST = 10_000
_BATCH = 200
_TRIES = 3  # of work that fails though the store is there
_FIRST, _LAST = 0.25, 15.0  # seconds between tries while the store is down
_PATIENCE = 5.0


class Writer:
    """Writes in the background, in the order in which work was put in; for one event loop.

    While the store is down, or takes no writes as with a full disk, the work waits, and the oldest is dropped where it
    becomes too much. Work that the store refuses is dropped by itself, so that it holds up nothing else.

    Attributes:
        dropped: how much was lost, by either way.
    """

    def __init__(self, database: Database, most: int = MOST) -> None:
        """Makes a writer that only queues until it is started.

        Args:
            most: how much may wait.
        """
        self.dropped = 0
        self._database = database
        self._most = most
        self._queue: deque[Work] = deque()
        self._unwritten = 0
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._closing = asyncio.Event()
        self._down = False
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How much isn't written yet."""
        return len(self._queue) + self._unwritten

    def put(self, work: Work) -> None:
        """Has something written soon."""
        if len(self._queue) >= self._most:
            self._queue.popleft()
            self.dropped += 1
        self._queue.append(work)
        self._idle.clear()
        self._news.set()

    def start(self) -> None:
        """Begins to write."""
        self._task = asyncio.create_task(self._run(), name="herald-writer")

    async def flushed(self) -> None:
        """Waits until all that was put in is written, or dropped."""
        if self.waiting:
            await self._idle.wait()

    async def close(self, patience: float = _PATIENCE) -> None:
        """Writes what still waits, for so many seconds at most, and ends."""
        self._closing.set()
        if self._task is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.flushed(), patience)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if self.waiting:
            structlog.get_logger().error("ended before all was written", lost=self.waiting)

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            while self._queue:
                batch = [self._queue.popleft() for _ in range(min(_BATCH, len(self._queue)))]
                self._unwritten = len(batch)
                await self._persist(batch)
            self._news.clear()
            self._idle.set()

    async def _persist(self, batch: Sequence[Work]) -> None:
        """Writes a batch, or each of it by itself where something in it is refused; waits while the store is down."""
        pause, refused = _FIRST, 0
        while error := await self._failure(batch):
            if unwritable(error) or await self._failure((_probe,)):
                self._note_down(error)
                await self._rest(pause)
                pause = min(2 * pause, _LAST)
            elif len(batch) > 1:
                for work in batch:
                    await self._persist((work,))
                return
            elif (refused := refused + 1) == _TRIES:
                self._drop(error)
                return
            else:
                await self._rest(_FIRST)
        self._unwritten -= len(batch)
        self._note_back()

    def _drop(self, error: Exception) -> None:
        self._unwritten -= 1
        self.dropped += 1
        # The error's own words may hold what was to be written.
        structlog.get_logger().error("the store refuses a write", error=type(error).__name__)

    async def _failure(self, batch: Sequence[Work]) -> Exception | None:
        """Writes a batch in one transaction; what went wrong, which left nothing written."""
        try:
            async with self._database.begin() as connection:
                for work in batch:
                    await work(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next work must be written
            return error
        return None

    async def _rest(self, seconds: float) -> None:
        """Waits; not as long at the end."""
        if self._closing.is_set():
            await asyncio.sleep(_FIRST)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    def _note_down(self, error: Exception) -> None:
        if not self._down:
            self._down = True
            structlog.get_logger().warning("store down", waiting=self.waiting, error=type(error).__name__)

    def _note_back(self) -> None:
        if self._down:
            self._down = False
            structlog.get_logger().warning("store back", waiting=self.waiting, dropped=self.dropped)


async def _probe(connection: AsyncConnection) -> None:
    await connection.execute(select(1))
