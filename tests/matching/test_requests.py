"""Requests for quotes, told by their form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import requests


class TestQuoteAsked:
    @pytest.mark.parametrize(
        ("typed", "about"),
        [
            ("give me a quote about love", "love"),
            ("gimme a quote on storms pls", "storms"),
            ("any good one-liners about the fog?", "fog"),
            ("Hey Herald, show me a quote about lanterns!", "lanterns"),
            ("what did she say about music, word for word", "music"),
            ("a famous line about water", "water"),
            ("do you have quotes regarding ferries", "ferries"),
        ],
    )
    def test_with_a_topic(self, typed: str, about: str) -> None:
        """What stands behind "about", without the words of asking."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.about == about

    @pytest.mark.parametrize(
        "typed", ["a quote", "give me a quote please", "got any quotes?", "random quote", "another quote"]
    )
    def test_of_any_kind(self, typed: str) -> None:
        """No topic, no source."""
        asked = requests.quote_asked(typed)
        assert asked
        assert (asked.about, asked.source) == ("", "")

    @pytest.mark.parametrize(
        ("typed", "source"),
        [
            ("a quote from mira holt", "mira holt"),
            ("quote by Ada about light", "ada"),
            ("best line from ada stone?", "ada stone"),
        ],
    )
    def test_from_somebody(self, typed: str, source: str) -> None:
        """Whom it is wanted from, as it was typed."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.source == source

    @pytest.mark.parametrize(
        "typed",
        [
            "who directed Low Tide",
            "what is the film about",
            "what did she say about the ferry",
            "how long is the line at the cinema",
            "is it online",
            "hello",
            "",
            "quotation",  # as near as it gets: a bare word is a request
        ],
    )
    def test_near_misses(self, typed: str) -> None:
        """Ordinary questions are none, however near their words."""
        assert (requests.quote_asked(typed) is not None) == (typed == "quotation")


class TestLineAsked:
    @pytest.mark.parametrize(
        ("typed", "line"),
        [
            ('who said "light is patient"?', "light is patient"),
            ("who said “Light is patient”", "light is patient"),
            ("who said 'light is patient'", "light is patient"),
            ('whose line is "light is patient"', "light is patient"),
            ('"light is patient" - who says that?', "light is patient"),
            ("who says «light is patient»", "light is patient"),
            ('which character said "light is patient"', "light is patient"),
        ],
    )
    def test_between_marks(self, typed: str, line: str) -> None:
        """Of any kind; the line is marked then."""
        assert requests.line_asked(typed) == requests.LineAsked(line, marked=True)

    @pytest.mark.parametrize(
        ("typed", "line"),
        [
            ("who said light is patient", "light is patient"),
            ("who was it that said the line light is patient", "light is patient"),
            ("who joked love is a lamp", "love is a lamp"),
        ],
    )
    def test_without_marks(self, typed: str, line: str) -> None:
        """From three words on."""
        assert requests.line_asked(typed) == requests.LineAsked(line, marked=False)

    @pytest.mark.parametrize(
        "typed", ["who said that", "who said so", "who directed it", 'what is "Low Tide" about', "", '""']
    )
    def test_near_misses(self, typed: str) -> None:
        """Too short, or about something else in marks."""
        assert requests.line_asked(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["another one", "Another!", "one more", "more", "next", "and another one?", "give me another", "again",
     "something else",
     "another quote please", "a different one", "any others?"],
)  # fmt: skip
def test_one_more_is_told(typed: str) -> None:
    """In many words."""
    assert requests.another(typed)


@pytest.mark.parametrize(
    "typed", ["who is next", "another question: who directed it", "is there more to the story", "", "mores"]
)
def test_near_misses_of_one_more(typed: str) -> None:
    """Questions that only begin or end so."""
    assert not requests.another(typed)


@pytest.mark.parametrize(
    "typed", ["who said that?", "Who said this", "whose line is that", "wait, who said it", "whose words are those"]
)
def test_the_speaker_of_what_was_shown_is_asked(typed: str) -> None:
    """In many words."""
    assert requests.speaker_asked(typed)


@pytest.mark.parametrize(
    "typed", ["who said that the film is sad", "who said light is patient", "that", "who is she", ""]
)
def test_near_misses_of_the_speaker(typed: str) -> None:
    """Those name the line themselves, or ask for somebody else."""
    assert not requests.speaker_asked(typed)


@given(st.text(max_size=200) | st.text("who said \"'“”quote about ", max_size=200))
def test_any_text_is_looked_at(typed: str) -> None:
    """No exception; what is found was typed."""
    requests.quote_asked(typed)
    requests.another(typed)
    requests.speaker_asked(typed)
    line = requests.line_asked(typed)
    assert line is None or line.line
