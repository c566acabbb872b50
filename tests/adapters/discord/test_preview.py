"""What Discord would show, drawn from what it would be sent."""

from __future__ import annotations

from html import unescape

import pytest

from adapters.discord.markdown import drawn
from adapters.discord.preview import contents, sent
from adapters.discord.render import Button, Payload, escape
from bot.panels.model import Menu, Option

BUTTON = {"type": 2, "style": 2, "custom_id": "h1:a:b", "disabled": False, "label": "Source"}


def message(*parts: object) -> dict[str, object]:
    return {"content": "", "components": [{"type": 1, "components": list(parts)}]}


class TestMarkdown:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("one\ntwo\n\nthree", "<p>one<br>two<br><br>three</p>"),
            ("a\n> “b”\n> — **Ada**\nd", "<p>a</p><blockquote>“b”<br>— <strong>Ada</strong></blockquote><p>d</p>"),
            ("-# Source: a", "<small>Source: a</small>"),
            ("1. who\n2. why", "<ol><li>who</li><li>why</li></ol>"),
            ("*a* _b_ __c__ ~~d~~ `*e*`", "<p><em>a</em> <em>b</em> <u>c</u> <s>d</s> <code>*e*</code></p>"),
            ("[Hill \\[2\\]](<https://x.org/a_b>)",
             '<p><a href="https://x.org/a_b" rel="noopener noreferrer">Hill [2]</a></p>'),
            ("see https://x.org/a_b_c",
             '<p>see <a href="https://x.org/a_b_c" rel="noopener noreferrer">https://x.org/a_b_c</a></p>'),
            ("<b> & snake_case", "<p>&lt;b&gt; &amp; snake_case</p>"),
        ],
    )  # fmt: skip
    def test_what_herald_writes(self, written: str, shown: str) -> None:
        """As Discord shows it."""
        assert drawn(written) == shown

    @pytest.mark.parametrize(
        "text", ["*a* _b_ ~~c~~ `d` ||e||", "> a", "# a", "- a", "<@1> <:x:2> <t:3>", "[a](b)", "-# a"]
    )
    def test_what_is_escaped_is_text(self, text: str) -> None:
        """Whatever it would be without."""
        assert unescape(drawn(escape(text))) == f"<p>{text}</p>"

    @pytest.mark.parametrize("written", ["a <@1>", "||a||", "<t:3:R>", "# a", "- a", "```\na\n```", ">>> a", "[a](b)"])
    def test_what_else_there_is_can_be_seen(self, written: str) -> None:
        """It is marked, and not shown as something else."""
        assert '<mark class="unknown">' in drawn(written)


class TestComponents:
    def test_buttons(self) -> None:
        """In their rows, with their styles."""
        rows = (
            (Button("h1:a:", "Reveal", "👁️", strong=True),),
            (Button("h1:b:", emoji="👍"), Button("h1:c:", "x", risky=True)),
        )
        shown = str(contents(sent(Payload("Hi", rows))))
        assert shown.count('class="row"') == 2
        assert '<button class="primary" type="button"><span class="emoji">👁️</span>Reveal</button>' in shown
        assert '<button class="secondary" type="button"><span class="emoji">👍</span></button>' in shown
        assert '<button class="danger" type="button">x</button>' in shown

    @pytest.mark.parametrize(
        "given",
        [
            sent(Payload("", ((Menu("s1:read:", "Pick", (Option("a", "A"),)),),))),
            {"content": "", "components": [], "embeds": [{}]},
            {"content": "", "components": [{"type": 17, "components": []}]},
            message({"type": 9}),
            message(BUTTON | {"url": "https://x.org"}),
            message(BUTTON | {"style": 5}),
            message(BUTTON | {"disabled": True}),
        ],
        ids=["select", "embed", "container", "section", "link", "style", "disabled"],
    )
    def test_what_else_there_is_can_be_seen(self, given: dict[str, object]) -> None:
        """It is marked."""
        assert '<mark class="unknown">' in contents(given)

    def test_a_known_one_is_not_marked(self) -> None:
        """The rows above are unknown for what they say."""
        assert "unknown" not in contents(message(BUTTON))
