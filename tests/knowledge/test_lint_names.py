"""Names, templates and expectations that a knowledge base may get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.lint import check
from tests.support import Data, build


def found(folder: Path, data: Data) -> list[str]:
    return [str(problem) for problem in check(build(folder, data))]


@pytest.mark.parametrize("key", ["aliases", "misspellings"])
def test_spelling_under_two_names(tmp_path: Path, data: Data, key: str) -> None:
    """One spelling can't stand for two names, whichever way it is written."""
    data["things"][0][key] = ["ADA"]
    (message,) = found(tmp_path, data)
    role = key.removesuffix("es") if key == "aliases" else key.removesuffix("s")
    assert message == (
        f"things.yaml:2: things: 'lantern': the {role} 'ADA' is the alias 'Ada' of 'ada-stone' (people.yaml:2); "
        "keep it under one of the two"
    )


def test_misspelling_under_two_names(tmp_path: Path, data: Data) -> None:
    """A misspelling stands for one name, and is no other's name, even where that comes later."""
    data["people"][1]["misspellings"] = ["Adda"]
    data["people"][0]["misspellings"].append("low tide")
    messages = found(tmp_path, data)
    assert len(messages) == 2
    assert "the misspelling 'low tide' is the name 'Low Tide' of 'low-tide'" in messages[0]
    assert "the misspelling 'Adda' is the misspelling 'adda' of 'ada-stone'" in messages[1]


def test_spellings_of_one_name(tmp_path: Path, data: Data) -> None:
    """A name may repeat itself among its aliases."""
    data["people"][0]["aliases"].append("Ada Stone")
    assert found(tmp_path, data) == []


def test_template_without_slot(tmp_path: Path, data: Data) -> None:
    """Each phrasing of a template has the slot."""
    data["gap_templates"][0]["questions"].append("what is the age")
    (message,) = found(tmp_path, data)
    assert message.endswith('no {name} in the phrasing "what is the age"; put {name} where the name goes')


@pytest.mark.parametrize("names", [[], ["ben-reed"]])
def test_template_without_names(tmp_path: Path, data: Data, names: list[str]) -> None:
    """A template whose slot nobody fills asks nothing."""
    data["gap_templates"][0]["names"] = names
    (message,) = found(tmp_path, data)
    assert "no name is left to fill its slot" in message


def test_template_with_another_slot(tmp_path: Path, data: Data) -> None:
    """Any other slot would reach members as it is written."""
    data["gap_templates"][0]["line"] = "The age of {nmae} isn't told."
    (message,) = found(tmp_path, data)
    assert message.endswith("unknown slot {nmae}; the only slot is {name}")


@pytest.mark.parametrize(
    "expected", ["tide-story", "tide-cost", "tpl-age", "hello", "unknown", "smalltalk", "quote", "withheld"]
)
def test_known_expectations(tmp_path: Path, data: Data, expected: str) -> None:
    """A check may expect an entry, a gap, a template, small talk or a kind of reply."""
    data["checks"][0]["expect"] = expected
    assert found(tmp_path, data) == []


@pytest.mark.parametrize("expected", ["tide-storey", "rejected", "ada-stone"])
def test_unknown_expectations(tmp_path: Path, data: Data, expected: str) -> None:
    """A check that expects anything else could never pass."""
    data["checks"][1]["expect"] = ["tide-cost", expected]
    (message,) = found(tmp_path, data)
    assert message.startswith(f"checks.yaml:4: checks: \"how expensive was it\": unknown id or kind '{expected}'; ")


@pytest.mark.parametrize("taken", ["tide-story", "unknown"])
def test_ids_that_checks_can_not_tell_apart(tmp_path: Path, data: Data, taken: str) -> None:
    """A gap has neither the id of an entry nor the name of a kind of reply."""
    data["gaps"][0]["id"] = taken
    data["checks"].pop()
    (message,) = found(tmp_path, data)
    assert message.startswith(f"gaps.yaml:2: gaps: '{taken}': the id is also used among ")
