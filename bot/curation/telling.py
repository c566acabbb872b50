"""Telling: once something that members wait for is in service, they are told, on whatever platforms run here."""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.beside import pause
from bot.cooldown import Clock
from bot.curation.waits import Notice, Tell, Waits
from bot.errors import StoreError
from bot.host import Host

__all__ = ["Telling"]

_GLANCE = 0.5  # seconds between looks at the version in service
_EVERY = 30.0  # seconds after which the store is asked anyway, for what failed or was left by another process


class Telling:
    """Watches for versions and has members told."""

    def __init__(self, waits: Waits, host: Host, clock: Clock = time.monotonic) -> None:
        self._waits = waits
        self._host = host
        self._clock = clock
        self._platforms: dict[str, Tell] = {}
        self._version = ""
        self._asked = 0.0

    def notify(self, platform: str, tell: Tell | None) -> None:
        """Has members of a platform told from now on; None ends that."""
        if tell is None:
            self._platforms.pop(platform, None)
        else:
            self._platforms[platform] = tell
            self._version = ""  # so that what waits since before is found at once

    async def run(self, stop: asyncio.Event) -> None:
        """Tells members until ``stop`` is set."""
        while not stop.is_set():
            if self._platforms and (self._host.knowledge.version != self._version or self._late()):
                self._version, self._asked = self._host.knowledge.version, self._clock()
                for platform, tell in tuple(self._platforms.items()):
                    await self.round(platform, tell, stop)
            await pause(stop, _GLANCE)

    async def round(self, platform: str, tell: Tell, stop: asyncio.Event | None = None) -> None:
        """Tells all that can be told on a platform now, or until ``stop`` is set."""
        stop = stop or asyncio.Event()
        try:
            while not stop.is_set() and (notices := await self._waits.due(platform)):
                for notice in notices:
                    if not stop.is_set() and await self._reached(notice, platform, tell):
                        await self._waits.told(notice)
        except StoreError:
            pass  # the writer says so already, and the next round comes

    async def _reached(self, notice: Notice, platform: str, tell: Tell) -> bool:
        try:
            reached = await tell(notice)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must be told
            structlog.get_logger().warning("telling failed", platform=platform, error=type(error).__name__)
            return False
        if not reached:
            structlog.get_logger().info("not told", platform=platform)
        return reached

    def _late(self) -> bool:
        return self._clock() - self._asked >= _EVERY
