"""discord.py's own log, in Herald's: a line each, without tracebacks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

__all__ = ["one_line"]


class _OneLine(logging.Handler):
    """Hands on what is logged, and the kind of an exception instead of its traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        kind = {"error": type(error).__name__} if error else {}
        said = " ".join(record.getMessage().split())
        structlog.get_logger().log(record.levelno, said, logger=record.name, **kind)


@contextmanager
def one_line() -> Iterator[None]:
    """Takes over discord.py's log for a while; what is below warnings stays out."""
    logger, handler = logging.getLogger("discord"), _OneLine(logging.WARNING)
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
