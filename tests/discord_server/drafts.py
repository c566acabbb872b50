"""From the body of a request to a message of the bot."""

from __future__ import annotations

from collections.abc import Sequence

from tests.discord_server.mentions import mentioned, pings
from tests.discord_server.model import Channel, Message, MessageFlag, Payload
from tests.discord_server.world import World

__all__ = ["Drafts"]


class Drafts:
    """Makes and changes messages of the bot."""

    def __init__(self, world: World) -> None:
        self._world = world

    def made(self, place: Channel, body: Payload, files: Sequence[str] = ()) -> Message:
        """A message that is not in its channel yet."""
        nonce = body.get("nonce")
        message = Message(self._world.ids.next(), place, self._world.bot, nonce=None if nonce is None else str(nonce))
        message.flags = body.get("flags") or 0
        message.attachments = [self._attachment(name) for name in files]
        self._fill(message, body)
        return message

    def finished(self, message: Message, body: Payload, *, interaction: bool = False) -> Message:
        """The same, with whom it mentions and pings; to be called once it is known what it replies to."""
        target = message.channel.messages.get(message.reply_to or 0)
        replied = target.author if target else None
        allowed = body.get("allowed_mentions")
        message.pings = pings(message.content, allowed, replied, interaction=interaction)
        named = mentioned(message.content, self._world.users)
        pinged = [replied] if replied and str(replied.id) in message.pings else []
        message.mentions = tuple(dict.fromkeys([*named, *pinged]))
        return message

    def change(self, message: Message, body: Payload, *, interaction: bool = False) -> None:
        """Edits: what the body leaves out stays; who is pinged is settled anew, by Discord's defaults if need be."""
        self._fill(message, body)
        if "flags" in body:
            kept = message.flags & MessageFlag.EPHEMERAL
            message.flags = (body["flags"] or 0) | kept
        message.flags &= ~MessageFlag.LOADING
        self.finished(message, body, interaction=interaction)

    def _fill(self, message: Message, body: Payload) -> None:
        message.body = body
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = list(body["embeds"] or [])
        if "components" in body:
            message.components = list(body["components"] or [])

    def _attachment(self, name: str) -> Payload:
        number = str(self._world.ids.next())
        return {"id": number, "filename": name, "size": 1, "url": f"http://127.0.0.1/{number}", "proxy_url": ""}
