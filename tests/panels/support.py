"""What tests of panels share."""

from __future__ import annotations

from typing import Any
from unittest.mock import create_autospec

from bot.curation.inbox import Group, Inbox, Page
from bot.curation.journal import Journal
from bot.curation.past import Past
from bot.curation.privacy import Privacy
from bot.curation.statistics import Statistics
from bot.curation.teaching import Teacher
from bot.curation.votes import Votes
from bot.curation.waits import Waits
from bot.office import Office
from bot.panels.model import Caller, Panel
from bot.reply import Choice
from bot.versions.publisher import Publisher
from bot.versions.versions import Versions

__all__ = ["GROUP", "caller", "office", "pressable"]

GROUP = Group(
    id="0123456789",
    question="who paints the boats",
    asked=12,
    picks=2,
    others=("boat painter",),
    near=(Choice("talk-host", "who hosted the harbor talk"),),
    platform="slack",
    last=1_795_000_000.0,
)


def pressable(panel: Panel) -> dict[str, Any]:
    """All buttons and menus of a panel by their ids."""
    return {part.id: part for row in panel.rows for part in row}


def caller(*, admin: bool = True, age_restricted: bool = False) -> Caller:
    """Somebody on Discord."""

    async def allowed() -> bool:
        return admin

    return Caller("discord", "7", allowed, age_restricted)


def office() -> Any:
    """An office whose every part is a double."""
    made = create_autospec(Office, instance=True)
    parts: dict[str, type] = {
        "journal": Journal, "inbox": Inbox, "teacher": Teacher, "waits": Waits, "votes": Votes,
        "statistics": Statistics, "privacy": Privacy, "past": Past,
        "publisher": Publisher,
    }  # fmt: skip
    for name, part in parts.items():
        setattr(made, name, create_autospec(part, instance=True))
    made.publisher.versions = create_autospec(Versions, instance=True)
    made.journal.records = True
    made.inbox.page.return_value = Page((GROUP,), 1, 1, 1)
    made.inbox.group.return_value = GROUP
    return made
