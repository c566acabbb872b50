"""Logging, set up once: to standard error, at one level, and never a word that a member typed."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.herald import Herald

__all__ = ["configure", "opened"]


_ORDER = ("timestamp", "level", "event")


def configure(level: str, form: str = "console") -> None:
    """Sends what is logged to standard error, a line each.

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def opened(herald: Herald, seconds: float) -> None:
    """Logs that a knowledge base went into service."""
    kb = herald.snapshot.knowledge
    structlog.get_logger().info("opened", knowledge=kb.version, entries=len(kb.entries), seconds=round(seconds, 3))
