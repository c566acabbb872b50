"""What a Slack consists of: workspaces, users, conversations, messages, views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["Channel", "Kind", "Message", "Payload", "Team", "User", "View", "elements_of", "found", "mention"]

Payload = dict[str, Any]


class Kind(StrEnum):
    """Sorts of conversation, as events name them."""

    CHANNEL = "channel"
    GROUP = "group"
    IM = "im"
    MPIM = "mpim"


@dataclass(eq=False)
class User:
    """Somebody, or the bot."""

    id: str
    name: str
    team: str
    bot: bool = False
    admin: bool = False
    owner: bool = False
    deleted: bool = False

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Team:
    """A workspace with the app installed, or not any longer.

    Attributes:
        token: the bot's, of this workspace.
        scopes: what was granted to it.
        groups: members of user groups, by the group's id.
        enterprise: id of the organization that it belongs to, or empty.
        whole: whether the app is installed in that organization as a whole.
        refresh: what another token is given for; empty where tokens don't expire.
        expires: when the token does, in seconds since 1970.
        earlier: tokens that were renewed ahead of their end, which they are good to.
    """

    id: str
    domain: str
    bot: User
    bot_id: str
    token: str
    scopes: frozenset[str]
    installed: bool = True
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, list[User]] = field(default_factory=dict)
    enterprise: str = ""
    whole: bool = False
    refresh: str = ""
    expires: float | None = None
    earlier: dict[str, float] = field(default_factory=dict)


@dataclass(eq=False)
class Channel:
    """A conversation.

    Attributes:
        members: ids of users; the bot posts only where it is one.
        messages: by their time; ephemeral ones are not among them.
    """

    id: str
    kind: Kind
    team: Team
    name: str = ""
    members: set[str] = field(default_factory=set)
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.team.bot.id in self.members


@dataclass(eq=False)
class Message:
    """A message.

    Attributes:
        text: as Slack keeps it: with ``&``, ``<`` and ``>`` escaped.
        thread: the time of the thread's first message, of that one too once it has replies; empty outside of threads.
        pings: whom it would notify: "<!channel>", "<@U1>", "<!subteam^S1>".
        viewer: who alone sees an ephemeral one.
        via: where the bot sent it from: a method ("chat.postMessage"), "response_url" or "ack".
        used: id of what a member did that it answers, where the way it came tells.
        body: the request that made or last changed it, where the bot did.
    """

    ts: str
    channel: Channel
    author: User
    text: str = ""
    blocks: list[Payload] = field(default_factory=list)
    thread: str = ""
    client_id: str = ""
    pings: tuple[str, ...] = ()
    viewer: User | None = None
    via: str = ""
    used: str = ""
    edited: str = ""
    deleted: bool = False
    body: Payload = field(default_factory=dict)

    def __str__(self) -> str:
        seen = f" for {self.viewer.name} alone" if self.viewer else ""
        return f"{self.author.name} in {self.channel.name or self.channel.kind}{seen}: {self.text!r}"

    @property
    def root(self) -> str:
        """The time of the thread that it is in, or of the one that replies to it would begin."""
        return self.thread or self.ts

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons, in order; feedback buttons by both their labels."""
        return list(_labels(self.blocks))

    @property
    def shown(self) -> str:
        """The words of its blocks, buttons aside, one a line; its text where it has no blocks."""
        return "\n".join(_words(self.blocks)) if self.blocks else self.text

    def element(self, name: str) -> tuple[Payload, Payload]:
        """The block and in it the element of that label, action_id or value.

        Raises:
            LookupError: there is none; says what there is.
        """
        return found(self.blocks, name)


@dataclass(eq=False)
class View:
    """A modal, or somebody's App Home.

    Attributes:
        body: as the bot sent it.
        typed: what the member has entered: action ids with their state, by block id.
        options: those that an ``external_select`` was last offered, by action id.
    """

    id: str
    team: Team
    user: User
    body: Payload
    hash: str
    used: str = ""
    previous: View | None = None
    closed: bool = False
    external: str = ""
    typed: dict[str, Payload] = field(default_factory=dict)
    options: dict[str, list[Payload]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What stands above it."""
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[Payload]:
        """Its blocks."""
        return list(self.body["blocks"])

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons, in order."""
        return list(_labels(self.blocks))

    @property
    def shown(self) -> str:
        """The words of its blocks, one a line."""
        return "\n".join(_words(self.blocks))

    def element(self, name: str) -> tuple[Payload, Payload]:
        """See ``Message.element``."""
        return found(self.blocks, name)


def elements_of(block: Payload) -> Iterator[Payload]:
    """Everything in a block that a member can press, pick from or type into."""
    inside = [*block.get("elements", []), block.get("accessory"), block.get("element"), *block.get("actions", [])]
    yield from (item for item in inside if isinstance(item, dict) and "action_id" in item)
    for key in ("child_blocks", "cards"):
        for inner in block.get(key, []):
            yield from elements_of(inner)


def found(blocks: Sequence[Payload], name: str) -> tuple[Payload, Payload]:
    """The block and the element of that label, action_id or value.

    Raises:
        LookupError: there is none; says what there is.
    """
    for block in blocks:
        for item in elements_of(block):
            if name in (item["action_id"], item.get("value"), *_names(item)):
                return block, item
    there = [(item["action_id"], *_names(item)) for block in blocks for item in elements_of(block)]
    raise LookupError(f"nothing called {name!r}; there are {there}")


def _names(item: Payload) -> list[str]:
    parts = [item, item.get("positive_button"), item.get("negative_button")]
    texts = [part["text"] for part in parts if part and isinstance(part.get("text"), dict)]
    return [str(text["text"]) for text in texts]


def _labels(blocks: Sequence[Payload]) -> Iterator[str]:
    for block in blocks:
        for item in elements_of(block):
            yield from _names(item)


def mention(item: Payload) -> str:
    """An element of rich text that names somebody, as it is in mrkdwn; empty for any other."""
    written = {"user": "<@{user_id}>", "broadcast": "<!{range}>", "usergroup": "<!subteam^{usergroup_id}>"}
    return written.get(item["type"], "").format(**item)


def _rich(part: Payload) -> Iterator[str]:
    for item in part.get("elements", []):
        if "elements" in item:
            yield from _rich(item)
        else:
            yield mention(item) or item.get("text") or item.get("url", "")


def _words(blocks: Sequence[Payload]) -> Iterator[str]:
    for block in blocks:
        for item in (block.get("text"), block.get("title"), block.get("label"), *block.get("fields", [])):
            if item:
                yield item["text"] if isinstance(item, dict) else item
        if block["type"] == "context":
            yield from (item["text"] for item in block["elements"] if "text" in item)
        if block["type"] == "rich_text":
            yield from ("".join(_rich(part)) for part in block["elements"])
        yield from _words(block.get("child_blocks", []))
