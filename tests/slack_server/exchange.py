"""One request of the bot with its answer, and the faults that a test plans for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults import Fault, dropped, held

__all__ = ["Exchange", "Fault", "Faults", "dropped", "held", "rate_limited", "refused", "server_error"]


@dataclass(eq=False)
class Exchange:
    """A request, and once it is answered the answer.

    Attributes:
        method: of the Web API ("chat.postMessage"), or "response_url".
        args: parsed arguments, the token not among them.
        token: what the Authorization header holds after "Bearer ", or None.
        at: seconds by ``time.perf_counter`` when it had arrived.
        key: of the address for responses that it was sent to.
        status: of HTTP; 0 until there is one, -1 where the connection was dropped.
        error: Slack's word where it refused.
    """

    method: str
    args: Mapping[str, Any]
    token: str | None
    at: float
    key: str = ""
    status: int = 0
    error: str = ""
    answer: Any = None

    def __str__(self) -> str:
        return f"{self.method} -> {self.status or 'open'}{f' ({self.error})' if self.error else ''}"

    @property
    def ok(self) -> bool:
        """Whether it did what it asked for."""
        return self.status == 200 and not self.error

    def is_(self, pattern: str) -> bool:
        """Whether it calls such a method; the pattern is a regular expression for the whole name."""
        return re.fullmatch(pattern, self.method) is not None


def rate_limited(retry_after: int = 1) -> Fault:
    """A 429 with the whole seconds to wait (docs.slack.dev/apis/web-api/rate-limits)."""
    return Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)})


def server_error(status: int = 500, *, applied: bool = False) -> Fault:
    """A 500, 502, 503 or 504, before the request took effect or after."""
    return Fault(status, applied=applied)


def refused(error: str) -> Fault:
    """An answer of ``ok: false``: "channel_not_found", "msg_too_long", "missing_scope" ..."""
    return Fault(200, {"ok": False, "error": error})


class Faults:
    """What is planned to go wrong."""

    def __init__(self) -> None:
        self._plans: list[tuple[str, Fault]] = []

    def plan(self, pattern: str, fault: Fault, times: int = 1) -> None:
        """Lets the next ``times`` such requests meet a fault; the pattern is that of ``Exchange.is_``."""
        self._plans += [(pattern, fault)] * times

    def forget(self) -> None:
        """Lets nothing go wrong any more."""
        self._plans.clear()

    def take(self, exchange: Exchange) -> Fault | None:
        """The fault that a request meets, which is used up by it."""
        for number, (pattern, fault) in enumerate(self._plans):
            if exchange.is_(pattern):
                del self._plans[number]
                return fault
        return None
