"""Where bytes are no UTF-8 text: files come from spreadsheets and editors that write other encodings."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Fault", "fault", "undecodable"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first byte that shows another encoding: the line that it is in, from 1 on, and what is wrong with it."""

    line: int
    reason: str


def fault(content: bytes) -> Fault | None:
    """What keeps bytes from being UTF-8 text, if anything does; a zero does, as UTF-16 has them in plain letters."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return undecodable(content, error)
    zero = content.find(b"\0")
    return _fault(content, zero, "a zero, as in UTF-16,") if zero >= 0 else None


def undecodable(content: bytes, error: UnicodeDecodeError) -> Fault:
    """Where decoding bytes ended, and why."""
    return _fault(content, error.start, error.reason)


def _fault(content: bytes, at: int, reason: str) -> Fault:
    return Fault(content.count(b"\n", 0, at) + 1, f"{reason} at byte {at}")
