"""Why an answer was given, long after it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.opened import opened
from bot.store.database import Database
from bot.store.schema import answers, versions

__all__ = ["Past", "PastAnswer", "render"]


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer that was given.

    Attributes:
        at: when, in seconds since 1970.
        text: the question; None where questions aren't kept.
        threshold: from which score an entry answered at that time.
        candidates: the best entries with their scores.
        near: the entries that were offered; ``picked``: the one that was picked of them.
        knowledge: digest of the knowledge base that answered.
        version: its number, as ``/herald history`` has it; None where it was never recorded.
        seconds: that the answer took.
    """

    id: str
    at: float
    platform: str
    place: str
    kind: str
    text: str | None
    entry: str | None
    gap: str | None
    score: float
    threshold: float
    candidates: tuple[tuple[str, float], ...]
    near: tuple[str, ...]
    picked: str | None
    knowledge: str
    version: int | None
    seconds: float


class Past:
    """Finds past answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, name: str) -> PastAnswer | None:
        """The answer of this id, or on this message (as it was given to ``Journal.posted``); None where it isn't kept.

        Raises:
            StoreError: the database can't be used just now.
        """
        meant = or_(answers.c.id == name.strip(), answers.c.message == name.strip())
        async with opened(self._database) as connection:
            found = await connection.execute(select(answers).where(meant).order_by(answers.c.at.desc()).limit(1))
            row = found.first()
            return _answer(row, await _version(connection, row)) if row else None


def _answer(row: Row[Any], version: int | None) -> PastAnswer:
    return PastAnswer(
        *(row.id, row.at, row.platform, row.place, row.kind, row.text, row.entry, row.gap, row.score, row.threshold),
        candidates=tuple((entry, score) for entry, score in row.candidates),
        near=tuple(row.near),
        picked=row.picked,
        knowledge=row.knowledge,
        version=version,
        seconds=row.seconds,
    )


async def _version(connection: AsyncConnection, row: Row[Any]) -> int | None:
    """The version of that digest that was in service then: the last one made before the answer, else the first."""
    same = versions.c.knowledge == row.knowledge
    before: int | None = await connection.scalar(select(func.max(versions.c.id)).where(same, versions.c.at <= row.at))
    first: int | None = await connection.scalar(select(func.min(versions.c.id)).where(same))
    return before or first


def render(answer: PastAnswer) -> str:
    """A past answer as plain text: question, decision, version, scores."""
    return "\n".join(_lines(answer))


def _lines(answer: PastAnswer) -> Iterator[str]:
    at = f"{datetime.fromtimestamp(answer.at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"Answer {answer.id}, {at} on {answer.platform}, {1000 * answer.seconds:.0f} ms"
    yield f"Question: {answer.text}" if answer.text else "The question isn't kept."
    yield f"Version {answer.version} ({answer.knowledge})" if answer.version else f"Version {answer.knowledge}"
    what = f" ({answer.entry or answer.gap})" if answer.entry or answer.gap else ""
    yield f"{answer.kind}{what}; score {answer.score:.2f}, an answer needed {answer.threshold:.2f}"
    if answer.near:
        yield f"Offered: {', '.join(answer.near)}; picked: {answer.picked or 'none'}"
    yield from (f"{score:.2f}  {entry}" for entry, score in answer.candidates)
