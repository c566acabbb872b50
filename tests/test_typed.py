"""What members type."""

from __future__ import annotations

import pytest

from bot.herald import Snapshot
from bot.typed import has_words, quote_wanted


@pytest.mark.parametrize("text", ["why", "7", "…what?", "дом", "何", "\u200ba"])
def test_something_to_answer(text: str) -> None:
    """A letter or a digit of any script."""
    assert has_words(text)


@pytest.mark.parametrize("text", ["", "  \n", "?!", "🙂", "\u200b\u202e", "___", "\x00"])
def test_nothing_to_answer(text: str) -> None:
    """Signs alone, whatever they are."""
    assert not has_words(text)


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("", (None, None)),
        ("ada", ("ada", None)),
        ("about the sea", (None, "the sea")),
        ("Ada Stone ABOUT the sea about noon", ("Ada Stone", "the sea about noon")),
        ("ada about ", ("ada", None)),
        ("ada light", ("ada", "light")),
        ("the sea", (None, "the sea")),
    ],
)
def test_speaker_and_topic(lexical_snapshot: Snapshot, rest: str, wanted: tuple[str | None, str | None]) -> None:
    """Either may be left out; the first "about" parts them, and names where there is none."""
    assert quote_wanted(rest, lexical_snapshot.quotes.speakers) == wanted
