"""YAML read safely: whatever the text, there is a document with its problems, and no exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.knowledge.reader import SIZE_LIMIT, Document, read


def read_text(folder: Path, text: str) -> Document:
    path = folder / "file.yaml"
    path.write_text(text, "utf-8", newline="")
    return read(path, "file.yaml")


def problems(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


def test_content_and_lines(tmp_path: Path) -> None:
    """Sections, items and keys come out as plain values, each with the line on which it begins."""
    document = read_text(tmp_path, "entries:\n- id: one\n  questions:\n  - a\n  - b\n\n- id: two\n")
    assert document.content == {"entries": [{"id": "one", "questions": ["a", "b"]}, {"id": "two"}]}
    assert document.problems == []
    wanted = {("entries",): 1, ("entries", 0): 2, ("entries", 0, "questions"): 3, ("entries", 0, "questions", 1): 5}
    assert {path: document.line(path) for path in wanted} == wanted
    assert document.line(("entries", 1, "questions", 7)) == 7


def test_values(tmp_path: Path) -> None:
    """Bare words become what YAML makes of them, quoted ones stay text."""
    document = read_text(tmp_path, 'values: [no, "no", 7, 1.5, 2013-09-09, null, "null", text]')
    kinds = [type(value).__name__ for value in document.content["values"]]
    assert kinds == ["bool", "str", "int", "float", "date", "NoneType", "str", "str"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    """A file without content is no mistake."""
    document = read_text(tmp_path, text)
    assert document.content == {}
    assert document.problems == []


def test_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark, as some editors write it, is no part of the first key."""
    assert read_text(tmp_path, "\ufeffgaps: []").content == {"gaps": []}


def test_duplicate_keys(tmp_path: Path) -> None:
    """Of two equal keys the first counts, and each further one is a problem on its own line."""
    document = read_text(tmp_path, "gaps:\n- id: one\n  line: x\n  id: [two, {three: 3}]\n  line: y\n  note: z\n")
    assert problems(document) == [
        "file.yaml:4: the key 'id' stands twice; merge the two",
        "file.yaml:5: the key 'line' stands twice; merge the two",
    ]
    assert document.content == {"gaps": [{"id": "one", "line": "x", "note": "z"}]}


def test_aliases_never_expand(tmp_path: Path) -> None:
    """The "billion laughs" stay nine short lists: each alias is a problem and adds nothing."""
    laughs = ["a0: &a0 [ha, ha, ha]"]
    laughs += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    document = read_text(tmp_path, "\n".join(laughs))
    assert document.content["a9"] == [None] * 9
    assert len(document.problems) == 81
    assert problems(document)[-1] == "file.yaml:10: an alias (*a8) is not allowed; write the value out"


@pytest.mark.parametrize("text", ["a: &x [*x]", "a: &x {b: *x}", "a: *nowhere", "<<: *nowhere"])
def test_alias_to_itself_or_nowhere(tmp_path: Path, text: str) -> None:
    """An alias inside its own anchor or without one is refused like any other."""
    assert ": an alias (*" in problems(read_text(tmp_path, text))[0]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 10_000 + "]" * 10_000,
        "a: " + "[" * 10_000,
        "a: " + "{a: " * 10_000 + "}" * 10_000,
        "- " * 10_000 + "x",
        "? " * 10_000,
        "a: " + "[" * 1_000_000,
    ],
    ids=["closed", "open", "mappings", "dashes", "keys", "a million"],
)
def test_deep_nesting(tmp_path: Path, text: str) -> None:
    """Nesting beyond reason is one problem; it neither overflows the stack nor takes time."""
    *_, problem = read_text(tmp_path, text).problems
    assert "nested too deeply" in problem.message


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [ls]", "a: !!int ''", "a: !!bool foo", "a: !own x", "!!set {a, b}"]
)
def test_tags(tmp_path: Path, text: str) -> None:
    """A tag builds nothing: it is a problem, and the value under it plain."""
    assert "a tag (" in problems(read_text(tmp_path, text))[0]


@pytest.mark.parametrize("value", ["=", "<<", "2013-99-99", "0x_"])
def test_unreadable_bare_value(tmp_path: Path, value: str) -> None:
    """A bare word that looks like a value and is none should be put in quotes."""
    (problem,) = read_text(tmp_path, f"a:\n- {value}").problems
    assert (problem.line, problem.suggestion) == (2, "put it in quotes")
    assert problem.message.startswith("unreadable value")


def test_keys_that_are_no_text(tmp_path: Path) -> None:
    """A list as a key is a problem, and the pair is left out."""
    document = read_text(tmp_path, "? [a, b]\n: {c: d}\ne: f\n")
    assert problems(document) == ["file.yaml:1: a key must be plain text; put it in quotes"]
    assert document.content == {"e": "f"}


def test_not_yaml(tmp_path: Path) -> None:
    """A syntax error names its line."""
    (problem,) = read_text(tmp_path, "gaps:\n- id: one\n  line: [\n- id: two\n").problems
    assert problem.line == 4
    assert problem.message.startswith("not YAML: ")


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "7"])
def test_no_sections(tmp_path: Path, text: str) -> None:
    """A file that holds anything but sections says what it must hold."""
    assert "must hold sections such as 'entries:'" in problems(read_text(tmp_path, text))[0]


def test_second_document(tmp_path: Path) -> None:
    """What follows '---' would be lost, so it is refused."""
    assert problems(read_text(tmp_path, "gaps: []\n---\nentries: []\n")) == [
        "file.yaml:2: a second document ('---'); put it in a file of its own"
    ]


def test_file_over_the_limit(tmp_path: Path) -> None:
    """A file over 5 MB is refused before it is read, one of just 5 MB is not."""
    assert read_text(tmp_path, "#" * SIZE_LIMIT).problems == []
    assert problems(read_text(tmp_path, "#" * (SIZE_LIMIT + 1))) == [
        "file.yaml:1: the file is over 5 MB; split it by event or by kind"
    ]


def test_other_encodings(tmp_path: Path) -> None:
    """A file in another encoding is refused with the line of the first wrong byte."""
    path = tmp_path / "file.yaml"
    path.write_bytes("gaps:\n- id: café\n".encode("latin-1"))
    (problem,) = read(path, "file.yaml").problems
    assert (problem.line, problem.suggestion) == (2, "save it as UTF-8")
    assert problem.message.startswith("not UTF-8 text")


def test_unreadable_file(tmp_path: Path) -> None:
    """A folder or a missing file in a file's place is a problem, not an exception."""
    (tmp_path / "folder.yaml").mkdir()
    for name in ("folder.yaml", "missing.yaml"):
        (problem,) = read(tmp_path / name, name).problems
        assert problem.message.startswith("can't be read: ")


# Pieces of YAML's own syntax find more than random characters do.
YAML_PIECES = st.lists(
    st.sampled_from(
        [
            *"-:?[]{},&*!|>'\"%@`#=~ \n\t\x00\x85\u2028\ufeffé\U0001f600",
            *("\n  ", "a", "b: ", "- ", "<<: ", "&x ", "*x", "!!int ", "!<tag> ", "---\n", "...\n"),
            *("no", "1:99", "0x_", "1e9", "2013-99-99"),
        ]
    ),
    max_size=60,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text() | YAML_PIECES)
@example("a: !!float ''")
@example("a: !!timestamp x")
@example('a: "\\ud800"')
def test_any_text(tmp_path: Path, text: str) -> None:
    """Any text gives plain content or at least one problem, with lines within the file, and never an exception."""
    document = read_text(tmp_path, text.encode("utf-8", "replace").decode())
    assert isinstance(document.content, dict)
    assert all(1 <= problem.line <= len(text) + 1 for problem in document.problems)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary())
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """Any bytes are read or refused, and never raise; what is no UTF-8 says so."""
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    document = read(path, "file.yaml")
    refused = any(problem.message.startswith("not UTF-8") for problem in document.problems)
    assert refused == (content.decode("utf-8", "ignore").encode() != content)
