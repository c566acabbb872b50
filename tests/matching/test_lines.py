"""Requests for who said a line, and for one more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import lines


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
            ('"light is patient" - who?', "light is patient"),
            ('who is it: "light is patient"', "light is patient"),
        ],
    )
    def test_between_marks(self, typed: str, line: str) -> None:
        """Of any kind; the line is marked then."""
        assert lines.line_asked(typed) == lines.LineAsked(line, marked=True)

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
        assert lines.line_asked(typed) == lines.LineAsked(line, marked=False)

    @pytest.mark.parametrize(
        "typed",
        [
            "who said that",
            "who said so",
            "who directed it",
            'what is "Low Tide" about',
            'who directed "Low Tide"?',
            "who plays Una in “Low Tide”",
            "who plays `Una` in `Low Tide`",
            "",
            '""',
        ],
    )
    def test_near_misses(self, typed: str) -> None:
        """Too short, or about something else in marks."""
        assert lines.line_asked(typed) is None

    def test_a_story_with_a_quote_in_it(self) -> None:
        """What is told before the question isn't asked for, unless the question is who said it."""
        story = 'My sister would tell me nothing but that it is "wet and slow", and I fell asleep last time'
        told = f"{story}, as I had been up since five with the nets and the dog. "
        assert lines.line_asked(f"{told} Who directed the ferry movie Low Tide?") is None
        assert lines.line_asked(f"{told} Who said that?") == lines.LineAsked("wet and slow", marked=True)


@pytest.mark.parametrize(
    "typed",
    ["another one", "Another!", "one more", "more", "next", "and another one?", "give me another", "again",
     "something else",
     "another quote please", "a different one", "any others?"],
)  # fmt: skip
def test_one_more_is_told(typed: str) -> None:
    """In many words."""
    assert lines.another(typed)


@pytest.mark.parametrize(
    "typed", ["who is next", "another question: who directed it", "is there more to the story", "", "mores"]
)
def test_near_misses_of_one_more(typed: str) -> None:
    """Questions that only begin or end so."""
    assert not lines.another(typed)


@pytest.mark.parametrize(
    "typed", ["who said that?", "Who said this", "whose line is that", "wait, who said it", "whose words are those"]
)
def test_the_speaker_of_what_was_shown_is_asked(typed: str) -> None:
    """In many words."""
    assert lines.speaker_asked(typed, alone=False)


def test_who_that_was_is_the_speaker_of_quotes_alone() -> None:
    """Beside an answer it may be anybody whom that tells of."""
    for typed in ("And who was that?", "where was that?", "which talk is that from?"):
        assert lines.speaker_asked(typed, alone=True)
        assert not lines.speaker_asked(typed, alone=False)


@pytest.mark.parametrize(
    "typed", ["who said that the film is sad", "who said light is patient", "that", "who is she", ""]
)
def test_near_misses_of_the_speaker(typed: str) -> None:
    """Those name the line themselves, or ask for somebody else."""
    assert not lines.speaker_asked(typed, alone=True)


@given(st.text(max_size=200) | st.text("who said \"'“”quote about ", max_size=200))
def test_any_text_is_looked_at(typed: str) -> None:
    """No exception, whatever it is."""
    lines.another(typed)
    lines.speaker_asked(typed, alone=True)
    line = lines.line_asked(typed)
    assert line is None or line.line
