"""Turns over the database: of all processes that want something, one may every so many seconds."""

from __future__ import annotations

from sqlalchemy import case

from bot.store.breaker import Breaker
from bot.store.schema import turns as table

__all__ = ["SharedTurns"]


class SharedTurns:
    """Hands out turns by name."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    async def reserve(self, name: str, pause: float) -> float:
        """Takes the next turn, and tells in how many seconds it is.

        Args:
            pause: seconds between two turns.

        Raises:
            StoreError: the database is down.
        """

        now = self._breaker.now
        wanted = self._breaker.database.insert(table).values(name=name, next=now + pause)
        last = case((table.c.next > now, table.c.next), else_=now)
        taken = wanted.on_conflict_do_update(index_elements=[table.c.name], set_={"next": last + pause})
        ((wait,),) = await self._breaker.rows(taken.returning(table.c.next - now))
        return max(float(wait) - pause, 0.0)
