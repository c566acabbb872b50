"""The audit log: what those who look after Herald did, from the newest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.curation.opened import opened
from bot.store.database import Database
from bot.store.schema import audit

__all__ = ["DISMISSED", "Deed", "last", "render"]

DISMISSED = "dismissed: "
"""What an undo says before the question that waits again; no change of the knowledge base begins so."""

_WANTED = (audit.c.at, audit.c.who, audit.c.action, audit.c.what, audit.c.knowledge)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did.

    Attributes:
        at: seconds since 1970.
        who: platform:id of the admin, or terminal.
        what: what it changed, in lines; or the question that was dismissed, as long as questions are kept.
        knowledge: digest of the knowledge base that was in service then.
    """

    at: float
    who: str
    action: str
    what: str
    knowledge: str


async def last(database: Database, most: int) -> Sequence[Deed]:
    """The last deeds, the newest first.

    Raises:
        StoreError: the database can't be used just now.
    """
    async with opened(database) as connection:
        found = await connection.execute(select(*_WANTED).order_by(audit.c.id.desc()).limit(most))
        return [Deed(*row) for row in found]


def render(deed: Deed) -> str:
    """A line with when, who and what it was, and below it what it changed."""
    at = datetime.fromtimestamp(deed.at).astimezone().strftime("%Y-%m-%d %H:%M")
    changed = [f"  {line}" for line in deed.what.splitlines() if line]
    return "\n".join([f"{at}  {deed.who}  {deed.action}  {deed.knowledge}", *changed])
