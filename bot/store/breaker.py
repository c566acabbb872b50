"""The breaker: the shared database as answers use it, which never wait for it long, and go on without it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, TypeVar

import structlog
from sqlalchemy import ColumnElement, Double, Executable, Row, cast, extract, func, literal, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.errors import StoreDownError
from bot.store.database import FAILURES, Database

__all__ = ["PATIENCE", "SHAKY", "Breaker"]

PATIENCE = 0.5
"""Seconds that an answer waits for the database."""

SHAKY = 15.0
"""Seconds for which what others did while the database was down may not be in it yet."""

_GRACE = 0.05  # seconds
_MISSES = 3
_RESTART = 3.0  # seconds that a restart of the database may take; until then it is looked for more often
_PAUSE = 1.0  # seconds between two looks after that

_Result = TypeVar("_Result")
_Work = Callable[[AsyncConnection], Awaitable[_Result]]
_Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Breaker:
    """One database and whether it answers, found out together by all that use it.

    Whoever meets a failure says so in the log, once; from then on everybody fails at once, until :meth:`probe` finds
    that it is back.

    Attributes:
        database: where it is.
        outage: seconds that it was down the last time.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock = time.monotonic,
        now: Callable[[], float] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Takes the time from the database, whose clock all processes share.

        Args:
            clock: for how long something has been.
            now: the time of the rows, in place of the database's.
        """
        self.database = database
        self.outage = 0.0
        self._clock = clock
        self._now = now or (None if database.shared else time.time)
        self._patience = patience
        self._down = self._refuses = False
        self._back = asyncio.Event()
        self._changed = -math.inf
        self._next = -math.inf
        self._misses = 0
        self._late: set[asyncio.Future[Any]] = set()

    @property
    def up_for(self) -> float:
        """Seconds since the database came back; 0 while it is down."""
        return 0.0 if self._down else self._clock() - self._changed

    @property
    def now(self) -> ColumnElement[float]:
        """The time for statements, in seconds since 1970."""
        if self._now:
            return literal(self._now(), Double)
        return cast(extract("epoch", func.clock_timestamp()), Double)

    async def rows(self, statement: Executable, patience: float | None = None) -> Sequence[Row[Any]]:
        """What one statement returns, which is a transaction by itself: once there and back.

        Args:
            patience: seconds to wait where it is worth more than usual.

        Raises:
            StoreDownError: the database is down, or took too long.
        """

        async def execute(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(statement)).all()

        return await self._do(execute, self.database.single, patience)

    async def count(self, statement: Executable) -> int:
        """How many rows one statement changes; otherwise as :meth:`rows`."""

        async def execute(connection: AsyncConnection) -> int:
            return (await connection.execute(statement)).rowcount

        return await self._do(execute, self.database.single)

    async def run(
        self, work: Callable[[AsyncConnection], Awaitable[_Result]], patience: float | None = None
    ) -> _Result:
        """Does something within a transaction; otherwise as :meth:`rows`."""
        return await self._do(work, self.database.begin, patience)

    async def _do(self, work: _Work[_Result], connect: _Connect, patience: float | None = None) -> _Result:
        if self._down:
            raise StoreDownError("The database is down")
        try:
            result = await self._in_time(self._tried(work, connect), patience or self._patience)
        except FAILURES as error:
            self._failed(error)
            raise StoreDownError(f"The database can't be used: {_why(error)}") from None
        self._succeeded()
        return result

    async def probe(self) -> bool:
        """Looks now and then whether it is back; whether it is, just now."""
        if not self._down or self._clock() < self._next:
            return False
        try:
            await self._in_time(self._tried(_look, self.database.single), self._patience)
        except FAILURES as error:
            self._failed(error)
            return False
        self._succeeded()
        return True

    async def recovered(self, seconds: float) -> bool:
        """Whether it refused, and is back so many seconds at most after it went; waits for that."""
        left = self._changed + seconds - self._clock()
        if not self._down or not self._refuses or left <= 0:
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._back.wait(), left)
        return not self._down

    async def close(self) -> None:
        """Waits for what was given up, as far as it still goes on."""
        for late in self._late:
            late.cancel()
        if self._late:
            await asyncio.wait(self._late, timeout=self._patience)

    async def _tried(self, work: _Work[_Result], connect: _Connect) -> _Result:
        """Once more where the connection was an old one, as after a restart of the database."""
        try:
            return await _within(work, connect)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await _within(work, connect)

    async def _in_time(self, working: Awaitable[_Result], patience: float) -> _Result:
        """The result, or a TimeoutError; what is late isn't awaited, as a connection that hangs is given up late."""
        task = asyncio.ensure_future(working)
        try:
            for seconds in (patience, _GRACE):  # twice, as an answer may be there and only not read yet
                await asyncio.wait({task}, timeout=seconds)
                if task.done():
                    return task.result()
            raise TimeoutError
        finally:
            if not task.done():
                self._give_up(task)

    def _give_up(self, task: asyncio.Future[_Result]) -> None:
        task.cancel()
        self._late.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._late.discard(task)
        if not task.cancelled():
            task.exception()  # known already

    def _failed(self, error: Exception) -> None:
        """It is down where it refuses, or is late several times in a row; now and then it may be."""
        self._misses += 1
        self._next = self._clock() + (_PAUSE if self._down and self._clock() > self._changed + _RESTART else 0.0)
        if not self._down and (self._misses >= _MISSES or not isinstance(error, TimeoutError)):
            self._down, self._changed = True, self._clock()
            self._refuses = not isinstance(error, TimeoutError)
            self._back.clear()
            structlog.get_logger().warning("database down; going on without it", error=_why(error))

    def _succeeded(self) -> None:
        self._misses = 0
        if self._down:
            self.outage = self._clock() - self._changed
            self._down, self._changed = False, self._clock()
            self._back.set()
            structlog.get_logger().warning("database back", seconds=round(self.outage, 1))


async def _look(connection: AsyncConnection) -> None:
    await connection.execute(select(1))


async def _within(work: _Work[_Result], connect: _Connect) -> _Result:
    async with connect() as connection:
        return await work(connection)


def _why(error: BaseException) -> str:
    """The kind of an error: its words may hold what a member typed, as they name a statement's parameters."""
    cause = getattr(error, "orig", None)
    return type(getattr(cause, "__cause__", None) or cause or error).__name__
