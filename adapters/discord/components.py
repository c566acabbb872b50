"""Live components: every button and select is a DynamicItem, whose id says all, so that it works after a restart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from adapters.discord.render import Button, Payload, Select
from bot import ids
from bot.ids import Press

if TYPE_CHECKING:
    from adapters.discord.app import HeraldClient

__all__ = ["ITEMS", "view_of"]


class HeraldButton(ui.DynamicItem[ui.Button[Any]], template=ids.BUTTON):
    """Any button of Herald's."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> HeraldButton:
        """The button that a message of any age holds."""
        del interaction, match
        assert isinstance(item, ui.Button)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hands the press on."""
        await _served(interaction, ids.press(self.item.custom_id or ""))


class HeraldSelect(ui.DynamicItem[ui.Select[Any]], template=ids.SELECT):
    """Any select of Herald's."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> HeraldSelect:
        """The select that a message of any age holds."""
        del interaction, match
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hands the choice on."""
        chosen = self.item.values[0] if self.item.values else ""
        await _served(interaction, ids.press(self.item.custom_id, chosen))


ITEMS = (HeraldButton, HeraldSelect)


async def _served(interaction: discord.Interaction[Any], press: Press) -> None:
    client: HeraldClient = interaction.client
    await client.presses.pressed(interaction, press)


def view_of(payload: Payload) -> ui.View:
    """The components of a payload; none where it has none."""
    view = ui.View(timeout=None)
    for row, parts in enumerate(payload.rows):
        for part in parts:
            view.add_item(_button(part, row) if isinstance(part, Button) else _select(part, row))
    return view


def _button(button: Button, row: int) -> HeraldButton:
    style = discord.ButtonStyle.primary if button.strong else discord.ButtonStyle.secondary
    live: ui.Button[Any] = ui.Button(
        style=style,
        label=button.label or None,
        emoji=button.emoji or None,
        custom_id=button.custom_id,
        disabled=button.disabled,
    )
    return HeraldButton(live, row=row)


def _select(select: Select, row: int) -> HeraldSelect:
    options = [
        discord.SelectOption(label=option.label, value=option.value, description=option.description or None)
        for option in select.options
    ]
    live: ui.Select[Any] = ui.Select(custom_id=select.custom_id, placeholder=select.placeholder, options=options)
    return HeraldSelect(live, row=row)
