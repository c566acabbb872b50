"""Cooldowns: how many questions a member, and a channel, may ask in a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["MOST", "Bucket", "Clock", "Cooldowns", "Limits", "Pace", "Paces", "Refusal"]

MOST = 10_000
"""Members, or channels, that are kept in mind; those asked least recently are forgotten."""

Clock = Callable[[], float]
"""Seconds that only go forward."""

_NOTHING = 1e-6  # seconds; what is left by rounding


@dataclass(frozen=True, slots=True)
class Pace:
    """So many questions in so many seconds; they come back evenly, one at a time."""

    questions: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that came too soon.

    Attributes:
        wait: seconds until the next one is taken.
        first: whether this is the first refusal since a question was last taken, of the member, or of anybody in the
            channel where that is full: say so once, then keep still.
    """

    wait: float
    first: bool


class Cooldowns(Protocol):
    """Who may ask now; processes may share them."""

    async def take(self, member: Hashable, channel: Hashable) -> Refusal | None:
        """Counts a question; None where it may be asked. One that is refused costs nothing."""


@dataclass(slots=True)
class Bucket:
    """The questions that a member, or a channel, has left.

    Attributes:
        at: when it was so.
        refused: whether a question was refused since one was last taken.
    """

    tokens: float
    at: float
    refused: bool = False

    def fill(self, pace: Pace, now: float) -> None:
        """What has come back since. One that is full is as good as none, so that forgetting is safe."""
        gained = max(now - self.at, 0.0) * pace.questions / pace.seconds
        self.tokens, self.at = min(self.tokens + gained, pace.questions), now

    def wait(self, pace: Pace) -> float:
        """Seconds until it holds a whole token."""
        return max(1 - self.tokens, 0.0) * pace.seconds / pace.questions


@dataclass(frozen=True, slots=True)
class Paces:
    """The cooldowns of members and of channels together."""

    member: Pace
    channel: Pace

    def take(self, asked: Bucket, place: Bucket, now: float) -> Refusal | None:
        """Takes a token of both, or of none where one is empty."""
        asked.fill(self.member, now)
        place.fill(self.channel, now)
        wait = max(asked.wait(self.member), place.wait(self.channel))
        if wait > _NOTHING:
            full = place if place.wait(self.channel) > _NOTHING else asked
            first, full.refused = not full.refused, True
            return Refusal(wait, first)
        for bucket in (asked, place):
            bucket.tokens -= 1
            bucket.refused = False
        return None


class _Buckets:
    """A bucket for each key, bounded."""

    def __init__(self, pace: Pace, most: int) -> None:
        self._pace = pace
        self._most = most
        self._held: OrderedDict[Hashable, Bucket] = OrderedDict()

    def get(self, key: Hashable, now: float) -> Bucket:
        """The bucket of a key, which is asked now."""
        bucket = self._held.setdefault(key, Bucket(self._pace.questions, now))
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return bucket


class Limits:
    """The cooldowns of one process."""

    def __init__(self, paces: Paces, clock: Clock = time.monotonic, most: int = MOST) -> None:
        self._paces = paces
        self._members, self._channels = _Buckets(paces.member, most), _Buckets(paces.channel, most)
        self._clock = clock

    async def take(self, member: Hashable, channel: Hashable) -> Refusal | None:
        """Counts a question; None where it may be asked."""
        now = self._clock()
        return self._paces.take(self._members.get(member, now), self._channels.get(channel, now), now)
