"""Ids and times as Slack writes them: a letter with capitals and digits, and seconds with six decimals."""

from __future__ import annotations

import itertools
import time

__all__ = ["Ids"]

_STEP = 1e-6


class Ids:
    """Gives out ids and message times, none twice; a later time is a greater string."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._last = 0.0

    def new(self, kind: str) -> str:
        """An id of such a kind: "U" for users, "C" for channels, "V" for views ..."""
        return f"{kind}0{next(self._numbers):09X}"

    def ts(self) -> str:
        """The time of a message, which is its id in its channel."""
        self._last = max(self._last + _STEP, time.time())
        return f"{self._last:.6f}"
