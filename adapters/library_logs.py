"""The log of a platform's library, in Herald's: a line each, without tracebacks and without secrets of addresses."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from bot.guard import where

__all__ = ["one_line", "unhandled"]


class _OneLine(logging.Handler):
    """Hands on what is logged, and the kind of an exception instead of its traceback."""

    _QUERY = re.compile(r"(?<=\w)\?[^\s'\")]+|(?<=hooks\.slack\.com/)[^\s'\")]+")

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        kind = {"error": type(error).__name__} if error else {}
        said = self._QUERY.sub("…", " ".join(record.getMessage().split()))
        structlog.get_logger().log(record.levelno, said, logger=record.name, **kind)


def unhandled(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """What becomes of a failure that nobody awaited: a line without its words, which may hold what a member typed."""
    del loop
    error = context.get("exception")
    kind = {"error": type(error).__name__, "where": where(error)} if isinstance(error, BaseException) else {}
    said = str(context.get("message", "")).partition("\n")[0]
    structlog.get_logger().error("unhandled", said=said, **kind)


@contextmanager
def one_line(name: str) -> Iterator[None]:
    """Takes over a library's log for a while; what is below warnings stays out."""
    logger, handler = logging.getLogger(name), _OneLine(logging.WARNING)
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
