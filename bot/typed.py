"""What members type: whether it says anything, and what stands behind a command that has one line for all of it."""

from __future__ import annotations

import re

from bot.matching.speakers import Speakers

__all__ = ["has_words", "quote_wanted"]

_ABOUT = re.compile(r"\babout\b", re.I)


def has_words(text: str) -> bool:
    """Whether there is anything in a text to answer: a letter or a digit of any script."""
    return any(map(str.isalnum, text))


def quote_wanted(rest: str, speakers: Speakers) -> tuple[str | None, str | None]:
    """Speaker and topic of ``[speaker] [about ...]``; without "about" it is known by the names which is which."""
    speaker, *about = (part.strip() for part in _ABOUT.split(rest, maxsplit=1))
    return (speaker or None, " ".join(about) or None) if about else speakers.apart(speaker)
