"""Telling members what they waited for: where they asked, or else in a direct message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from adapters.discord import places, render
from adapters.discord.components import view_of
from adapters.discord.render import DISCORD, Payload
from bot.curation.waits import Notice

__all__ = ["Telling", "address_of"]


def address_of(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    """Where the button was pressed; nowhere where others didn't see it, so that it stays between the two."""
    message = interaction.message
    if interaction.guild_id is None or message is None or message.flags.ephemeral:
        return {}
    return {"guild": interaction.guild_id, "channel": interaction.channel_id, "message": message.id}


class Telling:
    """Tells members, by any process that is logged in."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def __call__(self, notice: Notice) -> bool:
        """As :class:`bot.curation.waits.Tell`."""
        payload = _payload(notice)
        number = notice.address.get("channel")
        channel = await places.writable(self._client, number) if number else None
        if channel is None or not await self._reply(channel, notice, payload):
            await self._write(notice, payload)
        return True

    async def _reply(self, channel: discord.abc.Messageable, notice: Notice, payload: Payload) -> bool:
        """Replies to the answer that didn't help, and pings who waited; whether Discord let it through."""
        address, member = notice.address, int(notice.member)
        reference = discord.MessageReference(
            message_id=address["message"], channel_id=address["channel"], guild_id=address["guild"],
            fail_if_not_exists=False,
        )  # fmt: skip
        where = {"reference": reference, "mention_author": False} if places.reads_history(channel) else {}
        pings = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(member)], replied_user=False)
        try:
            await _send(channel, notice, replace(payload, content=f"<@{member}> {payload.content}"), pings, **where)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    async def _write(self, notice: Notice, payload: Payload) -> None:
        """Raises what Discord says where they can't be written to."""
        user = self._client.get_user(int(notice.member)) or await self._client.fetch_user(int(notice.member))
        await _send(user, notice, payload, discord.AllowedMentions.none())


def _payload(notice: Notice) -> Payload:
    line = notice.line
    limits = replace(DISCORD, content=DISCORD.content - len(line) - len(f"<@{notice.member}>") - 2)
    shown = render.render(notice.reply, limits, asker=int(notice.member))
    return replace(shown, content=f"{line}\n{shown.content}")


async def _send(
    to: discord.abc.Messageable, notice: Notice, payload: Payload, pings: discord.AllowedMentions, **where: Any
) -> None:
    """The notice's id goes along as nonce, by which Discord takes it once."""
    view, nonce = view_of(payload), f"told-{notice.id}"
    await to.send(payload.content, view=view, allowed_mentions=pings, suppress_embeds=True, nonce=nonce, **where)
