"""Versions on the command line: history, rollback, export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.knowledge import diff, load
from bot.knowledge.export import Exported, export
from bot.settings import Settings
from bot.store.database import address, open_database
from bot.versions.ledger import Ledger
from bot.versions.overlay import sorted_out
from bot.versions.rows import Version
from bot.versions.versions import Versions

__all__ = ["exported", "history", "rolled_back"]

_PAGE = 20
_WHO = "terminal"


def history(settings: Settings, page: int) -> str:
    """A page of versions from the newest on, a line each.

    Raises:
        StoreError: the database can't be used.
    """

    async def read() -> tuple[Sequence[Version], int]:
        async with open_database(address(settings.database)) as database:
            versions = Versions(database)
            return await versions.history(page, _PAGE), await versions.count()

    versions, count = asyncio.run(read())
    if not versions:
        return f"There are {count} versions." if count else "No version was recorded yet."
    more = [f"{count} in all; --page {page + 1} shows older ones."] if page * _PAGE < count else []
    return "\n".join([*map(_row, versions), *more])


def rolled_back(settings: Settings, number: int, confirmed: Callable[[str], bool]) -> str:
    """Goes back to a version; returns what is to be told.

    Args:
        confirmed: is shown what would change, and says whether it shall.

    Raises:
        CurationError: there is no such version.
        KnowledgeError: its content can't be read.
        StoreError: the database can't be used.
    """

    async def roll() -> str:
        async with open_database(address(settings.database)) as database:
            ledger = Ledger(database)
            would = await ledger.preview(number)
            if not would.sections:
                return f"Version {number} holds what is in service."
            if not await asyncio.to_thread(confirmed, diff.render(would)):
                return "Nothing was changed."
            done = await ledger.rollback(number, _WHO)
            return f"Version {done.version.number} is in service, with what version {number} held."

    return asyncio.run(roll())


def exported(settings: Settings) -> tuple[Exported, Sequence[str]]:
    """Writes what was taught into the knowledge base of the settings; also tells what there is to say of it, in lines.

    Raises:
        KnowledgeError: the folder has problems, or something can't be put into its files; nothing was written.
        StoreError: the database can't be used.
    """
    base = load(settings.knowledge_folder)
    version = asyncio.run(_current(settings))
    found = sorted_out(base, version.lines if version else ())
    done = export(settings.knowledge_folder, found.knowledge)
    left_out = [f"left out, as it no longer fits: {problem.message}" for problem in found.problems]
    return done, [*left_out, *_undoing(done, version)]


async def _current(settings: Settings) -> Version | None:
    async with open_database(address(settings.database)) as database:
        return await Versions(database).current()


def _undoing(done: Exported, version: Version | None) -> Iterator[str]:
    """Says so where the files would undo a rollback: an export takes nothing out of them."""
    if version and version.rolled_back and done.version != version.knowledge:
        yield (
            f"The files hold something else than what is in service since the rollback to {version.origin}, and the "
            "next reload puts them into service: to keep the rollback, take back in them what it took back "
            "(herald audit tells)."
        )


def _row(version: Version) -> str:
    at = datetime.fromtimestamp(version.at).astimezone().strftime("%Y-%m-%d %H:%M")
    who = "" if version.who == version.action else f" by {version.who}"
    return f"{version.number:>5}  {at}  {version.knowledge}  {version.action}{who} ({version.origin})"
