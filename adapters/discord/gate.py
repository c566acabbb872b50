"""The identify gate: of all processes of a bot, one shard of each bucket may identify every five seconds."""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiohttp
import discord

from bot.errors import StoreError
from bot.shared import Turns

__all__ = ["FileGate", "IdentifyGate", "SharedGate", "StartLimit"]

_PAUSE = 5.0  # seconds between two


class IdentifyGate(Protocol):
    """Lets shards identify one after the other; another one may share its turns over a database."""

    async def wait(self, shard: int) -> None:
        """Returns when this shard may identify."""


class FileGate:
    """Takes turns with the other processes of this machine, by a file."""

    def __init__(self, path: Path, pause: float = _PAUSE, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._pause = pause
        self._clock = clock

    async def wait(self, shard: int) -> None:
        """Waits for the next turn; where the file can't be written, no longer than a pause."""
        del shard
        try:
            seconds = self.reserve()
        except (OSError, ValueError):
            seconds = self._pause
        await asyncio.sleep(seconds)

    def reserve(self) -> float:
        """Takes the next turn, and tells in how many seconds it is."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file
            file.seek(0)
            now = self._clock()
            # A turn far ahead is of a clock that was set back since.
            last = min(float(file.read() or 0), now + 1000 * self._pause)
            turn = max(now, last + self._pause)
            file.truncate(0)
            file.write(repr(turn))
        return turn - now


@dataclass(frozen=True, slots=True)
class StartLimit:
    """What Discord allows a bot, by the id of its application: so many shards at once, each of another bucket."""

    application: int
    buckets: int


class SharedGate:
    """Takes turns with the processes of all machines, over what they share; of each bucket one at a time."""

    def __init__(
        self, turns: Turns, limit: Callable[[], Awaitable[StartLimit]], here: IdentifyGate, pause: float = _PAUSE
    ) -> None:
        """Takes the gate that does while nothing can be shared."""
        self._turns = turns
        self._limit = limit
        self._here = here
        self._pause = pause
        self._known: StartLimit | None = None

    async def wait(self, shard: int) -> None:
        """Waits for the next turn of the shard's bucket."""
        try:
            self._known = self._known or await self._limit()
            bucket = shard % self._known.buckets
            seconds = await self._turns.reserve(f"identify:{self._known.application}:{bucket}", self._pause)
        except (StoreError, discord.DiscordException, aiohttp.ClientError, OSError):
            await self._here.wait(shard)
        else:
            await asyncio.sleep(seconds)
