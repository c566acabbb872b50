"""Whose words are wanted, by name, role or character."""

from __future__ import annotations

import pytest

from bot.herald import Snapshot
from bot.matching import requests
from bot.matching.speakers import Speakers


@pytest.fixture
def speakers(lexical_snapshot: Snapshot) -> Speakers:
    """Of the town's quotes."""
    return lexical_snapshot.quotes.speakers


def wanted(speakers: Speakers, typed: str) -> frozenset[str]:
    """Who is to speak by a request in words."""
    asked = requests.quote_asked(typed)
    assert asked
    return speakers.wanted(asked)


@pytest.mark.parametrize("written", ["Mira Holt", "mira", "HOLT", "meera hollt", "mira hlot", "Mra Holt"])
def test_a_person_in_many_spellings(speakers: Speakers, written: str) -> None:
    """First name, last name, misspelt, any case."""
    assert speakers.named(written) == {"mira-holt"}


@pytest.mark.parametrize("written", ["Ben Reed", "ben", "ben reeed"])
def test_an_actor_speaks_for_the_character(speakers: Speakers, written: str) -> None:
    """And the character for itself alone."""
    assert speakers.named(written) == {"ben-reed", "corwin"}
    assert speakers.named("Corwin") == {"corwin"}


@pytest.mark.parametrize("written", ["zzzzzz", "", "   ", "🙂", "\x00", "the"])
def test_nobody(speakers: Speakers, written: str) -> None:
    """Never a forced guess."""
    assert speakers.named(written) == frozenset()


@pytest.mark.parametrize(
    ("written", "apart"),
    [
        ("mira light", ("mira", "light")),
        ("Mira Holt storms at night", ("Mira Holt", "storms at night")),
        ("light mira", ("mira", "light")),
        ("mira-holt light", ("mira-holt", "light")),
        ("mira on light", ("mira on", "light")),
        ("mira hlot light", ("mira hlot", "light")),
        ("meera hollt", ("meera hollt", None)),
        ("from mira", ("from mira", None)),
        ("a line by mira", ("by mira", None)),
        ("light mira storms", ("light mira storms", None)),
        ("light", (None, "light")),
        ("Low Tide", (None, "Low Tide")),
        ("zzzzzz", ("zzzzzz", None)),
        ("zzzzzz light", (None, "zzzzzz light")),
        ("", (None, None)),
    ],
)
def test_speaker_and_topic_in_a_row(speakers: Speakers, written: str, apart: tuple[str | None, str | None]) -> None:
    """Whoever is named at either end speaks, on what is left; a film is a topic, and a stranger is nobody known."""
    assert speakers.apart(written) == apart


def test_a_role_speaks_on_a_topic(speakers: Speakers) -> None:
    """Where the knowledge base tells whose it is."""
    named = speakers.knowledge.names.values()
    role = next(role for name in named if name.id in speakers.knowledge.people for role in name.roles)
    assert speakers.apart(f"the {role} light") == (f"the {role}", "light")


def test_who_is_named_but_never_speaks(speakers: Speakers) -> None:
    """Una is; Mira is quoted, Ben as his character, and of a stranger nothing is known."""
    assert speakers.silent("una")
    assert not speakers.silent("mira")
    assert not speakers.silent("ben")
    assert not speakers.silent("zzzzzz")


def test_the_topic_is_not_taken_for_the_speaker(speakers: Speakers) -> None:
    """Where another name is left; a single name speaks."""
    assert wanted(speakers, "something ada said about mira") == {"ada-stone"}
    assert wanted(speakers, "a quote from mira about ada") == {"mira-holt"}
    assert wanted(speakers, "ada on mira, her exact words") == {"ada-stone"}
    assert wanted(speakers, "something mira said") == {"mira-holt"}
    assert wanted(speakers, "ada's own words on mira") == {"ada-stone"}


@pytest.mark.parametrize("written", ["the director", "The Director", "what the director said"])
def test_a_role_will_do(speakers: Speakers, written: str) -> None:
    """For who doesn't know the name."""
    assert speakers.named(written) == {"mira-holt"}
    assert wanted(speakers, "a remark of the director about storms") == {"mira-holt"}


@pytest.mark.parametrize(
    ("typed", "unheard"),
    [
        ("una vale quote", True),
        ("a quote from una vale", True),
        ("una vale on the fog, her exact words", True),
        ("quote about una vale", False),
        ("una vale fog quote", False),
        ("mira holt quote", False),
        ("ben reed quote", False),
        ("quote", False),
    ],
)
def test_who_never_speaks_has_no_quote(speakers: Speakers, typed: str, *, unheard: bool) -> None:
    """Nor does somebody else's do; a name with a topic may be part of it."""
    asked = requests.quote_asked(typed)
    assert asked
    assert speakers.unheard(asked) == unheard


def test_whom_words_are_said_to_does_not_speak(speakers: Speakers) -> None:
    """Nor whose question they answer."""
    assert wanted(speakers, "ada's reply to mira, word for word") == {"ada-stone"}
    assert wanted(speakers, "her jab at the director, word for word") == frozenset()


def test_of_a_part_speaks_who_plays_it(speakers: Speakers) -> None:
    """And not the character; of anything else, both."""
    both = speakers.named("Ben Reed")
    assert speakers.on("playing the pilot", both) == {"ben-reed"}
    assert speakers.on("fog", both) == both
    assert speakers.on("his role", speakers.named("Corwin")) == {"corwin"}
    assert speakers.on("acting", None) is None
    assert wanted(speakers, "quote of ben reed about playing the pilot") == both
