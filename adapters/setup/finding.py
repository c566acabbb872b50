"""What a platform says to a token: asked by one harmless call, told in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

from bot.errors import in_words

__all__ = ["Answer", "Check", "Finding", "call"]

_TIMEOUT = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a check.

    Attributes:
        verdict: "unknown" where the platform could not be asked.
        lines: what to tell.
        id: what the platform calls whose token it is; empty where that isn't known.
    """

    verdict: Literal["good", "refused", "unknown"]
    lines: tuple[str, ...]
    id: str = ""


Check = Callable[[str], Awaitable[Finding]]
"""Checks a token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a call.

    Attributes:
        status: 0 where nothing came back.
        error: what went wrong with the connection, or empty.
    """

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    error: str = ""


async def call(method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> Answer:
    """Calls an address; never fails, and follows no redirection, as a token goes along."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.request(method, url, headers=headers, data=form, allow_redirects=False) as response,
        ):
            body = await response.json(content_type=None)
            return Answer(response.status, body if isinstance(body, dict) else {}, response.headers)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return Answer(0, {}, {}, in_words(error))
