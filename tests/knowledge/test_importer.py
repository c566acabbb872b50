"""A spreadsheet to a knowledge base of one's own."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.knowledge import load
from bot.knowledge.importer import import_table
from bot.knowledge.lint import check
from bot.knowledge.table import TABLE_LIMIT
from tests.examples import often

HEADER = "entry,phrasing,answer,source\n"
TABLE = HEADER + (
    "card_lost,I lost my card,Block it in the app.,Card guide\n"
    "card_lost,where is my card,,\n"
    '"Top up","how do I top up, please",Use a transfer.,"Money, and how"\n'
    "card_lost,my card is gone,,Money; and how\n"
)


def write(tmp_path: Path, text: str, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    return path


def refused(tmp_path: Path, text: str, name: str = "table.csv") -> list[str]:
    """The problems of a table; nothing must be written beside it."""
    path = write(tmp_path, text, name)
    with pytest.raises(KnowledgeError) as caught:
        import_table(path, tmp_path / "new")
    assert list(tmp_path.iterdir()) == [path]
    return [str(problem) for problem in caught.value.problems]


def json_lines(rows: Sequence[object]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_csv(tmp_path: Path) -> None:
    """Rows become entries with slugs for ids, in their order, with all sources named for them."""
    report = import_table(write(tmp_path, TABLE), tmp_path / "new")
    knowledge = load(tmp_path / "new")
    assert report.version == knowledge.version
    assert (report.entries, report.phrasings, report.sources, report.repeated) == (2, 4, 3, 0)
    lost, top_up = knowledge.entries["card-lost"], knowledge.entries["top-up"]
    assert lost.questions == ("I lost my card", "where is my card", "my card is gone")
    assert lost.answer == "Block it in the app."
    assert lost.sources == ("card-guide", "money-and-how")
    assert top_up.questions == ("how do I top up, please",)
    assert top_up.sources == ("money-and-how-2",)
    titles = {source.id: source.title for source in knowledge.sources.values()}
    assert titles["card-guide"] == "Card guide"
    assert (titles["money-and-how"], titles["money-and-how-2"]) == ("Money; and how", "Money, and how")
    assert check(knowledge) == []


def test_files(tmp_path: Path) -> None:
    """Sources stand in one file and entries in one for each source, as YAML that people can edit."""
    report = import_table(write(tmp_path, TABLE), tmp_path / "a" / "b" / "new")
    folder = tmp_path / "a" / "b" / "new"
    assert report.files == ("sources.yaml", "entries/card-guide.yaml", "entries/money-and-how-2.yaml")
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")} == set(report.files)
    assert (folder / "entries/money-and-how-2.yaml").read_text("utf-8") == (
        "entries:\n- id: top-up\n  questions:\n  - how do I top up, please\n  answer: Use a transfer.\n"
        "  sources:\n  - money-and-how-2\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table.csv", TABLE.replace("\n", "\r\n")),
        ("table.csv", f"\ufeff{TABLE}"),
        ("table.CSV", TABLE.replace("entry,phrasing", " Entry , PHRASING ")),
        ("table.csv", 'entry;phrasing;answer;source\na;"one; two";x;s\n\n;;;\n'),
        ("table.tsv", "source\tentry\tphrasing\tanswer\tnotes\ns\ta\tone; two\tx\tlater\n"),
        ("table.jsonl", '\n{"entry": "a", "phrasing": "one; two", "answer": "x", "source": "s", "id": 7}\n\n'),
        ("table.ndjson", '{"entry": "a", "phrasing": "one; two", "answer": "x", "source": "s"}'),
    ],
)
def test_dialects(tmp_path: Path, name: str, text: str) -> None:
    """What spreadsheets write differently reads the same: separators, line ends, a byte order mark, blank rows."""
    import_table(write(tmp_path, text, name), tmp_path / "new")
    entries = load(tmp_path / "new").entries
    phrasings = [entry.questions[-1] for entry in entries.values()]
    assert phrasings in (["one; two"], ["my card is gone", "how do I top up, please"])


def test_json_lines(tmp_path: Path) -> None:
    """In JSON Lines, answer and source may be absent or null after the first row."""
    rows = [
        {"entry": "a", "phrasing": "one", "answer": "x", "source": "s"},
        {"entry": "a", "phrasing": "two", "answer": None, "score": 7},
        {"entry": "a", "phrasing": "one", "answer": "x", "source": ""},
    ]
    report = import_table(write(tmp_path, json_lines(rows), "table.jsonl"), tmp_path / "new")
    assert load(tmp_path / "new").entries["a"].questions == ("one", "two")
    assert report.repeated == 1


def test_names_in_other_scripts(tmp_path: Path) -> None:
    """Entries and sources without Latin letters get ids of their own."""
    text = f"{HEADER}карта 1,а,x,источник\nсчёт 1,б,y,источник\nkarte,c,z,Überblick\n"
    import_table(write(tmp_path, text), tmp_path / "new")
    knowledge = load(tmp_path / "new")
    assert sorted(entry.questions for entry in knowledge.entries.values()) == [("c",), ("а",), ("б",)]
    assert {source.title for source in knowledge.sources.values()} == {"источник", "Überblick"}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["table.csv:1: the file is empty; write one row a phrasing"]),
        (" \n", ["table.csv:1: the file is empty; write one row a phrasing"]),
        (
            "doors,when,At seven.,Flyer\n",
            ["table.csv:1: no columns' names; the first line must name the columns entry,"],
        ),
        (
            f"{HEADER}a,{'o' * 200_000},x,s\n",
            ["table.csv:2: not CSV: a cell over 131,072 characters; close every quote"],
        ),
        ("entry,phrase,answer,source\n", ["table.csv:1: missing column 'phrasing'; rename the column 'phrase'"]),
        ("entry,entry,phrasing,answer,source\n", ["table.csv:1: the column 'entry' stands twice"]),
        (HEADER, ["table.csv:1: no rows"]),
        (f"{HEADER}a,one,,s\n", ["table.csv:2: 'a': no answer in any row"]),
        (f"{HEADER}a,one,x,\n", ["table.csv:2: 'a': no source in any row"]),
        (f"{HEADER}a,one,x,s\na,,,\n", ["table.csv:3: empty phrasing"]),
        (f"{HEADER}a,,x,s\n", ["table.csv:2: empty phrasing"]),
        (f"{HEADER},one,x,s\n", ["table.csv:2: no entry named"]),
        (f"{HEADER}a,one,x,s\na,two,y,s\n", ["table.csv:3: 'a': another answer than in line 2"]),
        (f"{HEADER}a,{'o' * 401},x,s\n", ["table.csv:2: 'a': phrasing over 400 characters (401)"]),
        (f"{HEADER}a,one,{'x' * 1201},s\n", ["table.csv:2: 'a': answer over 1,200 characters (1,201)"]),
        (f"{HEADER}a,one,x,{'s' * 201}\n", ["table.csv:2: 'a': source over 200 characters (201)"]),
        (f"{HEADER}a,one, two,x,s\n", ["table.csv:2: 5 cells under 4 columns"]),
        (f'{HEADER}a,"one" two,x,s\n', ["table.csv:2: not CSV: "]),
        (f'{HEADER}a,"one,x,s\n', ["table.csv:2: not CSV: "]),
        (f"{HEADER}A b,one,x,s\na-b,two,y,s\n", ["table.csv:3: 'a-b' and 'A b' (line 2) get the same id 'a-b'"]),
        (f'{HEADER}a,"one\ntwo",x,s\n\n,three,,\n', ["table.csv:5: no entry named"]),
    ],
)
def test_bad_csv(tmp_path: Path, text: str, messages: list[str]) -> None:
    """Each bad row says what is wrong in which line, and nothing is written."""
    found = refused(tmp_path, text)
    assert len(found) == len(messages)
    assert all(line.startswith(message) for line, message in zip(found, messages, strict=True))


GOOD = {"entry": "a", "phrasing": "one", "answer": "x", "source": "s"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes at character 2; write one object a line"),
        ("[" * 100_000, "not JSON: nested too deeply, or a number too long; write {"),
        ('{"n": ' + "9" * 5000 + "}", "not JSON: nested too deeply, or a number too long; write {"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"entry": "a"}', "missing column 'phrasing'"),
        ('{"entry": "a", "phrase": "x"}', "missing column 'phrasing'; did you mean 'phrase'?"),
        ('{"entry": "a", "phrasing": "x", "answr": "y"}', "unknown column 'answr'; did you mean 'answer'?"),
        ('{"entry": "a", "phrasing": "x", "SOURCE ": "y"}', "unknown column 'SOURCE '; did you mean 'source'?"),
        ('{"entry": 7, "phrasing": "x"}', "entry must be text; put it in quotes"),
        ('{"entry": "a", "phrasing": false}', "phrasing must be text; put it in quotes"),
        ('{"entry": "a", "phrasing": "\\ud800"}', "phrasing is not valid Unicode text"),
    ],
)
def test_bad_json_lines(tmp_path: Path, line: str, message: str) -> None:
    """Each bad line says what is wrong with it, and nothing is written."""
    found = refused(tmp_path, f"{json.dumps(GOOD)}\n{line}\n", "table.jsonl")
    assert len(found) == 1
    assert found[0].startswith(f"table.jsonl:2: {message}")


def test_a_problem_is_one_line_whatever_the_table_holds(tmp_path: Path) -> None:
    """Nothing in it moves a terminal's cursor, or begins a line."""
    with pytest.raises(KnowledgeError) as raised:
        import_table(write(tmp_path, "entry\x1b[2J\x0by,phrasing,answer,source\na,b,c,d\n"), tmp_path / "new")
    assert str(raised.value) == "table.csv:1: missing column 'entry'; rename the column 'entry [2j y'"


def test_all_problems_in_one_run(tmp_path: Path) -> None:
    """Everything that is wrong comes out at once, in order of lines."""
    found = refused(tmp_path, f"{HEADER}a,one,,s\nb,,x,s\nb,two,y,\n,three,,\n")
    assert [line.split(":")[1] for line in found] == ["2", "3", "4", "5"]


def test_other_encodings(tmp_path: Path) -> None:
    """A table in another encoding is refused with the line of the first wrong byte."""
    path = tmp_path / "table.csv"
    path.write_bytes(f"{HEADER}café,one,x,s\n".encode("latin-1"))
    with pytest.raises(KnowledgeError, match=r"^table\.csv:2: not UTF-8 text \(.*\); save it as UTF-8; in .*$"):
        import_table(path, tmp_path / "new")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16(tmp_path: Path, encoding: str) -> None:
    """With a mark and without, where it is UTF-8 by its bytes alone."""
    path = tmp_path / "table.csv"
    path.write_bytes(f"{HEADER}a,one,x,s\n".encode(encoding))
    with pytest.raises(KnowledgeError, match=r"^table\.csv:1: not UTF-8 text \("):
        import_table(path, tmp_path / "new")


@pytest.mark.parametrize("name", ["table.xlsx", "table"])
def test_another_kind_of_file(tmp_path: Path, name: str) -> None:
    """Another name would help nobody: it is to be saved as one of those that are read."""
    with pytest.raises(KnowledgeError, match=rf"^{name}:1: no known kind of table, .*; save it as CSV UTF-8"):
        import_table(tmp_path / name, tmp_path / "new")


@pytest.mark.parametrize("name", ["missing.csv", "table.xlsx", "table"])
def test_no_such_table(tmp_path: Path, name: str) -> None:
    """A missing file and one of another kind are refused by name."""
    with pytest.raises(KnowledgeError, match=rf"^{name}:1: "):
        import_table(tmp_path / name, tmp_path / "new")


def test_folder_with_content(tmp_path: Path) -> None:
    """An import never touches a folder that holds anything, nor a file."""
    table = write(tmp_path, TABLE)
    kept = tmp_path / "old" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("mine", "utf-8")
    for target in (kept.parent, kept):
        with pytest.raises(KnowledgeError, match="not an empty folder"):
            import_table(table, target)
    assert [path.name for path in kept.parent.iterdir()] == ["notes.txt"]
    assert kept.read_text("utf-8") == "mine"


def test_empty_folder(tmp_path: Path) -> None:
    """An empty folder is filled, and nothing is left beside it."""
    table = write(tmp_path, TABLE)
    (tmp_path / "new").mkdir()
    import_table(table, tmp_path / "new")
    assert load(tmp_path / "new").entries
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", "new"}


def test_folder_that_can_not_be_written(tmp_path: Path) -> None:
    """Where nothing can be written, that is the problem told."""
    table = write(tmp_path, TABLE)
    with pytest.raises(KnowledgeError, match="can't be written"):
        import_table(table, table / "new")


def test_large_table(tmp_path: Path) -> None:
    """150 entries with 100 phrasings each are imported within seconds, and files stay below the reader's limit."""
    rows = [
        {**GOOD, "entry": f"intent {i}", "phrasing": f"{'how do I get there ' * 5}{i} {j}"}
        for i in range(150)
        for j in range(100)
    ]
    table = write(tmp_path, json_lines(rows), "table.jsonl")
    start = time.perf_counter()
    report = import_table(table, tmp_path / "new")
    assert time.perf_counter() - start < 10
    assert (report.entries, report.phrasings) == (150, 15_000)
    assert len(report.files) == 3


# What pydantic and csv strip is no part of a text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=often(60))
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5, unique_by=lambda row: row[0]))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    """Whatever phrasings and answers hold, they are read back as they were written."""
    folder = tmp_path_factory.mktemp("import")
    table = [{"entry": f"e{i}", "phrasing": row[0], "answer": row[1], "source": "s"} for i, row in enumerate(rows)]
    import_table(write(folder, json_lines(table), "table.jsonl"), folder / "new")
    entries = load(folder / "new").entries
    assert [(entries[f"e{i}"].questions[0], entries[f"e{i}"].answer) for i in range(len(rows))] == rows


def test_table_over_the_limit(tmp_path: Path) -> None:
    """A table beyond reason is refused before it is read."""
    table = write(tmp_path, TABLE)
    with table.open("ab") as file:
        file.truncate(TABLE_LIMIT + 1)  # a hole, not 50 MB on disk
    with pytest.raises(KnowledgeError, match=r"table\.csv:1: the file is over 50 MB; split it"):
        import_table(table, tmp_path / "new")
