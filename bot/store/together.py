"""What several processes share, over one database; while it is down each goes on by its own memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog

from bot.cooldown import Clock, Paces
from bot.errors import StoreDownError
from bot.links import Links
from bot.settings import Settings
from bot.shared import Shared, alone, paces_of
from bot.store.breaker import Breaker
from bot.store.claims import SharedClaims
from bot.store.contexts import SharedContexts
from bot.store.database import Database, address
from bot.store.links import SharedLinks
from bot.store.paces import SharedLimits
from bot.store.turns import SharedTurns

__all__ = ["Together", "open_shared"]

Id = TypeVar("Id", bound=Hashable)
_RENEW = 3.0  # seconds between two times that a process says what it is at; well below the lease
_PURGE = 60.0
_PROBE = 0.2


class Together:
    """What the processes that use one database share."""

    def __init__(
        self,
        breaker: Breaker,
        paces: Paces,
        clock: Clock = time.monotonic,
        renew: float = _RENEW,
        purge: float = _PURGE,
    ) -> None:
        self.claims = SharedClaims(breaker, clock)
        self.contexts = SharedContexts(breaker)
        self.limits = SharedLimits(breaker, paces, clock)
        self.turns = SharedTurns(breaker)
        self._breaker = breaker
        self._clock = clock
        self._every = ((_PROBE, self._probe), (renew, self.claims.renew), (purge, self._purge))
        self._links: list[SharedLinks[Any]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def links(self, platform: str, read: Callable[[str], Id]) -> Links[Id]:
        """What was posted where, by any of them."""
        made = SharedLinks(self._breaker, platform, read, self._clock)
        self._links.append(made)
        return made

    async def __aenter__(self) -> Self:
        """Makes sure of the schema where the database can be reached, and begins to keep up what is in it.

        Raises:
            StoreError: the schema is older, or newer, than this Herald; or the database will never be reached.
        """
        if await self._reached():
            await self._breaker.database.ready()
        self._tasks = [asyncio.create_task(_repeat(seconds, work)) for seconds, work in self._every]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Says once more what became of what was claimed, and closes the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.claims.renew()
        await self._breaker.close()
        with suppress(OSError, TimeoutError):
            await asyncio.wait_for(self._breaker.database.close(), 1.0)

    async def _reached(self) -> bool:
        """Whether the database answers now; a bot that is started while it doesn't answers all the same."""
        try:
            await self._breaker.database.revision()
        except StoreDownError as error:
            structlog.get_logger().warning(str(error))
            return False
        return True

    async def _probe(self) -> None:
        """Finds out that the database is back, and says at once what is held here."""
        if await self._breaker.probe():
            await self.claims.renew()

    async def _purge(self) -> None:
        parts = (self.claims.purge, self.contexts.purge, self.limits.purge, *(links.purge for links in self._links))
        for purge in parts:
            await purge()


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - it must go on, whatever it was
            structlog.get_logger().error("upkeep failed", error=type(error).__name__)


def open_shared(settings: Settings) -> Shared:
    """What this process shares with others: all over PostgreSQL, nothing over SQLite, which is for one process."""
    url = address(settings.database)
    if url.get_backend_name() != "postgresql":
        return alone(settings)
    return Together(Breaker(Database(url, ping=False)), paces_of(settings))
