"""Problems of a knowledge base, all in one run, and nothing that only follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import load
from bot.knowledge.loader import read_folder
from bot.knowledge.model import ANSWER_LIMIT
from tests.support import Data, messages, write_knowledge


def test_all_problems_in_one_run(tmp_path: Path, data: Data) -> None:
    """Syntax, schema, duplicates and references of all files come out together, in order of file and line."""
    data["quotes"][0]["speaker"] = "ada-stome"
    data["gaps"][0]["colour"] = "red"
    data["works"].append(data["works"][0])
    write_knowledge(tmp_path, data)
    smalltalk = tmp_path / "smalltalk.yaml"
    smalltalk.write_text(smalltalk.read_text("utf-8") + "  line: Hi!\n", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path)
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["gaps.yaml", "quotes.yaml", "smalltalk.yaml", "works.yaml"]
    wanted = ["unknown key", "did you mean 'ada-stone'?", "stands twice", "already used"]
    assert all(text in line for text, line in zip(wanted, lines, strict=True))


def test_malformed_record_still_exists(tmp_path: Path, data: Data) -> None:
    """Mentions of a record that the schema refuses are no further problems."""
    data["quotes"][0]["topics"] = [True]
    (message,) = messages(write_knowledge(tmp_path, data))
    assert "topics.0" in message


def test_unreadable_file_hides_no_other_problem(tmp_path: Path, data: Data) -> None:
    """With one file unreadable the others' own problems are told, but no references that it may have held."""
    data["gaps"][0]["colour"] = "red"
    write_knowledge(tmp_path, data)
    (tmp_path / "people.yaml").write_text("people: [", "utf-8")
    found = messages(tmp_path)
    assert [line.partition(":")[0] for line in found] == ["gaps.yaml", "people.yaml"]


def test_what_is_well_formed_is_there_beside_the_problems(tmp_path: Path, data: Data) -> None:
    """An unknown reference leaves nothing out; a malformed record is left out, and told by its id."""
    data["quotes"][0]["speaker"] = "nobody-known"
    found = read_folder(write_knowledge(tmp_path, data))
    assert (found.well_formed, len(found.problems), list(found.knowledge.gaps)) == (True, 1, ["tide-cost"])
    data["gaps"][0]["line"] = ""
    found = read_folder(write_knowledge(tmp_path, data))
    assert (found.well_formed, len(found.problems), list(found.knowledge.gaps)) == (False, 2, [])
    assert found.malformed == {"tide-cost"}


@pytest.mark.parametrize("lost", ["note: hello", "note:", "note: [a, b]", "entires: [{id: seven}]"])
def test_an_unknown_section_hides_no_unknown_id(tmp_path: Path, data: Data, lost: str) -> None:
    """What it may have held is known by id, so that all else that is mentioned must be there."""
    data["quotes"][0]["speaker"] = "nobody-known"
    write_knowledge(tmp_path, data)
    (tmp_path / "zz.yaml").write_text(lost, "utf-8")
    found = messages(tmp_path)
    assert ["unknown speaker" in found[0], "unknown section" in found[1], len(found)] == [True, True, 2]


@pytest.mark.parametrize("lost", ["{idd: ada-stone, name: Ada}", "ada-stone", "{id: ada-stone}"])
@pytest.mark.parametrize("section", ["people", "peple"])
def test_lost_records_are_no_unknown_ids(tmp_path: Path, data: Data, section: str, lost: str) -> None:
    """Neither one of a misspelt section nor one whose very id is misspelt."""
    data["people"] = data["people"][1:]
    write_knowledge(tmp_path, data)
    (tmp_path / "zz.yaml").write_text(f"{section}:\n- {lost}\n", "utf-8")
    assert {message.partition(":")[0] for message in messages(tmp_path)} == {"zz.yaml"}


@pytest.mark.parametrize("lost", ["peple: {ada-stone: {name: Ada}}", "stuff: {people: [{id: ada-stone, name: Ada}]}"])
def test_records_of_which_no_id_is_known_are_no_unknown_ids(tmp_path: Path, data: Data, lost: str) -> None:
    """Where anything may have been lost, no mention is judged."""
    data["people"] = data["people"][1:]
    write_knowledge(tmp_path, data)
    (tmp_path / "zz.yaml").write_text(lost, "utf-8")
    assert [message.partition(":")[0] for message in messages(tmp_path)] == ["zz.yaml"]


def test_a_file_of_another_suffix_may_hold_what_is_mentioned(tmp_path: Path, data: Data) -> None:
    """It isn't read, and that is all there is to tell."""
    write_knowledge(tmp_path, data)
    (tmp_path / "people.yaml").rename(tmp_path / "people.yml")
    assert [message.partition(":")[0] for message in messages(tmp_path)] == ["people.yml"]


def test_an_overlong_answer_is_told_beside_what_is_malformed(tmp_path: Path, data: Data) -> None:
    """Sizes are measured wherever all that is mentioned is there."""
    data["entries"][0] |= {"answer": "x" * ANSWER_LIMIT, "quotes": ["on-light"]}
    data["quotes"][0]["text"] = "y" * 800
    data["gaps"][0]["line"] = ""
    found = messages(write_knowledge(tmp_path, data))
    assert ["characters together" in found[0], "must not be empty" in found[1], len(found)] == [True, True, 2]


@pytest.mark.parametrize("text", ["questions: &a [a]\n  line: x\n  about: *a", "questions: [&a b, *a]\n  line: x"])
def test_alias_is_one_problem(tmp_path: Path, text: str) -> None:
    """What the reader refused isn't complained of again by the schema."""
    (tmp_path / "file.yaml").write_text(f"gaps:\n- id: one\n  {text}\n", "utf-8")
    (message,) = messages(tmp_path)
    assert "an alias (*a) is not allowed" in message
