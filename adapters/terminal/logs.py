"""Logging, set up once: to standard error, at one level, and never a word that a member typed."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.herald import Herald

__all__ = ["configure", "opened"]


def configure(level: str) -> None:
    """Sends what is logged at ``level`` (DEBUG, INFO, WARNING or ERROR) and above to standard error, a line each."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def opened(herald: Herald, seconds: float) -> None:
    """Logs that a knowledge base went into service."""
    kb = herald.snapshot.knowledge
    structlog.get_logger().info("opened", knowledge=kb.version, entries=len(kb.entries), seconds=round(seconds, 3))
