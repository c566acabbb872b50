"""Conversations' turns over the database, so that any process understands a follow-up; for minutes only."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, delete, insert, select

from bot.conversation import MINUTES, TURNS, Conversations, QuoteWanted, Turn
from bot.errors import StoreError
from bot.store.breaker import Breaker
from bot.store.schema import contexts as table

__all__ = ["SharedContexts", "dump", "read"]


class SharedContexts:
    """The contexts of several processes; while the database is down each knows what was said to itself."""

    def __init__(self, breaker: Breaker, memory: Conversations | None = None) -> None:
        self._breaker = breaker
        self._memory = memory or Conversations()

    async def turns(self, conversation: str | None) -> tuple[Turn, ...]:
        """The turns that still count, oldest first."""
        if conversation is None:
            return ()
        try:
            newest = await self._breaker.rows(self._newest(_digest(conversation)))
        except StoreError:
            return self._memory.turns(conversation)
        return tuple(read(row.turn) for row in reversed(newest))

    async def add(self, conversation: str | None, turn: Turn) -> None:
        """Remembers a turn."""
        if conversation is None:
            return
        self._memory.add(conversation, turn)
        with suppress(StoreError):  # memory has it
            row = {"conversation": _digest(conversation), "at": self._breaker.now, "turn": dump(turn)}
            await self._breaker.count(insert(table).values(row))

    async def purge(self) -> None:
        """Deletes what is too old to count."""
        with suppress(StoreError):  # the next time, then
            await self._breaker.count(delete(table).where(table.c.at < self._breaker.now - MINUTES * 60))

    def _newest(self, conversation: bytes) -> Select[tuple[bytes]]:
        since = self._breaker.now - MINUTES * 60
        found = select(table.c.turn).where(table.c.conversation == conversation, table.c.at >= since)
        return found.order_by(table.c.id.desc()).limit(TURNS)


def _digest(conversation: str) -> bytes:
    return hashlib.blake2b(conversation.encode("utf-8", "replace"), digest_size=16).digest()


def dump(turn: Turn) -> bytes:
    """A turn as it is written."""
    return json.dumps(asdict(turn), default=sorted).encode()  # a set is written as a list


def read(written: bytes) -> Turn:
    """A turn that was written."""
    found: dict[str, Any] = json.loads(written)
    wanted = found["request"]
    if wanted:
        speakers = wanted["speakers"]
        wanted = QuoteWanted(None if speakers is None else frozenset(speakers), wanted["about"], wanted["rest"])
    shown, offered = tuple(found["shown"]), tuple(found.get("offered", ()))  # which older processes don't write
    return Turn(found["asked"], tuple(found["names"]), found["entry"], wanted, shown, offered)
