"""What was taught, written into the files."""

from __future__ import annotations

import difflib
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.knowledge import KnowledgeBase, load
from bot.knowledge.content import versioned
from bot.knowledge.export import TAUGHT_FILE, export
from bot.knowledge.model import Entry, Gap
from bot.versions.overlay import Line, overlaid
from tests.examples import often
from tests.support import SHIPPED, small_knowledge, write_knowledge

FILE = """\
# Entries of the talk.
sources:
  - {id: report, title: A report, reports: The talk., order: 1}   # the only one

entries:

  # First of all.
  - id: "block"
    questions:
      - who hosted   # plain
      - 'it''s "quoted"'
      # the last one is long

    answer: >-
      Ada
      hosted.
    sources: [report]
  - id: flow
    answer: |
      Nobody.

    sources:
    - report
    questions: [ "where", 'or here' ,]   # short
  - {id: inline, questions: [when], answer: At night., sources: [report]}
  - id: folded
    sources: [report]
    answer: Yes.
    questions:
    - >-
      was it
      cold
    - |-
      was it warm


# The end.
gaps:
  - id: cost
    line: Nobody says.
    questions:
    - how much
"""
TARGETS = ("block", "flow", "inline", "folded")


def phrasing(target: str, *questions: str) -> Line:
    return Line("phrasing" if target != "cost" else "gap-phrasing", target, {"questions": list(questions)})


def entry(name: str, **more: Any) -> Line:
    record = {"questions": ["new: one", "yes"], "answer": "It's so: yes.", "sources": ["report"], **more}
    return Line("entry", name, {"id": name, **record})


def gap(name: str) -> Line:
    return Line("gap", name, {"id": name, "questions": ["2013"], "line": "Nobody says #1."})


def folder_of(path: Path, text: str = FILE, name: str = "a/all.yaml") -> Path:
    (path / name).parent.mkdir(parents=True)
    (path / name).write_bytes(text.encode())
    return path


def added(before: str, after: str) -> list[str]:
    """The lines that were added; none may have gone."""
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert not [line for line in changes if line.startswith("-")]
    return [line[2:] for line in changes]


class TestPhrasings:
    """Behind the others of their record."""

    def test_in_the_way_of_the_others(self, tmp_path: Path) -> None:
        """A line of a list, or an item between brackets; comments, blank lines and quotes stay."""
        folder = folder_of(tmp_path)
        lines = [phrasing(name, "one: more", "no") for name in (*TARGETS, "cost")]
        wanted = overlaid(load(folder), lines)
        done = export(folder, wanted)
        assert (done.files, done.phrasings, done.entries, done.gaps) == (("a/all.yaml",), 10, 0, 0)
        assert load(folder).version == wanted.version == done.version
        text = (folder / "a/all.yaml").read_text("utf-8")
        assert "      - 'it''s \"quoted\"'\n      - 'one: more'\n      - 'no'\n      # the last one is long\n" in text
        assert "    questions: [ \"where\", 'or here', 'one: more', 'no' ,]   # short\n" in text
        assert "  - {id: inline, questions: [when, 'one: more', 'no'], answer: At night." in text
        assert "      was it warm\n    - 'one: more'\n    - 'no'\n\n\n# The end." in text
        assert text.endswith("    - how much\n    - 'one: more'\n    - 'no'\n")

    @pytest.mark.parametrize("end", ["\r\n", "\n"])
    def test_ends_of_lines_and_byte_order_marks_stay(self, tmp_path: Path, end: str) -> None:
        """As a curator's editor wrote them; a last line without an end gets none."""
        folder = folder_of(tmp_path, "\ufeff" + FILE.rstrip("\n").replace("\n", end))
        wanted = overlaid(load(folder), [phrasing("block", "é 海 🎈"), phrasing("cost", "price")])
        export(folder, wanted)
        assert load(folder).version == wanted.version
        data = (folder / "a/all.yaml").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf# Entries")
        assert data.endswith(f"- how much{end}    - price".encode())
        assert data.count(b"\r\n") == (data.count(b"\n") if end == "\r\n" else 0)

    @settings(deadline=None, max_examples=often(40))
    @example(texts=[("block", "0\x850"), ("cost", "a\u2028b"), ("block", "c\u2029")])
    @given(texts=st.lists(st.tuples(st.sampled_from(TARGETS), st.text(min_size=1, max_size=30)), max_size=4))
    def test_whatever_was_typed_comes_back(
        self, tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]
    ) -> None:
        """The files load to what was in service, or, for what no file can hold, stay as they were."""
        folder = folder_of(tmp_path_factory.mktemp("kb"))
        try:
            wanted = overlaid(load(folder), [phrasing(name, text) for name, text in texts if text.strip()])
        except KnowledgeError:
            return
        export(folder, wanted)
        assert load(folder).version == wanted.version


class TestRecords:
    """New entries and gaps, in a file of their own."""

    def test_they_get_a_file(self, tmp_path: Path) -> None:
        """As a curator would write it; no other file changes."""
        folder = folder_of(tmp_path)
        wanted = overlaid(load(folder), [entry("boat", spoiler=True), gap("year"), phrasing("boat", "third")])
        done = export(folder, wanted)
        assert (done.files, done.phrasings, done.entries, done.gaps) == ((TAUGHT_FILE,), 0, 1, 1)
        assert (folder / "a/all.yaml").read_text("utf-8") == FILE
        text = (folder / TAUGHT_FILE).read_text("utf-8")
        assert text.startswith("# Taught in chat")
        assert text.split("\n", 1)[1] == (
            "entries:\n  - id: boat\n    questions:\n      - 'new: one'\n      - 'yes'\n      - third\n"
            "    answer: 'It''s so: yes.'\n    sources:\n      - report\n    spoiler: true\n\n"
            "gaps:\n  - id: year\n    questions:\n      - '2013'\n    line: 'Nobody says #1.'\n"
        )
        assert stat.S_IMODE((folder / TAUGHT_FILE).stat().st_mode) == 0o644

    def test_a_file_that_is_there_grows(self, tmp_path: Path) -> None:
        """Behind its records, and new phrasings of these too."""
        folder = folder_of(tmp_path)
        export(folder, overlaid(load(folder), [entry("boat")]))
        before = (folder / TAUGHT_FILE).read_text("utf-8")
        wanted = overlaid(load(folder), [entry("gull"), gap("year"), phrasing("boat", "third")])
        export(folder, wanted)
        assert load(folder).version == wanted.version
        lines = added(before, (folder / TAUGHT_FILE).read_text("utf-8"))
        assert lines[:2] == ["      - third", "  - id: gull"]
        assert "gaps:" in lines

    def test_follow_ups_are_written_and_stay(self, tmp_path: Path) -> None:
        """Of a new entry, and of those that phrasings and further entries go behind."""
        folder = folder_of(tmp_path)
        export(folder, overlaid(load(folder), [entry("boat", follow_ups={"cost": ["was it much", "no"]})]))
        assert load(folder).entries["boat"].follow_ups == {"cost": ("was it much", "no")}
        before = (folder / TAUGHT_FILE).read_text("utf-8")
        assert before.endswith("    follow_ups:\n      cost:\n        - was it much\n        - 'no'\n")
        wanted = overlaid(load(folder), [entry("gull"), phrasing("boat", "third")])
        export(folder, wanted)
        assert load(folder).version == wanted.version
        assert added(before, (folder / TAUGHT_FILE).read_text("utf-8"))[:2] == ["      - third", "  - id: gull"]

    def test_a_flow_of_records_grows_too(self, tmp_path: Path) -> None:
        """However the file is written."""
        folder = folder_of(tmp_path)
        (folder / TAUGHT_FILE).write_text("entries: [{id: x, questions: [x y], answer: z, sources: [report]}]", "utf-8")
        wanted = overlaid(load(folder), [entry("gull"), gap("year")])
        export(folder, wanted)
        assert load(folder).version == wanted.version

    @pytest.mark.parametrize("empty", ["gaps: []", "gaps: [ ]", "entries: []\ngaps: []"])
    def test_an_empty_flow_is_filled(self, tmp_path: Path, empty: str) -> None:
        """As an editor leaves it behind."""
        folder = folder_of(tmp_path)
        (folder / TAUGHT_FILE).write_text(f"{empty}\n", "utf-8")
        wanted = overlaid(load(folder), [entry("gull"), gap("year"), gap("month")])
        export(folder, wanted)
        assert load(folder).version == wanted.version

    def test_nothing_taught_changes_nothing(self, tmp_path: Path) -> None:
        """Not even the time of a file."""
        folder = folder_of(tmp_path)
        before = (folder / "a/all.yaml").stat()
        assert export(folder, load(folder)).files == ()
        assert (folder / "a/all.yaml").stat() == before


class TestRefused:
    """Nothing is written by halves."""

    def test_a_folder_with_problems(self, tmp_path: Path) -> None:
        """It says which."""
        folder = folder_of(tmp_path)
        wanted = overlaid(load(folder), [phrasing("block", "x")])
        broken = FILE.replace("sources: [report]", "sources: [nowhere]", 1)
        (folder / "a/all.yaml").write_text(broken, "utf-8")
        with pytest.raises(KnowledgeError, match="nowhere"):
            export(folder, wanted)
        assert (folder / "a/all.yaml").read_text("utf-8") == broken

    def test_what_does_not_become_what_was_wanted(self, tmp_path: Path) -> None:
        """Such as a change of an answer, which no line makes."""
        folder = folder_of(tmp_path)
        base = overlaid(load(folder), [phrasing("block", "x")])
        entries = {**base.entries, "flow": base.entries["flow"].model_copy(update={"answer": "Somebody."})}
        changed = replace(base, entries=entries)
        with pytest.raises(KnowledgeError, match="by hand"):
            export(folder, replace(changed, version=versioned(changed)))
        assert (folder / "a/all.yaml").read_text("utf-8") == FILE


def test_the_shipped_knowledge_base_stays_as_it_is(tmp_path: Path) -> None:
    """Each of its records can be taught; only lines are added, and the files load to what was in service."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "kb"))
    base = load(folder)
    records: list[Entry | Gap] = [*base.entries.values(), *base.gaps.values()]
    lines = [
        Line("phrasing" if isinstance(record, Entry) else "gap-phrasing", record.id, {"questions": [f"{number}: odd?"]})
        for number, record in enumerate(records)
    ]
    source = next(iter(base.sources))
    wanted: KnowledgeBase = overlaid(base, [*lines, entry("boat", sources=[source])])
    done = export(folder, wanted)
    assert load(folder).version == wanted.version
    assert (done.phrasings, done.entries) == (len(records), 1)
    number = 0
    for path in sorted(SHIPPED.rglob("*.yaml")):
        name = path.relative_to(SHIPPED)
        lines_before = path.read_bytes().splitlines(keepends=True)
        lines_after = (folder / name).read_bytes().splitlines(keepends=True)
        new = [line for line in lines_after if line.endswith(b": odd?'\n")]
        assert [line for line in lines_after if line not in new] == lines_before
        number += len(new)
    assert number == len(records)


def test_the_folder_of_the_tests_too(tmp_path: Path) -> None:
    """Written by a program, with a file for each section."""
    folder = write_knowledge(tmp_path / "kb", small_knowledge())
    wanted = overlaid(load(folder), [phrasing("talk-host", "mc"), entry("boat", sources=["hill-report"])])
    export(folder, wanted)
    assert load(folder).version == wanted.version
