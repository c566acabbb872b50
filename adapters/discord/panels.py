"""Panels as Discord shows them; pure, as :mod:`adapters.discord.render`."""

from __future__ import annotations

import re

from adapters.discord.render import DISCORD, Button, Limits, Payload, escape
from bot.fitting import clip_lines
from bot.panels.model import Action, Menu, Panel

__all__ = ["message_named", "payload_of"]

_ROOM = 60  # characters that a fence, an ellipsis and line breaks take, at most
_LEAST = 200  # characters of a report that is in a file, to be worth showing
_MEMBER = re.compile(r"\bdiscord:(\d+)\b")
_LINK = re.compile(r"https?://(?:\w+\.)?discord(?:app)?\.com/channels/(?:\d+|@me)/\d+/(\d+)")
_NAME = re.compile(r"\d{15,20}|[0-9a-f]{16}")


def payload_of(panel: Panel, limits: Limits = DISCORD) -> Payload:
    """A panel as a message; a report that is too long comes as a file, with its beginning to read at once."""
    title = f"**{escape(panel.title)}**\n" if panel.title else ""
    said = clip_lines(_MEMBER.sub(r"<@\1>", title + escape(panel.text)).strip().splitlines(), limits.content)
    shown, whole = _report(panel.report, limits.content - len(said) - _ROOM)
    files = (("report.txt", panel.report.encode()),) if panel.report and not whole else ()
    pictures = (("chart.png", panel.picture),) if panel.picture else ()
    return Payload(f"{said}\n{shown}".strip(), tuple(map(_row, panel.rows)), (*files, *pictures))


def _report(text: str, room: int) -> tuple[str, bool]:
    """A report set off, as much of it as fits, and whether that is the whole."""
    block = text.replace("```", "'''")
    if not block or len(block) <= room:
        return (f"```\n{block}\n```" if block else ""), True
    return (f"```\n{block[:room].rstrip()}\n…\n```" if room >= _LEAST else ""), False


def _row(parts: tuple[Action, ...] | tuple[Menu]) -> tuple[Button | Menu, ...]:
    return tuple(_button(part) if isinstance(part, Action) else part for part in parts)


def _button(action: Action) -> Button:
    strong, risky = action.weight == "strong", action.weight == "risky"
    return Button(action.id, action.label, strong=strong, risky=risky, disabled=action.disabled)


def message_named(written: str) -> str:
    """What the journal calls the answer of a message's link or id, or of an answer's id; empty where it is neither."""
    word = written.strip()
    link = _LINK.fullmatch(word)
    return link[1] if link else word if _NAME.fullmatch(word) else ""
