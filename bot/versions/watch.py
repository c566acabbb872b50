"""Watching the folder of the knowledge base: what changes there goes into service by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import PurePath

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
_AGAIN = 10_000  # milliseconds after which a reload is tried again that a store would not have


def _unheard(problem: Panel | None) -> None:
    del problem


@asynccontextmanager
async def watching(host: Host, report: Report = _unheard) -> AsyncIterator[None]:
    """Watches until it is left.

    Args:
        report: is told of problems, too.
    """
    task = asyncio.create_task(_lasting(host, report), name="herald-watch")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _lasting(host: Host, report: Report) -> None:
    try:
        await watch(host, report)
    except Exception as error:  # noqa: BLE001 - answering goes on without it
        structlog.get_logger().error("no longer watching", error=in_words(error))
        report(Panel(f"The files of the knowledge base aren't watched any more: {in_words(error)}"))


async def watch(host: Host, report: Report) -> None:
    """Reloads whenever a file changes, for ever; problems go to the log and the old version stays.

    Args:
        report: is told of problems, too.
    """
    again = False
    changes = awatch(
        host.folder, watch_filter=_wanted, step=_QUIET, debounce=_AT_MOST, rust_timeout=_AGAIN, yield_on_timeout=True
    )
    async for changed in changes:
        if changed or again:
            again = not await _reload(host, report)


def _wanted(change: Change, path: str) -> bool:
    """Files of a knowledge base; and the link that Kubernetes turns to a new folder of them."""
    del change
    name = PurePath(path).name
    return name.startswith("..") or name.endswith((".yaml", ".yml", ".lock"))


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
