"""A plain discord.py bot, to show that the server enforces what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import discord
from discord import app_commands

from tests.discord_server.server import TOKEN, DiscordServer
from tests.log import Log

__all__ = ["Plain", "running"]


class Plain(discord.Client):
    """Does with messages and interactions what a test says, and keeps the errors that it gets."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or plain_intents(), allowed_mentions=discord.AllowedMentions.none())
        self._connection.guild_ready_timeout = 0.02
        self.tree = app_commands.CommandTree(self)
        self.errors: Log[discord.DiscordException] = Log("error")
        self.heard: Log[object] = Log("event")
        self.contents: list[str] = []
        self.on_text: Callable[[discord.Message], Awaitable[object]] = _nothing
        self.on_click: Callable[[discord.Interaction], Awaitable[object]] = _nothing

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Goes on at once, where discord.py waits five seconds before it identifies again."""

    async def on_message(self, message: discord.Message) -> None:
        """Hands a member's message on."""
        if message.author != self.user:
            self.contents.append(message.content)
            await self.caught(self.on_text(message))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hands a click or a modal on."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self.caught(self.on_click(interaction))

    async def caught(self, doing: Awaitable[object]) -> None:
        """Keeps the error of what a test wants done."""
        try:
            await doing
        except discord.DiscordException as error:
            self.errors.add(error)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Keeps what it was told."""
        self.heard.add(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Keeps what it was told."""
        self.heard.add(event)


async def _nothing(_: object) -> None:
    """What a bot does that was told nothing."""


def plain_intents() -> discord.Intents:
    """The intents that need no permission."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


@asynccontextmanager
async def running(server: DiscordServer, client: discord.Client, token: str = TOKEN) -> AsyncIterator[None]:
    """Runs a client from READY to the end of the block."""
    with server.pointed():
        task = asyncio.create_task(client.start(token))
        try:
            await server.ready()
            await client.wait_until_ready()
            yield
        finally:
            await client.close()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
