"""What a Discord consists of: users, roles, guilds, channels, messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

__all__ = [
    "ALL",
    "ORDINARY",
    "Channel",
    "ChannelKind",
    "Guild",
    "Intent",
    "Message",
    "MessageFlag",
    "Origin",
    "Payload",
    "Permission",
    "Role",
    "User",
    "components_of",
]

Payload = dict[str, Any]


class ChannelKind(IntEnum):
    """Types of channel."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11


class MessageFlag(IntFlag):
    """Flags of a message that matter here."""

    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


class Intent(IntFlag):
    """Gateway intents that matter here; the last three are privileged."""

    GUILDS = 1 << 0
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    GUILD_MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    MESSAGE_CONTENT = 1 << 15


class Permission(IntFlag):
    """Permissions that matter here."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


ALL = (1 << 53) - 1
ORDINARY = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)


@dataclass(eq=False)
class User:
    """Somebody, or the bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of a guild."""

    id: int
    name: str
    permissions: int = 0
    managed: bool = False


@dataclass(eq=False)
class Guild:
    """A server.

    Attributes:
        members: the roles of each member beyond everyone's, by the user's id.
        has_bot: the bot was invited; otherwise only its members' own installs reach it.
    """

    id: int
    name: str
    owner: User
    everyone: Role
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    members: dict[int, list[Role]] = field(default_factory=dict)
    has_bot: bool = True

    def permissions(self, user: User) -> int:
        """What a member may do, channels aside."""
        held = self.everyone.permissions
        for role in self.members.get(user.id, []):
            held |= role.permissions
        return ALL if user is self.owner or held & Permission.ADMINISTRATOR else held


@dataclass(eq=False)
class Channel:
    """A channel, a thread or a conversation of two or more.

    Attributes:
        denied: permissions that the bot lacks here.
    """

    id: int
    kind: ChannelKind
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    nsfw: bool = False
    recipients: tuple[User, ...] = ()
    denied: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        """Whether events of this channel reach the bot."""
        return self.guild.has_bot if self.guild else any(user.bot for user in self.recipients)

    def permissions(self, user: User) -> int:
        """What somebody may do here."""
        if self.guild is None:
            return int(ORDINARY)
        denied = (self.parent.denied if self.parent else 0) | self.denied
        held = self.guild.permissions(user)
        return held & ~denied if user.bot else held


@dataclass(frozen=True, slots=True)
class Origin:
    """The interaction that a message answers."""

    id: int
    kind: int
    user: User


@dataclass(eq=False)
class Message:
    """A message.

    Attributes:
        mentions: who is mentioned, the author of the message that it replies to among them where the reply pings.
        pings: whom Discord would notify, by its rules for allowed_mentions: ids of users, "@everyone", "role <id>".
        reply_to: id of the message that it replies to, which may be gone.
        viewer: who alone sees an ephemeral one.
        body: the request that made or last changed it, where the bot did.
    """

    id: int
    channel: Channel
    author: User
    content: str = ""
    components: list[Payload] = field(default_factory=list)
    embeds: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    mentions: tuple[User, ...] = ()
    pings: tuple[str, ...] = ()
    reply_to: int | None = None
    flags: int = 0
    nonce: str | None = None
    edited: str | None = None
    origin: Origin | None = None
    viewer: User | None = None
    deleted: bool = False
    body: Payload = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.author.name} in {self.channel.name or self.channel.kind.name}: {self.content!r}"

    @property
    def ephemeral(self) -> bool:
        """Whether one member alone sees it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons, in order."""
        return [item.get("label", "") for item in components_of(self.components) if item["type"] == 2]

    def component(self, name: str) -> Payload:
        """The button of that label, or any component of that custom_id.

        Raises:
            LookupError: there is none; says what there is.
        """
        for item in components_of(self.components):
            if name in (item.get("label"), item.get("custom_id")):
                return item
        raise LookupError(f"no component {name!r}; there are {[*components_of(self.components)]}")


def components_of(components: Sequence[Payload]) -> Iterator[Payload]:
    """Components with all those inside them."""
    for item in components:
        yield item
        yield from components_of(item.get("components", []))
        for key in ("accessory", "component"):
            if key in item:
                yield from components_of([item[key]])
