"""Surfaces: the files that curators write, and spreadsheets that are imported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import yaml

from bot.errors import KnowledgeError
from bot.knowledge import lint, load
from bot.knowledge.importer import import_table
from tests.fuzz.harness import Feed, Ground, Surface
from tests.support import small_knowledge, write_knowledge

__all__ = ["TABLE", "YAML"]

_LOCK = b"#lock\n"
_SUFFIXES = {b"t": ".tsv", b"j": ".jsonl", b"c": ".csv"}
_TABLES = (
    "c:entry,phrasing,answer,source\nhost,who hosted,Ada did,The report\nhost,host,,\n",
    'c:entry;phrasing;answer;source\n"a ""b""";"two\nlines";x;y\n',
    "t:entry\tphrasing\tanswer\tsource\nhost\twho\tAda\tR\n",
    'j:{"entry": "host", "phrasing": "who", "answer": "Ada did", "source": "R"}\n{"entry": "host", "phrasing": "b"}',
    "c:Entry , phrasing,anwser,source,more\nhost,who,Ada,R,\n",
)


@contextmanager
def _yaml(ground: Ground) -> Iterator[Feed]:
    """A file of a folder, or the lock of its quotes; whatever loads is looked through, too."""
    folder = ground.scratch / "yaml"

    def feed(data: bytes) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if data.startswith(_LOCK):
            write_knowledge(folder, small_knowledge())
            (folder / "quotes.lock").write_bytes(data.removeprefix(_LOCK))
        else:
            folder.mkdir(parents=True)
            (folder / "all.yaml").write_bytes(data)
        try:
            lint.check(load(folder))
        except KnowledgeError as error:
            _told(error)

    yield feed


@contextmanager
def _table(ground: Ground) -> Iterator[Feed]:
    """Either a folder that loads comes of it, or none at all."""
    folder = ground.scratch / "import"

    def feed(data: bytes) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        kind, _, content = data.partition(b":")
        table = folder / f"table{_SUFFIXES.get(kind, '.csv')}"
        table.write_bytes(content if kind in _SUFFIXES else data)
        into = folder / "made"
        try:
            report = import_table(table, into)
        except KnowledgeError as error:
            _told(error)
            assert not into.exists()
        else:
            assert load(into).version == report.version

    yield feed


def _told(error: KnowledgeError) -> None:
    """Each problem on a line of its own, which can be written anywhere."""
    assert error.problems
    for problem in error.problems:
        line = str(problem)
        assert len(line.splitlines()) == 1, ascii(line)
        line.encode()


def _sections() -> tuple[bytes, ...]:
    """The small knowledge base: each section by itself, all in one, and its lock."""
    data = json.loads(json.dumps(small_knowledge()))
    alone = [yaml.safe_dump({name: items}, sort_keys=False) for name, items in data.items()]
    written = yaml.safe_dump(data, sort_keys=False)
    odd = (
        "entries:\n- &a {id: x, questions: [a, no, 2013-01-01, 0x1F, 1:2], answer: !t |\n  x}\n- *a\n---\nquotes: {}\n"
    )
    lock = b'{"on-light": ["harbor-report", 20, "' + b"0" * 64 + b'"]}\n'
    return (*(text.encode() for text in alone), written.encode(), odd.encode(), _LOCK + lock)


YAML = Surface("yaml", "a file of a knowledge base", _sections, _yaml, most=16_384)
TABLE = Surface(
    "table",
    "CSV, TSV and JSON Lines of herald kb import",
    lambda: tuple(t.encode() for t in _TABLES),
    _table,
    most=16_384,
)
