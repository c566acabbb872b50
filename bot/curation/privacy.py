"""Privacy: what is kept about members, and how it goes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Forgotten", "Privacy"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many votes and waits of a member were deleted."""

    votes: int
    waits: int

    @property
    def line(self) -> str:
        """What the member is told."""
        raise NotImplementedError


class Privacy:
    """Forgets members when they wish, and everybody's questions in time."""

    async def forget(self, platform: str, member: str) -> Forgotten:
        """Deletes all that is kept about a member.

        Raises:
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError

    async def purge(self) -> int:
        """Deletes what has been kept long enough; returns how many rows."""
        raise NotImplementedError
