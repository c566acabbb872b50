"""The page of ``herald preview``: complete, harmless, and loading nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest

from adapters.discord.preview import DiscordPreview
from adapters.preview.exchange import Exchange, asked
from adapters.preview.markup import link, tag, unknown
from adapters.preview.page import THEMES, page
from adapters.slack.preview import SlackPreview
from bot.herald import Herald
from bot.reply import Choice, Kind, QuoteCard, QuoteRequest, Reply, SourceRef

PLATFORMS = (DiscordPreview(), SlackPreview())
CARD = QuoteCard("on-light", "Light is patient,\nand waits.", "Ada Stone", "the harbor talk", "by context")
SOURCES = (SourceRef("a", "Night <at> the *harbor* | 1"), SourceRef("b", "Hill [2]", "https://example.org/a_b?c=1&d=2"))
ANSWER = Reply("answer", "Ada & *Ben* <hosted> it.\n• twice", "v1", entry="talk-host", quotes=(CARD,), sources=SOURCES)
CHOICES = Reply("choices", "Which?", "v1", choices=(Choice("a", "who?"), Choice("b", "who " * 50)))
REPLIES = {
    "answer": ANSWER,
    "choices": CHOICES,
    "quote": Reply("quote", "…", "v1", quotes=(CARD,), sources=SOURCES[:1], more=QuoteRequest("ada-stone", "light")),
    "quote with spoiler": Reply("quote", "…", "v1", lead="Closest:", quotes=(CARD,), sources=SOURCES, spoiler=True),
    "answer with spoiler": replace(ANSWER, spoiler=True),
    "withheld": Reply("withheld", "Not here.", "v1"),
    "unknown": Reply("unknown", "The sources don't say.", "v1", choices=CHOICES.choices[:1]),
    "smalltalk": Reply("smalltalk", "Hello!", "v1"),
    "rejected": Reply("rejected", "There is no word in it.", "v1"),
}
QUESTIONS = {
    "moderator of which talk": "choices",
    "who moderated the harbor talk": "answer",
    "and on the hill?": "answer",
    "hello": "smalltalk",
    "what does Corwin shout at the gull": "withheld",
    "what is Low Tide about": "answer",
    "give me a quote about love": "quote",
    "how much did Low Tide cost": "unknown",
    "?!": "rejected",
}


class Elements(HTMLParser):
    """The elements of a page with their attributes, and whether each is closed where it should be."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def texts(written: str) -> str:
    """What is read on a page, without its elements."""
    return re.sub(r"<[^>]*>", "", written.partition("<body>")[2])


class TestKinds:
    def test_all_are_here(self) -> None:
        """Each kind of reply."""
        assert {reply.kind for reply in REPLIES.values()} == set(get_args(Kind))

    @pytest.mark.parametrize("name", REPLIES)
    def test_none_has_an_unknown_element(self, name: str) -> None:
        """Each can be drawn, in both themes on both platforms, and well-formed."""
        written = page([Exchange("who hosted?", REPLIES[name])], PLATFORMS)
        elements = Elements(written)
        assert ("mark" in dict(elements.found), elements.open) == (False, [])
        shown = [given["class"] for element, given in elements.found if element == "section"]
        assert shown == [f"{platform} {theme}" for platform in ("discord", "slack") for theme in THEMES]

    def test_what_herald_says_to_questions(self, town_herald: Herald) -> None:
        """One after the other in one conversation, so that a follow-up is one; each kind of reply, all drawn."""
        exchanges = asked(town_herald, QUESTIONS)
        assert {exchange.question: exchange.reply.kind for exchange in exchanges} == QUESTIONS
        assert exchanges[2].reply.entry == "hill-host"
        written = page(exchanges, PLATFORMS)
        assert "unknown:" not in written
        assert written.count("Tell me when you know") == 4

    def test_what_gives_away_plot_is_shown_revealed_too(self) -> None:
        """First the stub, then what its button shows to whoever presses it."""
        written = texts(page([Exchange("story?", replace(REPLIES["smalltalk"], spoiler=True))], PLATFORMS))
        assert (written.count("Hello!"), written.count("gives away plot")) == (4, 4)


class TestSafety:
    def test_nothing_that_is_said_is_markup(self) -> None:
        """Neither what was asked nor what curators wrote."""
        nasty = "<script>alert(1)</script> <b>&amp; \"'"
        cards = (replace(CARD, text=nasty, speaker=nasty, where=nasty),)
        reply = replace(ANSWER, text=nasty, quotes=cards, sources=(SourceRef("x", nasty, f"https://x.org/{nasty}"),))
        written = page([Exchange(nasty, replace(reply, choices=(Choice("a", nasty),)))], PLATFORMS)
        elements = Elements(written)
        assert {"script", "b"} & {name for name, given in elements.found if given.keys() - {"class"}} == set()
        assert "script" not in dict(elements.found)
        assert elements.open == []

    def test_it_loads_nothing(self) -> None:
        """No address but in links, and the browser is told to refuse any."""
        written = page([Exchange("who hosted?", ANSWER)], PLATFORMS)
        elements = Elements(written).found
        linked = {given.pop("href") for element, given in elements if element == "a"}
        assert linked == {"https://example.org/a_b?c=1&d=2"}
        assert [given for _, given in elements if any("://" in (value or "") for value in given.values())] == []
        assert not re.search(r"url\(|@import|@font-face", written)
        assert [given["content"] for element, given in elements if given.get("http-equiv")] == [
            "default-src 'none'; style-src 'unsafe-inline'"
        ]

    def test_links_lead_to_web_pages_alone(self) -> None:
        """Another address can be seen as one that isn't drawn."""
        assert link("https://x.org", "x") == '<a href="https://x.org" rel="noopener noreferrer">x</a>'
        assert link("javascript:alert(1)", "x") == unknown("link to javascript:alert(1)")

    def test_attributes_are_escaped(self) -> None:
        """Their names are Python's."""
        assert tag("i", class_='"', aria_label="&") == '<i class="&#34;" aria-label="&amp;"></i>'
