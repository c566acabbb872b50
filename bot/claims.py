"""Claims: what is delivered more than once is answered once, by whoever claims it first."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from typing import Protocol

from bot.cooldown import Clock

__all__ = ["KEPT", "Claims", "MemoryClaims"]

KEPT = 25 * 60 * 60.0
"""Seconds that a claim holds at least: longer than any platform delivers an event again."""

_MOST = 1_000_000


class Claims(Protocol):
    """Who answers what; a store may share it between processes."""

    async def claim(self, key: str) -> bool:
        """Whether the caller is the first to claim this, and so the one to answer."""

    async def release(self, key: str) -> None:
        """Gives a claim back, as the work failed before anything was said."""


class MemoryClaims:
    """The claims of one process; beyond a million the oldest are forgotten."""

    def __init__(self, clock: Clock = time.monotonic, kept: float = KEPT, most: int = _MOST) -> None:
        self._clock = clock
        self._kept = kept
        self._most = most
        self._held: OrderedDict[bytes, float] = OrderedDict()

    async def claim(self, key: str) -> bool:
        """Whether the caller is the first."""
        digest, now = _digest(key), self._clock()
        self._forget(now)
        if digest in self._held:
            return False
        self._held[digest] = now
        return True

    async def release(self, key: str) -> None:
        """Gives a claim back."""
        self._held.pop(_digest(key), None)

    def _forget(self, now: float) -> None:
        while self._held:
            at = next(iter(self._held.values()))
            if now - at <= self._kept and len(self._held) < self._most:
                return
            self._held.popitem(last=False)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
