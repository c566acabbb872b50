"""Versions as panels: which there were, what each changed, and going back to one; pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.fitting import clip
from bot.knowledge import diff
from bot.knowledge.diff import Diff
from bot.panels.inbox import turns, when
from bot.panels.model import Action, Menu, Option, Panel, Row
from bot.versions.rows import Version

__all__ = ["PAGE", "Restore", "history_panel", "pages_of", "preview_panel", "restored_panel", "version_panel"]

PAGE = 10
"""Versions on a page."""

_LABEL = 100


class Restore:
    """What the button that confirms a rollback carries: to which version, and which was in service: "3.17"."""

    __slots__ = ("before", "number")

    def __init__(self, number: int, before: int) -> None:
        self.number, self.before = number, before

    def __str__(self) -> str:
        return f"{self.number}.{self.before}"

    @classmethod
    def read(cls, rest: str) -> Restore:
        """What a button carries; version 0, which there never is, where it carries something else."""
        number, _, before = rest.partition(".")
        return cls(ids.number(number), ids.number(before))


def pages_of(total: int) -> int:
    """How many pages so many versions take; one at least."""
    return max(-(-total // PAGE), 1)


def history_panel(versions: Sequence[Version], page: int, total: int) -> Panel:
    """A page of versions from the newest on, and a menu to look at one.

    Args:
        total: how many there are in all.
    """
    if not versions:
        return Panel("No version was recorded yet.", "History")
    pages = pages_of(total)
    lines = [
        _line(version) + (" — in service" if page == 1 and not place else "") for place, version in enumerate(versions)
    ]
    options = tuple(Option(str(v.number), f"Version {v.number}", clip(_line(v), _LABEL)) for v in versions)
    rows: list[Row] = [(Menu(ids.select("version", page), "What did a version change?", options),)]
    if turning := turns("history", page, pages):
        rows.append(turning)
    return Panel("\n".join(lines), f"History{f' — page {page} of {pages}' if pages > 1 else ''}", tuple(rows))


def version_panel(version: Version, current: int, page: int) -> Panel:
    """What a version changed, with the way back to it.

    Args:
        current: number of the version in service.
        page: of the history, to go back to.
    """
    back = Action(ids.button("history", page), "Back to the history")
    again = Action(ids.button("rollback", version.number), f"Go back to version {version.number} …")
    buttons = (back,) if version.number == current else (again, back)
    return Panel(_line(version), f"Version {version.number}", (buttons,), version.diff or "No differences.")


def preview_panel(number: int, current: int, changed: Diff) -> Panel:
    """What a rollback would change, to be confirmed."""
    back = Action(ids.button("history", 1), "Back to the history")
    if not changed.sections:
        return Panel(f"Version {number} holds what is in service, so there is nothing to go back to.", rows=((back,),))
    confirm = Action(ids.button("restore", Restore(number, current)), f"Yes, go back to version {number}", "risky")
    text = "This is what would change. It becomes a new version, so that you can go back again."
    return Panel(text, f"Go back to version {number}?", ((confirm, back),), diff.render(changed))


def restored_panel(number: int, changed: Diff) -> Panel:
    """That an earlier version is in service again."""
    back = Action(ids.button("history", 1), "Back to the history")
    text = f"What version {number} held is in service again, everywhere, as a new version."
    return Panel(text, "Done", ((back,),), diff.render(changed))


def _line(version: Version) -> str:
    taught = f", {len(version.lines)} taught on top" if version.lines else ""
    of = f" of {version.origin}" if version.action == "rollback" else ""
    by = f" by {version.who}" if version.who != version.action else ""
    return f"{version.number}. {when(version.at)}: {version.action}{of}{by} ({version.knowledge}{taught})"
