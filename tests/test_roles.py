"""Questions in which an actor's name stands for the character."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.herald import Herald, Snapshot
from bot.matching.index import Label
from bot.roles import played


def played_in(snapshot: Snapshot, text: str) -> tuple[str, str | None]:
    match = played(text, snapshot.matcher.match(text), snapshot)
    return match.verdict, match.label.id if match.label else None


@pytest.mark.parametrize("typed", ["what does Ben Reed shout at the gull", "what did Ben yell at the bird?"])
def test_what_the_character_does(lexical_snapshot: Snapshot, typed: str) -> None:
    """Is answered for the character, where it has no answer for the actor."""
    assert lexical_snapshot.matcher.match(typed).verdict != "answer"
    assert played_in(lexical_snapshot, typed) == ("answer", "shouting")
    assert Herald(lexical_snapshot, seed=1).ask(typed, age_restricted=True).entry == "shouting"


def test_in_the_film_it_is_the_character(lexical_snapshot: Snapshot) -> None:
    """Even where there is something that the sources don't say of the actor."""
    typed = "Ben Reed shouting at the gull, how old is the bird"
    match = lexical_snapshot.matcher.match(typed)
    gap = replace(match, verdict="gap", label=Label("gap", "tpl-age"))
    assert played(typed, gap, lexical_snapshot) is gap
    shouting = played("what does Ben Reed shout at the gull in the film", gap, lexical_snapshot)
    assert (shouting.verdict, shouting.label) == ("answer", Label("entry", "shouting"))


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("how old is Ben Reed", "gap"),
        ("who plays Corwin", "answer"),
        ("does Ben Reed pay taxes", "unknown"),
    ],
)
def test_everything_else_stays(lexical_snapshot: Snapshot, typed: str, verdict: str) -> None:
    """What the sources don't say of the actor, what has an answer as it stands, and what nothing answers."""
    match = lexical_snapshot.matcher.match(typed)
    assert match.verdict == verdict
    assert played(typed, match, lexical_snapshot) is match
