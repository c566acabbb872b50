"""A spreadsheet of phrasings and answers to a knowledge base of one's own."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import KnowledgeError, Problem
from bot.knowledge.loader import load
from bot.knowledge.model import ANSWER_LIMIT, LINE_LIMIT, PHRASING_LIMIT, TITLE_LIMIT
from bot.knowledge.reader import SIZE_LIMIT
from bot.knowledge.suggest import SLUG_LIMIT, slug
from bot.knowledge.table import Row, read_table

__all__ = ["ImportReport", "import_table"]

# libyaml's emitter is some ten times faster.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH = 110
# A file is cut well below what the reader accepts: curators add to it.
_FILE_LIMIT = SIZE_LIMIT // 4


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import wrote.

    Attributes:
        repeated: phrasings that stood twice in one entry and were written once.
        files: in the new folder, relative to it.
        version: of the new knowledge base.
    """

    entries: int
    phrasings: int
    sources: int
    repeated: int
    files: tuple[str, ...]
    version: str


@dataclass
class _Entry:
    """One entry while its rows come in; phrasings and sources are dictionaries for their order."""

    row: Row
    answer: str = ""
    phrasings: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)


def import_table(source: Path, into: Path) -> ImportReport:
    """Writes a knowledge base from a table with the columns ``entry``, ``phrasing``, ``answer`` and ``source``.

    Args:
        source: CSV (comma, semicolon or tab) or JSON Lines, one row a phrasing; answer and source may be empty but in
            one row of each entry. An entry with several sources names them in several rows.
        into: a folder that doesn't exist yet, or an empty one. It gets ``sources.yaml`` and one file of entries for
            each source under ``entries/``.

    Raises:
        KnowledgeError: with every problem found, each with file and line; nothing is written then.
    """
    rows, problems = read_table(source)
    entries = _gathered(rows)
    problems += [*_target_problems(into), *_row_problems(source.name, rows), *_entry_problems(source.name, entries)]
    if not rows and not problems:
        problems.append(Problem(source.name, 1, "no rows", "write one row a phrasing below the columns' names"))
    if problems:
        raise KnowledgeError(problems)
    files = dict(_files(source.name, entries))
    version = _publish(files, into)
    phrasings = sum(len(entry.phrasings) for entry in entries.values())
    titles = {title for entry in entries.values() for title in entry.sources}
    return ImportReport(len(entries), phrasings, len(titles), len(rows) - phrasings, tuple(files), version)


def _gathered(rows: Iterable[Row]) -> dict[str, _Entry]:
    """Rows by entry, in order of first appearance."""
    entries: dict[str, _Entry] = {}
    for row in rows:
        entry = entries.setdefault(row.entry, _Entry(row))
        entry.answer = entry.answer or row.answer
        entry.phrasings |= {row.phrasing: None} if row.phrasing else {}
        entry.sources |= {row.source: None} if row.source else {}
    return entries


# Problems


def _target_problems(into: Path) -> Iterator[Problem]:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        yield Problem(str(into), 1, "not an empty folder", "name a new one; an import never changes what is there")


def _row_problems(file: str, rows: Iterable[Row]) -> Iterator[Problem]:
    answers: dict[str, Row] = {}
    for row in rows:
        if not row.entry:
            yield Problem(file, row.line, "no entry named", "write its name in the column 'entry'")
        if not row.phrasing:
            yield Problem(file, row.line, "empty phrasing", "write a question, or drop the row")
        yield from _too_long(file, row)
        first = answers.setdefault(row.entry, row) if row.answer else row
        if first.answer != row.answer:
            message = f"'{row.entry}': another answer than in line {first.line}"
            yield Problem(file, row.line, message, "keep one, and leave the column empty in the other rows")


def _too_long(file: str, row: Row) -> Iterator[Problem]:
    cells = (
        ("phrasing", row.phrasing, PHRASING_LIMIT),
        ("answer", row.answer, ANSWER_LIMIT),
        ("source", row.source, TITLE_LIMIT),
    )
    for column, cell, limit in cells:
        if len(cell) > limit:
            message = f"'{row.entry}': {column} over {limit:,} characters ({len(cell):,})"
            yield Problem(file, row.line, message, "shorten it")


def _entry_problems(file: str, entries: Mapping[str, _Entry]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, entry in entries.items():
        if not name:
            continue
        if not entry.answer:
            yield Problem(file, entry.row.line, f"'{name}': no answer in any row", "write it in the entry's first row")
        if not entry.sources:
            yield Problem(file, entry.row.line, f"'{name}': no source in any row", "write it in the entry's first row")
        other = owners.setdefault(_id(name, "entry"), name)
        if other != name:
            message = f"'{name}' and '{other}' (line {entries[other].row.line}) get the same id '{_id(name, 'entry')}'"
            yield Problem(file, entry.row.line, message, "write the same name in both, or rename one")


# Writing


def _id(name: str, kind: str) -> str:
    """A slug of ``name``, with a digest where letters were lost: names in other scripts must not get one id."""
    lost = any(char.isalnum() and not char.isascii() for char in unicodedata.normalize("NFKD", name))
    if not lost and slug(name):
        return slug(name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{slug(name)[: SLUG_LIMIT - 10].strip('-') or kind}-{digest}"


def _source_ids(titles: Iterable[str]) -> dict[str, str]:
    """An id for each title; titles that differ by punctuation alone are numbered."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for title in titles:
        base, number, key = _id(title, "source"), 1, _id(title, "source")
        while key in taken:
            number += 1
            key = f"{base[: SLUG_LIMIT - 8].strip('-')}-{number}"
        taken.add(key)
        ids[title] = key
    return ids


def _files(origin: str, entries: Mapping[str, _Entry]) -> Iterator[tuple[str, str]]:
    """The new folder's files: path and text."""
    ids = _source_ids(dict.fromkeys(title for entry in entries.values() for title in entry.sources))
    sources = [
        {"id": key, "title": title, "reports": f"imported from {origin}"[:LINE_LIMIT], "order": order}
        for order, (title, key) in enumerate(ids.items(), start=1)
    ]
    yield "sources.yaml", _dump({"sources": sources})
    groups: dict[str, list[dict[str, object]]] = {key: [] for key in ids.values()}
    for name, entry in entries.items():
        record = _record(name, entry, ids)
        groups[ids[next(iter(entry.sources))]].append(record)
    for key, records in groups.items():
        yield from _entry_files(key, records)


def _record(name: str, entry: _Entry, ids: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": _id(name, "entry"),
        "questions": list(entry.phrasings),
        "answer": entry.answer,
        "sources": [ids[title] for title in entry.sources],
    }


def _entry_files(key: str, records: Iterable[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """One file, or as many as its size asks for."""
    parts = [""]
    for record in records:
        text = _dump([record])
        if len((parts[-1] + text).encode()) > _FILE_LIMIT:
            parts.append("")
        parts[-1] += text
    for number, part in enumerate(filter(None, parts), start=1):
        # An id holds no dot, so that no part takes the name of another source's file.
        yield f"entries/{key}{f'.{number}' if len(parts) > 1 else ''}.yaml", f"entries:\n{part}"


def _dump(value: object) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


def _publish(files: Mapping[str, str], into: Path) -> str:
    """Writes the files beside ``into``, loads them, and only then moves them there.

    Returns:
        the version of the new knowledge base.
    """
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".herald-import-", dir=into.parent))
    except OSError as error:
        raise _unwritable(into, error) from error
    try:
        version = _written(files, aside / into.name)
        (aside / into.name).replace(into)
    except OSError as error:
        raise _unwritable(into, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return version


def _written(files: Mapping[str, str], folder: Path) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return load(folder).version


def _unwritable(into: Path, error: OSError) -> KnowledgeError:
    return KnowledgeError(
        [Problem(str(into), 1, f"can't be written: {error.strerror}", "check the path and its permissions")]
    )
