"""A port that Herald listens at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import PlatformError
from bot.flight import PATIENCE

__all__ = ["listening"]


@asynccontextmanager
async def listening(made: web.Application, host: str | None, port: int, variable: str) -> AsyncIterator[int]:
    """Serves a web application, without a log of requests; yields the port, which is a free one for 0.

    At the end nobody can connect any more, and requests under way are finished.

    Args:
        host: address to listen at; None for all.
        variable: that sets the port, for the line on what is wrong.

    Raises:
        PlatformError: the port can't be used.
    """
    runner = web.AppRunner(made, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise PlatformError(f"can't listen at port {port} ({variable}): {error.strerror}") from None
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
