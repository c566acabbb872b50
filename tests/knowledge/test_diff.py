"""What changed between two knowledge bases."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import KnowledgeBase
from bot.knowledge.diff import Change, SectionDiff, diff, render
from tests.support import Data, build


def test_nothing_changed(knowledge: KnowledgeBase) -> None:
    """A knowledge base doesn't differ from itself."""
    difference = diff(knowledge, knowledge)
    assert difference.sections == ()
    assert render(difference) == f"no differences (version {knowledge.version})"


def changed(data: Data) -> Data:
    """Changes one thing of each kind."""
    data["entries"][0]["questions"] = ["host", "who led the harbor talk"]
    data["entries"][0]["answer"] = "Ada Stone did."
    data["entries"].pop()
    data["entries"].append(
        {"id": "lamp", "questions": ["lamp"], "answer": "It is old.", "sources": ["hill-report"]},
    )
    data["gap_templates"][0]["except"] = []
    data["glossary"] = [["film", "picture"]]
    data["checks"] = [{"ask": "who ran the evening", "expect": "unknown"}]
    return data


def test_every_kind_of_change(tmp_path: Path, knowledge: KnowledgeBase, data: Data) -> None:
    """Added, changed and removed records are told by section, with keys and phrasings."""
    other = build(tmp_path / "other", changed(data))
    difference = diff(knowledge, other)
    assert (difference.before, difference.after) == (knowledge.version, other.version)
    host = Change(
        id="talk-host",
        keys=("questions", "answer"),
        phrasings_added=("who led the harbor talk",),
        phrasings_removed=("who hosted the harbor talk",),
    )
    assert difference.sections == (
        SectionDiff("entries", ("lamp",), (host,), ("tide-story",)),
        SectionDiff("gap_templates", (), (Change("tpl-age", ("except",)),), ()),
        SectionDiff("checks", (), (Change("who ran the evening", ("expect",)),), ("how expensive was it",)),
        SectionDiff("glossary", ("film, picture",), (), ("film, movie",)),
    )


def test_the_other_way_round(tmp_path: Path, knowledge: KnowledgeBase, data: Data) -> None:
    """What one direction adds, the other removes."""
    other = build(tmp_path / "other", changed(data))
    there, back = diff(knowledge, other).sections, diff(other, knowledge).sections
    assert [(s.added, s.removed) for s in there] == [(s.removed, s.added) for s in back]


def test_follow_ups(tmp_path: Path, data: Data) -> None:
    """Each that comes or goes is told with where it leads; leading elsewhere is both."""
    data["entries"][0]["follow_ups"] = {"tide-story": ["what was it about", "why"]}
    old = build(tmp_path / "old", data)
    data["entries"][0]["follow_ups"] = {"tide-story": ["what was it about"], "tide-cost": ["why"]}
    difference = diff(old, build(tmp_path / "new", data))
    (section,) = difference.sections
    assert section.changed == (
        Change(
            "talk-host",
            ("follow_ups",),
            follow_ups_added=("why -> tide-cost",),
            follow_ups_removed=("why -> tide-story",),
        ),
    )
    assert render(difference).endswith("  ~ talk-host: follow_ups\n      + why -> tide-cost\n      - why -> tide-story")


def test_order_of_phrasings_alone(tmp_path: Path, knowledge: KnowledgeBase, data: Data) -> None:
    """Phrasings in another order change the record (the first one is what members see), yet add and remove none."""
    data["entries"][0]["questions"].reverse()
    (section,) = diff(knowledge, build(tmp_path / "other", data)).sections
    assert section.changed == (Change("talk-host", ("questions",)),)


def test_rendering(tmp_path: Path, knowledge: KnowledgeBase, data: Data) -> None:
    """A person reads one line for each record and phrasing."""
    other = build(tmp_path / "other", changed(data))
    lines = render(diff(knowledge, other)).splitlines()
    assert lines[0] == f"version {knowledge.version} -> {other.version}"
    assert lines[2:8] == [
        "entries: 1 added, 1 changed, 1 removed",
        "  + lamp",
        "  ~ talk-host: questions, answer",
        "      + who led the harbor talk",
        "      - who hosted the harbor talk",
        "  - tide-story",
    ]
