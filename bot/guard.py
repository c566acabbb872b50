"""The one boundary for errors: a member never gets silence or a traceback."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable

import structlog

from bot import notices

__all__ = ["guarded", "say_nothing", "where"]


async def guarded(
    work: Callable[[], Awaitable[None]], apologize: Callable[[str], Awaitable[None]], own: type[Exception]
) -> bool:
    """Does some work; where it fails the log gets the incident, and ``apologize`` the line for the member.

    Args:
        own: what the platform's library raises. Only its words are logged: others may hold what a member typed.

    Returns:
        Whether the work was done.
    """
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - this is the boundary
        incident, line = notices.apology()
        _log(incident, error, own)
        try:
            await apologize(line)
        except Exception as failed:  # noqa: BLE001 - so is this
            structlog.get_logger().warning("no apology", incident=incident, error=type(failed).__name__)
        return False
    return True


async def say_nothing(line: str) -> None:
    """The apology where the member expects no word."""
    del line


def _log(incident: str, error: Exception, own: type[Exception]) -> None:
    """What went wrong and where."""
    said = {"said": " ".join(str(error).split())} if isinstance(error, own) else {}
    structlog.get_logger().error("incident", incident=incident, error=type(error).__name__, where=where(error), **said)


def where(error: BaseException) -> str:
    """The files and lines that an exception came through, the innermost first; none of its words."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
