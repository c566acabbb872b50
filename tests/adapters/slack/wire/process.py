"""Herald as a process of its own, pointed at a loopback Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.adapters.ports import held_port
from tests.adapters.process import START, BotProcess, connected, herald_run
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer

__all__ = ["EVENTS", "bot_process", "http_process"]

EVENTS = "/slack/events"
"""Where the bot takes requests."""


@asynccontextmanager
async def bot_process(
    server: SlackServer, folder: Path, settings: Mapping[str, str], *, ready: bool = True, fresh: bool = False
) -> AsyncIterator[BotProcess]:
    """Runs the bot on Socket Mode until the end of the block.

    Args:
        folder: where it is started.
        settings: its variables; tokens among them take the place of the right ones.
        ready: waits until it is connected.
        fresh: starts the command itself.
    """
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
    async with herald_run(folder, {**tokens, "HERALD_SLACK_API_URL": server.api_url, **settings}, fresh=fresh) as bot:
        if ready:
            await connected(bot, server.ready(patience=START))
        yield bot


@asynccontextmanager
async def http_process(
    server: SlackServer, folder: Path, settings: Mapping[str, str], *, fresh: bool = False
) -> AsyncIterator[BotProcess]:
    """Runs the bot at an address of its own until the end of the block; the server tells it everything there."""
    with held_port() as port:
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "HERALD_SLACK_PORT": str(port)}
        own = {**tokens, "HERALD_SLACK_API_URL": server.api_url, **settings}
        async with herald_run(folder, own, fresh=fresh) as bot:
            await connected(bot, bot.lines.next(lambda line: "connected" in line, patience=START))
            server.post_to(f"http://127.0.0.1:{port}{EVENTS}")
            yield bot
