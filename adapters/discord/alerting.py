"""Alerting admins in the channel that is set for it."""

from __future__ import annotations

import discord

from adapters.discord import panels, places
from adapters.discord.components import files_of
from bot.errors import PlatformError
from bot.panels.model import Panel

__all__ = ["Alerting"]


class Alerting:
    """Posts for admins, by any process that is logged in."""

    def __init__(self, client: discord.Client, channel: int) -> None:
        self._client = client
        self._channel = channel

    async def __call__(self, panel: Panel) -> None:
        """As :data:`bot.alerts.Post`.

        Raises:
            PlatformError: there is no such channel, or Herald may not write in it.
        """
        channel = await places.writable(self._client, self._channel)
        if channel is None:
            raise PlatformError(f"HERALD_DISCORD_ADMIN_CHANNEL={self._channel}: no channel that Herald may write in")
        payload = panels.payload_of(panel)
        await channel.send(payload.content, files=files_of(payload), suppress_embeds=True)
