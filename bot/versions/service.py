"""Versions at work while Herald runs: publishing, following, watching; or going without a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from bot.errors import StoreError, in_words
from bot.host import Host
from bot.store.database import Database
from bot.versions.publisher import Publisher
from bot.versions.watch import Report, watch

__all__ = ["publishing", "watching"]


@asynccontextmanager
async def publishing(database: Database, host: Host, tell: Callable[[str], None]) -> AsyncIterator[Publisher | None]:
    """The publisher at work; None where a file for it can't be used, of which ``tell`` is told: answering comes first.

    Raises:
        StoreError: PostgreSQL's schema doesn't fit.
    """
    async with AsyncExitStack() as stack:
        publisher: Publisher | None = Publisher(database, host)
        try:
            assert publisher
            await stack.enter_async_context(publisher)
        except StoreError as error:
            if database.shared:
                raise
            tell(f"{error}. Going on without it: nothing is kept.")
            publisher = None
        yield publisher


@asynccontextmanager
async def watching(host: Host, report: Report | None = None) -> AsyncIterator[None]:
    """Reloads when files change, until it is left."""
    task = asyncio.create_task(watch(host, report) if report else watch(host), name="herald-watch")
    task.add_done_callback(_ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        structlog.get_logger().error("no longer watching", error=in_words(error))
