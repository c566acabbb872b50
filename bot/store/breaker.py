"""The breaker: the shared database as answers use it, which never wait for it long, and go on without it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy import ColumnElement, Double, cast, extract, func, literal
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.errors import StoreDownError
from bot.store.database import FAILURES, Database

__all__ = ["PATIENCE", "SHAKY", "Breaker"]

PATIENCE = 0.5
"""Seconds that an answer waits for the database."""

SHAKY = 15.0
"""Seconds for which what others did while the database was down may not be in it yet."""

_PAUSE = 1.0  # seconds after a failure in which the database isn't asked again

_Result = TypeVar("_Result")


class Breaker:
    """One database and whether it answers, found out together by all that use it.

    Whoever meets a failure says so in the log, once; from then on everybody fails at once, but for one each second who
    tries. The first who succeeds says that it is back.

    Attributes:
        database: where it is.
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
        self._clock = clock
        self._now = now or (None if database.shared else time.time)
        self._patience = patience
        self._down = False
        self._changed = -math.inf
        self._next = -math.inf
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

    async def run(self, work: Callable[[AsyncConnection], Awaitable[_Result]]) -> _Result:
        """Does something within a transaction.

        Raises:
            StoreDownError: the database is down, or took too long.
        """
        if self._down and self._clock() < self._next:
            raise StoreDownError("The database is down")
        self._next = self._clock() + _PAUSE  # of those who come while it is down, one tries
        try:
            result = await self._in_time(self._within(work))
        except FAILURES as error:
            self._failed(error)
            raise StoreDownError(f"The database can't be used: {_why(error)}") from None
        self._succeeded()
        return result

    async def close(self) -> None:
        """Waits for what was given up, as far as it still goes on."""
        for late in self._late:
            late.cancel()
        if self._late:
            await asyncio.wait(self._late, timeout=self._patience)

    async def _within(self, work: Callable[[AsyncConnection], Awaitable[_Result]]) -> _Result:
        async with self.database.begin() as connection:
            return await work(connection)

    async def _in_time(self, working: Awaitable[_Result]) -> _Result:
        """The result, or a TimeoutError; what is late isn't awaited, as a connection that hangs is given up late."""
        task = asyncio.ensure_future(working)
        try:
            await asyncio.wait({task}, timeout=self._patience)
            if task.done():
                return task.result()
            raise TimeoutError(f"no answer within {self._patience:g} s")
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
        self._next = self._clock() + _PAUSE
        if not self._down:
            self._down, self._changed = True, self._clock()
            structlog.get_logger().warning("database down; going on without it", error=_why(error))

    def _succeeded(self) -> None:
        if self._down:
            seconds = round(self._clock() - self._changed, 1)
            self._down, self._changed = False, self._clock()
            structlog.get_logger().warning("database back", seconds=seconds)


def _why(error: BaseException) -> str:
    """The kind of an error: its words may hold what a member typed, as they name a statement's parameters."""
    cause = getattr(error, "orig", None)
    return type(getattr(cause, "__cause__", None) or cause or error).__name__
