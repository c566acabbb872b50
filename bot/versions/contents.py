"""The contents that versions are made of: kept once each, and the last few at hand."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import KnowledgeError, Problem
from bot.knowledge.content import packed, unpacked
from bot.knowledge.model import KnowledgeBase
from bot.store import schema
from bot.store.database import Database
from bot.versions.overlay import overlaid
from bot.versions.rows import Version

__all__ = ["Contents"]

_AT_HAND = 4  # the one in service with and without lines, and the same of another


class Contents:
    """Knowledge bases by digest, within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, KnowledgeBase] = OrderedDict()

    async def keep(self, connection: AsyncConnection, base: KnowledgeBase) -> None:
        """Stores a content, unless it is there."""
        self.know(base)
        there = select(schema.contents.c.digest).where(schema.contents.c.digest == base.version)
        if (await connection.execute(there)).first() is None:
            data = await asyncio.to_thread(packed, base)
            wanted = self._database.insert(schema.contents).values(digest=base.version, data=data)
            await connection.execute(wanted.on_conflict_do_nothing())

    async def base(self, connection: AsyncConnection, digest: str) -> KnowledgeBase:
        """A content without lines.

        Raises:
            KnowledgeError: it is gone, damaged or of a newer Herald.
        """
        if digest not in self._known:
            wanted = select(schema.contents.c.data).where(schema.contents.c.digest == digest)
            data = await connection.scalar(wanted)
            if data is None:
                raise _unfit(f"there is none of version {digest}")
            self.know(_checked(await asyncio.to_thread(unpacked, data), digest))
        self._known.move_to_end(digest)
        return self._known[digest]

    async def knowledge(self, connection: AsyncConnection, version: Version) -> KnowledgeBase:
        """What was, or is to be, in service.

        Raises:
            KnowledgeError: its content is gone, damaged or of a newer Herald.
        """
        if version.knowledge not in self._known:
            base = await self.base(connection, version.base)
            made = await asyncio.to_thread(overlaid, base, version.lines)
            self.know(_checked(made, version.knowledge))
        self._known.move_to_end(version.knowledge)
        return self._known[version.knowledge]

    def know(self, knowledge: KnowledgeBase) -> None:
        """Has a knowledge base at hand from now on."""
        self._known[knowledge.version] = knowledge
        self._known.move_to_end(knowledge.version)
        while len(self._known) > _AT_HAND:
            self._known.popitem(last=False)


def _checked(found: KnowledgeBase, digest: str) -> KnowledgeBase:
    if found.version != digest:
        raise _unfit(f"this Herald reads {found.version} where {digest} was stored")
    return found


def _unfit(reason: str) -> KnowledgeError:
    hint = "upgrade Herald if another process is newer; otherwise publish the knowledge base anew by a reload"
    return KnowledgeError([Problem("stored content", 1, reason, hint)])
