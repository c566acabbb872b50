"""The publisher: the one way by which a knowledge base goes into service, here and in all processes of one store."""

from __future__ import annotations

import asyncio
from typing import Literal, Self

import structlog

from bot.errors import KnowledgeError, StoreDownError, in_words
from bot.host import Host
from bot.knowledge.diff import Diff
from bot.knowledge.model import KnowledgeBase
from bot.store.database import Database
from bot.versions.bell import Bell
from bot.versions.ledger import Action, Edit, Ledger, Published, origin_of
from bot.versions.rows import Version
from bot.versions.versions import Versions
from bot.versions.watch import WATCH

__all__ = ["Publisher"]


class Publisher:
    """Publishes from one process, and follows what others publish.

    What takes time is done aside; what is in service changes by one reference, so that no answer mixes two versions.

    Attributes:
        versions: to read what was in service.
    """

    def __init__(self, database: Database, host: Host, poll: float | None = None, *, deploys: bool = True) -> None:
        """Takes the host whose Herald it is.

        Args:
            poll: seconds between two looks for versions of others.
            deploys: whether a start puts new files of the folder into service; else it only adopts what is.
        """
        self.versions = Versions(database)
        self._database = database
        self._host = host
        self._deploys = deploys
        self._origin = origin_of(host.folder)
        self._ledger = Ledger(database)
        self._bell = Bell(database, poll)
        self._adopting, self._reading = asyncio.Lock(), asyncio.Lock()
        self._version: Version | None = None
        self._trouble = ""
        self._following: asyncio.Task[None] | None = None

    @property
    def version(self) -> Version | None:
        """The version that this process answers from; None before it was started."""
        return self._version

    async def start(self) -> None:
        """Publishes the folder's content if it is a deploy, else adopts what is in service.

        Raises:
            StoreError: the database can't be used, or its schema doesn't fit.
        """
        try:
            await self._begin()
        except KnowledgeError as error:  # answering from the folder is better than not at all
            self._complain(error)

    async def reload(self, who: str) -> Diff:
        """Reads the folder anew and puts it into service, with what was taught on top.

        Raises:
            KnowledgeError: with every problem found; nothing has changed.
            StoreError: the database can't be used; nothing has changed.
        """
        action: Action = "watch" if who == WATCH else "reload"
        async with self._reading:  # one by one: of two at once, one would have to read again
            published = await self._ledger.publish(self._host.read, who, action, self._origin)
        return await self._done(published)

    async def change(self, who: str, action: Literal["teach", "undo"], edit: Edit) -> Diff:
        """Changes what was taught; see :data:`bot.versions.ledger.Edit`.

        Raises:
            CurationError: it can't be done.
            KnowledgeError: a line doesn't fit.
            StoreError: the database can't be used.
            Exception: whatever ``edit`` raises. In each case nothing has changed.
        """
        return await self._done(await self._ledger.change(who, action, edit))

    async def preview(self, number: int) -> Diff:
        """What a rollback would change; raises what it would."""
        return await self._ledger.preview(number)

    async def rollback(self, number: int, who: str) -> Diff:
        """Makes a new version with the content and the lines of an earlier one.

        Raises:
            CurationError: there is none of that number.
            KnowledgeError: its content can't be read.
            StoreError: the database can't be used.
        """
        return await self._done(await self._ledger.rollback(number, who))

    async def __aenter__(self) -> Self:
        """Starts, and follows from then on.

        PostgreSQL may be away just then, and is followed once it is there; a file that can't be used now never will be.

        Raises:
            StoreError: the schema doesn't fit, or the file can't be used.
        """
        try:
            await self.start()
        except StoreDownError as error:
            if not self._database.shared:
                raise
            self._complain(error)
        self._host.reload_by(self.reload)
        self._following = asyncio.create_task(self.follow(), name="herald-follow")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends following; reloads are the host's own again."""
        self._host.reload_by(None)
        if self._following:
            self._following.cancel()
            await asyncio.wait([self._following])

    async def follow(self) -> None:
        """Adopts what others publish, for ever; whatever is wrong with it is logged, and the old version stays."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._bell.listen())
            while True:
                await self._bell.wait()
                await self._catch_up()

    async def _begin(self) -> None:
        await self._database.ready()
        if not self._deploys:
            await self._adopt()
            return
        read = self._host.knowledge
        done = await self._ledger.begin(read, self._origin)
        await self._done(done)
        if not done.new and done.version.base != read.version:
            structlog.get_logger().warning("older files in the folder are not in service", folder=self._origin)

    async def _catch_up(self) -> None:
        try:
            await (self._adopt() if self._version else self._begin())
        except Exception as error:  # noqa: BLE001 - the next version may do better
            self._complain(error)
        else:
            if self._trouble:
                structlog.get_logger().info("versions are followed again")
            self._trouble = ""

    def _complain(self, error: Exception) -> None:
        """Logs what is wrong, once."""
        said = in_words(error)
        if said != self._trouble:
            structlog.get_logger().warning("version not adopted", error=said)
        self._trouble = said

    async def _adopt(self) -> None:
        async with self._adopting:
            found = await self.versions.current()
            if found and (self._version is None or found.number != self._version.number):
                await self._put(found, await self._ledger.knowledge(found))

    async def _done(self, published: Published) -> Diff:
        for note in published.changed.notes:
            structlog.get_logger().warning("taught lines", note=note)
        version = published.version
        async with self._adopting:
            if self._version is None or version.number > self._version.number:  # a newer one may have been faster
                await self._put(version, published.knowledge)
        return published.changed

    async def _put(self, version: Version, knowledge: KnowledgeBase) -> None:
        await self._host.adopt(knowledge)
        self._version = version
        said = {"number": version.number, "knowledge": version.knowledge, "action": version.action}
        structlog.get_logger().info("version", **said)
