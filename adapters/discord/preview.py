"""Replies as Discord shows them, drawn from the messages that would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from adapters.discord.components import view_of
from adapters.discord.markdown import drawn
from adapters.discord.render import Payload, render
from adapters.preview.exchange import Exchange
from adapters.preview.frame import ASKER, HERALD, face, message
from adapters.preview.markup import tag, unknown
from adapters.preview.page import stylesheet

__all__ = ["DiscordPreview", "contents", "sent"]

Part = Mapping[str, Any]
_ASKER_ID = 1
_TIME = "Today at 7:30 PM"
_STYLES = {1: "primary", 2: "secondary", 4: "danger"}


class DiscordPreview:
    """Draws a channel of Discord."""

    name = "Discord"

    @property
    def style(self) -> str:
        """Its style sheet."""
        return stylesheet(__package__)

    def draw(self, exchanges: Sequence[Exchange]) -> Markup:
        """The channel: each question, and below it the reply."""
        return tag("div", *(part for exchange in exchanges for part in _messages(exchange)), class_="channel")


def _messages(exchange: Exchange) -> Iterator[Markup]:
    question = Markup("{} {}").format(tag("span", f"@{HERALD}", class_="mention"), exchange.question)
    replying = tag("div", face(ASKER), tag("b", f"@{ASKER}"), tag("span", question, class_="to"), class_="replying")
    reply = sent(render(exchange.reply, asker=_ASKER_ID, wait=exchange.wait))
    yield message(ASKER, _TIME, tag("p", question))
    yield message(HERALD, _TIME, contents(reply), above=replying)
    if exchange.reply.spoiler:
        revealed = contents(sent(render(exchange.reply, revealed=True)))
        alone = tag("small", "Only you can see this • Dismiss message", class_="alone")
        yield message(HERALD, _TIME, revealed, alone, kind="message whispered")


def sent(payload: Payload) -> Part:
    """What Discord gets of a payload."""
    return {"content": payload.content, "components": view_of(payload).to_components()}


def contents(part: Part) -> Markup:
    """A message's content and components."""
    match part:
        case {"content": str(content), "components": list(rows), **rest} if not rest:
            return Markup("").join([drawn(content), *map(_row, rows)])
        case _:
            return unknown("message")


def _row(row: Part) -> Markup:
    match row:
        case {"type": 1, "components": list(parts), **rest} if not rest.keys() - {"id"}:
            return tag("div", *map(_button, parts), class_="row")
        case _:
            return unknown(f"component of type {row.get('type')}")


def _button(part: Part) -> Markup:
    match part:
        case {"type": 2, "style": 1 | 2 | 4 as style, "custom_id": str(), "disabled": False, **rest} if not (
            rest.keys() - {"id", "label", "emoji"}
        ):
            emoji = tag("span", part["emoji"]["name"], class_="emoji") if "emoji" in part else ""
            return tag("button", emoji, part.get("label") or "", class_=_STYLES[style], type="button")
        case _:
            return unknown(f"component of type {part.get('type')}")
