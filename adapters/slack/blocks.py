"""Block Kit as HTML, as far as Herald writes it in messages: what else there is, is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from markupsafe import Markup

from adapters.preview.markup import lines, link, tag, unknown
from adapters.slack.components import Block

__all__ = ["drawn"]

# A link; then what would be something else than text: other tokens, and what Slack would style.
_MARKED = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>|(<[^>]*>|([*_~`])(?=\S)[^*_~`\n]+\4)")
_THUMB = "M2.5 9h3v8.500h-3zM5.500 17.500h8.800l2.900-8.500h-5.700l.8-4.200c0-2-2.100-2.300-2.600-.8L5.500 9.500"


def drawn(blocks: Iterable[Block]) -> Markup:
    """The blocks of a message."""
    return Markup("").join(map(_block, blocks))


def _block(block: Block) -> Markup:
    match block:
        case {"type": "section", "text": dict(text), **rest} if not rest:
            return tag("p", _text(text))
        case {"type": "header", "text": dict(text), **rest} if not rest:
            return tag("h3", _text(text))
        case {"type": str(kind), "elements": list(parts), **rest} if kind in _ELEMENTS and not rest:
            return tag("div", *map(_ELEMENTS[kind], parts), class_=kind)
        case _:
            return unknown(f"block of type {block.get('type')}")


def _text(text: Block) -> Markup:
    match text:
        case {"type": "plain_text", "text": str(words), "emoji": False, **rest} if not rest:
            return lines(words)
        case {"type": "mrkdwn", "text": str(words), "verbatim": True, **rest} if not rest:
            return Markup("").join(_marked(words))
        case _:
            return unknown(f"text of type {text.get('type')}")


def _marked(text: str) -> Iterator[Markup]:
    at = 0
    for found in _MARKED.finditer(text):
        yield lines(_unescaped(text[at : found.start()]))
        address = _unescaped(found[1] or "")
        yield link(address, _unescaped(found[2] or address)) if address else unknown(found[3])
        at = found.end()
    yield lines(_unescaped(text[at:]))


def _unescaped(text: str) -> str:
    """Text as Slack shows it, which knows three escapes and no other."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _small(part: Block) -> Markup:
    return tag("span", _text(part))


def _rich(part: Block) -> Markup:
    match part:
        case {"type": "rich_text_quote", "elements": list(words), **rest} if not rest:
            return tag("blockquote", *map(_word, words))
        case {"type": "rich_text_preformatted", "elements": list(words), **rest} if not rest:
            return tag("pre", *map(_word, words))
        case _:
            return unknown(f"rich text of type {part.get('type')}")


def _word(word: Block) -> Markup:
    match word:
        case {"type": "text", "text": str(text), **rest} if not rest:
            return lines(text)
        case {"type": "text", "text": str(text), "style": {"bold": True, **other}, **rest} if not (rest or other):
            return tag("strong", lines(text))
        case _:
            return unknown(f"rich text of type {word.get('type')}")


def _action(part: Block) -> Markup:
    match part:
        case {"type": "button", "action_id": str(), "text": dict(text), **rest} if not rest.keys() - {"style"}:
            return tag("button", _text(text), class_=str(rest.get("style", "default")), type="button")
        case _:
            return unknown(f"element of type {part.get('type')}")


def _feedback(part: Block) -> Markup:
    match part:
        case {
            "type": "feedback_buttons", "action_id": str(), "positive_button": dict(up), "negative_button": dict(down),
            **rest,
        } if not rest:  # fmt: skip
            return _thumb(up, "up") + _thumb(down, "down")
        case _:
            return unknown(f"element of type {part.get('type')}")


def _thumb(button: Block, way: str) -> Markup:
    """Slack shows a thumb, and the words where the pointer rests."""
    icon = tag("svg", tag("path", d=_THUMB), viewBox="0 0 20 20", aria_hidden="true")
    label = str(button["accessibility_label"])
    return tag("button", icon, class_=way, type="button", title=str(button["text"]["text"]), aria_label=label)


_ELEMENTS: Mapping[str, Callable[[Block], Markup]] = {
    "rich_text": _rich,
    "context": _small,
    "actions": _action,
    "context_actions": _feedback,
}
"""What draws an element of each block that has some; the block's element has the same class."""
