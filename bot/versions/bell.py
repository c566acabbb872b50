"""The bell: rings when another process may have put a version into service."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import in_words
from bot.store.database import FAILURES, Database

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

    def ring(self) -> None:
        """Rings."""
        self._rung.set()

    async def wait(self) -> None:
        """Returns when it rings, at once where it has rung since the last time."""
        try:
            async with asyncio.timeout(self.poll):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()

    async def listen(self) -> None:
        """Listens for notifications on a connection of its own, for ever; returns at once where there are none."""
        lost = False
        while self._database.shared:
            try:
                await self._listen()
            except FAILURES as error:
                if not lost:
                    structlog.get_logger().warning("not listening for versions", error=in_words(error))
                lost = True
                await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        """Listens until the connection is lost.

        Raises:
            any of FAILURES.
        """
        arguments = {"timeout": _SECONDS, "command_timeout": _SECONDS}
        engine = create_async_engine(self._database.url, poolclass=NullPool, connect_args=arguments)
        try:
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver
                await self._hear(driver)
        finally:
            await engine.dispose()

    async def _hear(self, driver: object) -> None: ...
