"""Watching the folder of the knowledge base: what changes there goes into service by itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path, PurePath

import structlog
from watchfiles import Change, awatch

from bot import admin
from bot.errors import HeraldError, KnowledgeError, in_words
from bot.host import Host
from bot.panels.model import Panel

__all__ = ["WATCH", "Report", "watch", "watching"]

WATCH = "watch"
"""Who it is that reloads."""

Report = Callable[[Panel | None], None]
"""Takes what is wrong with the folder from now on; None once nothing is."""

_QUIET = 200  # milliseconds without a further change, so that a commit with many files is read once
_AT_MOST = 3000  # milliseconds, while files go on changing
_AGAIN = 10_000  # milliseconds until a reload that a store would not have is tried again, and the folder looked for


def _unheard(problem: Panel | None) -> None:
    del problem


@asynccontextmanager
async def watching(host: Host, report: Report = _unheard, read: str = "") -> AsyncIterator[None]:
    """Watches until it is left.

    Args:
        report: is told of problems, too.
        read: digest of what was read from the folder at the start, which may have changed since; empty where that is
            not to be looked for.
    """
    task = asyncio.create_task(_lasting(host, report, read), name="herald-watch")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _lasting(host: Host, report: Report, read: str) -> None:
    try:
        await watch(host, report, read)
    except Exception as error:  # noqa: BLE001 - answering goes on without it
        structlog.get_logger().error("no longer watching", error=in_words(error))
        report(Panel(f"The files of the knowledge base aren't watched any more: {in_words(error)}"))


async def watch(host: Host, report: Report, read: str = "") -> None:
    """Reloads whenever a file changes, for ever; problems go to the log and the old version stays.

    Args:
        report, read: as :func:`watching` has them.
    """
    await _until_replaced(host, report, read)
    while True:  # only once the new folder is watched, so that no change falls between
        await _until_replaced(host, report, again=True)


async def _until_replaced(host: Host, report: Report, read: str = "", *, again: bool = False) -> None:
    """Watches the folder until another one has its path, of whose files no change would be heard.

    Args:
        read: what the folder should hold when it begins to be watched; empty where that doesn't matter.
        again: whether to reload without a change, too.
    """
    with _held(host.folder) as folder:
        async with aclosing(_changes(host.folder)) as changes:
            async for changed in changes:
                if changed or again or (read and await _differs(host, read)):
                    again = not await _reload(host, report)
                read = ""
                if _replaced(host.folder, folder):
                    return


async def _differs(host: Host, read: str) -> bool:
    """Whether the folder holds something else than was read; not what is in service, as that may be rolled back."""
    try:
        return (await host.read()).version != read
    except Exception:  # noqa: BLE001 - a reload will say what it is
        return True


def _changes(folder: Path) -> AsyncGenerator[set[tuple[Change, str]], None]:
    """What changes in a folder; and nothing at all every now and then."""
    wanted = partial(_wanted, len(folder.absolute().parts))
    return awatch(
        folder, watch_filter=wanted, step=_QUIET, debounce=_AT_MOST, rust_timeout=_AGAIN, yield_on_timeout=True
    )


@contextmanager
def _held(folder: Path) -> Iterator[os.stat_result]:
    """A folder that is kept open: were it deleted, the next one might get its number."""
    number = os.open(folder, os.O_RDONLY)
    try:
        yield os.fstat(number)
    finally:
        os.close(number)


def _replaced(path: Path, folder: os.stat_result) -> bool:
    """Whether another folder is there now: it was moved there, or the path is a link that was turned."""
    try:
        return not os.path.samestat(path.stat(), folder)
    except OSError:  # it isn't there yet
        return False


def _wanted(above: int, change: Change, path: str) -> bool:
    """Files of a knowledge base, which aren't hidden; and the link that Kubernetes turns to a new folder of them.

    Args:
        above: how many parts of the path are the folder's own, which may be hidden itself.
    """
    del change
    parts = PurePath(path).parts[above:]
    if not parts or parts[-1].startswith(".."):
        return bool(parts)
    return parts[-1].endswith((".yaml", ".yml", ".lock")) and not any(part.startswith(".") for part in parts)


async def _reload(host: Host, report: Report) -> bool:
    """Whether that is that; False where it is worth another try."""
    try:
        told = await host.reload(WATCH)
    except KnowledgeError as error:
        for problem in error.problems:
            structlog.get_logger().error("problem", file=problem.file, line=problem.line, what=problem.message)
        structlog.get_logger().error("not reloaded", problems=len(error.problems), knowledge=host.knowledge.version)
        report(Panel(f"The files of the knowledge base changed: {admin.refused(error, host)}", report=str(error)))
    except HeraldError as error:
        structlog.get_logger().warning("not reloaded yet", error=in_words(error))
        return False
    except Exception as error:  # noqa: BLE001 - a change of the next file may do better
        structlog.get_logger().error("not reloaded", error=in_words(error))
        report(Panel(f"The files of the knowledge base changed, but can't be put into service: {in_words(error)}"))
    else:
        report(None)
        structlog.get_logger().info("reloaded", knowledge=told.after, sections=len(told.sections))
    return True
