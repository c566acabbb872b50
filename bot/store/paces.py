"""Cooldowns over the database: a member who asks several processes asks no more than one who asks one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Bucket, Clock, Limits, Paces, Refusal
from bot.errors import StoreError
from bot.store.breaker import Breaker
from bot.store.schema import paces as table

__all__ = ["SharedLimits"]

_NEVER = 0.0


class SharedLimits:
    """The cooldowns of several processes; while the database is down each counts what it is asked itself."""

    def __init__(self, breaker: Breaker, paces: Paces, clock: Clock = time.monotonic) -> None:
        self._breaker = breaker
        self._paces = paces
        self._memory = Limits(paces, clock)

    async def take(self, member: Hashable, channel: Hashable) -> Refusal | None:
        """Counts a question; None where it may be asked."""
        keys = (_digest("member", member), _digest("channel", channel))
        try:
            return await self._breaker.run(partial(self._take, keys))
        except StoreError:
            return await self._memory.take(member, channel)

    async def purge(self) -> None:
        """Deletes what is full again, which is as good as none."""
        with suppress(StoreError):  # the next time, then
            seconds = max(self._paces.member.seconds, self._paces.channel.seconds)
            await self._breaker.count(delete(table).where(table.c.at < self._breaker.now - seconds))

    async def _take(self, keys: tuple[bytes, bytes], connection: AsyncConnection) -> Refusal | None:
        """Both buckets are held to the end of the transaction."""
        held, now = await self._held(keys, connection)
        refusal = self._paces.take(held[keys[0]], held[keys[1]], now)
        await connection.execute(self._stored(held, {"tokens", "at", "refused"}))
        return refusal

    async def _held(self, keys: Sequence[bytes], connection: AsyncConnection) -> tuple[dict[bytes, Bucket], float]:
        """The buckets, full ones where there were none, and the time."""
        paces = zip(keys, (self._paces.member, self._paces.channel), strict=True)
        full = {key: Bucket(pace.questions, _NEVER) for key, pace in paces}  # as one that was last asked then
        found = self._stored(full, {"refused"}, keep=True).returning(table, self._breaker.now)
        rows = (await connection.execute(found)).all()
        held = {bytes(key): Bucket(tokens, at, bool(refused)) for key, tokens, at, refused, _ in rows}
        return held, max(row[-1] for row in rows)

    def _stored(self, buckets: Mapping[bytes, Bucket], columns: Collection[str], *, keep: bool = False) -> Any:
        """Writes buckets, or keeps what is there; always in the same order, so that no two wait for each other."""
        rows = [
            {"key": key, "tokens": bucket.tokens, "at": bucket.at, "refused": int(bucket.refused)}
            for key, bucket in sorted(buckets.items())
        ]
        wanted = self._breaker.database.insert(table).values(rows)
        source = table.c if keep else wanted.excluded
        return wanted.on_conflict_do_update(
            index_elements=[table.c.key], set_={column: source[column] for column in columns}
        )


def _digest(what: str, who: Hashable) -> bytes:
    return hashlib.blake2b(f"{what} {who!r}".encode(), digest_size=16).digest()
