"""Teaching: what a curator decides about a group of the inbox, in service at once and everywhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.curation import records
from bot.curation.asked import clean, key_of
from bot.curation.audit import DISMISSED
from bot.curation.conflicts import conflict
from bot.curation.inbox import Inbox, Waiting
from bot.curation.opened import opened
from bot.errors import CurationError, KnowledgeError
from bot.host import Host
from bot.knowledge.diff import Diff
from bot.knowledge.model import PHRASING_LIMIT
from bot.knowledge.suggest import did_you_mean
from bot.matching.index import Label
from bot.replies import NOT_SAID
from bot.store.database import Database
from bot.store.schema import audit, lines, questions, waits
from bot.versions import rows
from bot.versions.ledger import Edit
from bot.versions.overlay import TAUGHT, Line
from bot.versions.publisher import Publisher

__all__ = ["Taught", "Teacher"]

_State = Literal["taught", "new", "gap"]
_SETTLED = "Somebody else has just dealt with that question. Open the inbox anew."
_IN_YAML = "What was taught stands in the YAML by now. Take it out there."
_NOTHING = "Nothing was done with that question that could be undone."


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of it.

    Attributes:
        question: the question that leads the group.
        target: id of the entry or gap that has it now.
        phrasings: how many phrasings were taken over, the leading one included.
        told: how many members who wait will be told.
        version: digest of the knowledge base that has it.
    """

    question: str
    target: str
    phrasings: int
    told: int
    version: str


class Teacher:
    """Does what curators decide.

    Every method raises a CurationError with a text fit for the admin where it can't be done, and a StoreError where the
    database can't be used just now; then nothing has changed. ``who`` is the admin as platform:id, or "terminal".
    """

    def __init__(
        self, database: Database, host: Host, inbox: Inbox, publisher: Publisher, clock: Clock = time.time
    ) -> None:
        self._database = database
        self._host = host
        self._inbox = inbox
        self._publisher = publisher
        self._clock = clock

    async def teach(self, group: str, entry: str, who: str) -> Taught:
        """Makes a group's questions phrasings of an entry; those that another class needs stay in the inbox."""
        waiting = await self._inbox.waiting(group)
        known = waiting.snapshot.knowledge.entries
        if entry not in known:
            raise CurationError(f"There is no entry '{entry}'; {did_you_mean(entry, known) or 'search for it'}.")
        phrasings = await self._fitting(waiting, Label("entry", entry))
        return await self._settle(group, Line("phrasing", entry, {"questions": phrasings}), "taught", who)

    async def new_entry(self, group: str, question: str, answer: str, source: str, who: str) -> Taught:
        """Makes an entry of a group.

        Args:
            question: its first phrasing, which members see; the group's questions follow it. Empty for the leading one.
            source: id of a source, or its title.
        """
        waiting = await self._inbox.waiting(group)
        phrasings = await self._fitting(waiting, None, clean(question))
        record = records.entry(waiting.snapshot.knowledge, phrasings, answer, source)
        return await self._settle(group, Line("entry", record["id"], record), "new", who)

    async def gap(self, group: str, who: str, *, line: str = "", of: str = "") -> Taught:
        """Notes that the sources don't say.

        Args:
            line: what members are told from now on; empty for "The sources don't say."
            of: id of a gap that the questions become phrasings of; empty for a gap of its own.
        """
        waiting = await self._inbox.waiting(group)
        knowledge = waiting.snapshot.knowledge
        if of and of not in knowledge.gaps:
            raise CurationError(f"There is no gap '{of}'; {did_you_mean(of, knowledge.gaps) or 'make one of its own'}.")
        phrasings = await self._fitting(waiting, Label("gap", of) if of else None)
        if of:
            return await self._settle(group, Line("gap-phrasing", of, {"questions": phrasings}), "gap", who)
        record = records.gap(knowledge, phrasings, line.strip() or NOT_SAID)
        return await self._settle(group, Line("gap", record["id"], record), "gap", who)

    async def dismiss(self, group: str, who: str) -> str:
        """Takes a group out of the inbox for good; returns its leading question."""
        waiting = await self._inbox.waiting(group)
        keys = [asks.key for asks in waiting.questions]
        async with opened(self._database) as connection:
            await _mark(connection, keys, state="dismissed", line=None, settled=group)
            await self._note(connection, who, "dismiss", waiting.questions[0].text)
        return waiting.questions[0].text

    async def undo(self, group: str, who: str) -> str:
        """Takes back what was last done with a group, whatever it was, and puts it into the inbox again.

        Returns:
            Its leading question.
        """
        async with opened(self._database) as connection:
            settled = select(questions).where(questions.c.settled == group).order_by(questions.c.asked.desc())
            found = (await connection.execute(settled)).all()
            if not found:
                raise CurationError(_NOTHING)
            taught = {row.line for row in found if row.line is not None}
            ended = select(lines.c.id).where(lines.c.id.in_(taught), lines.c.ended == "merged")
            if (await connection.execute(ended)).first():
                raise CurationError(_IN_YAML)
            keys = [row.key for row in found]
            if not taught:
                await _mark(connection, keys, state="open", line=None, settled=None)
                await self._note(connection, who, "undo", DISMISSED + found[0].text)
        if taught:
            await self._take_back(keys, taught, who)
        return str(found[0].text)

    async def _take_back(self, keys: Collection[str], taught: Collection[int], who: str) -> None:
        async def edit(connection: AsyncConnection, active: Sequence[Line]) -> Sequence[Line]:
            await _mark(connection, keys, state="open", line=None, settled=None)
            return [line for line in active if line.id not in taught]

        await self._change(who, "undo", edit)

    async def _fitting(self, waiting: Waiting, target: Label | None, first: str = "") -> list[str]:
        """The phrasings that a group brings, the first one before them; raises where that or the leading one conflicts.

        Its other questions are left out where they conflict, or are too long for a phrasing.
        """
        leading, *others = (asks.text for asks in waiting.questions)
        needed = [first, leading] if first and key_of(first) != key_of(leading) else [first or leading]
        if long := next((text for text in needed if len(text) > PHRASING_LIMIT), ""):
            raise CurationError(f'"{long[:60]}..." is too long for a phrasing (over {PHRASING_LIMIT} characters).')
        optional = [text for text in others if len(text) <= PHRASING_LIMIT]
        return await asyncio.to_thread(self._unopposed, waiting, target, needed, optional)

    def _unopposed(
        self, waiting: Waiting, target: Label | None, needed: Sequence[str], optional: Sequence[str]
    ) -> list[str]:
        for text in needed:
            if found := conflict(waiting.snapshot, self._host.encoder, text, target):
                raise CurationError(str(found))
        taken = set(map(key_of, needed))
        free = (text for text in optional if key_of(text) not in taken)
        return [*needed, *(text for text in free if not conflict(waiting.snapshot, self._host.encoder, text, target))]

    async def _settle(self, group: str, line: Line, state: _State, who: str) -> Taught:
        keys = [key_of(text) for text in line.questions]
        told = 0

        async def edit(connection: AsyncConnection, active: Sequence[Line]) -> Sequence[Line]:
            nonlocal told
            if set(keys) & {key_of(text) for other in active for text in other.questions}:
                raise CurationError(_SETTLED)
            stored = await rows.store_line(connection, line, who, self._clock())
            await _mark(connection, keys, state=state, line=stored.id, settled=group)
            waiting = select(func.count()).select_from(waits).where(waits.c.key.in_(keys))
            told = await connection.scalar(waiting) or 0
            return [*active, stored]

        changed = await self._change(who, "teach", edit)
        return Taught(line.questions[0], line.target, len(keys), told, changed.after)

    async def _change(self, who: str, action: Literal["teach", "undo"], edit: Edit) -> Diff:
        try:
            return await self._publisher.change(who, action, edit)
        except KnowledgeError as error:
            raise CurationError("\n".join(_told(error))) from None

    async def _note(self, connection: AsyncConnection, who: str, action: str, what: str) -> None:
        version = self._host.knowledge.version
        row: dict[str, Any] = {"at": self._clock(), "who": who, "action": action, "what": what, "knowledge": version}
        await connection.execute(insert(audit).values(**row))


async def _mark(connection: AsyncConnection, keys: Collection[str], **values: object) -> None:
    await connection.execute(update(questions).where(questions.c.key.in_(keys)).values(**values))


def _told(error: KnowledgeError) -> Sequence[str]:
    """The problems as somebody reads them who has no file before them."""
    return [
        "; ".join(filter(None, (problem.message, problem.suggestion))) if problem.file == TAUGHT else str(problem)
        for problem in error.problems
    ]
