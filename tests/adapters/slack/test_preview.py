"""What Slack would show, drawn from the blocks that it would be sent."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.blocks import drawn
from adapters.slack.components import blocks_of, plain
from adapters.slack.render import Button, Feedback, Heading, Payload, Pinged, Report, Said, Small
from bot.ids import RecordId
from bot.panels.model import Menu, Option
from bot.reply import SourceRef

TEXT: dict[str, Any] = {"type": "text", "text": "a"}
BUTTON: dict[str, Any] = {"type": "button", "action_id": "a", "text": plain("a")}
FEEDBACK: dict[str, Any] = blocks_of(Payload("", (Feedback(RecordId("entry", "a")),)))[0]


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def rich(kind: str, *words: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(words)}]}


def shown(*parts: Any) -> str:
    return str(drawn(blocks_of(Payload("", parts))))


class TestBlocks:
    def test_words(self) -> None:
        """As they are, without any markup."""
        assert shown(Said("*a* <@U1>\n&amp; b")) == "<p>*a* &lt;@U1&gt;<br>&amp;amp; b</p>"
        assert shown(Heading("a")) == "<h3>a</h3>"
        assert shown(Report(" a\n")) == '<div class="rich_text"><pre> a<br></pre></div>'

    def test_sources(self) -> None:
        """As links where there is an address, whatever their titles hold."""
        line = shown(
            Small("Sources:", (SourceRef("a", "Night"), SourceRef("b", "a < b & *c*", "https://x.org/?a=1&b=2")))
        )
        linked = '<a href="https://x.org/?a=1&amp;b=2" rel="noopener noreferrer">a &lt; b &amp; *c*</a>'
        assert line == f'<div class="context"><span>Sources:</span><span>Night</span><span>{linked}</span></div>'

    def test_buttons(self) -> None:
        """With their styles."""
        row = shown((Button("a", "A", strong=True), Button("b", "B", risky=True), Button("c", "C")))
        assert row.count("<button") == 3
        assert '<button class="primary" type="button">A</button><button class="danger" type="button">B</button>' in row

    def test_feedback(self) -> None:
        """Thumbs that tell what they are for."""
        thumbs = shown(Feedback(RecordId("entry", "a")))
        assert ('title="Helpful"' in thumbs, 'aria-label="This did not help"' in thumbs) == (True, True)

    @pytest.mark.parametrize(
        "block",
        [
            {"type": "divider"},
            {"type": "section", "text": plain("a"), "accessory": BUTTON},
            {"type": "section", "text": plain("a") | {"emoji": True}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "a"}},
            mrkdwn("<@U1> a"), mrkdwn("<!here>"), mrkdwn("a *b* c"), mrkdwn("`b`"),
            rich("rich_text_list", TEXT),
            rich("rich_text_quote", {"type": "emoji", "name": "a"}),
            rich("rich_text_quote", TEXT | {"style": {"bold": True, "italic": True}}),
            {"type": "context", "elements": [{"type": "image", "image_url": "https://x.org"}]},
            {"type": "actions", "elements": [BUTTON | {"url": "https://x.org"}]},
            {"type": "context_actions", "elements": [{"type": "icon_button"}]},
            FEEDBACK | {"block_id": "a"},
            *blocks_of(Payload("", ((Menu("a", "Pick", (Option("a", "A"),)),), Pinged("U1", "a")))),
        ],
        ids=str,
    )  # fmt: skip
    def test_what_else_there_is_can_be_seen(self, block: dict[str, Any]) -> None:
        """It is marked, and not shown as something else."""
        assert '<mark class="unknown">' in drawn([block])

    @pytest.mark.parametrize(
        "block", [rich("rich_text_quote", TEXT), {"type": "actions", "elements": [BUTTON]}, FEEDBACK]
    )
    def test_a_known_one_is_not_marked(self, block: dict[str, Any]) -> None:
        """Those above are unknown for what was changed in them."""
        assert "unknown" not in drawn([block])
