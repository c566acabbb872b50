"""The wording of replies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import replies
from bot.herald import Snapshot
from bot.matching.quotes import Spoken
from bot.replies import Place


@pytest.fixture
def place(lexical_snapshot: Snapshot) -> Place:
    """The town, where explicit material isn't allowed."""
    return Place(lexical_snapshot, age_restricted=False)


class TestCard:
    def test_a_person(self, place: Place) -> None:
        """The name and the event."""
        card = replies.card(place.knowledge, place.knowledge.quotes["on-light"])
        assert (card.speaker, card.where, card.note) == ("Ada Stone", "the harbor talk", "")

    def test_a_character(self, place: Place) -> None:
        """With actor and film, and through whom the words came down."""
        card = replies.card(place.knowledge, place.knowledge.quotes["on-silence"])
        assert card.speaker == "Corwin (Ben Reed)"
        assert card.where == "in “Low Tide”, the harbor talk"
        assert card.note == "quoted by Mira Holt"
        assert card.behind == ", in “Low Tide”, the harbor talk (quoted by Mira Holt)"

    def test_a_speaker_by_context(self, place: Place) -> None:
        """The source names none, and the card says so."""
        quote = place.knowledge.quotes["on-light"].model_copy(update={"attribution": "context", "via": "mira-holt"})
        assert (
            replies.card(place.knowledge, quote).note
            == "quoted by Mira Holt; speaker by context; the source names none"
        )


class TestSpoken:
    def test_past_for_people_present_for_characters(self, place: Place) -> None:
        """A film's line is still being said."""
        quotes = place.knowledge.quotes
        assert replies.spoken(place, Spoken(quotes["on-light"], 1.0, exact=True)).text.startswith(
            "Ada Stone said it: “"
        )
        assert replies.spoken(place, Spoken(quotes["on-water"], 1.0, exact=True)).text.startswith(
            "the Lighthouse (Lena Ortiz) says it: “"
        )

    def test_a_close_one_says_so(self, place: Place) -> None:
        """And has the lower score."""
        reply = replies.spoken(place, Spoken(place.knowledge.quotes["on-light"], 0.7, exact=False))
        assert reply.text.startswith("Closest is what Ada Stone said: “")
        assert reply.score == 0.7

    def test_what_leads_to_the_quote_is_apart(self, place: Place) -> None:
        """So that an adapter sets the quote off without saying it twice."""
        reply = replies.spoken(place, Spoken(place.knowledge.quotes["on-light"], 0.7, exact=False))
        assert reply.said == reply.lead == "Closest is what Ada Stone said:"
        assert replies.quoted(place, place.knowledge.quotes["on-light"]).said == ""
        assert replies.withheld(place).said == replies.withheld(place).text

    def test_explicit_ones_are_withheld(self, place: Place) -> None:
        """Unless the place allows them; who says them is told."""
        spoken = Spoken(place.knowledge.quotes["on-gulls"], 1.0, exact=True)
        reply = replies.spoken(place, spoken)
        assert reply.kind == "withheld"
        assert "Corwin" in reply.text
        assert reply.text.endswith(f"says it, but {replies.ELSEWHERE}")
        assert replies.spoken(place, Spoken(spoken.quote, 0.7, exact=False)).text.startswith("Closest is what")
        assert "damned" not in reply.text
        assert replies.spoken(Place(place.snapshot, age_restricted=True), spoken).kind == "quote"


def test_an_answer_leaves_explicit_quotes_out(place: Place) -> None:
    """The answer itself may be for everybody."""
    entry = place.knowledge.entries["harbor-host"].model_copy(update={"quotes": ("on-light", "on-gulls")})
    assert [quote.id for quote in replies.answer(place, entry, 0.9).quotes] == ["on-light"]
    allowed = replies.answer(Place(place.snapshot, age_restricted=True), entry, 0.9)
    assert [quote.id for quote in allowed.quotes] == ["on-light", "on-gulls"]


def test_an_answer_is_a_spoiler_where_one_of_its_quotes_is(place: Place) -> None:
    """The surface hides all of it then."""
    entry = place.knowledge.entries["harbor-host"].model_copy(update={"quotes": ("on-silence",)})
    assert replies.answer(place, entry, 0.9).spoiler


def test_an_answer_without_quotes_is_no_spoiler(place: Place) -> None:
    """As long as the entry isn't one."""
    assert not replies.answer(place, place.knowledge.entries["hill-host"], 0.9).spoiler


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("how old is Ada Stone", "The age of Ada Stone isn't told."),
        ("how old are Ada Stone and Tom Quill and what age is Lena Ortiz", replies.NOT_SAID),
    ],
)
def test_a_gap_template_takes_one_name(place: Place, typed: str, text: str) -> None:
    """With several it isn't clear whose, and the plain line is given."""
    reply = replies.matched(place, place.snapshot.matcher.match(typed))
    assert reply.kind == "unknown"
    assert reply.text.startswith(text)


@pytest.mark.parametrize("offered", [(), ("director",), ("director", "music")])
def test_near_questions_are_announced(place: Place, offered: tuple[str, ...]) -> None:
    """Where there are some beside a gap's line, and only there; one alone as one."""
    match = replace(place.snapshot.matcher.match("what was the budget of the film"), offered=offered)
    reply = replies.matched(place, match)
    announced = [end for end in (replies.NEAR, replies.NEAREST) if reply.text.endswith(end)]
    assert announced == {0: [], 1: [replies.NEAREST], 2: [replies.NEAR]}[len(offered)]
    assert [choice.entry for choice in reply.choices] == list(offered)


@pytest.mark.parametrize(("count", "text"), [(1, replies.UNSURE_OF_ONE), (3, replies.UNSURE)])
def test_choices_are_asked_about(place: Place, count: int, text: str) -> None:
    """One alone isn't called "these"."""
    match = place.snapshot.matcher.match("what about the scene with a camera")
    few = replace(match, verdict="choices", label=None, offered=("director", "music", "premise")[:count])
    assert replies.matched(place, few).text == text


def test_what_isnt_found_is_said_in_one_line(place: Place) -> None:
    """Every such line is plain and ends."""
    told = [
        replies.no_quote(place),
        replies.nobody_said(place),
        replies.withheld(place),
        replies.rejected(place, "No."),
    ]
    assert [reply.kind for reply in told] == ["unknown", "unknown", "withheld", "rejected"]
    assert all(reply.text.endswith(".") and "\n" not in reply.text for reply in told)


def test_no_quote_gives_its_reason_first(place: Place) -> None:
    """And what is the matter after it."""
    assert replies.no_quote(place, "Because.").text == f"Because. {replies.NO_QUOTE}"


def test_every_reply_names_its_knowledge(place: Place, tmp_path: Path) -> None:
    """So that a report of a wrong answer can be followed up."""
    assert replies.rejected(place, "No.").knowledge == place.knowledge.version
