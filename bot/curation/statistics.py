"""Statistics: what was asked in the last days, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Day", "Statistics", "Stats", "render"]


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day (UTC) by what came of them."""

    day: date
    answered: int
    offered: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The last days.

    Attributes:
        days: each of them, the oldest first, also those on which nothing was asked.
        entries: the questions of the entries that answered most often, each with how often.
        unknown: the questions that weren't answered most often, each with how often; empty where none are kept.
        up, down: votes.
        waiting: members who wait to be told.
    """

    days: tuple[Day, ...]
    entries: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[str, int], ...]
    up: int
    down: int
    waiting: int


class Statistics:
    """Counts what the journal has."""

    async def last(self, days: int = 30) -> Stats:
        """The last days (1 to 365), today included.

        Raises:
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError

    async def chart(self, stats: Stats) -> bytes:
        """The same as a picture (PNG), drawn in a thread."""
        raise NotImplementedError


def render(stats: Stats) -> str:
    """Statistics as plain text, a line for each finding."""
    raise NotImplementedError
