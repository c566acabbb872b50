"""All that is on this Discord, and the changes that its users are told about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from tests.discord_server import payloads
from tests.discord_server.ids import Snowflakes
from tests.discord_server.model import (
    ORDINARY,
    Channel,
    ChannelKind,
    Guild,
    Intent,
    Message,
    Payload,
    Role,
    User,
)
from tests.log import Log

__all__ = ["Dispatch", "World"]


class Dispatch(Protocol):
    """Sends an event to the sessions that it is for."""

    async def __call__(
        self, event: str, data: Callable[[Intent], Payload], guild: Guild | None = None, needed: int = 0
    ) -> None:
        """See ``Gateway.dispatch``."""


class World:
    """Users, guilds, channels, messages and the bot's commands.

    Attributes:
        sent: messages of the bot, those to interactions among them, in order.
        edited: messages of the bot each time that they were edited.
        deleted: messages that were deleted, by anybody.
        commands: the global commands as registered, with ids.
        typing: channels that the bot showed itself typing in.
    """

    def __init__(self) -> None:
        self.ids = Snowflakes()
        self.bot = User(self.ids.next(), "herald", bot=True)
        self.application = self.ids.next()
        self.owner = User(self.ids.next(), "owner")
        self.users: dict[int, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: list[Payload] = []
        self.sent: Log[Message] = Log("message of the bot")
        self.edited: Log[Message] = Log("edit of the bot")
        self.deleted: Log[Message] = Log("deletion")
        self.typing: Log[Channel] = Log("typing")
        self.dispatch: Dispatch = _nobody
        self._nonces: dict[tuple[int, str], Message] = {}

    def user(self, name: str) -> User:
        """A new user."""
        made = User(self.ids.next(), name)
        self.users[made.id] = made
        return made

    def guild(self, name: str, *, shard: tuple[int, int] = (0, 1), has_bot: bool = True) -> Guild:
        """A new guild; to be made before the bot connects.

        Args:
            shard: the number of the shard that serves it, and of how many.
        """
        number = self.ids.on_shard(*shard)
        made = Guild(number, name, self.owner, Role(number, "@everyone", int(ORDINARY)), has_bot=has_bot)
        self.guilds[made.id] = made
        self.join(made, self.owner)
        if has_bot:
            self.join(made, self.bot, Role(self.ids.next(), "Herald", managed=True))
        return made

    def join(self, guild: Guild, user: User, *roles: Role) -> None:
        """Makes a user a member with roles."""
        guild.users[user.id] = user
        guild.members[user.id] = list(roles)
        guild.roles |= {role.id: role for role in roles}

    def role(self, name: str, permissions: int = 0) -> Role:
        """A new role, of a guild once a member has it."""
        return Role(self.ids.next(), name, permissions)

    def channel(self, guild: Guild, name: str, *, nsfw: bool = False, denied: int = 0) -> Channel:
        """A new text channel; to be made before the bot connects."""
        return self._placed(Channel(self.ids.next(), ChannelKind.TEXT, name, guild, nsfw=nsfw, denied=denied))

    async def thread(self, parent: Channel, name: str) -> Channel:
        """A new thread, of which the bot is told."""
        made = self._placed(Channel(self.ids.next(), ChannelKind.PUBLIC_THREAD, name, parent.guild, parent))
        payload = {**payloads.thread(made), "newly_created": True}
        await self.dispatch("THREAD_CREATE", lambda _: payload, parent.guild, Intent.GUILDS)
        return made

    def dm(self, *users: User) -> Channel:
        """The conversation of these users, the bot among them or not; always the same one."""
        for place in self.channels.values():
            if place.guild is None and set(place.recipients) == set(users):
                return place
        kind = ChannelKind.DM if len(users) <= 2 else ChannelKind.GROUP_DM
        return self._placed(Channel(self.ids.next(), kind, recipients=users))

    def _placed(self, place: Channel) -> Channel:
        self.channels[place.id] = place
        if place.guild:
            place.guild.channels[place.id] = place
        return place

    def known(self, message: Message) -> Message | None:
        """The message that the bot sent before with the same enforced nonce."""
        return self._nonces.get((message.channel.id, message.nonce or ""))

    async def post(self, message: Message) -> Message:
        """Puts a message into its channel."""
        message.channel.messages[message.id] = message
        if message.author is self.bot:
            if message.nonce:
                self._nonces[(message.channel.id, message.nonce)] = message
            self.sent.add(message)
        await self._tell("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message) -> None:
        """Tells of a message that has changed."""
        message.edited = datetime.now(UTC).isoformat()
        if message.author is self.bot:
            self.edited.add(message)
            self.sent.touch()
        await self._tell("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """Takes a message out of its channel."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        self.deleted.add(message)
        if message.viewer or not message.channel.has_bot:
            return
        gone = {"id": str(message.id), "channel_id": str(message.channel.id), **_home(message)}
        await self.dispatch("MESSAGE_DELETE", lambda _: gone, message.channel.guild, _needed(message.channel))

    async def _tell(self, event: str, message: Message) -> None:
        """Sends a message's event; of an ephemeral one, and of one where the bot isn't, there is none."""
        place = message.channel
        if message.viewer or not place.has_bot:
            return
        await self.dispatch(event, lambda intents: self.event(message, intents), place.guild, _needed(place))

    def event(self, message: Message, intents: Intent) -> Payload:
        """A message as an event has it."""
        granted = bool(intents & Intent.MESSAGE_CONTENT)
        data = payloads.message(message, bot=self.bot, open_content=granted) | _home(message)
        place = message.channel.guild
        if place:
            data["member"] = payloads.member(place, message.author, named=False)
        return data


def _home(message: Message) -> Payload:
    return {"guild_id": str(message.channel.guild.id)} if message.channel.guild else {}


def _needed(place: Channel) -> int:
    return Intent.GUILD_MESSAGES if place.guild else Intent.DIRECT_MESSAGES


async def _nobody(event: str, data: Callable[[Intent], Payload], guild: Guild | None = None, needed: int = 0) -> None:
    """Nobody is connected yet."""
