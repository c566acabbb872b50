"""A reply as Discord's content and components."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render import DISCORD, Button, Payload, cited, escape, render
from bot import ids
from bot.citations import Citation
from bot.fitting import clip
from bot.panels.model import Menu
from bot.reply import Choice, QuoteCard, QuoteRequest, Reply, SourceRef

CARD = QuoteCard("on-light", "Light is patient.", "Ada Stone", "the harbor talk", "by context")
SOURCE = SourceRef("harbor-report", "Night at the harbor")
LINKED = SourceRef("hill", "Hill [part 2]", "https://example.org/a_b")
ANSWER = Reply("answer", "Ada Stone hosted it.", "v1", entry="talk-host", quotes=(CARD,), sources=(SOURCE,))
QUOTE = Reply("quote", "“Light is patient.” — Ada", "v1", quotes=(CARD,), more=QuoteRequest("ada-stone", "light"))


def ids_of(payload: Payload) -> list[str]:
    return [part.id if isinstance(part, Menu) else part.custom_id for row in payload.rows for part in row]


class TestContent:
    def test_an_answer_with_quote_and_source(self) -> None:
        """All of it in plain content."""
        assert render(ANSWER).content.splitlines() == [
            "Ada Stone hosted it.",
            "> “Light is patient.”",
            "> — **Ada Stone**, the harbor talk (by context)",
            "-# Source: Night at the harbor",
        ]

    def test_a_quote_is_not_said_twice(self) -> None:
        """What leads to it stays."""
        lead = "Closest is what Ada said:"
        assert render(QUOTE).content.count("Light is patient") == 1
        assert render(replace(QUOTE, lead=lead)).content.startswith(f"{lead}\n> “Light")

    def test_a_quote_of_several_lines_is_set_off_whole(self) -> None:
        """Each line has its mark."""
        verse = replace(CARD, text="one\ntwo")
        assert render(replace(QUOTE, quotes=(verse,))).content.splitlines()[:2] == ["> “one", "> two”"]

    def test_sources_with_an_address_are_links_without_preview(self) -> None:
        """Their titles may hold brackets."""
        line = render(replace(ANSWER, sources=(SOURCE, LINKED))).content.splitlines()[-1]
        assert line == "-# Sources: Night at the harbor · [Hill \\[part 2\\]](<https://example.org/a_b>)"

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("*a* _b_ ~c~ `d` |e|", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\|"),
            ("# title", "\\# title"),
            ("> not a quote", "\\> not a quote"),
            ("both:\n\n- a\n- b", "both:\n\n\\- a\n\\- b"),
            ("<@1> <@&2> <#3> <:x:4> <a:y:5> <t:6> </ask:7>",
             "\\<@1> \\<@&2> \\<#3> \\<:x:4> \\<a:y:5> \\<t:6> \\</ask:7>"),
            ("a < b, https://example.org/a_b", "a < b, https://example.org/a_b"),
        ],
    )  # fmt: skip
    def test_texts_are_no_markup(self, text: str, written: str) -> None:
        """Nor mentions."""
        assert escape(text) == written

    def test_a_spoiler_is_a_stub_until_revealed(self) -> None:
        """No word of it, nor of its quotes and choices."""
        hidden = replace(ANSWER, spoiler=True)
        assert "Ada" not in render(hidden).content
        assert render(hidden, revealed=True).content == render(ANSWER).content

    @given(st.text(alphabet="a*_` .\n", min_size=900, max_size=1200), st.integers(0, 3))
    def test_whatever_is_said_fits(self, text: str, quotes: int) -> None:
        """Even if every character has to be escaped."""
        cards = tuple(replace(CARD, text=text[:600]) for _ in range(quotes))
        payload = render(replace(ANSWER, text=text, quotes=cards, sources=(SOURCE, LINKED)))
        assert len(payload.content) <= DISCORD.content
        assert "Night at the harbor" in payload.content

    def test_what_must_be_cut_is_cut_at_a_sentence(self) -> None:
        """And the source stays."""
        content = render(replace(ANSWER, text="Some *star* words. " * 120, quotes=())).content
        assert "words. …\n-# Source" in content

    def test_an_answer_of_2000_characters(self) -> None:
        """With its source it is over the limit, and fits all the same."""
        assert len(render(replace(ANSWER, text="x" * 2000)).content) <= 2000


class TestButtons:
    def test_of_an_answer(self) -> None:
        """The asker may dismiss it."""
        wanted = ["h1:source:e.talk-host", "h1:up:e.talk-host", "h1:down:e.talk-host", "h1:dismiss:77"]
        assert ids_of(render(ANSWER, asker=77)) == wanted
        assert ids_of(render(ANSWER)) == wanted[:3]

    def test_of_a_quote(self) -> None:
        """Another one where it was asked for."""
        assert ids_of(render(QUOTE))[:2] == ["h1:more:ada-stone|light", "h1:source:q.on-light"]
        assert ids_of(render(replace(QUOTE, more=None)))[0] == "h1:source:q.on-light"

    def test_of_a_spoiler(self) -> None:
        """To reveal, and nothing else."""
        assert ids_of(render(replace(ANSWER, spoiler=True), asker=7)) == ["h1:reveal:e.talk-host", "h1:dismiss:7"]

    def test_of_choices(self) -> None:
        """A row each; a question that is cut stands in the content too."""
        long = "who " * 50
        reply = Reply("choices", "Which?", "v1", choices=(Choice("a", "who hosted?"), Choice("b", long)))
        payload = render(reply, asker=7)
        assert ids_of(payload) == ["h1:pick:a", "h1:pick:b", "h1:dismiss:7"]
        assert [len(row) for row in payload.rows] == [1, 1, 1]
        (button,) = payload.rows[1]
        assert isinstance(button, Button)
        assert (len(button.label) <= 80, button.label[-1]) == (True, "…")
        assert payload.content.splitlines()[2] == f"2. {long}"
        assert render(replace(reply, choices=reply.choices[:1])).content == "Which?"

    @pytest.mark.parametrize("kind", ["smalltalk", "withheld", "rejected"])
    def test_of_what_needs_none(self, kind: str) -> None:
        """Not even to dismiss."""
        assert render(Reply(kind, "Hello!", "v1"), asker=7).rows == ()  # type: ignore[arg-type]

    def test_ids_fit_whatever_the_slug(self) -> None:
        """80 characters are the most that one may have."""
        slug = "x" * 80
        answer = replace(ANSWER, entry=slug, choices=(Choice(slug, "?"),))
        quote = replace(QUOTE, quotes=(replace(CARD, id=slug),), more=QuoteRequest(slug, "light " * 90))
        for reply in (answer, quote, replace(answer, spoiler=True)):
            assert max(map(len, ids_of(render(reply, asker=2**64)))) <= ids.LONGEST


class TestIds:
    @given(st.one_of(st.none(), st.from_regex(r"[a-z]{1,20}(-[a-z]{1,20})?", fullmatch=True)), st.text(max_size=120))
    def test_a_request_comes_back(self, speaker: str | None, about: str) -> None:
        """Its topic with single spaces, and without its last words where it is too long."""
        custom_id = ids.another(QuoteRequest(speaker, about))
        assert len(custom_id) <= ids.LONGEST
        back = ids.request(custom_id.removeprefix("h1:more:"))
        assert back.speaker == speaker
        assert " ".join(about.split()).startswith(back.about)

    @pytest.mark.parametrize("record", [ids.RecordId("entry", "q.x"), ids.RecordId("quote", "e.x")])
    def test_a_record_comes_back(self, record: ids.RecordId) -> None:
        """Its kind isn't mixed up."""
        assert ids.record(str(record)) == record


def test_a_citation_tells_all() -> None:
    """Title, address, event, record and version."""
    shown = cited(Citation("on-light", (SOURCE, LINKED), ("the harbor talk", ""), "v1", CARD)).content.splitlines()
    assert shown[0] == "> “Light is patient.”"
    assert shown[2] == "• Night at the harbor — on the harbor talk"
    assert shown[3].startswith("• [Hill")
    assert shown[4] == "-# on-light, knowledge base v1"


def test_a_citation_of_many_sources_fits() -> None:
    """Whole lines only."""
    many = Citation("x", tuple(SourceRef(f"s{n}", "t" * 200) for n in range(20)), ("",) * 20, "v1")
    assert len(cited(many).content) <= 2000


def test_a_text_is_clipped_to_one_line() -> None:
    """With an ellipsis."""
    assert (clip("a\n b", 5), clip("abcdef", 5), clip("abc ef", 5)) == ("a b", "abcd…", "abc…")
