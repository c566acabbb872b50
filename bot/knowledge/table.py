"""Rows of a spreadsheet (CSV or JSON Lines), each with its line, or everything that keeps it from being read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from bot.errors import Problem
from bot.knowledge.encoding import fault
from bot.knowledge.suggest import did_you_mean

__all__ = ["COLUMNS", "TABLE_LIMIT", "Row", "read_table"]

COLUMNS = ("entry", "phrasing", "answer", "source")
TABLE_LIMIT = 50 * 1024 * 1024

_MISSPELT = 80.0  # "sorce" and "sources" are meant as "source"; a "score" isn't

_ADD_HEADER = f"the first line must name the columns {', '.join(COLUMNS)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, its cells without the spaces around them; a cell may be empty."""

    line: int
    entry: str
    phrasing: str
    answer: str
    source: str


_Found = Iterator[Row | Problem]


class _Lines(Protocol):
    """What :func:`csv.reader` returns; its type has no public name."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def read_table(path: Path) -> tuple[list[Row], list[Problem]]:
    """Reads a table; its format is told by its suffix.

    Returns:
        the rows that could be read, blank ones left out, and a problem for each that couldn't.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        hint = "save it as CSV UTF-8 (.csv, .tsv) or as JSON Lines (.jsonl, .ndjson)"
        return [], [Problem(path.name, 1, "no known kind of table, by the end of its name", hint)]
    text = _text(path)
    if isinstance(text, Problem):
        return [], [text]
    found = list(reader(path.name, text))
    return [row for row in found if isinstance(row, Row)], [bad for bad in found if isinstance(bad, Problem)]


def _text(path: Path) -> str | Problem:
    try:
        if path.stat().st_size > TABLE_LIMIT:
            return Problem(path.name, 1, "the file is over 50 MB", "split it")
        content = path.read_bytes()
    except OSError as error:
        return Problem(path.name, 1, f"can't be read: {error.strerror}", "check the path and its permissions")
    if bad := fault(content):
        return Problem(
            path.name, bad.line, f"not UTF-8 text ({bad.reason})", "save it as UTF-8; in a spreadsheet, as CSV UTF-8"
        )
    text = content.decode("utf-8-sig")
    return text if text.strip() else Problem(path.name, 1, "the file is empty", "write one row a phrasing")


def _csv(file: str, text: str) -> _Found:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(lines, [])]
        problems = list(_header_problems(file, header))
        yield from problems
        if not problems:
            yield from _csv_rows(file, header, lines)
    except csv.Error as error:
        what = f"a cell over {csv.field_size_limit():,} characters" if "field limit" in str(error) else str(error)
        yield Problem(
            file, lines.line_num or 1, f"not CSV: {what}", "close every quote; write a quote in a cell as two"
        )


def _delimiter(text: str) -> str:
    """What separates the columns' names: spreadsheets write semicolons in many countries, and tabs on copying."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _header_problems(file: str, header: Sequence[str]) -> Iterator[Problem]:
    others = [name for name in header if name not in COLUMNS]
    if not any(did_you_mean(column, header) for column in COLUMNS):
        yield Problem(file, 1, "no columns' names", _ADD_HEADER)
        return
    for column in COLUMNS:
        if header.count(column) > 1:
            yield Problem(file, 1, f"the column '{column}' stands twice", "rename one of the two")
        if column not in header:
            near = did_you_mean(column, others)
            hint = f"rename the column {near.removeprefix('did you mean ').removesuffix('?')}" if near else _ADD_HEADER
            yield Problem(file, 1, f"missing column '{column}'", hint)


def _csv_rows(file: str, header: Sequence[str], lines: _Lines) -> _Found:
    # A cell may hold line breaks, so that a row's first line is the one after the last row's last.
    line = lines.line_num + 1
    for cells in lines:
        if any(cell.strip() for cell in cells[len(header) :]):
            message = f"{len(cells)} cells under {len(header)} columns"
            yield Problem(file, line, message, "put a cell that holds the separator in quotes")
        elif any(cell.strip() for cell in cells):
            yield _row(line, dict(zip(header, cells, strict=False)))
        line = lines.line_num + 1


def _row(line: int, cells: Mapping[str, str]) -> Row:
    entry, phrasing, answer, source = (cells.get(column, "").strip() for column in COLUMNS)
    return Row(line, entry, phrasing, answer, source)


def _json_lines(file: str, text: str) -> _Found:
    # No str.splitlines: JSON may hold other line separators within its strings.
    for line, written in enumerate(text.split("\n"), start=1):
        if written.strip():
            yield _json_row(file, line, written)


def _json_row(file: str, line: int, written: str) -> Row | Problem:
    try:
        cells = json.loads(written)
    except json.JSONDecodeError as error:
        return Problem(file, line, f"not JSON: {error.msg} at character {error.colno}", "write one object a line")
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        return Problem(
            file, line, "not JSON: nested too deeply, or a number too long", 'write {"entry": ..., "phrasing": ...}'
        )
    if not isinstance(cells, dict):
        return Problem(file, line, "not a JSON object", 'write {"entry": ..., "phrasing": ...}')
    return _cell_problem(file, line, cells) or _row(line, {key: cells[key] or "" for key in COLUMNS if key in cells})


def _cell_problem(file: str, line: int, cells: Mapping[str, object]) -> Problem | None:
    for column in ("entry", "phrasing"):
        if column not in cells:
            others = [name for name in cells if name not in COLUMNS]
            return Problem(file, line, f"missing column '{column}'", did_you_mean(column, others) or "add it")
    return _misspelt(file, line, cells) or _bad_cell(file, line, cells)


def _misspelt(file: str, line: int, cells: Mapping[str, object]) -> Problem | None:
    """A column of an unknown name that is most likely one of those missing: its cell would be lost in silence."""
    missing = [column for column in COLUMNS if column not in cells]
    for name in cells:
        if name not in COLUMNS and (near := did_you_mean(name.strip().lower(), missing, _MISSPELT)):
            return Problem(file, line, f"unknown column '{name}'", near)
    return None


def _bad_cell(file: str, line: int, cells: Mapping[str, object]) -> Problem | None:
    for column in COLUMNS:
        cell = cells.get(column)
        if cell is not None and not isinstance(cell, str):
            return Problem(file, line, f"{column} must be text", "put it in quotes")
        if cell and cell.encode("utf-8", "ignore").decode() != cell:
            return Problem(file, line, f"{column} is not valid Unicode text", "write surrogate pairs in full")
    return None


_READERS: Mapping[str, Callable[[str, str], _Found]] = MappingProxyType(
    {".csv": _csv, ".tsv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}
)
