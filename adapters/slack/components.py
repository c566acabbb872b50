"""Block Kit of a payload: for a message, the Home tab or a modal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.slack.render import (
    Button,
    Feedback,
    Heading,
    Part,
    Payload,
    Pinged,
    Quoted,
    Report,
    Said,
    Small,
    escape,
)
from bot import ids
from bot.fitting import clip
from bot.panels.model import Menu, Option
from bot.reply import QuoteCard, SourceRef

__all__ = ["Block", "blocks_of", "home_of", "modal_of", "option", "plain"]

Block = dict[str, Any]
_BLOCKS = 50  # that a message takes
_VIEW_BLOCKS = 100
_SMALL = 10  # elements of a small line
_TITLE = 24
_HEADER = 150
_PLACEHOLDER = 150
_OPTION = 75
_PLAIN = 2000  # characters of an element of a small line, to be on the safe side


def blocks_of(payload: Payload, *, plain_feedback: bool = False, most: int = _BLOCKS) -> list[Block]:
    """The blocks of a message.

    Args:
        plain_feedback: use ordinary buttons for feedback, for where Slack doesn't take its own.
    """
    return [block for part in payload.parts for block in _blocks(part, plain_feedback)][:most]


def home_of(payload: Payload) -> Block:
    """The Home tab."""
    return {"type": "home", "blocks": blocks_of(payload, plain_feedback=True, most=_VIEW_BLOCKS)}


def modal_of(payload: Payload, title: str) -> Block:
    """A modal to read and press in."""
    return {
        "type": "modal",
        "title": plain(clip(title, _TITLE)),
        "close": plain("Close"),
        "private_metadata": "",
        "blocks": blocks_of(payload, plain_feedback=True, most=_VIEW_BLOCKS),
    }


def _blocks(part: Part, plain_feedback: bool) -> Iterator[Block]:  # noqa: FBT001 - handed through
    match part:
        case Said(text):
            yield {"type": "section", "text": plain(text)}
        case Pinged(member, text):
            yield {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"<@{member}> {escape(text)}", "verbatim": True},
            }
        case Heading(text):
            yield {"type": "header", "text": plain(clip(text, _HEADER))}
        case Quoted(card):
            yield {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": _quote(card)}]}
        case Report(text):
            block = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
            yield {"type": "rich_text", "elements": [block]}
        case Small(lead, sources):
            yield {"type": "context", "elements": _small(lead, sources)}
        case Feedback():
            yield _plain_feedback(part) if plain_feedback else _feedback(part)
        case _:
            yield {"type": "actions", "elements": [_element(item) for item in part]}


def plain(text: str) -> Block:
    """Text in which Slack looks for no markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _quote(card: QuoteCard) -> list[Block]:
    words: list[Block] = [
        {"type": "text", "text": f"“{card.text}”\n— "},
        {"type": "text", "text": card.speaker, "style": {"bold": True}},
        {"type": "text", "text": card.behind},
    ]
    return [word for word in words if word["text"]]


def _small(lead: str, sources: Sequence[SourceRef]) -> list[Block]:
    """The line's elements; sources that would be too many stand together in the last."""
    shown, rest = sources[: _SMALL - 2], sources[_SMALL - 2 :]
    more = [plain(clip(" · ".join(source.title for source in rest), _PLAIN))] if rest else []
    return [plain(clip(lead, _PLAIN)), *map(_source, shown), *more]


def _source(source: SourceRef) -> Block:
    """A title; as a link where there is an address that can stand in one."""
    if not source.url.startswith(("https://", "http://")):
        return plain(clip(source.title, _PLAIN))
    address = escape(source.url).replace("|", "%7C")
    label = escape(clip(source.title, _PLAIN // 2)).replace("|", "¦")  # the bar would end the address
    return {"type": "mrkdwn", "text": f"<{address}|{label}>", "verbatim": True}


def _feedback(part: Feedback) -> Block:
    judged = {
        "type": "feedback_buttons",
        "action_id": ids.button("vote", part.record),
        "positive_button": {"text": plain("Helpful"), "value": "up", "accessibility_label": "This was helpful"},
        "negative_button": {"text": plain("Not helpful"), "value": "down", "accessibility_label": "This did not help"},
    }
    return {"type": "context_actions", "elements": [judged]}


def _plain_feedback(part: Feedback) -> Block:
    up, down = Button(ids.button("up", part.record), "Helpful"), Button(ids.button("down", part.record), "Not helpful")
    return {"type": "actions", "elements": [_element(up), _element(down)]}


def _element(item: Button | Menu) -> Block:
    if isinstance(item, Button):
        style = {"style": "danger" if item.risky else "primary"} if item.strong or item.risky else {}
        return {"type": "button", "action_id": item.action_id, "text": plain(item.label), **style}
    return {
        "type": "static_select",
        "action_id": item.id,
        "placeholder": plain(clip(item.placeholder, _PLACEHOLDER)),
        "options": [option(line) for line in item.options],
    }


def option(line: Option) -> Block:
    """A line of a select."""
    more = {"description": plain(clip(line.detail, _OPTION))} if line.detail else {}
    return {"text": plain(clip(line.label, _OPTION)), "value": line.value, **more}
