"""Live components: every button and select is a DynamicItem, whose id says all, so that it works after a restart."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Protocol

import discord
from discord import ui

from adapters.discord.render import Button, Payload
from bot import ids
from bot.ids import Press
from bot.panels.model import Field, Form, Menu, Option

__all__ = ["ITEMS", "files_of", "modal_of", "typed_into", "view_of"]


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


class _Presses(Protocol):
    """What serves presses; the client has it."""

    async def pressed(self, interaction: discord.Interaction[Any], press: Press) -> None: ...


async def _served(interaction: discord.Interaction[Any], press: Press) -> None:
    presses: _Presses = interaction.client.presses
    await presses.pressed(interaction, press)


def view_of(payload: Payload) -> ui.View:
    """The components of a payload; none where it has none."""
    view = ui.View(timeout=None)
    for row, parts in enumerate(payload.rows):
        for part in parts:
            view.add_item(_button(part, row) if isinstance(part, Button) else _select(part, row))
    view.stop()  # its items are served by their ids: else the client would keep it, and a private one a task
    return view


def files_of(payload: Payload) -> list[discord.File]:
    """The files of a payload, to be sent once."""
    return [discord.File(io.BytesIO(content), name) for name, content in payload.files]


def modal_of(form: Form) -> ui.Modal:
    """A modal to fill in; what is sent comes as an event, so that it works after a restart."""
    modal = ui.Modal(title=form.title, custom_id=form.id)
    for field in form.fields:
        modal.add_item(ui.Label(text=field.label, description=field.hint or None, component=_input(field)))
    modal.stop()  # else the client would keep it until it is sent, which may be never
    return modal


def _input(field: Field) -> ui.Item[Any]:
    if field.kind == "choice":
        return ui.Select(custom_id=field.name, options=_options(field.options), required=field.required)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.kind == "lines" else discord.TextStyle.short,
        default=field.value or None,
        required=field.required,
        max_length=field.most,
    )


def typed_into(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was filled into a modal, by the names of its fields."""
    data: Any = interaction.data or {}
    parts = [label.get("component") or {} for label in data.get("components", ())]
    return {part["custom_id"]: _filled(part) for part in parts if "custom_id" in part}


def _filled(part: dict[str, Any]) -> str:
    return str(part["values"][0] if part.get("values") else part.get("value") or "")


def _button(button: Button, row: int) -> HeraldButton:
    style = discord.ButtonStyle.primary if button.strong else discord.ButtonStyle.secondary
    if button.risky:
        style = discord.ButtonStyle.danger
    live: ui.Button[Any] = ui.Button(
        style=style,
        label=button.label or None,
        emoji=button.emoji or None,
        custom_id=button.custom_id,
        disabled=button.disabled,
    )
    return HeraldButton(live, row=row)


def _select(menu: Menu, row: int) -> HeraldSelect:
    live: ui.Select[Any] = ui.Select(custom_id=menu.id, placeholder=menu.placeholder, options=_options(menu.options))
    return HeraldSelect(live, row=row)


def _options(lines: Sequence[Option]) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=line.label, value=line.value, description=line.detail or None) for line in lines]
