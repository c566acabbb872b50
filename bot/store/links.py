"""Links of questions and answers over the database: any process follows an edit, a deletion or a repeat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.errors import StoreError
from bot.links import DELETIONS, EDITS, REPEATS, Link, Links, digest
from bot.store.breaker import Breaker
from bot.store.schema import links as table

__all__ = ["SharedLinks"]

Id = TypeVar("Id", bound=Hashable)
_Result = TypeVar("_Result")
_LOOK = 0.5  # seconds between two looks whether another process has answered
_LOOKS = 20


class SharedLinks(Links[Id], Generic[Id]):
    """The links of several processes on one platform; while the database is down each follows its own.

    A row is a question with its answer, or, under the answer's own name, what it answers and where it is.
    """

    def __init__(
        self, breaker: Breaker, platform: str, read: Callable[[str], Id], clock: Clock = time.monotonic
    ) -> None:
        """Takes how an id is read that was written by ``str``."""
        super().__init__(clock)
        self._breaker = breaker
        self._platform = platform
        self._read = read

    async def begin(self, question: Id, channel: Id, text: str) -> Link[Id]:
        """Remembers a question that is about to be answered."""
        link = await super().begin(question, channel, text)
        await self._put_link(link)
        return link

    async def answered(self, link: Link[Id], answer: Id) -> bool:
        """Remembers an answer; whether its question is still there, also for the other processes."""
        here = await super().answered(link, answer)
        if not link.shared:  # the database was down
            await self._put_link(link)
            return here
        noted = update(table).where(table.c.question == self._name(link.question)).values(answer=self._name(answer))
        try:
            return here and await self._breaker.count(noted) > 0
        except StoreError:
            return here

    async def edited(self, question: Id, text: str) -> Link[Id] | None:
        """The link of a question whose text has changed, whoever answered it."""
        found = await self._fetch(question, EDITS)
        if found is None:
            return await super().edited(question, text)
        link = self._links.get(question, found)
        link.digest, link.answer = found.digest, found.answer or link.answer
        return link if link.digest != digest(text) else None

    async def awaited(self, link: Link[Id]) -> Id | None:
        """The answer, waited for while another process may be giving it."""
        for _ in range(_LOOKS):
            if link.answer is not None or link.deleted:
                break
            await asyncio.sleep(_LOOK)
            found = await self._fetch(link.question, EDITS)
            if found is None:
                break
            link.answer = found.answer
        return link.answer

    async def changed(self, link: Link[Id], text: str) -> None:
        """Notes a question's new text."""
        await super().changed(link, text)

        async def write(connection: AsyncConnection) -> None:
            asked = table.c.question == self._name(link.question)
            await connection.execute(update(table).where(asked).values(digest=link.digest))
            if link.answer is not None:
                await connection.execute(delete(table).where(table.c.question == self._name(link.answer)))

        await self._try(write)

    async def removed(self, message: Id) -> Link[Id] | None:
        """Forgets a question that was deleted, and gives its link; forgets a deleted answer too."""
        link = await super().removed(message)
        name = self._name(message)
        gone = delete(table).where(or_(table.c.question == name, table.c.answer == name), table.c.entry.is_(None))

        async def forget(connection: AsyncConnection) -> Row[Any] | None:
            await connection.execute(delete(table).where(table.c.question == name, table.c.entry.is_not(None)))
            rows = (await connection.execute(gone.returning(*self._columns))).all()
            return next((row for row in rows if row.question == name), None)

        row = await self._try(forget)
        if link is None and row is not None and row.age <= DELETIONS:
            link = self._link(message, row)
            link.deleted = True
        return link

    async def posted(self, channel: Id, entry: str, message: Id, url: str) -> None:
        """Notes that an entry was just answered in a channel, and where."""
        await super().posted(channel, entry, message, url)
        name = self._name(message)
        row = {"question": name, "channel": self._name(channel), "digest": b"", "answer": name}
        await self._put({**row, "entry": entry, "url": url})

    async def earlier(self, channel: Id, entry: str) -> str | None:
        """Where an entry was answered in a channel within the last minute, by whomever."""
        try:
            found = await self._breaker.rows(self._latest(self._name(channel), entry))
        except StoreError:
            return await super().earlier(channel, entry)
        return found[0].url if found else None

    async def purge(self) -> None:
        """Deletes what is followed no longer."""
        since = self._breaker.now

        async def old(connection: AsyncConnection) -> None:
            await connection.execute(delete(table).where(table.c.at < since - DELETIONS))
            await connection.execute(delete(table).where(table.c.entry.is_not(None), table.c.at < since - REPEATS))

        await self._try(old)

    @property
    def _columns(self) -> tuple[Any, ...]:
        age = (self._breaker.now - table.c.at).label("age")
        return table.c.question, table.c.channel, table.c.digest, table.c.answer, age

    def _name(self, message: Id) -> str:
        return f"{self._platform}:{message}"

    def _id(self, name: str) -> Id:
        return self._read(name.removeprefix(f"{self._platform}:"))

    def _link(self, question: Id, row: Row[Any]) -> Link[Id]:
        answer = None if row.answer is None else self._id(row.answer)
        at = self._clock() - row.age
        return Link(question, self._id(row.channel), bytes(row.digest), at, answer=answer, shared=True)

    async def _try(self, work: Callable[[AsyncConnection], Awaitable[_Result]]) -> _Result | None:
        """What the database says; None while it is down, when memory has to do."""
        try:
            return await self._breaker.run(work)
        except StoreError:
            return None

    async def _put_link(self, link: Link[Id]) -> None:
        answer = None if link.answer is None else self._name(link.answer)
        row = {"question": self._name(link.question), "channel": self._name(link.channel), "digest": link.digest}
        link.shared = await self._put({**row, "answer": answer})

    async def _put(self, row: dict[str, Any]) -> bool:
        """Whether it could be written."""
        wanted = self._breaker.database.insert(table).values(**row, at=self._breaker.now)
        put = wanted.on_conflict_do_update(index_elements=[table.c.question], set_={**row, "at": self._breaker.now})
        try:
            await self._breaker.count(put)
        except StoreError:
            return False
        return True

    async def _fetch(self, question: Id, seconds: float) -> Link[Id] | None:
        found = select(*self._columns).where(table.c.question == self._name(question), table.c.entry.is_(None))
        try:
            rows = await self._breaker.rows(found)
        except StoreError:
            return None
        return self._link(question, rows[0]) if rows and rows[0].age <= seconds else None

    def _latest(self, channel: str, entry: str) -> Select[tuple[str | None]]:
        """Of those that are young enough."""
        young = table.c.at >= self._breaker.now - REPEATS
        found = select(table.c.url).where(table.c.channel == channel, table.c.entry == entry, young)
        return found.order_by(table.c.at.desc()).limit(1)
