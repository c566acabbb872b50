"""The one door: every kind of reply, and what never gets through."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Context
from bot.herald import MAX_QUESTION, Herald, Snapshot
from bot.reply import QuoteRequest
from bot.service import open_service
from bot.settings import Settings
from tests.examples import often
from tests.support import write_knowledge
from tests.town import town

RUDE = ("filthy", "rude", "gull", "beak")


class TestKinds:
    def test_answer(self, town_herald: Herald) -> None:
        """The curated answer with its sources, quotes and candidates, and the version that answered."""
        reply = town_herald.ask("who moderated the harbor talk?")
        assert (reply.kind, reply.entry, reply.text) == (
            "answer",
            "harbor-host",
            "Ada Stone moderated the harbor talk.",
        )
        assert [source.title for source in reply.sources] == ["Night at the harbor"]
        assert [(quote.id, quote.speaker) for quote in reply.quotes] == [("on-light", "Ada Stone")]
        assert reply.candidates[0].entry == "harbor-host"
        assert reply.knowledge == town_herald.snapshot.knowledge.version
        assert not reply.spoiler

    def test_answer_that_gives_away_plot(self, town_herald: Herald) -> None:
        """Is marked."""
        assert town_herald.ask("plot of Low Tide").spoiler

    def test_quote(self, town_herald: Herald) -> None:
        """Verbatim, with speaker, character and actor, film, event and source."""
        reply = town_herald.ask("give me a quote about fog")
        assert reply.kind == "quote"
        assert (
            "“Say something, or the fog will say it for you.” — Corwin (Ben Reed), in “Low Tide”, the harbor talk"
            in reply.text
        )
        assert "quoted by Mira Holt" in reply.text
        assert [source.id for source in reply.sources] == ["harbor-report"]
        assert reply.spoiler

    def test_a_question_whose_answer_is_somebodys_words(self, town_herald: Herald) -> None:
        """Gets these where it asks what was said, and else the answer with them."""
        said = town_herald.ask("what does Corwin shout at that gull, don't bleep it", age_restricted=True)
        asked = town_herald.ask("why does Corwin shout at the gull", age_restricted=True)
        assert [(r.kind, [quote.id for quote in r.quotes]) for r in (said, asked)] == [
            ("quote", ["on-gulls"]),
            ("answer", ["on-gulls"]),
        ]
        assert town_herald.ask("what does Corwin shout at that gull, don't bleep it").kind == "withheld"

    def test_choices(self, town_herald: Herald) -> None:
        """Near questions to pick from and no answer."""
        reply = town_herald.ask("what about the scene with a camera")
        assert (reply.kind, reply.entry, reply.sources) == ("choices", None, ())
        assert 1 <= len(reply.choices) <= 3
        entries = town_herald.snapshot.knowledge.entries
        assert all(choice.question == entries[choice.entry].questions[0] for choice in reply.choices)

    def test_small_talk(self, town_herald: Herald) -> None:
        """A line, and no fact."""
        reply = town_herald.ask("hello!")
        assert (reply.kind, reply.text, reply.sources) == ("smalltalk", "Hello! Ask me about the talks.", ())

    def test_unknown_names_the_gap(self, town_herald: Herald) -> None:
        """The curated line, with the name where a template has one; no answer."""
        assert town_herald.ask("what was the budget of the film").text.startswith("No budget is named")
        reply = town_herald.ask("how old is Quill")
        assert (reply.kind, reply.gap, reply.entry) == ("unknown", "tpl-age", None)
        assert reply.text.startswith("The age of Tom Quill isn't told.")

    def test_unknown_of_another_world(self, town_herald: Herald) -> None:
        """Says so plainly."""
        reply = town_herald.ask("quantum chromodynamics")
        assert (reply.kind, reply.gap) == ("unknown", None)
        assert "don't say" in reply.text

    @pytest.mark.parametrize("typed", ["", "   ", "\n\t", "?!", "\u200b", "\N{SLIGHTLY SMILING FACE}", "\x00", "***"])
    def test_rejected_where_there_is_no_word(self, town_herald: Herald, typed: str) -> None:
        """One line; also where a question came before, which isn't answered again."""
        c = Context()
        town_herald.ask("who directed Low Tide", c)
        reply = town_herald.ask(typed, c)
        assert (reply.kind, "\n" in reply.text) == ("rejected", False)

    def test_rejected_where_too_long(self, town_herald: Herald) -> None:
        """From 501 characters on, at once and however long it is."""
        c = Context()
        assert town_herald.ask("who " * 125).kind != "rejected"
        started = time.perf_counter()
        for _ in range(100):
            reply = town_herald.ask("who?!... " * 100_000, c)
        assert time.perf_counter() - started < 0.5
        assert (reply.kind, str(MAX_QUESTION) in reply.text) == ("rejected", True)
        assert town_herald.quote("x" * 501).kind == town_herald.quote(about="x" * 501).kind == "rejected"


class TestExplicit:
    @pytest.mark.parametrize("typed", ["swearing", "what does Corwin shout at the gull", "give me a quote about gulls",
                                       'who said "get your filthy beak out of my damned breakfast"'])  # fmt: skip
    def test_withheld_shows_no_word(self, town_herald: Herald, typed: str) -> None:
        """Only that there is one, and where; not in text, quotes, sources or choices."""
        reply = town_herald.ask(typed)
        assert reply.kind == "withheld"
        assert (reply.quotes, reply.choices, reply.entry) == ((), (), None)
        assert not any(word in reply.text.lower() for word in RUDE)
        assert "age-restricted" in reply.text

    def test_shown_where_the_place_allows_it(self, town_herald: Herald) -> None:
        """The answer and its quote."""
        reply = town_herald.ask("swearing", age_restricted=True)
        assert (reply.kind, [quote.id for quote in reply.quotes]) == ("answer", ["on-gulls"])
        assert town_herald.quote("corwin", "gulls", age_restricted=True).kind == "quote"

    def test_withheld_by_command_and_by_choice(self, town_herald: Herald) -> None:
        """Every way in is the same."""
        assert town_herald.entry("shouting").kind == "withheld"
        assert town_herald.quote("corwin", "gulls").kind == "withheld"
        assert town_herald.entry("shouting", age_restricted=True).kind == "answer"

    def test_what_was_withheld_is_not_told_afterwards(self, town_herald: Herald) -> None:
        """ "Who said that?" finds nothing that was shown."""
        c = Context()
        town_herald.ask("swearing", c)
        assert not any(word in town_herald.ask("who said that?", c).text.lower() for word in RUDE)

    def test_a_random_quote_is_never_an_explicit_one(self, town_herald: Herald) -> None:
        """However often one is asked for."""
        assert "on-gulls" not in {quote.id for _ in range(60) for quote in town_herald.quote().quotes}


class TestQuotes:
    def test_by_command(self, town_herald: Herald) -> None:
        """Both, one or none of speaker and topic."""
        assert [q.id for q in town_herald.quote("mira", "love").quotes] == ["on-love"]
        assert [q.id for q in town_herald.quote(about="water").quotes] == ["on-water"]
        assert town_herald.quote("lena").quotes[0].speaker == "the Lighthouse (Lena Ortiz)"
        assert town_herald.quote().kind == "quote"

    def test_a_quote_brings_the_request_for_another(self, town_herald: Herald) -> None:
        """By command and in words alike; handed back it gives one of the same speaker and topic."""
        for reply in (town_herald.quote("mira", "storms"), town_herald.ask("a quote from Mira Holt about storms")):
            assert reply.more == QuoteRequest("mira-holt", "storms")
            assert town_herald.quote(reply.more.speaker, reply.more.about).quotes == reply.quotes
        assert town_herald.quote().more == QuoteRequest(None, "")
        assert town_herald.quote("lena").more == QuoteRequest("lena-ortiz", "")

    def test_nobody_and_nothing(self, town_herald: Herald) -> None:
        """Said plainly; another's quote is never forced in."""
        assert town_herald.quote("zzzzzz").kind == "unknown"
        assert town_herald.quote("mira", "zebras").kind == "unknown"
        assert town_herald.ask("give me a quote about zebras").kind == "unknown"

    def test_another_one_does_not_repeat(self, town_herald: Herald) -> None:
        """Until all have been shown; then not the last one again."""
        c = Context()
        shown = [town_herald.quote("mira", context=c).quotes[0].id]
        shown += [town_herald.ask("another one", c).quotes[0].id for _ in range(2)]
        assert set(shown) == {"on-ferries", "on-storms", "on-love"}
        for _ in range(8):
            shown.append(town_herald.ask("another", c).quotes[0].id)
            assert shown[-1] != shown[-2]

    def test_ties_are_picked_at_random(self, lexical_snapshot: Snapshot) -> None:
        """Different seeds, different first quotes."""
        firsts = {Herald(lexical_snapshot, seed=seed).quote("mira").quotes[0].id for seed in range(20)}
        assert len(firsts) == 3

    def test_who_said_that(self, town_herald: Herald) -> None:
        """Of the quote that was just shown, also with an answer or a picked choice."""
        c, d, e = Context(), Context(), Context()
        town_herald.quote("lena", context=c)
        assert town_herald.ask("who said that?", c).text.startswith("the Lighthouse (Lena Ortiz) says it")
        town_herald.ask("who moderated the harbor talk", d)
        assert town_herald.ask("who said that?", d).text.startswith("Ada Stone said it")
        town_herald.entry("harbor-host", e)
        assert town_herald.ask("who said that?", e).text.startswith("Ada Stone said it")

    def test_who_said_a_line(self, town_herald: Herald) -> None:
        """The true words; where they are only close it says so; nobody's line is nobody's."""
        assert town_herald.ask("who said 'light is patient'").text.startswith("Ada Stone said it: “Light is patient")
        close = town_herald.ask("who said 'love is mostly about who keeps the lamps burning'")
        assert close.text.startswith("Closest is what Mira Holt said: “Love is mostly a matter")
        assert town_herald.ask("who said 'may the force be with you always'").kind == "unknown"

    @pytest.mark.parametrize(
        "typed", ['who directed "Low Tide"?', "who directed `Low Tide`", 'whose film is "Low Tide"']
    )
    def test_a_title_between_marks_is_no_line(self, town_herald: Herald, typed: str) -> None:
        """It is asked about, and not who said it."""
        assert town_herald.ask(typed).candidates[0].entry == "director"

    def test_another_one_after_thanks(self, town_herald: Herald) -> None:
        """Of the same quotes."""
        c = Context()
        town_herald.quote("mira", context=c)
        town_herald.ask("thanks", c)
        assert town_herald.ask("another one", c).kind == "quote"

    def test_a_plain_question_that_leans_on_an_answer(self, town_herald: Herald) -> None:
        """Is read in its light, though somebody's words might do."""
        c = Context()
        typed = "what did she say about light, who moderated the harbor talk"
        assert town_herald.ask(typed, c).kind == "quote"
        assert town_herald.ask(typed, c).kind == "answer"


@pytest.mark.parametrize(
    "typed",
    ["who moderated the harbor talk", "what about the scene with a camera", "hello!", "how much did Low Tide cost",
     "a quote about love", "who said 'light is patient'", "who said 'may the force be with you always'",
     "give me a quote about gulls", "tax returns"],
)  # fmt: skip
def test_candidates_are_the_best_five_whatever_the_kind(town_herald: Herald, typed: str) -> None:
    """The best first; the score is the first one's."""
    reply = town_herald.ask(typed)
    chances = [candidate.score for candidate in reply.candidates]
    assert 1 <= len(chances) <= 5
    assert chances == sorted(chances, reverse=True)
    assert reply.score == chances[0]


class TestChoices:
    def test_a_picked_entry(self, town_herald: Herald) -> None:
        """Its answer, and context for what is asked next."""
        c = Context()
        assert town_herald.entry("hill-host", c).text == "Tom Quill moderated the hill talk."
        assert town_herald.ask("and the harbor one?", c).entry == "harbor-host"

    def test_an_entry_that_is_gone(self, town_herald: Herald) -> None:
        """One line that asks to ask again; the id isn't echoed."""
        reply = town_herald.entry("@everyone")
        assert (reply.kind, "@everyone" in reply.text) == ("rejected", False)


@pytest.mark.parametrize(
    "typed", ["@everyone", "<!channel>", "{0.__class__}", "%s%n", "**zzqx**", "<script>zzqx</script>", "zzqx\x00"]
)
def test_nothing_that_a_member_typed_comes_back(town_herald: Herald, typed: str) -> None:
    """In no reply, by no way in."""
    c = Context()
    told = [
        town_herald.ask(typed), town_herald.ask(f"who moderated {typed}"),
        town_herald.ask(f"who said '{typed} is a {typed}'"),
        town_herald.ask(f"give me a quote about {typed}"), town_herald.quote(typed), town_herald.quote(about=typed),
        town_herald.quote("mira", typed), town_herald.entry(typed), town_herald.ask(f"and {typed}?", c),
    ]  # fmt: skip
    shown = [str(asdict(replace(reply, more=None))) for reply in told]  # the request is to be handed back, not shown
    assert not any(typed in text or "zzqx" in text for text in shown)


@given(st.text(max_size=200))
@settings(max_examples=often(60))
def test_any_text_gets_a_reply(lexical_snapshot: Snapshot, typed: str) -> None:
    """Alone and in a conversation."""
    c = Context()
    herald = Herald(lexical_snapshot, seed=1)
    alone = herald.ask(typed)
    assert alone.text
    assert 0 <= alone.score <= 1
    herald.ask("who moderated the harbor talk", c)
    assert herald.ask(typed, c).text


def test_why_shows_the_candidates(town_herald: Herald) -> None:
    """With their evidence, of any text."""
    match = town_herald.why("who directed it" * 100)
    assert match.candidates
    assert match.candidates[0].evidence
    assert town_herald.why("who directed Low Tide").score == town_herald.ask("who directed Low Tide").score


def test_a_snapshot_may_be_shared(lexical_snapshot: Snapshot) -> None:
    """It can't be changed, so that two Heralds over it don't disturb each other."""
    with pytest.raises(AttributeError):
        lexical_snapshot.knowledge = replace(lexical_snapshot).knowledge  # type: ignore[misc]


def test_the_folder_may_go_once_it_is_loaded(tmp_path: Path) -> None:
    """Everything that an answer depends on is in the snapshot."""
    folder = write_knowledge(tmp_path / "kb", town())
    herald = open_service(Settings(knowledge_dir=folder, cache_dir=tmp_path / "cache", encoder=False)).herald()
    for path in folder.iterdir():
        path.unlink()
    assert herald.ask("who directed Low Tide").kind == "answer"
