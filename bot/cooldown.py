"""Cooldowns: how many questions a member, and a channel, may ask in a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

__all__ = ["MOST", "Clock", "Limits", "Pace", "Refusal"]

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


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    refused: bool = False


class _Buckets:
    """A token bucket for each key. One that has filled up again is as good as none, so that forgetting is safe."""

    def __init__(self, pace: Pace, most: int) -> None:
        self._pace = pace
        self._most = most
        self._held: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def filled(self, key: Hashable, now: float) -> _Bucket:
        """The bucket as it is now."""
        bucket = self._held.get(key) or _Bucket(self._pace.questions, now)
        gained = (now - bucket.at) * self._pace.questions / self._pace.seconds
        bucket.tokens, bucket.at = min(bucket.tokens + gained, self._pace.questions), now
        self._held[key] = bucket
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return bucket

    def wait(self, bucket: _Bucket) -> float:
        """Seconds until a bucket holds a whole token."""
        return max(1 - bucket.tokens, 0.0) * self._pace.seconds / self._pace.questions


class Limits:
    """The cooldowns of members and of channels together; safe to share between threads."""

    def __init__(self, member: Pace, channel: Pace, clock: Clock = time.monotonic, most: int = MOST) -> None:
        self._members, self._channels = _Buckets(member, most), _Buckets(channel, most)
        self._clock = clock
        self._lock = Lock()

    def take(self, member: Hashable, channel: Hashable) -> Refusal | None:
        """Counts a question; None where it may be asked. One that is refused costs nothing."""
        with self._lock:
            now = self._clock()
            asked, place = self._members.filled(member, now), self._channels.filled(channel, now)
            wait = max(self._members.wait(asked), self._channels.wait(place))
            if wait > _NOTHING:
                full = place if self._channels.wait(place) > _NOTHING else asked
                first, full.refused = not full.refused, True
                return Refusal(wait, first)
            for bucket in (asked, place):
                bucket.tokens -= 1
                bucket.refused = False
            return None
