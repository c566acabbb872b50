"""Panels and forms as Slack shows them; pure, as :mod:`adapters.slack.render` and :mod:`adapters.slack.components`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.components import Block, option, plain
from adapters.slack.render import Button, Heading, Part, Payload, Said, escape, report
from bot.fitting import clip, clip_lines
from bot.panels.model import Action, Field, Form, Menu, Panel

__all__ = ["form_of", "message_named", "payload_of", "typed_into"]

_TEXT = 3000  # characters of a block of text
_MODAL_TITLE = 24
_LABEL = 75
_HINT = 150
_LINK = re.compile(r"<?https://[\w.-]+/archives/([A-Z0-9]+)/p(\d{10})(\d{6})(?:\?[^\s>]*)?>?")
_NAME = re.compile(r"[A-Z][A-Z0-9]{5,20}:\d{10}\.\d{6}|[0-9a-f]{16}")


def payload_of(panel: Panel) -> Payload:
    """A panel as a message; its picture goes another way, as no message for one person alone can hold it."""
    told = report(panel.report) if panel.report else Payload("", ())
    text = "\n".join(filter(None, [escape(panel.title), escape(clip_lines(panel.text.splitlines(), _TEXT)), told.text]))
    return Payload(text[:_TEXT], (*_head(panel), *told.parts, *filter(None, map(_row, panel.rows))))


def _head(panel: Panel) -> Iterator[Part]:
    if panel.title:
        yield Heading(panel.title)
    if panel.text:
        yield Said(clip_lines(panel.text.splitlines(), _TEXT))


def _row(parts: tuple[Action, ...] | tuple[Menu]) -> tuple[Button | Menu, ...]:
    """Slack has no button that can't be pressed: such ones are left out."""
    return tuple(
        part if isinstance(part, Menu) else _button(part)
        for part in parts
        if isinstance(part, Menu) or not part.disabled
    )


def _button(action: Action) -> Button:
    strong, risky = action.weight == "strong", action.weight == "risky"
    return Button(action.id, clip(action.label, _LABEL), strong=strong, risky=risky)


def form_of(form: Form, metadata: str) -> Block:
    """A form as a modal.

    Args:
        metadata: comes back with what was filled in.
    """
    return {
        "type": "modal",
        "callback_id": form.id,
        "title": plain(clip(form.title, _MODAL_TITLE)),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "private_metadata": metadata,
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: Field) -> Block:
    block = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label),
        "element": _element(field),
        "optional": not field.required,
    }
    return {**block, "hint": plain(clip(field.hint, _HINT))} if field.hint else block


def _element(field: Field) -> Block:
    if field.kind == "choice":
        options = [option(line) for line in field.options]
        return {"type": "static_select", "action_id": field.name, "options": options}
    value = {"initial_value": field.value} if field.value else {}
    several = field.kind == "lines"
    return {
        "type": "plain_text_input", "action_id": field.name, "multiline": several, "max_length": field.most, **value,
    }  # fmt: skip


def typed_into(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into a form, by the names of its fields."""
    values: Mapping[str, Mapping[str, Any]] = (view.get("state") or {}).get("values") or {}
    return {name: _typed(field.get(name) or {}) for name, field in values.items()}


def _typed(element: Mapping[str, Any]) -> str:
    return str((element.get("selected_option") or {}).get("value") or element.get("value") or "")


def message_named(written: str) -> str:
    """What the journal calls the answer of a message's link, its name or an answer's id; empty where it is none."""
    word = written.strip()
    link = _LINK.fullmatch(word)
    return f"{link[1]}:{link[2]}.{link[3]}" if link else word if _NAME.fullmatch(word) else ""
