"""Logging, set up once: to standard error, at one level, and never a word that a member typed."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from functools import partial
from typing import TextIO

import structlog

from bot.herald import Herald

__all__ = ["configure", "opened"]


_ORDER = ("timestamp", "level", "event")


class _Unfailing(structlog.PrintLogger):
    """Drops a line that can't be written, as on a full disk: Herald's work matters more than what it logs of it."""

    def msg(self, message: str) -> None:
        """Writes a line if it can."""
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = error = err = exception = critical = fatal = failure = msg


def configure(level: str, form: str = "console") -> None:
    """Sends what is logged to standard error, a line each; one that can't be written is dropped.

    Args:
        level: from which on: DEBUG, INFO, WARNING or ERROR.
        form: "console" (key=value), or "json".
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer()
            if form == "json"
            else structlog.processors.LogfmtRenderer(key_order=_ORDER),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=partial(_made, sys.stderr),
        cache_logger_on_first_use=False,
    )


def _made(stream: TextIO, *names: object) -> _Unfailing:
    """A logger; where a module gives a name for its own, it is the same."""
    del names
    return _Unfailing(stream)


def opened(herald: Herald, seconds: float) -> None:
    """Logs that a knowledge base went into service."""
    kb = herald.snapshot.knowledge
    structlog.get_logger().info("opened", knowledge=kb.version, entries=len(kb.entries), seconds=round(seconds, 3))
