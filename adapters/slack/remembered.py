"""What is remembered of installations, so that no request waits for the database."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import structlog
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.async_cacheable_installation_store import AsyncCacheableInstallationStore

from adapters.slack.installations import Installations
from bot.cooldown import Clock
from bot.store.database import FAILURES

__all__ = ["Key", "Remembered"]

_FRESH = 30.0  # seconds in which what other processes change needn't be seen

Key = tuple[str | None, str | None]
"""Organization and workspace; without a workspace an organization that Herald is installed in as a whole."""


class Remembered(AsyncCacheableInstallationStore):
    """The library's memory of installations, which looks again after a while, as other processes change them too."""

    def __init__(self, store: Installations, clock: Clock = time.monotonic) -> None:
        super().__init__(store)
        self._store = store
        self._clock = clock
        self._read: dict[Key, float] = {}

    async def bot(self, key: Key) -> Bot | None:
        """A workspace's bot; where the database is down, as it was known before.

        Raises:
            UnsealedError: its token was sealed with a key that isn't there any more.
            any of FAILURES: the database is down, and this workspace not known.
        """
        if _name(key) not in self.cached_bots or self._clock() - self._read.get(key, 0.0) > _FRESH:
            await self._look(key)
        return self.cached_bots.get(_name(key))

    async def anew(self, key: Key) -> Bot | None:
        """As :meth:`bot`, as it is now."""
        await self._look(key)
        return self.cached_bots.get(_name(key))

    async def among(self, names: Collection[str]) -> Sequence[Key]:
        """Which workspaces and organizations of these ids Herald is installed in, as it is now."""
        return await self._store.among(names)

    async def remove(self, key: Key) -> None:
        """Forgets a workspace, here and in the database."""
        await self.async_delete_all(enterprise_id=key[0], team_id=key[1])

    async def _look(self, key: Key) -> None:
        try:
            bot = await self.underlying.async_find_bot(enterprise_id=key[0], team_id=key[1])
        except FAILURES as error:
            if _name(key) not in self.cached_bots:
                raise
            structlog.get_logger().warning("installations can't be read", platform="slack", error=type(error).__name__)
            bot = self.cached_bots[_name(key)]
        self.cached_bots.pop(_name(key), None)
        if bot:
            self.cached_bots[_name(key)] = bot
            self._read[key] = self._clock()


def _name(key: Key) -> str:
    """A workspace as the library's memory names it."""
    return f"{key[0] or ''}-{key[1] or ''}"
