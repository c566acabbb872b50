"""The journal: what was asked and what came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cooldown import Clock
from bot.curation.asked import Asked, clean, key_of, known
from bot.host import Host
from bot.reply import Reply
from bot.store.database import Database
from bot.store.schema import answers, questions
from bot.store.writer import Writer

__all__ = ["Journal"]

_OPEN = ("unknown", "choices")  # kinds of reply that leave a question open
_NAME = 120  # characters of a place's or a message's name


class Journal:
    """Notes answers and questions without ever keeping anybody waiting; call it on the event loop.

    Attributes:
        records: whether questions are kept; without them nothing can be taught, and nobody can wait for an answer.
    """

    def __init__(
        self, database: Database, writer: Writer, host: Host, *, records: bool = True, clock: Clock = time.time
    ) -> None:
        self.records = records
        self._database = database
        self._writer = writer
        self._host = host
        self._clock = clock

    def answered(self, asked: Asked, reply: Reply, seconds: float) -> str:
        """Notes what was answered.

        Args:
            seconds: that the answer took.

        Returns:
            The answer's id, for buttons and admins (16 characters); also in the log.
        """
        answer = secrets.token_hex(8)
        structlog.get_logger().info("answered", answer=answer, kind=reply.kind, knowledge=reply.knowledge)
        if reply.kind != "rejected":
            row = {"id": answer, "at": self._clock(), "seconds": seconds, **self._row(asked, reply)}
            self._writer.put(lambda connection: self._note(connection, row, self._question(row)))
        return answer

    def posted(self, answer: str, message: str) -> None:
        """Notes the message that carries an answer, as the platform names it (up to 120 characters)."""
        change = update(answers).where(answers.c.id == answer).values(message=message[:_NAME])
        self._writer.put(lambda connection: connection.execute(change))

    def picked(self, message: str, entry: str) -> None:
        """Notes that one of the choices on a message was picked; the first pick of each counts."""
        self._writer.put(lambda connection: _pick(connection, message[:_NAME], entry))

    def _row(self, asked: Asked, reply: Reply) -> dict[str, Any]:
        text = clean(asked.text) if self.records else None
        return {
            "platform": asked.platform,
            "place": asked.place[:_NAME],
            "kind": reply.kind,
            "key": None if text is None else key_of(text),
            "text": text,
            "entry": reply.entry,
            "gap": reply.gap,
            "score": reply.score,
            "threshold": self._host.snapshot.matcher.compiled.calibration.answer,
            "candidates": [[candidate.entry, candidate.score] for candidate in reply.candidates],
            "near": [choice.entry for choice in reply.choices],
            "knowledge": reply.knowledge,
        }

    def _question(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the inbox gets of an answer: nothing where the question is a phrasing already, such as a known gap's."""
        if row["kind"] not in _OPEN or not row["key"] or known(self._host.snapshot, row["key"]):
            return None
        return question_of(row)

    async def _note(self, connection: AsyncConnection, row: Mapping[str, Any], question: dict[str, Any] | None) -> None:
        added = await connection.execute(self._database.insert(answers).values(**row).on_conflict_do_nothing())
        if not added.rowcount or question is None:
            return
        again = {name: question[name] for name in ("text", "platform", "last", "near")}
        insert = self._database.insert(questions).values(**question)
        counted = {**again, "asked": questions.c.asked + 1}
        await connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=counted))


def question_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of ``questions`` that the first answer to a question makes."""
    common = {"key": row["key"], "text": row["text"], "platform": row["platform"], "near": row["candidates"]}
    return {**common, "first": row["at"], "last": row["at"], "asked": 1, "picks": {}, "state": "open"}


async def _pick(connection: AsyncConnection, message: str, entry: str) -> None:
    found = await connection.execute(
        select(answers.c.id, answers.c.key).where(answers.c.message == message).order_by(answers.c.at.desc()).limit(1)
    )
    if not (answer := found.first()):
        return
    unpicked = (answers.c.id == answer.id) & answers.c.picked.is_(None)
    marked = await connection.execute(update(answers).where(unpicked).values(picked=entry))
    if not marked.rowcount or not answer.key:
        return
    asked = questions.c.key == answer.key
    picks = await connection.scalar(select(questions.c.picks).where(asked).with_for_update())
    if picks is not None:
        counted = {**picks, entry: picks.get(entry, 0) + 1}
        await connection.execute(update(questions).where(asked).values(picks=counted))
