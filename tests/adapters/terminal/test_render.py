"""A reply on the screen and in a pipe."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from adapters.terminal import render
from bot.reply import Choice, QuoteCard, Reply, SourceRef

CARD = QuoteCard("on-light", "Light is patient.", "Ada Stone", "the harbor talk", "by context")
SOURCE = SourceRef("harbor-report", "Night at the harbor")
ANSWER = Reply("answer", "Ada Stone hosted it.", "v1", entry="talk-host", quotes=(CARD,), sources=(SOURCE,))
QUOTE = Reply("quote", "“Light is patient.” — Ada Stone, the harbor talk", "v1", quotes=(CARD,), sources=(SOURCE,))
CHOICES = Reply("choices", "Which?", "v1", choices=(Choice("a", "who hosted?"), Choice("b", "who came?")))


def screen(reply: Reply, width: int = 60, *, color: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=color, color_system="truecolor" if color else None)
    console.print(render.pretty(reply))
    return file.getvalue()


class TestPlain:
    def test_an_answer_comes_with_quote_and_source(self) -> None:
        """The quote is set off behind a bar, with who said it, where and how it came down; the source is last."""
        assert render.plain(ANSWER).splitlines() == [
            "Ada Stone hosted it.",
            "  | “Light is patient.”",
            "  | — Ada Stone, the harbor talk (by context)",
            "Source: Night at the harbor",
        ]

    def test_a_quote_is_not_said_twice(self) -> None:
        """The text of a quote reply holds the quote, which is set off already."""
        assert render.plain(QUOTE).count("Light is patient.") == 1

    def test_what_leads_to_a_quote_stays(self) -> None:
        """Who said it, or that it is only the closest, comes before the quote."""
        lead = "Closest is what Ada Stone said:"
        reply = Reply("quote", f"{lead} “Light is patient.” — Ada", "v1", quotes=(CARD,), lead=lead)
        assert render.plain(reply).startswith("Closest is what Ada Stone said:\n  | “Light is patient.”\n")

    def test_choices_are_numbered(self) -> None:
        """A member picks by these numbers."""
        assert render.plain(CHOICES).splitlines() == ["Which?", "  1. who hosted?", "  2. who came?"]

    def test_a_spoiler_is_marked_first(self) -> None:
        """The mark is read before what it warns of."""
        assert render.plain(Reply("answer", "He leaves.", "v1", spoiler=True)) == "[spoiler] He leaves."

    def test_several_sources_share_a_line(self) -> None:
        """Each source has its title, and its address where it has one."""
        sources = (SOURCE, SourceRef("hill", "Hill", "https://example.org/hill"))
        line = render.plain(Reply("answer", "Yes.", "v1", sources=sources)).splitlines()[-1]
        assert line == "Sources: Night at the harbor; Hill <https://example.org/hill>"

    def test_a_quote_of_several_lines_stays_behind_its_bar(self) -> None:
        """Every line of a verse has the bar."""
        verse = QuoteCard("verse", "one\ntwo", "Ada")
        assert render.plain(Reply("quote", "“one\ntwo” — Ada", "v1", quotes=(verse,))).splitlines() == [
            "  | “one", "  | two”", "  | — Ada",
        ]  # fmt: skip

    @pytest.mark.parametrize("hidden", ["\x1b[31m", "\x00", "\r", "\x07", "\u202e", "\x9b"])
    def test_control_characters_are_dropped(self, hidden: str) -> None:
        """A terminal obeys these, whoever typed them; the bracket of an escape is harmless text without it."""
        assert hidden not in render.plain(Reply("unknown", f"no {hidden}speaker", "v1"))
        assert hidden not in screen(Reply("unknown", f"no {hidden}speaker", "v1"))

    def test_half_a_surrogate_pair_can_be_written(self) -> None:
        """What has no UTF-8 becomes the replacement character."""
        assert render.plain(Reply("unknown", "no \ud800", "v1")) == "no \ufffd"


class TestPretty:
    def test_it_shows_what_plain_text_shows(self) -> None:
        """Answer, quote, speaker, note and source are all there."""
        shown = screen(ANSWER)
        for part in ("Ada Stone hosted it.", "▌ “Light is patient.”", "▌ — Ada Stone", "(by context)", "Night at"):
            assert part in shown

    def test_every_wrapped_line_of_a_quote_has_the_bar(self) -> None:
        """On a narrow screen the bar goes down the whole quote."""
        long = QuoteCard("long", "word " * 40, "Ada")
        lines = screen(Reply("quote", "", "v1", quotes=(long,)), width=40).splitlines()
        assert len(lines) > 5
        assert all(line.startswith("  ▌ ") and len(line) <= 40 for line in lines)

    def test_a_screen_of_one_column_breaks_nothing(self) -> None:
        """There is always something to show, however narrow."""
        assert screen(ANSWER, width=1)

    @pytest.mark.parametrize("text", ["[bold]no[/bold]", "[/]", "[link=x]y[/link]", ":smile:", "{x} %s"])
    def test_nothing_is_read_as_markup(self, text: str) -> None:
        """Markup in answers, quotes, choices and sources is shown as it was written."""
        card = QuoteCard("q", text, text, text, text)
        reply = Reply(
            "answer", text, "v1", quotes=(card,), sources=(SourceRef("s", text),), choices=(Choice("e", text),)
        )
        assert screen(reply, width=200).count(text) == 7

    def test_choices_say_how_to_pick(self) -> None:
        """Only the screen says so: a pipe reads what was sent long before."""
        assert "Type a number" in screen(CHOICES)
        assert "Type a number" not in render.plain(CHOICES)

    def test_a_spoiler_is_marked_first(self) -> None:
        """The mark has a line of its own."""
        assert screen(Reply("answer", "He leaves.", "v1", spoiler=True)).splitlines() == ["[spoiler]", "He leaves."]

    def test_no_color_is_honored(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With NO_COLOR no color is set, not even on a terminal that has some."""
        assert "\x1b[36m" in screen(ANSWER, color=True)
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[36m" not in screen(ANSWER, color=True)
