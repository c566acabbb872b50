"""A folder to one knowledge base, or every problem in it at once."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import KnowledgeError
from bot.knowledge import KnowledgeBase, load
from bot.knowledge.model import ANSWER_LIMIT
from tests.support import Data, build, messages, write_knowledge

ENTRY = "entries:\n- id: one\n  questions: [a]\n  answer: x\n  sources: [s]\n"


def refused(folder: Path, text: str) -> list[str]:
    """The problems of a folder that holds one file."""
    folder.mkdir(exist_ok=True)
    (folder / "file.yaml").write_text(text, "utf-8")
    return messages(folder)


def test_small_knowledge_base(knowledge: KnowledgeBase) -> None:
    """Every section arrives, with defaults filled in and each record's place."""
    assert list(knowledge.entries) == ["talk-host", "tide-story"]
    assert knowledge.entries["talk-host"].rating == "general"
    assert knowledge.sources["hill-report"].event is None
    assert knowledge.checks[0].expect == ("talk-host",)
    assert knowledge.glossary == (("film", "movie"),)
    assert knowledge.background == ("what's the weather like",)
    assert knowledge.places["entries", "tide-story"][0] == "entries.yaml"
    assert set(knowledge.names) == {"ada-stone", "ben-reed", "the-pilot", "harbor-talk", "low-tide", "lantern"}


def test_template_slots(knowledge: KnowledgeBase) -> None:
    """A gap template's slot takes every name of its section but the exceptions."""
    template = knowledge.gap_templates["tpl-age"]
    assert [named.id for named in knowledge.template_slots(template)] == ["ada-stone"]


def test_snapshot_is_immutable(knowledge: KnowledgeBase) -> None:
    """Nothing of a snapshot can be changed: not the base, not a section, not a record."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        knowledge.version = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        knowledge.entries["new"] = knowledge.entries["talk-host"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        knowledge.entries["talk-host"].answer = "other"  # type: ignore[misc]


def test_version_follows_content(tmp_path: Path, data: Data) -> None:
    """The version is the same wherever the records stand, and another once a word changes."""
    version = build(tmp_path / "a", data).version
    first, second = data["entries"]
    moved = {**data, "entries": [second]}
    write_knowledge(tmp_path / "b" / "deeper" / "down", {"entries": [first]})
    assert build(tmp_path / "b", moved).version == version
    first["answer"] += " So they say."
    assert build(tmp_path / "c", data).version != version


def test_version_follows_the_follow_ups(tmp_path: Path, data: Data) -> None:
    """Another word or target is another version; none at all is the same as no such key."""
    versions = []
    for name, asked in enumerate([{}, {"tide-story": ["why"]}, {"tide-story": ["how"]}, {"tide-cost": ["why"]}]):
        data["entries"][0]["follow_ups"] = asked
        versions.append(build(tmp_path / str(name), data).version)
    assert len(set(versions)) == 4
    del data["entries"][0]["follow_ups"]
    assert build(tmp_path / "none", data).version == versions[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [("empty", r"no \*\.yaml files here"), ("missing", "can't be looked into: No such file or directory")],
)
def test_folder_without_files(tmp_path: Path, name: str, said: str) -> None:
    """A folder without YAML says so, and names the variable that points at one."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnowledgeError, match=f"{said}; point HERALD_KNOWLEDGE_DIR"):
        load(tmp_path / name)


def test_other_suffix(folder: Path) -> None:
    """A .yml file would be passed over in silence, so it is refused."""
    (folder / "more.yml").write_text(ENTRY, "utf-8")
    assert messages(folder) == ["more.yml:1: only *.yaml files are read; rename it to .yaml"]


def test_unknown_section(tmp_path: Path) -> None:
    """A misspelt section gets the nearest one, and no complaints about records that seem missing for it."""
    text = (
        "entires:\n- id: one\nchecks:\n- {ask: a, expect: one}\ngaps:\n- {id: g, questions: [q], line: l, about: [one]}"
    )
    assert refused(tmp_path, text) == ["file.yaml:1: unknown section 'entires'; did you mean 'entries'?"]


@pytest.mark.parametrize("value", ["x", "{a: b}", "", "7"])
def test_section_that_is_no_list(tmp_path: Path, value: str) -> None:
    """A section must be a list."""
    message = "file.yaml:2: section 'entries' must be a list; begin each item with '- '"
    assert refused(tmp_path, f"\nentries: {value}\n") == [message]


def test_unknown_key(tmp_path: Path) -> None:
    """A misspelt key gets the nearest one and its own line."""
    text = "gaps:\n- id: one\n  line: x\n  qestions: [a]\n"
    assert refused(tmp_path, text) == [
        "file.yaml:2: gaps: 'one': questions: missing; add it",
        "file.yaml:4: gaps: 'one': qestions: unknown key; did you mean 'questions'?",
    ]


def test_key_with_another_name_in_code(tmp_path: Path, data: Data) -> None:
    """Suggestions name keys as they are written in YAML: 'except', not the model's own word for it."""
    template = data["gap_templates"][0]
    template["excepts"] = template.pop("except")
    (message,) = messages(write_knowledge(tmp_path, data))
    assert message.endswith("excepts: unknown key; did you mean 'except'?")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("no", "YAML reads a bare yes, no, on, off, true or false as a truth value; put it in quotes"),
        ("2013", "YAML reads a bare 2013 as a number; put it in quotes"),
        ("2013-09-09", "YAML reads a bare 2013-09-09 as a date; put it in quotes"),
        ("[a]", "must be text, not a list; write it on one line, in quotes"),
        ("{a: b}", "must be text, not a mapping; write it on one line, in quotes"),
        ("", "must be text, and is empty; write the text, or drop it"),
        ('" "', "must not be empty; write the text, or drop it"),
    ],
)
def test_text_that_is_none(tmp_path: Path, written: str, reason: str) -> None:
    """What YAML reads as something else than text is explained, with the line of the very phrasing."""
    text = f"gaps:\n- id: one\n  line: x\n  questions:\n  - a\n  - {written}\n"
    (message,) = refused(tmp_path, text)
    assert message.startswith("file.yaml:6: gaps: 'one': questions.1: ")
    assert message.endswith(reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"questions": "a"}, "questions: must be a list; begin each item with '- ' or write [a, b]"),
        ({"questions": []}, "questions: must not be empty; add an item"),
        ({"answer": "x" * (ANSWER_LIMIT + 1)}, "answer: over 1,200 characters (1,201); shorten it"),
        ({"follow_ups": ["why"]}, "follow_ups: must be a mapping; write it as 'key: value' lines"),
        ({"follow_ups": {"tide-story": []}}, "follow_ups.tide-story: must not be empty; add an item"),
        (
            {"follow_ups": {"tide-story": "why"}},
            "follow_ups.tide-story: must be a list; begin each item with '- ' or write [a, b]",
        ),
        (
            {"follow_ups": {"tide_story": ["why"]}},
            "follow_ups.tide_story: 'tide_story' is no id: only a-z, 0-9 and hyphens; write 'tide-story'",
        ),
        ({"spoiler": "perhaps"}, "spoiler: must be true or false; write true or false"),
        ({"rating": "explict"}, "rating: must be 'general' or 'explicit'; did you mean 'explicit'?"),
        ({"about": ["Ada Stone"]}, "'Ada Stone' is no id: only a-z, 0-9 and hyphens; write 'ada-stone'"),
        ({"about": ["-"]}, "'-' is no id: only a-z, 0-9 and hyphens; rename it"),
    ],
)
def test_wrong_types(tmp_path: Path, data: Data, change: dict[str, Any], reason: str) -> None:
    """Each wrong value says what it must be and what to do."""
    data["entries"][0] |= change
    (message,) = messages(write_knowledge(tmp_path, data))
    assert "entries: 'talk-host': " in message
    assert message.endswith(reason)


@pytest.mark.parametrize("order", ["first", 1.5])
def test_whole_numbers(tmp_path: Path, data: Data, order: object) -> None:
    """A source's order is a whole number."""
    data["sources"][0]["order"] = order
    (message,) = messages(write_knowledge(tmp_path, data))
    assert message.endswith("order: must be a whole number; write digits only")


@pytest.mark.parametrize("item", ["x", "[a, b]", "7", "null"])
def test_item_that_is_no_mapping(tmp_path: Path, item: str) -> None:
    """An item without keys says how to write it."""
    message = "file.yaml:2: gaps: this item: must be a mapping; write it as 'key: value' lines"
    assert refused(tmp_path, f"gaps:\n- {item}\n") == [message]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"section": "peple"}, "did you mean 'people'?"),
        ({"sections": "people"}, "unknown key"),
        ("people", "names: must be a list"),
        (["ada-stone", 7], "names.1: must be text"),
    ],
)
def test_names_of_a_template(tmp_path: Path, data: Data, names: object, reason: str) -> None:
    """A template's names are a list or a section; a mistake in one isn't measured by the other."""
    data["gap_templates"][0]["names"] = names
    found = messages(write_knowledge(tmp_path, data))
    assert any(reason in message for message in found)
    assert not any("tuple" in message or "Section" in message for message in found)


def test_duplicate_ids(tmp_path: Path) -> None:
    """An id is used once in its section, in whichever file; the second place names the first."""
    gap = "gaps:\n- {id: one, questions: [a], line: x}\n"
    (tmp_path / "a.yaml").write_text(gap, "utf-8")
    (tmp_path / "b.yaml").write_text(f"\n{gap}", "utf-8")
    message = "b.yaml:3: gaps: the id 'one' is already used at a.yaml:2; give it an id of its own"
    assert messages(tmp_path) == [message]


@pytest.mark.parametrize("item", ["film", "[film]", "[film, no]", "[]"])
def test_glossary_groups(tmp_path: Path, item: str) -> None:
    """A group of the glossary holds two words or more."""
    (message,) = refused(tmp_path, f"glossary:\n- [a, b]\n- {item}\n")
    assert message.startswith("file.yaml:3: glossary: item 2 must be a list of two or more words or phrases; ")


@pytest.mark.parametrize("item", ["no", "''", "[a]", "7"])
def test_background_lines(tmp_path: Path, item: str) -> None:
    """A line of the background is text."""
    (message,) = refused(tmp_path, f"background:\n- {item}\n")
    assert message.startswith("file.yaml:2: background: item 1 must be a line of text; ")
