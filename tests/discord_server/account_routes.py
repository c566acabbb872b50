"""Routes about the bot itself: who it is, where its gateway is, which commands it has."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_server import payloads
from tests.discord_server.command_rules import CHAT, check_commands
from tests.discord_server.errors import missing_access, unknown
from tests.discord_server.exchange import Exchange
from tests.discord_server.gateway import Gateway
from tests.discord_server.model import Payload
from tests.discord_server.rest import Rest
from tests.discord_server.world import World

__all__ = ["AccountRoutes"]


class AccountRoutes:
    """Answers them."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def add_to(self, app: web.Application, rest: Rest) -> None:
        """Adds the routes."""
        rest.add(app, "GET", "/users/@me", self._me)
        rest.add(app, "GET", "/oauth2/applications/@me", self._application)
        rest.add(app, "GET", "/applications/@me", self._application)
        rest.add(app, "GET", "/gateway", self._address, token=False)
        rest.add(app, "GET", "/gateway/bot", self._recommended)
        rest.add(app, "GET", "/applications/{application}/commands", self._registered)
        rest.add(app, "PUT", "/applications/{application}/commands", self._register)
        rest.add(app, "POST", "/users/@me/channels", self._open_dm)
        rest.add(app, "GET", "/users/{user}", self._user)
        rest.add(app, "GET", "/guilds/{guild}/members/{user}", self._member)

    async def _me(self, _: Exchange) -> Any:
        return {**payloads.user(self._world.bot), "verified": True, "mfa_enabled": False, "email": None}

    async def _application(self, _: Exchange) -> Any:
        return payloads.application(self._world.application, self._world.owner)

    async def _address(self, _: Exchange) -> Any:
        return {"url": f"{self._gateway.address}/gateway"}

    async def _recommended(self, _: Exchange) -> Any:
        rules = self._gateway.rules
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": rules.concurrency}
        return {"url": f"{self._gateway.address}/gateway", "shards": rules.shards, "session_start_limit": limit}

    async def _registered(self, exchange: Exchange) -> Any:
        self._own(exchange)
        return self._world.commands

    async def _register(self, exchange: Exchange) -> Any:
        """The bulk overwrite: a command of the same name and type keeps its id."""
        self._own(exchange)
        commands: list[Payload] = exchange.body or []
        check_commands(commands)
        held = {(command["type"], command["name"]): command["id"] for command in self._world.commands}
        self._world.commands = [self._made(command, held) for command in commands]
        return self._world.commands

    def _made(self, command: Payload, held: dict[tuple[int, str], str]) -> Payload:
        kind = command.get("type", CHAT)
        defaults: Payload = {
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "nsfw": False,
            "integration_types": [0],
            "contexts": None,
            "name_localizations": None,
            "description_localizations": None,
        }
        number = held.get((kind, command["name"])) or str(self._world.ids.next())
        own = {"id": number, "application_id": str(self._world.application), "version": str(self._world.ids.next())}
        return {**defaults, **command, **own, "type": kind}

    def _own(self, exchange: Exchange) -> None:
        if exchange.number("application") != self._world.application:
            raise missing_access()

    async def _open_dm(self, exchange: Exchange) -> Any:
        other = self._world.users.get(int(exchange.body["recipient_id"]))
        if other is None:
            raise unknown("user")
        return payloads.channel(self._world.dm(other, self._world.bot), self._world.bot)

    async def _user(self, exchange: Exchange) -> Any:
        found = self._world.users.get(exchange.number("user"))
        if found is None:
            raise unknown("user")
        return payloads.user(found)

    async def _member(self, exchange: Exchange) -> Any:
        place, found = self._world.guilds.get(exchange.number("guild")), self._world.users.get(exchange.number("user"))
        if place is None or found is None or found.id not in place.members:
            raise unknown("user" if place else "guild")
        return payloads.member(place, found)
