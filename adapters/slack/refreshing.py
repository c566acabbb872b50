"""Tokens that expire: another one is asked for in time, once, though many requests come and several processes run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.remembered import Key, Remembered
from bot.errors import PlatformError

__all__ = ["Refresher"]

_AHEAD = 120  # minutes before a token's end from which on another one is asked for; as bolt does
_PAUSES = (0.2, 0.5, 1.0)  # seconds, for another process to keep the token that it was just given
_REST = 30.0  # seconds after a failure in which a token that still works isn't asked for again


class Refresher:
    """Gives bots whose token works."""

    def __init__(self, store: Remembered, rotator: AsyncTokenRotator, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._rotator = rotator
        self._now = now
        self._under_way: dict[Key, asyncio.Task[Bot]] = {}
        self._failed: dict[Key, float] = {}

    async def working(self, key: Key, bot: Bot) -> Bot:
        """The bot, or the same with another token; only who comes with an expired one waits for that.

        Raises:
            PlatformError: the token has expired, and Slack gives no other one.
        """
        if not self._ends(bot):
            return bot
        expired = (bot.bot_token_expires_at or 0) <= self._now()
        if not expired and self._now() - self._failed.get(key, 0.0) < _REST:
            return bot
        task = self._under_way.get(key) or self._begun(key)
        return await asyncio.shield(task) if expired else bot

    async def close(self) -> None:
        """Waits for what was asked for, as it can't be asked for twice."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _begun(self, key: Key) -> asyncio.Task[Bot]:
        task = self._under_way[key] = asyncio.create_task(self._refreshed(key), name="slack-refresh")

        def done(ended: asyncio.Task[Bot]) -> None:
            del self._under_way[key]
            if not ended.cancelled() and (error := ended.exception()):
                self._failed[key] = self._now()
                said = str(error) if isinstance(error, PlatformError) else type(error).__name__
                structlog.get_logger().error("no new token", platform="slack", workspace=key[1] or key[0], error=said)

        task.add_done_callback(done)
        return task

    async def _refreshed(self, key: Key) -> Bot:
        before = await self._found(key)
        if not self._ends(before):
            return before
        try:
            bot = await self._rotator.perform_bot_token_rotation(bot=before, minutes_before_expiration=_AHEAD)
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError):
            return await self._overtaken(key, before)
        if bot is None:
            raise PlatformError("Slack gave a token of another kind")
        await self._store.async_save_bot(bot)
        return await self._found(key)

    async def _overtaken(self, key: Key, before: Bot) -> Bot:
        """The bot as another process keeps it: of several that ask at once, Slack answers one."""
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            bot = await self._found(key)
            if bot.bot_refresh_token != before.bot_refresh_token:
                return bot
        raise PlatformError("Slack gives none; if that stays so, the workspace must install Herald again")

    async def _found(self, key: Key) -> Bot:
        bot = await self._store.anew(key)
        if bot is None:
            raise PlatformError("Herald was removed from the workspace")
        return bot

    def _ends(self, bot: Bot) -> bool:
        return bot.bot_token_expires_at is not None and bot.bot_token_expires_at - self._now() <= _AHEAD * 60
