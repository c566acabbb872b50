"""All that is on this Slack, and what the bot is told of its changes.

Follows docs.slack.dev/reference/events/message and .../app_mention: who subscribes to both hears of a mention twice; a
direct message is no mention; the bot hears its own messages; a message with replies leaves a tombstone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.log import Log
from tests.slack_server import payloads
from tests.slack_server.ids import Ids
from tests.slack_server.manifest import App
from tests.slack_server.model import Channel, Kind, Message, Payload, Team, User, View, mention

__all__ = ["World", "pings"]

_PLURAL = {Kind.CHANNEL: "channels", Kind.GROUP: "groups", Kind.IM: "im", Kind.MPIM: "mpim"}
_PING = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<@\w+(?:\|[^>]*)?>|<!subteam\^\w+(?:\|[^>]*)?>")

Tell = Callable[[Payload], Any]


class World:
    """Workspaces with their users, conversations and messages.

    Attributes:
        sent: messages of the bot, ephemeral ones among them, in order.
        edited: messages of the bot each time that they were changed.
        deleted: messages that were deleted, by anybody.
        views: modals and App Homes each time that the bot opened, changed or published one.
        statuses: what the bot showed itself doing in an agent's thread: channel, thread and words.
        tell: takes an event for the bot.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.ids = Ids()
        self.app_id = self.ids.new("A")
        self.teams: dict[str, Team] = {}
        self.sent: Log[Message] = Log("message of the bot")
        self.edited: Log[Message] = Log("change of the bot's")
        self.deleted: Log[Message] = Log("deletion")
        self.views: Log[View] = Log("view")
        self.statuses: Log[tuple[str, str, str]] = Log("status")
        self.prompts: Log[Payload] = Log("suggested prompts")
        self.homes: dict[str, View] = {}
        self.tell: Callable[[Payload], Any] = _nobody

    def team(self, name: str, token: str = "", *, installed: bool = True, enterprise: str = "") -> Team:
        """A new workspace, with the app installed unless told otherwise."""
        number = self.ids.new("T")
        bot = User(self.ids.new("U"), "herald", number, bot=True)
        made = Team(number, name, bot, self.ids.new("B"), token or f"xoxb-loopback-{number}", self.app.scopes)
        made.installed, made.enterprise = installed, enterprise
        made.users[bot.id] = bot
        self.teams[made.id] = made
        return made

    def user(self, team: Team, name: str, *, admin: bool = False, owner: bool = False) -> User:
        """A new user."""
        made = User(self.ids.new("U"), name, team.id, admin=admin, owner=owner)
        team.users[made.id] = made
        return made

    def group(self, team: Team, *users: User) -> str:
        """A new user group, by its id."""
        number = self.ids.new("S")
        team.groups[number] = list(users)
        return number

    def channel(self, team: Team, name: str, *, private: bool = False, has_bot: bool = True) -> Channel:
        """A new channel that all users so far and the bot, unless told otherwise, are members of."""
        members = {user.id for user in team.users.values() if not user.bot or has_bot}
        kind = Kind.GROUP if private else Kind.CHANNEL
        return self._placed(Channel(self.ids.new("C"), kind, team, name, members))

    def dm(self, team: Team, user: User, *others: User) -> Channel:
        """The conversation of the bot with one or more users; always the same one."""
        members = {team.bot.id, user.id, *(other.id for other in others)}
        kind = Kind.MPIM if others else Kind.IM
        for place in team.channels.values():
            if place.kind is kind and place.members == members:
                return place
        return self._placed(Channel(self.ids.new("C" if others else "D"), kind, team, "", members))

    def _placed(self, place: Channel) -> Channel:
        place.team.channels[place.id] = place
        return place

    def post(self, message: Message) -> Message:
        """Puts a message into its channel; an ephemeral one is only kept in the log."""
        message.pings = pings(message)
        first = message.channel.messages.get(message.thread)
        if first and not message.viewer:
            first.thread = first.ts
        if not message.viewer:
            message.channel.messages[message.ts] = message
        if message.author.bot:
            self.sent.add(message)
        if not message.viewer:
            self._tell_message(message)
        return message

    def edit(self, message: Message, before: Message) -> None:
        """Tells of a message that has changed.

        Args:
            before: a copy from before the change.
        """
        message.edited = self.ids.ts()
        message.pings = pings(message)
        if message.author.bot:
            self.edited.add(message)
            self.sent.touch()
        if not message.viewer:
            self._tell_changed(message, payloads.message(message), payloads.message(before))

    def delete(self, message: Message) -> None:
        """Takes a message out of its channel."""
        message.deleted = True
        place, before = message.channel, payloads.message(message)
        replies = any(other.thread == message.ts for other in place.messages.values() if other is not message)
        place.messages.pop(message.ts, None)
        self.deleted.add(message)
        self.sent.touch()
        if message.viewer:
            return
        if replies:
            self._tell_changed(message, payloads.removed(message), before)
        else:
            gone = {"subtype": "message_deleted", "previous_message": before, "deleted_ts": message.ts}
            self._tell_message_event(place, gone)

    def _tell_message(self, message: Message) -> None:
        place, shown = message.channel, payloads.message(message)
        more = {"channel": place.id, "event_ts": message.ts}
        self._hear(place, f"message.{_PLURAL[place.kind]}", {**shown, **more, "channel_type": str(place.kind)})
        named = place.team.bot.mention in message.text
        if named and place.kind is not Kind.IM and not message.author.bot:
            self._hear(place, "app_mention", {**shown, "type": "app_mention", **more})

    def _tell_changed(self, message: Message, after: Payload, before: Payload) -> None:
        self._tell_message_event(
            message.channel, {"subtype": "message_changed", "message": after, "previous_message": before}
        )

    def _tell_message_event(self, place: Channel, inner: Payload) -> None:
        ts = self.ids.ts()
        common = {"type": "message", "channel": place.id, "hidden": True, "ts": ts, "event_ts": ts}
        self._hear(place, f"message.{_PLURAL[place.kind]}", {**common, **inner, "channel_type": str(place.kind)})

    def _hear(self, place: Channel, name: str, inner: Payload) -> None:
        if place.has_bot:
            self.hear(place.team, name, inner)

    def hear(self, team: Team, name: str, inner: Payload) -> None:
        """Tells the bot of an event, where it is subscribed and has the scope."""
        if self.app.hears(name, team.scopes) and team.installed:
            self.tell(payloads.event(team, self.app_id, self.ids.new("Ev"), inner))

    def seen(self, place: Channel, user: User) -> list[Message]:
        """What a user sees in a channel: its messages, and the ephemeral ones for them."""
        private = [sent for sent in self.sent if sent.viewer is user and sent.channel is place and not sent.deleted]
        return sorted([*place.messages.values(), *private], key=lambda message: message.ts)


def copied(message: Message) -> Message:
    """A message as it is now, for telling later what it was before."""
    return replace(message, blocks=list(message.blocks))


def pings(message: Message) -> tuple[str, ...]:
    """Whom a message notifies, in its text and in its blocks wherever these hold mrkdwn."""
    texts = [message.text, *_mrkdwn(message.blocks)] if message.author.bot else [message.text]
    return tuple(dict.fromkeys(match.group() for text in texts for match in _PING.finditer(text)))


def _mrkdwn(data: Any) -> list[str]:
    """Everything in blocks that can name somebody: mrkdwn, Markdown, and rich text's own mentions."""
    if isinstance(data, list):
        return [text for item in data for text in _mrkdwn(item)]
    if not isinstance(data, dict):
        return []
    if data.get("type") in ("mrkdwn", "markdown"):
        return [str(data.get("text", ""))]
    if data.get("type") in ("user", "broadcast", "usergroup"):
        return [mention(data)]
    return [text for item in data.values() for text in _mrkdwn(item)]


def _nobody(payload: Payload) -> None:
    """Nobody listens yet."""
