"""Ids as Discord makes them: 64 bits with the milliseconds since 2015 in the upper ones, always growing."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["Snowflakes", "moment"]

_EPOCH = 1_420_070_400_000
_SHIFT = 22


class Snowflakes:
    """Gives out ids, none twice."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """An id greater than every one before."""
        self._last = max(self._last + 1, (int(time.time() * 1000) - _EPOCH) << _SHIFT)
        return self._last

    def on_shard(self, shard: int, count: int) -> int:
        """An id of a guild that is served by shard ``shard`` of ``count``."""
        found = self.next()
        while (found >> _SHIFT) % count != shard:
            found += 1 << _SHIFT
        self._last = found
        return found


def moment(snowflake: int) -> str:
    """When an id was given out, as Discord writes times."""
    return datetime.fromtimestamp(((snowflake >> _SHIFT) + _EPOCH) / 1000, UTC).isoformat()
