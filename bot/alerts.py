"""Alerts: what is wrong is posted in the channels that admins set for it, once, however many processes see it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot import notices
from bot.beside import pause
from bot.claims import Claim, Claims
from bot.errors import in_words
from bot.panels.model import Panel

__all__ = ["Alerts", "Post"]

Post = Callable[[Panel], Awaitable[None]]
"""How a platform posts something for admins; it raises what keeps it from that."""

_GLANCE = 0.5  # seconds between looks at what is wrong


class Alerts:
    """Tells the admins' channels what is wrong now, and that it no longer is."""

    def __init__(self, claims: Claims, glance: float = _GLANCE) -> None:
        """Takes the claims by which one process posts for all, and the seconds between looks at what is wrong."""
        self._claims = claims
        self._glance = glance
        self._channels: dict[str, _Channel] = {}
        self._problem: Panel | None = None

    def report(self, problem: Panel | None) -> None:
        """What is wrong from now on; None once nothing is."""
        self._problem = problem

    def post_by(self, platform: str, post: Post | None) -> None:
        """Has a platform post from now on, what is wrong already too; None ends that."""
        if post is None:
            self._channels.pop(platform, None)
        else:
            self._channels[platform] = _Channel(platform, post, self._claims)

    async def run(self, stop: asyncio.Event) -> None:
        """Posts until ``stop`` is set."""
        while not stop.is_set():
            for channel in tuple(self._channels.values()):
                await channel.hear(self._problem)
            await pause(stop, self._glance)


class _Channel:
    """One platform's channel.

    The claim is held for as long as something is wrong, so that the same problem is told again if it comes back.
    """

    def __init__(self, platform: str, post: Post, claims: Claims) -> None:
        self._platform = platform
        self._post = post
        self._claims = claims
        self._heard: Panel | None = None
        self._claim: Claim | None = None

    async def hear(self, problem: Panel | None) -> None:
        if problem == self._heard:
            return
        self._heard = problem
        before, self._claim = self._claim, None
        if before:
            await self._claims.release(before)
        if problem:
            await self._tell(problem)
        elif before:
            await self._posted(Panel(notices.MENDED))

    async def _tell(self, problem: Panel) -> None:
        claim = Claim(f"alert:{self._platform}:{problem.text}\n{problem.report}")
        if not await self._claims.take(claim):
            return
        if await self._posted(problem):
            self._claim = claim
        else:
            await self._claims.release(claim)

    async def _posted(self, panel: Panel) -> bool:
        try:
            await self._post(panel)
        except Exception as error:  # noqa: BLE001 - whatever it is, the log has the problem itself
            structlog.get_logger().error("admins not alerted", platform=self._platform, error=in_words(error))
            return False
        return True
