"""The bell: rings when another process may have put a version into service."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import in_words
from bot.store.database import Database
from bot.versions.rows import CHANNEL

__all__ = ["Bell"]

_SECONDS = 5.0  # that connecting and a statement may take
_PAUSE = 1.0  # seconds before a lost connection is made anew
_POLL_SHARED = 30.0  # seconds, where notifications tell what is new and looking is for those that were missed
_POLL_ALONE = 2.0  # seconds, where looking is all there is: in SQLite, of another command in the terminal


class Bell:
    """Rings for PostgreSQL's notifications, after each connection that was lost, and every so often.

    Attributes:
        poll: seconds after which it rings by itself.
    """

    def __init__(self, database: Database, poll: float | None = None) -> None:
        self.poll = poll or (_POLL_SHARED if database.shared else _POLL_ALONE)
        self._database = database
        self._rung = asyncio.Event()
        self._listening: bool | None = None

    def ring(self) -> None:
        """Rings."""
        self._rung.set()

    async def wait(self) -> None:
        """Returns when it rings, at once where it has rung since the last time."""
        await _within(self._rung.wait(), self.poll)
        self._rung.clear()

    async def listen(self) -> None:
        """Listens for notifications on a connection of its own, for ever; returns at once where there are none."""
        while self._database.shared:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - whatever it is: looking goes on, and it is tried again
                if self._listening is not False:
                    structlog.get_logger().warning("not listening for versions", error=in_words(error))
                self._listening = False
                await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        """Listens until the connection is lost, and then raises any of what that means."""
        arguments = {"timeout": _SECONDS, "command_timeout": _SECONDS}
        engine = create_async_engine(self._database.url, poolclass=NullPool, connect_args=arguments)
        try:
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver
                await self._hear(driver)
        finally:
            await engine.dispose()

    async def _hear(self, driver: Any) -> None:
        closed = asyncio.Event()
        driver.add_termination_listener(lambda *_: closed.set())
        await driver.add_listener(CHANNEL, lambda *_: self.ring())
        if self._listening is False:
            structlog.get_logger().info("listening for versions again")
        self._listening = True
        self.ring()  # what came before was not heard
        while not closed.is_set():
            await _within(closed.wait(), self.poll)
            if not closed.is_set():
                await driver.execute("SELECT 1")  # a connection may be gone without a word
        raise ConnectionError("the connection was closed")


async def _within(what: Coroutine[Any, Any, Any], seconds: float) -> None:
    """Waits for something, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(what, seconds)
