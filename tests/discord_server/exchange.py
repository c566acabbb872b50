"""One request of the bot with its answer, and the faults that a test plans for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults import Fault, dropped, held

__all__ = ["Exchange", "Fault", "Faults", "bad_gateway", "dropped", "held", "rate_limited"]


@dataclass(eq=False)
class Exchange:
    """A request, and once it is answered the answer.

    Attributes:
        path: without the API's base ("/channels/1/messages").
        body: parsed JSON; of a form with files, its ``payload_json``.
        files: names of the files sent.
        token: what the Authorization header holds after "Bot ", or None.
        at: seconds by ``time.perf_counter`` when it had arrived.
        status: of the answer; 0 until there is one, -1 where the connection was dropped.
        code: Discord's own code of a refusal.
    """

    method: str
    path: str
    query: Mapping[str, str]
    parts: Mapping[str, str]
    body: Any
    files: tuple[str, ...]
    token: str | None
    at: float
    status: int = 0
    code: int = 0
    answer: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status or 'open'}{f' ({self.code})' if self.code else ''}"

    def number(self, name: str) -> int:
        """A part of the path that is an id; 0 where it is none."""
        part = self.parts[name]
        return int(part) if part.isdecimal() else 0

    def is_(self, method: str, pattern: str) -> bool:
        """Whether this is such a request; the pattern is a regular expression for the whole path."""
        return self.method == method and re.fullmatch(pattern, self.path) is not None


def rate_limited(retry_after: float, *, via: bool = True, everywhere: bool = False) -> Fault:
    """A 429.

    Args:
        retry_after: seconds to wait.
        via: sends the header by which clients tell Discord's own limit from a ban by Cloudflare.
        everywhere: the limit of the whole bot and not of one route.
    """
    headers = {"Retry-After": str(retry_after), "X-RateLimit-Scope": "global" if everywhere else "user"}
    headers |= {"Via": "1.1 google"} if via else {}
    headers |= {"X-RateLimit-Global": "true"} if everywhere else {}
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere, "code": 0}
    return Fault(429, body, headers)


def bad_gateway(*, applied: bool = False) -> Fault:
    """A 502, before the request took effect or after."""
    return Fault(502, applied=applied)


class Faults:
    """What is planned to go wrong."""

    def __init__(self) -> None:
        self._plans: list[tuple[str, str, Fault]] = []

    def plan(self, method: str, pattern: str, fault: Fault, times: int = 1) -> None:
        """Lets the next ``times`` such requests meet a fault; the pattern is that of ``Exchange.is_``."""
        self._plans += [(method, pattern, fault)] * times

    def forget(self) -> None:
        """Lets nothing go wrong any more."""
        self._plans.clear()

    def take(self, exchange: Exchange) -> Fault | None:
        """The fault that a request meets, which is used up by it."""
        for number, (method, pattern, fault) in enumerate(self._plans):
            if exchange.is_(method, pattern):
                del self._plans[number]
                return fault
        return None
