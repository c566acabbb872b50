"""Beside answering: work that goes on until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

__all__ = ["beside", "pause"]

_PATIENCE = 5.0  # seconds for what goes on beside answering to end by itself


@asynccontextmanager
async def beside(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]], name: str) -> AsyncIterator[None]:
    """Has work go on until the end of the block; then it may finish a step, as it may be in the midst of a query."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(stop), name=f"herald-{name}")
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait([task], timeout=_PATIENCE)
        task.cancel()
        await asyncio.wait([task])


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Waits so long, or until ``stop`` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
