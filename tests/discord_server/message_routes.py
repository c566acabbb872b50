"""Routes about messages in channels."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_server import payloads
from tests.discord_server.drafts import Drafts
from tests.discord_server.errors import (
    ApiError,
    cannot_edit_others,
    invalid_form,
    missing_access,
    missing_permissions,
    unknown,
)
from tests.discord_server.exchange import Exchange
from tests.discord_server.gateway import Gateway
from tests.discord_server.model import Channel, ChannelKind, Intent, Message, Payload, Permission
from tests.discord_server.rest import Rest
from tests.discord_server.rules import check_message
from tests.discord_server.world import World

__all__ = ["MessageRoutes"]


class MessageRoutes:
    """Answers them."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self._drafts = Drafts(world)

    def add_to(self, app: web.Application, rest: Rest) -> None:
        """Adds the routes."""
        rest.add(app, "GET", "/channels/{channel}", self._channel)
        rest.add(app, "POST", "/channels/{channel}/typing", self._typing)
        rest.add(app, "POST", "/channels/{channel}/messages", self._send)
        rest.add(app, "GET", "/channels/{channel}/messages/{message}", self._fetch)
        rest.add(app, "PATCH", "/channels/{channel}/messages/{message}", self._edit)
        rest.add(app, "DELETE", "/channels/{channel}/messages/{message}", self._delete)

    async def _channel(self, exchange: Exchange) -> Any:
        return payloads.channel(self._place(exchange), self._world.bot)

    async def _typing(self, exchange: Exchange) -> Any:
        place = self._place(exchange)
        self._may_send(place)
        self._world.typing.add(place)

    async def _send(self, exchange: Exchange) -> Any:
        place, body = self._place(exchange), exchange.body or {}
        self._may_send(place)
        check_message(body, files=len(exchange.files))
        draft = self._drafts.made(place, body, exchange.files)
        draft.reply_to = self._reply_to(place, body.get("message_reference"))
        known = self._world.known(draft) if body.get("enforce_nonce") else None
        return self._shown(known or await self._world.post(self._drafts.finished(draft, body)))

    def _reply_to(self, place: Channel, reference: Payload | None) -> int | None:
        """The message that a reply belongs to; one that is gone makes it a plain message, or an error."""
        if not reference:
            return None
        number = int(reference["message_id"])
        if number in place.messages and not place.messages[number].viewer:
            if not place.permissions(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
                raise ApiError(403, 160002, "Cannot reply without permission to read message history")
            return number
        if reference.get("fail_if_not_exists", True):
            raise invalid_form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return None

    async def _fetch(self, exchange: Exchange) -> Any:
        place = self._place(exchange)
        if not place.permissions(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
            raise missing_access()
        return self._shown(self._message(exchange))

    async def _edit(self, exchange: Exchange) -> Any:
        message, body = self._message(exchange), exchange.body or {}
        if message.author is not self._world.bot:
            raise cannot_edit_others()
        check_message(body, partial=True, files=len(exchange.files))
        self._drafts.change(message, body)
        await self._world.edit(message)
        return self._shown(message)

    async def _delete(self, exchange: Exchange) -> Any:
        message = self._message(exchange)
        others = message.author is not self._world.bot
        if others and not message.channel.permissions(self._world.bot) & Permission.MANAGE_MESSAGES:
            raise missing_permissions()
        await self._world.delete(message)

    def _shown(self, message: Message) -> Payload:
        """A message in an answer, where the intents that were granted decide over its content as on the gateway."""
        granted = bool(self._gateway.rules.privileged & Intent.MESSAGE_CONTENT)
        return payloads.message(message, bot=self._world.bot, open_content=granted)

    def _place(self, exchange: Exchange) -> Channel:
        found = self._world.channels.get(exchange.number("channel"))
        if found is None:
            raise unknown("channel")
        if not found.has_bot or not found.permissions(self._world.bot) & Permission.VIEW_CHANNEL:
            raise missing_access()
        return found

    def _message(self, exchange: Exchange) -> Message:
        found = self._place(exchange).messages.get(exchange.number("message"))
        if found is None or found.viewer:
            raise unknown("message")
        return found

    def _may_send(self, place: Channel) -> None:
        threaded = place.kind is ChannelKind.PUBLIC_THREAD
        needed = Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES
        if not place.permissions(self._world.bot) & needed:
            raise missing_permissions()
