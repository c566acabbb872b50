"""What is typed behind a command, where the platform has one line for all of it."""

from __future__ import annotations

import re

__all__ = ["quote_wanted"]

_ABOUT = re.compile(r"\babout\b", re.I)


def quote_wanted(rest: str) -> tuple[str | None, str | None]:
    """Speaker and topic of ``[speaker] [about ...]``."""
    speaker, *about = (part.strip() for part in _ABOUT.split(rest, maxsplit=1))
    return speaker or None, " ".join(about) or None
