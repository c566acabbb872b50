"""Herald as a process of its own, pointed at a loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.adapters.process import START, BotProcess, connected, herald_run
from tests.discord_server.server import TOKEN, DiscordServer

__all__ = ["BotProcess", "bot_process"]


@asynccontextmanager
async def bot_process(
    server: DiscordServer,
    folder: Path,
    settings: Mapping[str, str],
    *,
    token: str = TOKEN,
    ready: bool = True,
    fresh: bool = False,
) -> AsyncIterator[BotProcess]:
    """Runs the bot until the end of the block.

    Args:
        folder: where it is started.
        settings: its ``HERALD_*`` variables; those of this process do not reach it.
        ready: waits until it is connected.
        fresh: starts the command itself.
    """
    environment = {
        "DISCORD_TOKEN": token,
        "HERALD_DISCORD_API_URL": server.api_url,
        "HERALD_DISCORD_GATEWAY_URL": server.gateway_url,
        **settings,
    }
    async with herald_run(folder, environment, fresh=fresh) as bot:
        if ready:
            await connected(bot, server.ready(patience=START))
        yield bot
