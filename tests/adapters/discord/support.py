"""What tests of the Discord adapter share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import simcord

from adapters.discord.app import HeraldClient
from tests.support import Clock

__all__ = ["HOME", "Clock", "World", "custom_ids", "labels"]

HOME = 4_200_000_000_000_000
"""The guild that Herald is looked after from."""


@dataclass(frozen=True)
class World:
    """A small Discord: a guild with a channel, two members and Herald."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    ben: simcord.MemberActor

    @classmethod
    def made(cls, env: simcord.Env) -> World:
        guild = env.create_guild(id=HOME)
        members = [guild.add_member(env.create_user(name)) for name in ("ada", "ben")]
        return cls(env, guild, guild.create_text_channel("harbor"), members[0], members[1])

    @property
    def client(self) -> HeraldClient:
        assert isinstance(self.env.bot, HeraldClient)
        return self.env.bot

    @property
    def me(self) -> discord.ClientUser:
        assert self.client.user
        return self.client.user

    @property
    def live(self) -> discord.TextChannel:
        """The channel as Herald's client has it."""
        channel = self.client.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        return channel

    def mention(self, text: str = "") -> str:
        """A message's words with Herald mentioned."""
        return f"<@{self.me.id}> {text}".strip()

    def answers(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """Herald's messages in a channel, oldest first."""
        return [message for message in (channel or self.channel).history() if message.author.id == self.me.id]

    async def asks(self, text: str, **more: Any) -> discord.Message:
        """Ada mentions Herald; gives the answer."""
        before = len(self.answers())
        await self.ada.send(self.channel, self.mention(text), **more)
        (answer,) = self.answers()[before:]
        return answer


def _parts(message: Any) -> list[dict[str, Any]]:
    components = message.components
    rows = [row if isinstance(row, dict) else row.to_dict() for row in components]
    return [part for row in rows for part in row["components"]]


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons, or their emoji where they have none."""
    return [part.get("label") or part["emoji"]["name"] for part in _parts(message) if part["type"] == 2]


def custom_ids(message: Any) -> list[str]:
    """The ids of all components of a message."""
    return [part["custom_id"] for part in _parts(message)]
