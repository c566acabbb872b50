"""Whether Herald is alive, and whether it is ready: the event loop, and how long ago each platform was heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from bot.cooldown import Clock

__all__ = ["LAG", "SILENCE", "Connection", "Health", "Look"]

SILENCE = 300.0
"""Seconds for which a platform may say nothing at all before Herald counts as hung: both answer pings every minute."""

LAG = 30.0
"""Seconds by which the event loop may be late before Herald counts as hung."""

_BEAT = 1.0  # seconds between two looks at the event loop


@dataclass(frozen=True, slots=True)
class Connection:
    """How the connection to a platform is.

    Attributes:
        silent: seconds since the platform was heard; None where it only speaks when it is spoken to, as by HTTP.
    """

    connected: bool
    silent: float | None = None


Look = Callable[[], Connection]
Sleep = Callable[[float], Awaitable[None]]


class Health:
    """What is known of a process's health; to be used in one event loop.

    Attributes:
        draining: whether Herald is closing.
        lag: seconds by which the event loop was late when it was looked at last.
    """

    def __init__(self, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self.draining = False
        self.lag = 0.0
        self._clock = clock
        self._sleep = sleep
        self._expected: frozenset[str] = frozenset()
        self._looks: dict[str, Look] = {}
        self._beaten: float | None = None

    def expect(self, platforms: Collection[str]) -> None:
        """Isn't ready before all of these are connected."""
        self._expected = frozenset(platforms)

    def watch(self, platform: str, look: Look) -> None:
        """Asks ``look`` for a platform's connection from now on."""
        self._looks[platform] = look

    async def beat(self) -> None:
        """Measures how late the event loop is; goes on until it is cancelled."""
        while True:
            due = self._clock() + _BEAT
            await self._sleep(_BEAT)
            self.lag, self._beaten = max(self._clock() - due, 0.0), self._clock()

    def connections(self) -> Mapping[str, Connection]:
        """Each platform's connection now; one that did not come so far isn't connected."""
        missing = {name: Connection(connected=False) for name in self._expected - self._looks.keys()}
        return {**missing, **{name: look() for name, look in self._looks.items()}}

    def hung(self) -> list[str]:
        """Why the process should be started anew; empty where all is well."""
        found = [f"the event loop is {self.lag:.0f} s late"] if self._late() else []
        for name, connection in self.connections().items():
            if connection.silent is not None and connection.silent > SILENCE:
                found.append(f"{name} was not heard for {connection.silent:.0f} s")
        return found

    def unready(self) -> list[str]:
        """Why nothing should be sent here now; empty where all is well."""
        if self.draining:
            return ["closing"]
        away = [name for name, connection in self.connections().items() if not connection.connected]
        return [f"{name} is not connected" for name in sorted(away)]

    def _late(self) -> bool:
        since = self._clock() - self._beaten - _BEAT if self._beaten is not None else 0.0
        return max(self.lag, since) > LAG
