"""What a test plans to go wrong with a request to a loopback platform."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Fault", "dropped", "held"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a request.

    Attributes:
        status: of the answer; 0 drops the connection without one, -1 answers as usual.
        applied: the request takes effect all the same, and only its answer is lost.
        until: holds the request back until this is set.
    """

    status: int = -1
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    applied: bool = False
    until: asyncio.Event | None = None


def dropped(*, applied: bool = False) -> Fault:
    """The connection ends without an answer."""
    return Fault(0, applied=applied)


def held(until: asyncio.Event) -> Fault:
    """The request waits, then is handled as usual."""
    return Fault(until=until)
