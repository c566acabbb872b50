"""Claims over the database: one process holds each, and another takes over what it dies over."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Executable, Row, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.claims import KEPT, LEASE, Claim, Job, MemoryClaims, fresh_tally
from bot.cooldown import Clock
from bot.errors import StoreError
from bot.store.breaker import SHAKY, Breaker
from bot.store.schema import claims as table

__all__ = ["STALE", "SharedClaims"]

STALE = 5 * 60.0
"""Seconds after which nobody waits for an answer any more; what was kept to give it is deleted."""

_SHORT = 5.0  # seconds; an outage of so many leaves every lease time to be renewed
_SETTLING = 5.0  # seconds after a longer one in which processes say what they hold, before others take it over
_PATIENCE = 1.5  # seconds to find out whether another has it: saying it twice is worse than saying it a second late
_TRIES = 3  # processes that may die over one question
_SWEPT = 20
_OWED = 100_000


class SharedClaims:
    """The claims of several processes.

    While the database is down each process goes by its own memory, marks what it takes as unsure, and writes down
    what became of it when the database is back.
    """

    def __init__(self, breaker: Breaker, clock: Clock = time.monotonic, owner: str = "") -> None:
        """Takes a name for this process; one of its own by default."""
        self._breaker = breaker
        self._clock = clock
        self._owner = owner or secrets.token_hex(16)
        self._memory = MemoryClaims(clock)
        self._held: dict[bytes, Claim] = {}
        self._owed: OrderedDict[bytes, Executable] = OrderedDict()
        self.tally = fresh_tally()

    async def take(self, claim: Claim) -> bool:
        """Whether the caller is the one to serve it; it is this process's until its lease runs out."""
        if not await self._memory.take(claim):
            return False
        began = self._clock()
        try:
            tries = await self._told(claim)
        except StoreError:
            tries = claim.tries  # as memory has it
            claim.unsure = claim.untold = True
        except asyncio.CancelledError:
            await self._memory.release(claim)
            raise
        if not tries:
            await self._memory.release(claim)
            return False
        claim.tries, claim.unsure = tries, claim.unsure or self._breaker.up_for < SHAKY
        claim.lease, claim.clock = began + LEASE, self._clock
        self._held[claim.digest] = claim
        self.tally["taken_over" if tries > 1 else "taken"] += 1
        return True

    async def settle(self, claim: Claim) -> None:
        """It is served; what was kept to serve it goes at once."""
        self._let_go(claim)
        await self._memory.settle(claim)
        await self._write(claim.digest, self._settled(claim.digest, claim.message or None))

    async def release(self, claim: Claim) -> None:
        """Gives it back, unless something was posted."""
        if claim.message:
            await self.settle(claim)
            return
        self._let_go(claim)
        await self._memory.release(claim)
        await self._write(claim.digest, delete(table).where(*self._mine(claim.digest)))

    async def leave(self, claim: Claim) -> None:
        """Lets its lease run out now."""
        if claim.message or claim.job is None:
            await self.release(claim)
            return
        self._let_go(claim)
        await self._memory.release(claim)
        await self._write(claim.digest, update(table).where(*self._mine(claim.digest)).values(until=0.0))

    async def stranded(self, platform: str) -> Sequence[Job]:
        """What may be taken over; nothing while others may not have said yet what they hold."""
        if self._breaker.outage > _SHORT and self._breaker.up_for < _SETTLING:
            return ()
        try:
            found = await self._breaker.rows(self._expired(platform))
        except StoreError:
            return ()
        return [Job(platform, json.loads(row.job)) for row in found]

    async def renew(self) -> None:
        """Says that this process is still at what it holds, and what became of the rest while the database was down."""
        began = self._clock()
        held = dict(self._held)
        try:
            await self._pay()
            kept = await self._breaker.run(partial(self._extend, held), _PATIENCE) if held else set()
        except StoreError:
            return
        for digest, claim in held.items():
            if digest in kept:
                claim.lease, claim.untold = began + LEASE, False
            elif self._held.get(digest) is claim:  # what was let go of meanwhile is no loss
                claim.lost = True
                self.tally["lost"] += 1
                self._let_go(claim)

    async def purge(self) -> None:
        """Deletes what nobody needs any more."""
        try:
            given_up = await self._breaker.run(self._purge)
        except StoreError:
            return
        if given_up:
            structlog.get_logger().warning("questions never answered", count=given_up)

    async def _told(self, claim: Claim) -> int:
        """How many have taken it; where the database is only restarted, it is waited for."""
        try:
            return _number(await self._breaker.rows(self._insert(claim), _PATIENCE))
        except StoreError:
            if not await self._breaker.recovered(_PATIENCE):
                raise
        return _number(await self._breaker.rows(self._insert(claim), _PATIENCE))

    def _let_go(self, claim: Claim) -> None:
        if self._held.get(claim.digest) is claim:
            del self._held[claim.digest]

    async def _write(self, digest: bytes, write: Executable) -> None:
        """Writes, now or when the database is back."""
        try:
            await self._breaker.count(write)
        except StoreError:
            self._owed[digest] = write
            while len(self._owed) > _OWED:
                self._owed.popitem(last=False)

    async def _pay(self) -> None:
        """Writes what could not be written."""

        async def all_of_it(connection: AsyncConnection) -> None:
            for write in owed.values():
                await connection.execute(write)

        while owed := dict(list(self._owed.items())[:100]):
            await self._breaker.run(all_of_it)
            for digest, write in owed.items():
                if self._owed.get(digest) is write:
                    del self._owed[digest]

    def _insert(self, claim: Claim) -> Executable:
        """Takes it, and tells how many have with this process; nothing where another has it."""
        now, job = self._breaker.now, claim.job
        wanted = self._breaker.database.insert(table).values(
            key=claim.digest,
            at=now,
            owner=self._owner,
            until=now + LEASE,
            tries=1,
            platform=job.platform if job else None,
            job=json.dumps(job.payload).encode() if job else None,
        )
        # Its own, which it hasn't in mind, is of a try whose end it did not hear of.
        mine = (table.c.owner == self._owner) & (table.c.until >= now)
        taken = wanted.on_conflict_do_update(
            index_elements=[table.c.key],
            set_={"owner": self._owner, "until": now + LEASE, "tries": table.c.tries + case((mine, 0), else_=1)},
            where=or_(mine, (table.c.until < now) & (table.c.tries < _TRIES)),
        )
        return taken.returning(table.c.tries)

    async def _extend(self, held: dict[bytes, Claim], connection: AsyncConnection) -> set[bytes]:
        """Those that are still this process's; those that were taken while the database was down are said first."""
        mine = (table.c.key.in_(held), table.c.owner == self._owner, table.c.until.is_not(None))
        extended = update(table).where(*mine).values(until=self._breaker.now + LEASE).returning(table.c.key)
        kept = {bytes(key) for key in (await connection.execute(extended)).scalars()}
        for digest in held.keys() - kept:
            if held[digest].unsure and _number((await connection.execute(self._insert(held[digest]))).all()):
                kept.add(digest)
        return kept

    def _settled(self, digest: bytes, message: str | None) -> Executable:
        """What was posted counts, whoever holds it; that there was nothing to say, only of who holds it."""
        now = self._breaker.now
        row = {"key": digest, "at": now, "owner": self._owner, "until": None, "tries": 1, "message": message}
        ended = {"until": None, "job": None, "message": message}
        wanted = self._breaker.database.insert(table).values(row)
        whose = None if message else table.c.owner == self._owner
        return wanted.on_conflict_do_update(index_elements=[table.c.key], set_=ended, where=whose)

    def _mine(self, digest: bytes) -> tuple[Any, ...]:
        return table.c.key == digest, table.c.owner == self._owner, table.c.until.is_not(None)

    def _expired(self, platform: str) -> Executable:
        now = self._breaker.now
        return (
            select(table.c.job)
            .where(table.c.until < now, table.c.tries < _TRIES, table.c.at > now - STALE)
            .where(table.c.platform == platform, table.c.job.is_not(None))
            .order_by(table.c.at)
            .limit(_SWEPT)
        )

    async def _purge(self, connection: AsyncConnection) -> int:
        """How many questions were given up."""
        now = self._breaker.now
        dead = table.c.until < now - STALE
        given_up = update(table).where(dead, table.c.job.is_not(None)).values(job=None, until=None)
        count = (await connection.execute(given_up)).rowcount
        await connection.execute(delete(table).where(or_(dead, table.c.at < now - KEPT)))
        return count


def _number(rows: Sequence[Row[Any]]) -> int:
    """The number in the only row; 0 where there is none."""
    return int(rows[0][0]) if rows else 0
