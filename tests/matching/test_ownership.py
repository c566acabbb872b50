"""Phrasings that another class wins."""

from __future__ import annotations

from pathlib import Path

from bot.errors import Problem
from bot.matching import ownership
from bot.matching.compiled import compile_knowledge
from tests.support import Data, build


def found(tmp_path: Path, data: Data) -> list[Problem]:
    knowledge = build(tmp_path / "kb", data)
    compiled = compile_knowledge(knowledge, None, 0.95, lambda _what, _done: None)
    return list(ownership.check(knowledge, compiled))


def test_phrasings_of_their_own_are_no_problem(tmp_path: Path, data: Data) -> None:
    """Every phrasing of the small knowledge base is won by its entry."""
    assert found(tmp_path, data) == []


def test_an_entry_that_wins_anothers_phrasing_is_named(tmp_path: Path, data: Data) -> None:
    """The problem stands at the entry that loses, and says where the phrasing may belong."""
    data["entries"][0]["questions"] += ["broken mast", "the broken mast", "a broken mast"]
    data["entries"][1]["questions"] += ["Broken mast?"]
    (problem,) = found(tmp_path, data)
    assert (problem.file, problem.line) == ("entries.yaml", 17)
    assert problem.message == "entries: 'tide-story': the entry 'talk-host' wins its phrasing \"Broken mast?\""
    assert "move it to 'talk-host'" in problem.suggestion


def test_a_gap_that_wins_a_phrasing_is_named(tmp_path: Path, data: Data) -> None:
    """Phrasings of gap templates count, with the names in their slots."""
    data["entries"][0]["questions"] += ["ada stone's age"]
    data["gap_templates"][0]["questions"] += ["{name}'s age", "the age of {name}", "age of {name}", "{name} age"]
    (problem,) = found(tmp_path, data)
    assert "the gap 'tpl-age' wins its phrasing" in problem.message


def test_progress_is_told(tmp_path: Path, data: Data) -> None:
    """From nothing to all of it."""
    knowledge = build(tmp_path / "kb", data)
    compiled = compile_knowledge(knowledge, None, 0.95, lambda _what, _done: None)
    told: list[float] = []
    list(ownership.check(knowledge, compiled, told.append))
    assert told[-1] == 1.0
