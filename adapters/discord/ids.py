"""What a button or select carries: an action and its argument, with a version, so that it works after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.reply import QuoteRequest

__all__ = ["BUTTON", "LONGEST", "SELECT", "VERSION", "RecordId", "another", "button", "record", "request", "select"]

VERSION = 1
LONGEST = 100  # characters
BUTTON = r"(?s)h(?P<version>\d+):(?P<action>[a-z]+):(?P<rest>.*)"
SELECT = r"(?s)s(?P<version>\d+):(?P<action>[a-z]+):(?P<rest>.*)"


@dataclass(frozen=True, slots=True)
class RecordId:
    """An entry or a quote; written "e.harbor-host" or "q.on-light"."""

    kind: Literal["entry", "quote"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind[0]}.{self.id}"


def button(action: str, rest: object = "") -> str:
    """The id of a button."""
    return f"h{VERSION}:{action}:{rest}"


def select(action: str, rest: object = "") -> str:
    """The id of a select."""
    return f"s{VERSION}:{action}:{rest}"


def record(rest: str) -> RecordId:
    """What :class:`RecordId` wrote."""
    return RecordId("quote" if rest.startswith("q.") else "entry", rest[2:])


def another(wanted: QuoteRequest) -> str:
    """The id of a button for another quote; a topic that is too long loses its last words."""
    start = button("more", f"{wanted.speaker or ''}|")
    about = " ".join(wanted.about.split())
    while about and len(start) + len(about) > LONGEST:
        about = about.rpartition(" ")[0]
    return start + about


def request(rest: str) -> QuoteRequest:
    """What :func:`another` wrote after the action."""
    speaker, _, about = rest.partition("|")
    return QuoteRequest(speaker or None, about)
