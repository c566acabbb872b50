"""Curators on Discord: how what they press, pick, fill in and command gets to :class:`bot.panels.curators.Curators`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord import panels, places, render
from adapters.discord.components import modal_of, typed_into
from adapters.discord.desk import PLATFORM, Desk, replace, respond
from adapters.discord.rights import Rights, manages
from bot import ids, notices
from bot.ids import Press
from bot.panels.curators import ACTIONS, Curators
from bot.panels.model import Caller, Option, Panel

__all__ = ["Curating", "report"]

Interaction = discord.Interaction[Any]


class Curating:
    """Serves admins; Discord's permission is only a default, and a button may be old: it is checked at each."""

    def __init__(self, desk: Desk, rights: Rights) -> None:
        self.desk = desk
        self._rights = rights
        self._curators = Curators(desk.host, desk.office)

    def allows(self, interaction: Interaction) -> bool:
        """Whether a member may, as of now."""
        return self._rights.allow(interaction)

    def refusal(self, interaction: Interaction) -> str:
        """What is told to whoever may not."""
        return notices.NOT_HOME if manages(interaction) else notices.FORBIDDEN

    async def commanded(self, interaction: Interaction, press: Press) -> None:
        """Answers a command, for the admin alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        panel = await self._curators.open(self._caller(interaction), press)
        await respond(interaction, panels.payload_of(panel), ephemeral=True)

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Serves a button or a menu of a panel: by a form, or by a panel in its place."""
        if not self.allows(interaction):
            await respond(interaction, render.notice(self.refusal(interaction)), ephemeral=True)
        elif form := self._curators.form(press):
            await interaction.response.send_modal(modal_of(form))
        else:
            await self._served(interaction, press, {})

    async def submitted(self, interaction: Interaction) -> None:
        """Serves a form that was sent."""
        data: Any = interaction.data or {}
        press = ids.press(str(data.get("custom_id", "")))
        if self.allows(interaction) and press.action in ACTIONS:
            await self._served(interaction, press, typed_into(interaction))
        else:
            line = self.refusal(interaction) if press.action in ACTIONS else notices.OUTDATED
            await respond(interaction, render.notice(line), ephemeral=True)

    async def waiting(self, interaction: Interaction, typed: str) -> list[Option]:
        """Questions of the inbox that fit what an admin types."""
        return await self._curators.waiting(self._caller(interaction), typed)

    async def _served(self, interaction: Interaction, press: Press, typed: Mapping[str, str]) -> None:
        """Says at once that it was heard, as teaching may take longer than Discord waits."""
        await interaction.response.defer()
        panel = await self._curators.open(self._caller(interaction), press, typed)
        await replace(interaction, panels.payload_of(panel))

    def _caller(self, interaction: Interaction) -> Caller:
        async def admin() -> bool:
            return self.allows(interaction)

        allowed = places.of_interaction(interaction).age_restricted
        return Caller(PLATFORM, str(interaction.user.id), admin, allowed)


async def report(interaction: Interaction, text: str) -> None:
    """A report for the admin alone."""
    await respond(interaction, panels.payload_of(Panel("", report=text)), ephemeral=True)
