"""Routes by which the bot answers interactions: the callback, and the webhook for all that follows."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_server import payloads
from tests.discord_server.drafts import Drafts
from tests.discord_server.errors import unknown
from tests.discord_server.exchange import Exchange
from tests.discord_server.interactions import Answer, Interaction, Interactions
from tests.discord_server.model import Message, MessageFlag, Origin, Payload
from tests.discord_server.rest import Rest
from tests.discord_server.rules import check_choices, check_message, check_modal
from tests.discord_server.world import World

__all__ = ["InteractionRoutes"]


class InteractionRoutes:
    """Answers them."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions
        self._drafts = Drafts(world)

    def add_to(self, app: web.Application, rest: Rest) -> None:
        """Adds the routes, none of which takes the bot's token."""
        hook = "/webhooks/{application}/{token}"
        rest.add(app, "POST", "/interactions/{interaction}/{token}/callback", self._respond, token=False)
        rest.add(app, "POST", hook, self._follow, token=False)
        rest.add(app, "GET", hook + "/messages/{message}", self._fetch, token=False)
        rest.add(app, "PATCH", hook + "/messages/{message}", self._edit, token=False)
        rest.add(app, "DELETE", hook + "/messages/{message}", self._delete, token=False)

    async def _respond(self, exchange: Exchange) -> Any:
        body: Payload = exchange.body or {}
        found = self._interactions.respond(exchange.number("interaction"), exchange.parts["token"], body)
        answer, data = Answer(body["type"]), body.get("data") or {}
        self._check(answer, data, len(exchange.files))
        found.answer, found.data = answer, data
        message = await self._answered(found, answer, data, exchange.files)
        found.changed()
        if exchange.query.get("with_response", "").lower() not in ("1", "true"):
            return None
        return self._callback(found, message)

    def _check(self, answer: Answer, data: Payload, files: int) -> None:
        if answer is Answer.CHOICES:
            check_choices(data)
        elif answer is Answer.MODAL:
            check_modal(data)
        elif answer in (Answer.MESSAGE, Answer.UPDATE):
            check_message(data, partial=answer is Answer.UPDATE, files=files, at="data.")

    async def _answered(
        self, found: Interaction, answer: Answer, data: Payload, files: tuple[str, ...]
    ) -> Message | None:
        if answer is Answer.MESSAGE:
            found.original = await self._posted(found, data, files)
        elif answer is Answer.DEFERRED_UPDATE:
            found.original = found.message
        elif answer is Answer.UPDATE and found.message:
            found.original = found.message
            self._drafts.change(found.message, data, interaction=True)
            await self._world.edit(found.message)
        return found.original

    async def _posted(
        self, found: Interaction, data: Payload, files: tuple[str, ...], reply_to: Message | None = None
    ) -> Message:
        draft = self._drafts.made(found.channel, data, files)
        draft.origin = Origin(found.id, found.kind, found.user)
        draft.viewer = found.user if draft.ephemeral else None
        draft.reply_to = reply_to.id if reply_to else None
        return await self._world.post(self._drafts.finished(draft, data, interaction=True))

    def _callback(self, found: Interaction, message: Message | None) -> Payload:
        """What Discord says of a response where it is asked to."""
        about: Payload = {"id": str(found.id), "type": int(found.kind), "response_message_loading": False}
        about["response_message_ephemeral"] = bool(found.data.get("flags", 0) & MessageFlag.EPHEMERAL)
        resource: Payload = {"type": int(found.answer or 0)}
        if message:
            about["response_message_id"] = str(message.id)
            resource["message"] = self._shown(message)
        return {"interaction": about, "resource": resource}

    async def _follow(self, exchange: Exchange) -> Any:
        """A followup; the first one after a deferred response is that response."""
        found, data = self._found(exchange), exchange.body or {}
        check_message(data, files=len(exchange.files))
        if found.answer is Answer.DEFERRED and found.original is None:
            return self._shown(await self._completed(found, data, exchange.files))
        self._interactions.may_follow(found)
        message = await self._posted(found, data, exchange.files, found.original)
        found.followups.append(message)
        found.changed()
        return self._shown(message)

    async def _completed(self, found: Interaction, data: Payload, files: tuple[str, ...]) -> Message:
        """Whether a deferred response is ephemeral was settled when it was deferred."""
        flags = (data.get("flags") or 0) & ~MessageFlag.EPHEMERAL
        settled = {**data, "flags": flags | (found.data.get("flags", 0) & MessageFlag.EPHEMERAL)}
        found.original = await self._posted(found, settled, files)
        found.changed()
        return found.original

    async def _fetch(self, exchange: Exchange) -> Any:
        return self._shown(self._message(exchange, self._found(exchange)))

    async def _edit(self, exchange: Exchange) -> Any:
        found, body = self._found(exchange), exchange.body or {}
        check_message(body, partial=True, files=len(exchange.files))
        deferred = found.answer is Answer.DEFERRED and found.original is None
        if deferred and exchange.parts["message"] == "@original":
            return self._shown(await self._completed(found, body, exchange.files))
        message = self._message(exchange, found)
        self._drafts.change(message, body, interaction=True)
        await self._world.edit(message)
        return self._shown(message)

    async def _delete(self, exchange: Exchange) -> Any:
        await self._world.delete(self._message(exchange, self._found(exchange)))

    def _found(self, exchange: Exchange) -> Interaction:
        number, token = exchange.number("application"), exchange.parts["token"]
        return self._interactions.open(number, token, self._world.application)

    @staticmethod
    def _message(exchange: Exchange, found: Interaction) -> Message:
        name = exchange.parts["message"]
        mine = [message for message in (found.original, found.message, *found.followups) if message]
        if name == "@original":
            mine = [found.original] if found.original else []
        wanted = [message for message in mine if not message.deleted and name in ("@original", str(message.id))]
        if not wanted:
            raise unknown("message")
        return wanted[0]

    def _shown(self, message: Message) -> Payload:
        return payloads.message(message, bot=self._world.bot, open_content=True)
