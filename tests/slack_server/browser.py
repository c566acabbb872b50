"""A person's browser: it follows where it is sent, and keeps its cookies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

__all__ = ["Browser", "Page", "browser"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows.

    Attributes:
        url: where it ended up.
    """

    status: int
    text: str
    url: str
    headers: Mapping[str, str]

    @property
    def sent_to(self) -> str:
        """Where it is sent."""
        return self.headers.get("Location", "")


class Browser:
    """Opens pages."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def opens(self, url: str, *, follows: bool = True) -> Page:
        """Opens an address."""
        async with self._session.get(URL(url, encoded=True), allow_redirects=follows) as answer:
            return Page(answer.status, await answer.text(), str(answer.url), dict(answer.headers))


@asynccontextmanager
async def browser(origin: str) -> AsyncIterator[Browser]:
    """A browser without a past, which trusts an origin though it isn't encrypted."""
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(origin))
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(session)
