"""``chat.*``: messages of the bot.

Each method follows its page, docs.slack.dev/reference/methods/chat.postMessage and so on; how often one may post,
docs.slack.dev/apis/web-api/rate-limits ("Posting messages").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.slack_server import payloads
from tests.slack_server.drafts import Drafts
from tests.slack_server.errors import ApiError
from tests.slack_server.model import Channel, Kind, Message, Payload
from tests.slack_server.rules import Clock, Rules
from tests.slack_server.web_api import Call, RateLimited, WebApi
from tests.slack_server.world import World, copied

__all__ = ["ChatRoutes"]


@dataclass
class _Bucket:
    """What may still be posted into a channel."""

    left: float
    at: float


class ChatRoutes:
    """Posts, changes and deletes."""

    def __init__(self, world: World, drafts: Drafts, rules: Rules, clock: Clock) -> None:
        self._world = world
        self._drafts = drafts
        self._rules = rules
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._posted: dict[tuple[str, str], Message] = {}

    def add_to(self, api: WebApi) -> None:
        """Adds the methods."""
        api.add("chat.postMessage", self._post, scope="chat:write", needs="channel", also="client_msg_id")
        api.add("chat.postEphemeral", self._post_ephemeral, scope="chat:write", needs="channel user")
        api.add("chat.update", self._update, scope="chat:write", needs="channel ts")
        api.add("chat.delete", self._delete, scope="chat:write", needs="channel ts")
        api.add("chat.getPermalink", self._permalink, needs="channel message_ts")

    def _post(self, call: Call) -> Payload:
        place = self._writable(call)
        self._limited(place)
        known = call.text("client_msg_id")
        message = self._posted.get((place.id, known)) if known and self._rules.repeats else None
        if message and message.deleted:
            raise ApiError("duplicate_message_not_found")
        if message is None:
            args = {name: value for name, value in call.args.items() if name != "client_msg_id"}
            message = self._posted[place.id, known] = self._drafts.made(place, args, "chat.postMessage")
            self._world.post(message)
        return {"channel": place.id, "ts": message.ts, "message": payloads.message(message)}

    def _post_ephemeral(self, call: Call) -> Payload:
        place = self._writable(call)
        viewer = place.team.users.get(call.text("user"))
        if viewer is None or viewer.id not in place.members:
            raise ApiError("user_not_in_channel")
        message = self._drafts.made(place, call.args, "chat.postEphemeral", viewer=viewer)
        self._world.post(message)
        return {"message_ts": message.ts}

    def _update(self, call: Call) -> Payload:
        message = self._own(call, "cant_update_message")
        before = copied(message)
        self._drafts.change(message, call.args)
        self._world.edit(message, before)
        return {
            "channel": message.channel.id,
            "ts": message.ts,
            "text": message.text,
            "message": payloads.message(message),
        }

    def _delete(self, call: Call) -> Payload:
        message = self._own(call, "cant_delete_message")
        self._world.delete(message)
        return {"channel": message.channel.id, "ts": message.ts}

    def _permalink(self, call: Call) -> Payload:
        place = self._place(call)
        ts = call.text("message_ts")
        message = place.messages.get(ts)
        if message is None:
            raise ApiError("message_not_found")
        query = f"?thread_ts={message.thread}&cid={place.id}" if message.thread not in ("", ts) else ""
        link = f"https://{place.team.domain}.slack.com/archives/{place.id}/p{ts.replace('.', '')}{query}"
        return {"channel": place.id, "permalink": link}

    def _own(self, call: Call, refusal: str) -> Message:
        message = self._place(call).messages.get(call.text("ts"))
        if message is None:
            raise ApiError("message_not_found")
        if message.author is not call.team.bot:
            raise ApiError(refusal)
        return message

    def _writable(self, call: Call) -> Channel:
        place = self._place(call)
        if place.archived:
            raise ApiError("is_archived")
        public = place.kind is Kind.CHANNEL and "chat:write.public" in call.team.scopes
        if not place.has_bot and not public:
            raise ApiError("not_in_channel" if place.kind is Kind.CHANNEL else "channel_not_found")
        return place

    def _place(self, call: Call) -> Channel:
        """The channel meant; for a user's id, the conversation with them."""
        wanted = call.text("channel")
        user = call.team.users.get(wanted)
        place = self._world.dm(call.team, user) if user and not user.bot else call.team.channels.get(wanted)
        if place is None:
            raise ApiError("channel_not_found")
        return place

    def _limited(self, place: Channel) -> None:
        now, rules = self._clock(), self._rules
        bucket = self._buckets.setdefault(place.id, _Bucket(rules.burst, now))
        bucket.left = min(rules.burst, bucket.left + (now - bucket.at) * rules.posts)
        bucket.at = now
        if bucket.left < 1:
            raise RateLimited(max(1, math.ceil((1 - bucket.left) / rules.posts)))
        bucket.left -= 1
