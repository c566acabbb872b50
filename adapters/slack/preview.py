"""Replies as Slack shows them, drawn from the blocks that would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from adapters.preview.exchange import Exchange
from adapters.preview.frame import ASKER, HERALD, message
from adapters.preview.markup import tag
from adapters.preview.page import stylesheet
from adapters.slack.blocks import drawn
from adapters.slack.components import blocks_of
from adapters.slack.render import render

__all__ = ["SlackPreview"]

_ASKER_ID = "U1"
_TIME = "7:30 PM"


class SlackPreview:
    """Draws a thread of Slack."""

    name = "Slack"

    @property
    def style(self) -> str:
        """Its style sheet."""
        return stylesheet(__package__)

    def draw(self, exchanges: Sequence[Exchange]) -> Markup:
        """The thread that the first question begins."""
        asked, *replies = [part for exchange in exchanges for part in _messages(exchange)]
        count = tag("div", f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}", class_="count")
        return tag("div", asked, count, *replies, class_="thread")


def _messages(exchange: Exchange) -> Iterator[Markup]:
    mention = tag("span", f"@{HERALD}", class_="mention")
    yield message(ASKER, _TIME, tag("p", mention, " ", exchange.question))
    yield message(HERALD, _TIME, drawn(blocks_of(render(exchange.reply, asker=_ASKER_ID, wait=exchange.wait))))
    if exchange.reply.spoiler:
        revealed = drawn(blocks_of(render(exchange.reply, revealed=True)))
        yield message(HERALD, _TIME, revealed, above=tag("small", "Only visible to you", class_="alone"))
