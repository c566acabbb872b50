"""Claims: what is delivered more than once is answered once, by whoever claims it first."""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.cooldown import Clock
from bot.flight import Flight

__all__ = ["KEPT", "LEASE", "Claim", "Claims", "Job", "MemoryClaims", "fresh_tally", "keep_once", "sweep"]

KEPT = 25 * 60 * 60.0
"""Seconds that a claim holds at least: longer than any platform delivers an event again."""

LEASE = 10.0
"""Seconds after which what a process holds may be taken over, unless it says that it is still at it."""

_LOOK = 1.0  # seconds between two looks for what others left
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """What another process needs to know to answer; kept until it is answered, and no longer.

    Attributes:
        payload: fit for JSON.
    """

    platform: str
    payload: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Claim:
    """Something that was delivered, and is to be served once.

    Attributes:
        key: names it, however often it is delivered.
        job: lets another process serve it if this one dies over it; None where only this one can.
        tries: how many processes have taken it, with this one; 0 before.
        message: what was posted, once it is.
        unsure: whether it was taken while it could not be known what others do.
        untold: whether there are others, and they don't know that it was taken: it would be lost with this process.
        lost: whether another has taken it over since.
        lease: until when none does, by ``clock``.
    """

    key: str
    job: Job | None = None
    tries: int = 0
    message: str = ""
    unsure: bool = False
    untold: bool = False
    lost: bool = False
    lease: float = math.inf
    clock: Clock = time.monotonic

    @property
    def digest(self) -> bytes:
        """The key as it is kept."""
        return hashlib.blake2b(self.key.encode("utf-8", "replace"), digest_size=16).digest()

    @property
    def doubt(self) -> bool:
        """Whether another may have answered it already: look before posting."""
        return self.unsure or self.lost or self.tries > 1 or self.clock() > self.lease


class Claims(Protocol):
    """Who answers what; a store may share it between processes."""

    @property
    def tally(self) -> Mapping[str, int]:
        """How many were ``taken``, ``taken_over`` from a process that died, and ``lost`` to one since the start."""

    async def take(self, claim: Claim) -> bool:
        """Whether the caller is the one to serve it; then it must settle, release or leave it."""

    async def settle(self, claim: Claim) -> None:
        """It is served, and never is again; its job is forgotten at once."""

    async def release(self, claim: Claim) -> None:
        """Gives it back, as the work failed before anything was posted: it is served if it is delivered again."""

    async def leave(self, claim: Claim) -> None:
        """Leaves it to another process, as this one ends before it is served."""

    async def stranded(self, platform: str) -> Sequence[Job]:
        """What processes left or died over, the oldest first; each is the caller's only once it is taken."""


class MemoryClaims:
    """The claims of one process, which go with it; beyond a million the oldest are forgotten."""

    def __init__(self, clock: Clock = time.monotonic, kept: float = KEPT, most: int = _MOST) -> None:
        self._clock = clock
        self._kept = kept
        self._most = most
        self._taken: OrderedDict[bytes, tuple[float, Claim | None]] = OrderedDict()
        self.tally = fresh_tally()

    async def take(self, claim: Claim) -> bool:
        """Whether the caller is the first."""
        digest, now = claim.digest, self._clock()
        self._forget(now)
        if digest in self._taken:
            return False
        self._taken[digest] = now, claim
        claim.tries += 1
        self.tally["taken"] += 1
        return True

    async def settle(self, claim: Claim) -> None:
        """Remembers only that it was there."""
        if self._holds(claim):
            self._taken[claim.digest] = self._taken[claim.digest][0], None

    async def release(self, claim: Claim) -> None:
        """Gives a claim back that nothing was posted for."""
        if claim.message:
            await self.settle(claim)
        elif self._holds(claim):
            del self._taken[claim.digest]

    async def leave(self, claim: Claim) -> None:
        """The same, as there is no other process."""
        await self.release(claim)

    async def stranded(self, platform: str) -> Sequence[Job]:
        """Nothing: a process that dies takes its claims along."""
        del platform
        return ()

    def _holds(self, claim: Claim) -> bool:
        return self._taken.get(claim.digest, (0.0, None))[1] is claim

    def _forget(self, now: float) -> None:
        while self._taken:
            at, _ = next(iter(self._taken.values()))
            if now - at <= self._kept and len(self._taken) < self._most:
                return
            self._taken.popitem(last=False)


def fresh_tally() -> dict[str, int]:
    """Of a process that has claimed nothing yet."""
    return dict.fromkeys(("taken", "taken_over", "lost"), 0)


async def keep_once(claims: Claims, claim: Claim, work: Callable[[], Awaitable[bool]]) -> None:
    """Does the work of a claim that was taken, and lets go of it by how that ends.

    Args:
        work: whether it was done.
    """
    try:
        done = await work()
    except asyncio.CancelledError:
        await claims.leave(claim)
        raise
    except Exception:  # else it would be renewed for as long as this process lives, and nobody could serve it
        await claims.release(claim)
        raise
    if done:
        await claims.settle(claim)
    else:
        await claims.release(claim)


async def sweep(
    claims: Claims,
    platform: str,
    flight: Flight,
    serve: Callable[[Mapping[str, Any]], Awaitable[None]],
    pause: float = _LOOK,
) -> None:
    """Serves what other processes left or died over, until it is cancelled or the flight is closing.

    Args:
        serve: serves a job's payload as if it were delivered anew, and so takes it, or finds it taken.
    """

    async def one(job: Job) -> None:
        try:
            await serve(job.payload)
        except Exception as error:  # noqa: BLE001 - one that can't be read must not keep others waiting
            structlog.get_logger().error("can't take over", platform=platform, error=type(error).__name__)

    while not flight.closing:
        await asyncio.sleep(pause)
        for job in await claims.stranded(platform):
            await one(job)
