"""The ledger: every way in which a knowledge base goes into service, each one transaction, one at a time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import CurationError, KnowledgeError, StoreError
from bot.knowledge.diff import Diff, diff, render
from bot.knowledge.model import KnowledgeBase
from bot.store.database import Database
from bot.versions import rows
from bot.versions.contents import Contents
from bot.versions.overlay import Line, Sorted, overlaid, sorted_out
from bot.versions.rows import Version
from bot.versions.versions import reachable

__all__ = ["Action", "Edit", "Ledger", "Published", "origin_of"]

Action = Literal["start", "reload", "watch", "teach", "undo", "rollback"]
Edit: TypeAlias = Callable[[AsyncConnection, Sequence[Line]], Awaitable[Sequence[Line]]]
"""Gets the active lines and returns them as they shall be; may write other rows in the same transaction.

New lines have the id 0, or are stored by it with :func:`bot.versions.rows.store_line` where it needs their ids.
"""
Read: TypeAlias = Callable[[], Awaitable[KnowledgeBase]]

_LOCK = 0x4865_7261_6C65
_BY_NOBODY = ("start", "watch")  # not for the audit log


@dataclass(frozen=True, slots=True)
class Published:
    """What is in service after something was published.

    Attributes:
        new: whether that is a new version, and not the one that was there.
        changed: against the version before, and in its notes what became of lines.
    """

    version: Version
    knowledge: KnowledgeBase
    new: bool
    changed: Diff


class Ledger:
    """Writes versions. Every method raises a StoreError where the database can't be used; then nothing has changed."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._contents = Contents(database)
        self._clock = clock

    async def publish(self, read: Read, who: str, action: Action, origin: str) -> Published:
        """Puts a base into service with the active lines on top; those that it has by itself, or that fit no more, end.

        It is read before the turn, which nobody else would get for so long. Where another process has published what
        it read meanwhile, it is read again: nobody knows which of the two was read later.

        Args:
            origin: the folder that it is read from.

        Raises:
            Exception: whatever ``read`` raises; nothing has changed.
        """
        while True:
            last = await self._last_reading()
            base = await read()
            async with self._turn() as connection:
                if await rows.last_reading(connection) == last:
                    return await self._publish(connection, base, who, action, origin)

    async def begin(self, base: KnowledgeBase, origin: str) -> Published:
        """Puts a base into service at a start where it is a deploy; else what is in service stays.

        A base that was never in service is one. So is, where no other process may have published a newer one, what
        differs from what was last read from the folder: somebody has put files back. And so is another folder.

        Raises:
            KnowledgeError: the version in service can't be read.
            StoreError: the database is one process's, and holds what was taught for another folder.
        """
        async with self._turn() as connection:
            switched = not self._database.shared and await _switched(connection, base.version, origin)
            before = await rows.current(connection)
            if before is None or switched or await self._deployed(connection, base.version, origin):
                return await self._publish(connection, base, "start", "start", origin)
            return _unchanged(before, await self._contents.knowledge(connection, before))

    async def change(self, who: str, action: Literal["teach", "undo"], edit: Edit) -> Published:
        """Changes the active lines.

        Raises:
            CurationError: a new entry or gap has the id of another.
            KnowledgeError: a line doesn't fit.
            Exception: whatever ``edit`` raises. In each case nothing has changed.
        """
        async with self._turn() as connection:
            before = await _present(connection)
            base = await self._contents.base(connection, before.base)
            active = await rows.active(connection)
            wanted = await edit(connection, active)
            _refuse_taken(base, active, wanted)
            at = self._clock()
            lines = [line if line.id else await rows.store_line(connection, line, who, at) for line in wanted]
            await _settle(connection, lines, "undone")
            return await self._put(connection, before, base, lines, (who, action, before.origin))

    async def rollback(self, number: int, who: str) -> Published:
        """Makes a new version of the content and the lines of an earlier one.

        Raises:
            CurationError: there is none of that number.
            KnowledgeError: its content can't be read.
        """
        async with self._turn() as connection:
            before, wanted = await _present(connection), await rows.numbered(connection, number)
            base = await self._contents.base(connection, wanted.base)
            await _settle(connection, wanted.lines, "rolled-back")
            return await self._put(
                connection, before, base, wanted.lines, (who, "rollback", f"{rows.ROLLED_BACK}{number}")
            )

    async def preview(self, number: int) -> Diff:
        """What a rollback would change.

        Raises:
            CurationError: there is none of that number.
            KnowledgeError: its content can't be read.
        """
        async with reachable(self._database) as connection:
            before, wanted = await _present(connection), await rows.numbered(connection, number)
            old = await self._contents.knowledge(connection, before)
            base = await self._contents.base(connection, wanted.base)
        return await asyncio.to_thread(lambda: diff(old, overlaid(base, wanted.lines)))

    async def knowledge(self, version: Version) -> KnowledgeBase:
        """What a version holds.

        Raises:
            KnowledgeError: its content is gone, damaged or of a newer Herald.
        """
        async with reachable(self._database) as connection:
            return await self._contents.knowledge(connection, version)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[AsyncConnection]:
        async with reachable(self._database) as connection:
            await self._database.exclusively(connection, _LOCK)
            yield connection

    async def _last_reading(self) -> int:
        async with reachable(self._database) as connection:
            return await rows.last_reading(connection)

    async def _deployed(self, connection: AsyncConnection, base: str, origin: str) -> bool:
        if self._database.shared:
            return not await rows.seen(connection, base)
        return await rows.last_read(connection, origin) != base

    async def _publish(
        self, connection: AsyncConnection, base: KnowledgeBase, who: str, action: Action, origin: str
    ) -> Published:
        before = await rows.current(connection)
        found = await asyncio.to_thread(sorted_out, base, await rows.active(connection))
        await rows.end(connection, [line.id for line in found.merged], "merged")
        await rows.end(connection, [line.id for line in found.orphaned], "orphaned")
        await self._contents.keep(connection, base)
        return await self._put(connection, before, base, found.kept, (who, action, origin), found)

    async def _put(
        self,
        connection: AsyncConnection,
        before: Version | None,
        base: KnowledgeBase,
        lines: Sequence[Line],
        by: tuple[str, Action, str],
        found: Sorted | None = None,
    ) -> Published:
        """Makes the next version, unless it would be the same as the one before.

        Args:
            by: who, action and origin.
            found: what was made of the lines already.
        """
        knowledge = found.knowledge if found else await asyncio.to_thread(overlaid, base, lines)
        self._contents.know(knowledge)
        lines = sorted(lines, key=lambda line: line.id)
        ids = [line.id for line in lines]
        if before and (before.knowledge, before.base, [line.id for line in before.lines]) == (
            knowledge.version, base.version, ids,
        ):  # fmt: skip
            return _unchanged(before, knowledge)
        changed = replace(await self._against(connection, before, knowledge), notes=_notes(found) if found else ())
        told = render(changed) if before else f"the first version, {knowledge.version}"
        new = Version(0, self._clock(), *by, knowledge.version, base.version, tuple(lines), told)
        new = replace(new, number=await rows.store_version(connection, new))
        if new.action not in _BY_NOBODY:
            await rows.note(connection, new, told)
        if self._database.shared:
            await rows.announce(connection, new.number)
        return Published(new, knowledge, new=True, changed=changed)

    async def _against(self, connection: AsyncConnection, before: Version | None, knowledge: KnowledgeBase) -> Diff:
        """What changes; nothing where the version before can't be read, as a new one is the way out of that."""
        if before is None:
            return Diff("", knowledge.version, ())
        try:
            old = await self._contents.knowledge(connection, before)
        except KnowledgeError:
            return Diff(before.knowledge, knowledge.version, ())
        return await asyncio.to_thread(diff, old, knowledge)


def origin_of(folder: Path) -> str:
    """A folder as versions note it: a relative one means another elsewhere; links stay, as a release may turn one."""
    return os.path.normpath(folder.absolute())


def _unchanged(version: Version, knowledge: KnowledgeBase) -> Published:
    return Published(version, knowledge, new=False, changed=Diff(knowledge.version, knowledge.version, ()))


async def _present(connection: AsyncConnection) -> Version:
    found = await rows.current(connection)
    if found is None:
        raise CurationError("Nothing was ever in service from this database: start Herald with it first (herald run).")
    return found


async def _settle(connection: AsyncConnection, lines: Sequence[Line], ended: str) -> None:
    """Has exactly these lines active."""
    active = {line.id for line in await rows.active(connection)}
    await rows.end(connection, sorted(active - {line.id for line in lines}), ended)
    await rows.revive(connection, [line for line in lines if line.id not in active])


async def _last_folder(connection: AsyncConnection, origin: str) -> str | None:
    """The folder that was last read, where that is known; older Heralds noted it as it was set, often a relative one.

    One that leads from here to the folder of this start is taken to be that, and noted whole.
    """
    known = await rows.last_folder(connection)
    if known is None or known == origin:
        return known
    if origin_of(Path(known)) == origin:
        await rows.rename_folder(connection, known, origin)
        return origin
    return known if Path(known).is_absolute() else None


async def _switched(connection: AsyncConnection, base: str, origin: str) -> bool:
    """Whether another folder was read last: it has moved, or gives way to this one, by which nothing may be lost."""
    known, before = await _last_folder(connection, origin), await rows.current(connection)
    if before is None or known in (None, origin):
        return False
    if await _changed_in_chat(connection, before, known) and await asyncio.to_thread(os.path.isdir, known):
        hint = "set HERALD_DATA_DIR (or HERALD_DATABASE_URL) to have another for this one"
        raise StoreError(f"The database holds what was taught or rolled back for the knowledge base in {known}: {hint}")
    structlog.get_logger().warning("another folder than before", folder=origin, before=known)
    if before.base == base:  # no version will be made that names it
        await rows.rename_folder(connection, known, origin)
    return True


async def _changed_in_chat(connection: AsyncConnection, version: Version, folder: str) -> bool:
    """Whether a version is not just what was last read from its folder: something was taught, or rolled back."""
    return bool(version.lines) or version.base != await rows.last_read(connection, folder)


def _notes(found: Sorted) -> tuple[str, ...]:
    merged = [f"{len(found.merged)} taught before are in the files now"] if found.merged else []
    return (*merged, *(f"no longer taught: {problem.message}" for problem in found.problems))


def _refuse_taken(base: KnowledgeBase, active: Sequence[Line], wanted: Sequence[Line]) -> None:
    """A new record with the id of another would be skipped, and what it says lost."""
    taken = {(line.section, line.target) for line in active if line.makes}
    known = {line.id for line in active}
    for line in wanted:
        if line.makes and line.id not in known:
            if line.target in base.section(line.section) or (line.section, line.target) in taken:
                what = "an entry" if line.kind == "entry" else "a gap"
                raise CurationError(f"There is {what} '{line.target}' already; give it another id.")
            taken.add((line.section, line.target))
