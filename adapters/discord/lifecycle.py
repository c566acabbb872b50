"""From start to end: connecting, what can go wrong with it in one clear line, and closing with nothing lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import discord

from adapters.discord.app import HeraldClient
from adapters.discord.desk import PLATFORM
from adapters.discord.endpoints import endpoints
from adapters.library_logs import one_line
from bot.claims import sweep
from bot.errors import PlatformError, in_words
from bot.flight import PATIENCE
from bot.host import Host
from bot.office import Office
from bot.settings import Settings

__all__ = ["Discord"]


class Discord:
    """Herald on Discord, as ``herald run`` starts it."""

    name = "Discord"

    def __init__(self, host: Host, settings: Settings, office: Office | None = None) -> None:
        self._host = host
        self._settings = settings
        self._office = office

    async def serve(self, stop: asyncio.Event) -> None:
        """Serves until ``stop`` is set, then finishes what is under way and closes.

        Raises:
            PlatformError: Discord can't be reached, or refuses the bot.
        """
        token = self._settings.discord_token
        assert token
        with one_line("discord"), endpoints(self._settings.discord_api_url, self._settings.discord_gateway_url):
            client = HeraldClient(self._host, self._settings, self._office)
            self._host.health.watch("discord", client.connection)
            running = asyncio.create_task(client.start(token.get_secret_value()), name="discord")
            stopping = asyncio.create_task(stop.wait(), name="discord-stop")
            sweeping = asyncio.create_task(_sweep(client), name="discord-sweep")
            try:
                await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    _explain(running)
            finally:
                stopping.cancel()
                sweeping.cancel()
                await _close(client, running)


async def _sweep(client: HeraldClient) -> None:
    """Answers what other processes died over, as soon as there is a way to."""
    await client.entered.wait()
    await sweep(client.desk.claims, PLATFORM, client.desk.flight, client.questions.left)


async def _close(client: HeraldClient, running: asyncio.Task[None]) -> None:
    """Drains, closes, and cancels: closing alone leaves a start under way running."""
    await client.desk.flight.finish("discord")
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError, AttributeError):
        await asyncio.wait_for(client.close(), PATIENCE)
    running.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await running


def _explain(running: asyncio.Task[None]) -> None:
    """Raises what ended a connection that should have lasted."""
    error = running.exception()
    if error is None:
        raise PlatformError("Discord: the connection was closed")
    if isinstance(error, discord.LoginFailure):
        raise PlatformError("Discord refuses DISCORD_TOKEN: copy it anew from the bot's page of the developer portal")
    if isinstance(error, discord.ConnectionClosed):
        raise PlatformError(f"Discord closed the connection for good (code {error.code})")
    if isinstance(error, discord.DiscordException | aiohttp.ClientError | OSError | TimeoutError):
        raise PlatformError(f"Discord can't be reached or refuses the bot: {in_words(error)}")
    raise error
