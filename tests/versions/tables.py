"""What tests of versions look up in the tables, and put there."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.store.schema import contents
from bot.store.schema import lines as line_table
from tests.versions.conftest import Stage

__all__ = ["QUESTION", "damage", "ended", "question_row"]

QUESTION = "which lens was that"


async def ended(stage: Stage) -> dict[int, str | None]:
    """Why lines aren't active, by id."""
    async with stage.database.begin() as connection:
        rows = await connection.execute(select(line_table.c.id, line_table.c.active, line_table.c.ended))
        found = {row.id: (row.active, row.ended) for row in rows}
    assert all((active == 1) == (reason is None) for active, reason in found.values())
    return {number: reason for number, (_, reason) in found.items()}


async def damage(stage: Stage, base: str) -> None:
    """Spoils a stored content."""
    async with stage.database.begin() as connection:
        await connection.execute(update(contents).where(contents.c.digest == base).values(data=b"?"))


def question_row(line: int) -> dict[str, object]:
    """A question that a line settled."""
    return {
        "key": "which lens", "text": QUESTION, "platform": "slack", "first": 1.0, "last": 1.0, "asked": 1,
        "picks": {}, "near": [], "state": "taught", "line": line,
    }  # fmt: skip
