"""The log of a platform's library, in Herald's: a line each, without tracebacks and without secrets of addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

__all__ = ["one_line"]


class _OneLine(logging.Handler):
    """Hands on what is logged, and the kind of an exception instead of its traceback."""

    _QUERY = re.compile(r"(?<=\w)\?[^\s'\")]+|(?<=hooks\.slack\.com/)[^\s'\")]+")

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        kind = {"error": type(error).__name__} if error else {}
        said = self._QUERY.sub("…", " ".join(record.getMessage().split()))
        structlog.get_logger().log(record.levelno, said, logger=record.name, **kind)


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
