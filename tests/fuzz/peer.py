"""Who Herald talks to while it is fuzzed: everything that Discord and Slack are asked is granted, at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

__all__ = ["Peer"]

Grant = Callable[[str], Any]
"""What is answered at an address."""


@dataclass
class _Answer(AbstractAsyncContextManager["_Answer"]):
    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    content_type: str = "application/json"

    async def __aenter__(self) -> _Answer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    async def text(self, encoding: str | None = None) -> str:
        """As it would come."""
        return self.body if isinstance(self.body, str) else json.dumps(self.body)

    async def json(self, **how: Any) -> Any:
        """As it was meant."""
        return self.body


class Peer:
    """As much of aiohttp's session as the libraries of both platforms use."""

    closed = False

    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    def request(self, method: str, url: Any, **how: Any) -> _Answer:
        """Grants it; what is sent must be fit for the wire."""
        data = how.get("data") or how.get("json")
        if isinstance(data, str):
            data.encode()
        elif isinstance(data, dict):
            json.dumps(data, ensure_ascii=False).encode()
        return _Answer(self._grant(str(url)))

    async def close(self) -> None:
        """Nothing to close."""
