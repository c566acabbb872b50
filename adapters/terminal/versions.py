"""Versions on the command line: what ``herald run`` has around its platforms, history, rollback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.running import Around
from adapters.terminal.console import tell
from bot.host import Host
from bot.settings import Settings
from bot.store.database import Database, address
from bot.versions import service

__all__ = ["publishing"]


def publishing(settings: Settings, host: Host) -> Around:
    """What publishes and follows versions while platforms run, and watches the folder where that is wanted."""

    @asynccontextmanager
    async def around(stop: asyncio.Event) -> AsyncIterator[None]:
        del stop
        async with AsyncExitStack() as stack:
            database = Database(address(settings.database))
            stack.push_async_callback(database.close)
            await stack.enter_async_context(service.publishing(database, host, tell))
            if settings.watch:
                await stack.enter_async_context(service.watching(host))
            yield

    return around
