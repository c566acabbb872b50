"""What a button, select or form carries: an action, its argument and a version, so that it works after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.reply import QuoteRequest, Reply

__all__ = [
    "BUTTON", "LONGEST", "SELECT", "VERSION", "Press", "RecordId",
    "another", "button", "form", "number", "press", "quotes_of", "record", "record_of", "request", "select",
]  # fmt: skip

VERSION = 1
LONGEST = 100  # characters; what Discord takes, and Slack takes more
BUTTON = r"(?s)h(?P<version>\d+):(?P<action>[a-z]+):(?P<rest>.*)"
SELECT = r"(?s)s(?P<version>\d+):(?P<action>[a-z]+):(?P<rest>.*)"


@dataclass(frozen=True, slots=True)
class RecordId:
    """An entry or a quote; written "e.harbor-host" or "q.on-light"."""

    kind: Literal["entry", "quote"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind[0]}.{self.id}"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, a select's choice (``value``), or a form that was sent."""

    version: int
    action: str
    rest: str
    value: str = ""


_MOST = 999_999_999
_DIGITS = 20
_ID = re.compile(r"(?s)[hsf](\d{1,9}):([a-z]+):(.*)")


def press(written: str, value: str = "") -> Press:
    """What :func:`button`, :func:`select` or :func:`form` wrote, with what was chosen; version 0 for all else."""
    whole, chosen = _fit(written), _fit(value)
    match = _ID.fullmatch(whole)
    return Press(int(match[1]), match[2], match[3], chosen) if match else Press(0, "", whole, chosen)


def _fit(text: str) -> str:
    """A text that a database takes: JSON may hold half a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def button(action: str, rest: object = "") -> str:
    """The id of a button."""
    return f"h{VERSION}:{action}:{rest}"


def select(action: str, rest: object = "") -> str:
    """The id of a select."""
    return f"s{VERSION}:{action}:{rest}"


def form(action: str, rest: object = "") -> str:
    """The id of a form."""
    return f"f{VERSION}:{action}:{rest}"


def number(written: str, otherwise: int = 0) -> int:
    """A number that was typed, or that an id carries: one that a database takes, as anything may be written.

    Args:
        otherwise: where it is no number.
    """
    if not written.isdecimal():
        return otherwise
    return min(int(written), _MOST) if len(written) <= _DIGITS else _MOST


def record(rest: str) -> RecordId:
    """What :class:`RecordId` wrote."""
    return RecordId("quote" if rest.startswith("q.") else "entry", rest[2:])


def record_of(reply: Reply) -> RecordId | None:
    """The entry or quote that a reply shows."""
    if reply.answers:
        return RecordId("entry", reply.answers)
    return RecordId("quote", reply.quotes[0].id) if reply.kind == "quote" and reply.quotes else None


def another(wanted: QuoteRequest) -> str:
    """The id of a button for another quote; a topic that is too long loses its last words."""
    start = button("more", f"{wanted.speaker or ''}|")
    about = " ".join(wanted.about.split())
    while about and len(start) + len(about) > LONGEST:
        about = about.rpartition(" ")[0]
    return start + about


def quotes_of(buttons: Iterable[str]) -> tuple[str, ...]:
    """The quotes that a message shows or hides, as the ids of its buttons tell."""
    presses = [press(written) for written in buttons]
    found = [record(found.rest) for found in presses if found.action in ("source", "reveal")]
    return tuple(shown.id for shown in found if shown.kind == "quote")


def request(rest: str) -> QuoteRequest:
    """What :func:`another` wrote after the action."""
    speaker, _, about = rest.partition("|")
    return QuoteRequest(speaker or None, about)
