"""The server: everything of it on one port of the loopback interface."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from unittest.mock import patch

import discord
import yarl
from aiohttp import web

from tests.discord_server.account_routes import AccountRoutes
from tests.discord_server.exchange import Exchange
from tests.discord_server.gateway import Gateway, Rules
from tests.discord_server.interaction_routes import InteractionRoutes
from tests.discord_server.interactions import Clock, Interactions
from tests.discord_server.member import Member
from tests.discord_server.message_routes import MessageRoutes
from tests.discord_server.model import Channel, Guild, Message, Payload
from tests.discord_server.openapi import OpenApi
from tests.discord_server.rest import BASE, Rest
from tests.discord_server.world import World
from tests.log import PATIENCE, Log

__all__ = ["TOKEN", "DiscordServer"]

TOKEN = "loopback.token.of-no-value"  # noqa: S105 - opens nothing but this server


class DiscordServer:
    """A Discord to test against, as an asynchronous context manager.

    Attributes:
        world: its users, guilds, channels and messages.
        gateway: sessions and what clients sent over their sockets.
        rest: requests, planned faults, and the problems that no bot should make.
        interactions: what members did with the bot.
    """

    def __init__(
        self, *, rules: Rules | None = None, clock: Clock = time.monotonic, judge: OpenApi | None = None
    ) -> None:
        self.world = World()
        self.gateway = Gateway(self.world, TOKEN, rules or Rules())
        self.rest = Rest(TOKEN, judge)
        self.interactions = Interactions(clock)
        self.world.dispatch = self.gateway.dispatch
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> DiscordServer:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/resume", self.gateway.serve)
        AccountRoutes(self.world, self.gateway).add_to(app, self.rest)
        MessageRoutes(self.world, self.gateway).add_to(app, self.rest)
        InteractionRoutes(self.world, self.interactions).add_to(app, self.rest)
        self.rest.add_rest(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self.gateway.address = f"ws://127.0.0.1:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self.gateway.drop()
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """Where its REST interface is."""
        return f"http://127.0.0.1:{self._port}{BASE}"

    @property
    def gateway_url(self) -> str:
        """Where its gateway is."""
        return f"{self.gateway.address}/gateway"

    @contextmanager
    def pointed(self) -> Iterator[None]:
        """Points discord.py in this process here, REST and gateway both, and back at the end."""
        gateway = yarl.URL(self.gateway_url)
        with (
            patch.object(discord.http.Route, "BASE", self.api_url),
            patch.object(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway),
        ):
            yield

    def member(self, name: str, *guilds: Guild, permissions: int = 0, role: str = "") -> Member:
        """A new user who is a member of guilds, with a role if given or needed for the permissions."""
        user = self.world.user(name)
        held = [self.world.role(role or f"role of {name}", permissions)] if role or permissions else []
        for guild in guilds:
            self.world.join(guild, user, *held)
        return Member(user, self.world, self.interactions)

    async def plant(self, place: Channel, content: str, components: list[Payload]) -> Message:
        """A message of the bot from a life before, which no log has."""
        message = Message(self.world.ids.next(), place, self.world.bot, content, components)
        place.messages[message.id] = message
        return message

    async def answer(self, question: Message, patience: float = PATIENCE) -> Message:
        """Waits for the bot's reply to a message, or in a DM for whatever it says after."""

        def answers(sent: Message) -> bool:
            later = sent.channel is question.channel and sent.id > question.id
            return sent.reply_to == question.id or (later and question.channel.guild is None and not sent.reply_to)

        return await self.world.sent.next(answers, patience)

    def answers(self, question: Message) -> list[Message]:
        """All replies to a message so far."""
        return self.world.sent.all(lambda sent: sent.reply_to == question.id)

    @property
    def sent(self) -> Log[Message]:
        """The bot's messages."""
        return self.world.sent

    @property
    def requests(self) -> Log[Exchange]:
        """The bot's requests."""
        return self.rest.requests

    @property
    def problems(self) -> list[str]:
        """What no bot should do; a test that ends with any has failed."""
        return self.rest.problems

    async def ready(self, shards: int = 1, patience: float = PATIENCE) -> None:
        """Waits until so many more sessions have begun."""
        for _ in range(shards):
            await self.gateway.ready.next(patience=patience)
