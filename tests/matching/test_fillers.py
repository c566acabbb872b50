"""What is taken off a question: greetings, politeness, and the asking for anything about a subject."""

from __future__ import annotations

import time

import pytest

from bot.matching import text


@pytest.mark.parametrize(
    "typed",
    [
        "hey herald, quick one: who directed it",
        "ok so does anyone know who directed it",
        "Hi! Sorry if this was asked before, who directed it please",
        "sorry if this is a dumb question but who directed it",
        "sorry, who directed it",
        "can someone tell me who directed it thanks",
        "who directed it, anyone?",
        "um, who directed it lol",
        "good evening, who directed it ty",
        "I have a quick question: who directed it, right?",
        "my little sister wants to know who directed it",
        "idk if you can tell, but who directed it",
        "according to the articles, who directed it? I forgot",
        "Q: who directed it? I can't remember",
        "help! who directed it",
    ],
)
def test_fillers_go_at_both_ends(typed: str) -> None:
    """What is left is the question."""
    assert text.normalize(typed).rstrip("?") == "who directed it"


@pytest.mark.parametrize("typed", ["hello", "thanks", "hey herald", "please", "good evening", "help", "right"])
def test_fillers_stay_where_they_are_all(typed: str) -> None:
    """A greeting is small talk and must not vanish."""
    assert text.normalize(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "tell me about the harbor talk",
        "can you tell me something about the harbor talk",
        "info on the harbor talk?",
        "give me some background on the harbor talk",
        "what do you know about the harbor talk",
        "what can you tell me about the harbor talk",
        "anything about the harbor talk",
        "i want to know everything about the harbor talk",
        "the harbor talk info please",
    ],
)
def test_what_asks_for_anything_on_a_subject_is_its_name(typed: str) -> None:
    """As if it had been typed alone."""
    assert text.key(typed) == "the harbor talk"


@pytest.mark.parametrize(
    "typed",
    ["on what day was it", "something about her", "what do you know about that", "what details did she leave out"],
)
def test_what_names_no_subject_stays(typed: str) -> None:
    """It leans on what was said before, or asks something else."""
    assert text.key(typed) == typed


def test_fillers_are_found_in_a_line_of_marks_at_once() -> None:
    """Of 480 of them each search took 60 ms before."""
    began = time.process_time()
    for _ in range(20):
        assert text.strip_fillers(f"what{'- ' * 240}about light") == f"what{'- ' * 240}about light"
    assert time.process_time() - began < 0.5
    assert text.strip_fillers("who wrote it -- please, thanks!!! - lol ?") == "who wrote it"
