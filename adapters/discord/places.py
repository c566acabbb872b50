"""Where something was asked: who, in which conversation, and what may be shown there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

__all__ = ["Place", "guild_of", "may_send", "of_interaction", "of_message", "reads_history", "writable"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member asks.

    Attributes:
        guild: id of the server; None in a direct message.
        conversation: of its own for each member of a channel or thread, so that two members don't mix.
        age_restricted: whether explicit material may be shown; never in a direct message or an unknown place.
    """

    guild: int | None
    channel: int
    member: int
    conversation: str
    age_restricted: bool

    @property
    def name(self) -> str:
        """As the journal has it; empty in a direct message."""
        return f"{self.guild}/{self.channel}" if self.guild else ""

    def address(self, message: int) -> str:
        """The address of a message here."""
        return f"https://discord.com/channels/{self.guild or '@me'}/{self.channel}/{message}"


def of_message(message: discord.Message) -> Place:
    """The place of a message."""
    return _place(guild_of(message), message.channel, message.channel.id, message.author.id)


def guild_of(message: discord.Message) -> int | None:
    """Id of a message's server, which may not be known here (yet, or any more); None in a direct message."""
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None


def of_interaction(interaction: discord.Interaction[Any]) -> Place:
    """The place of a command or a button."""
    return _place(interaction.guild_id, interaction.channel, interaction.channel_id or 0, interaction.user.id)


def _place(guild: int | None, channel: object, channel_id: int, member: int) -> Place:
    return Place(guild, channel_id, member, f"discord:{channel_id}:{member}", _age_restricted(channel))


def _age_restricted(channel: object) -> bool:
    """As the channel is marked, or a thread's parent; a parent that isn't known counts as not marked."""
    marked = channel.parent if isinstance(channel, discord.Thread) else channel
    return bool(getattr(marked, "nsfw", False))


def may_send(channel: object) -> bool:
    """Whether Herald may write here; asked before, as Discord bans whoever is refused too often."""
    rights = _rights(channel)
    if rights is None:
        return True
    return rights.view_channel and (
        rights.send_messages_in_threads if isinstance(channel, discord.Thread) else rights.send_messages
    )


async def writable(client: discord.Client, number: int) -> discord.abc.Messageable | None:
    """A channel by its id; None where there is none that Herald may write in."""
    try:
        channel = client.get_channel(number) or await client.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None
    return channel if isinstance(channel, discord.abc.Messageable) and may_send(channel) else None


def reads_history(channel: object) -> bool:
    """Whether Herald may refer to earlier messages here, which a reply does."""
    rights = _rights(channel)
    return rights is None or rights.read_message_history


def _rights(channel: object) -> discord.Permissions | None:
    """Herald's own rights in a channel of a guild; None where there are none to look up."""
    guild = getattr(channel, "guild", None)
    if guild is None or guild.me is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return None
    try:
        return channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose parent isn't known
        return None
