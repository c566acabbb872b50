"""What was taught, written into the YAML files: everything else stays as it is, to the byte.

The files' structure is read with ruamel.yaml, which tells where each value stands; lines are put in there, and nothing
is written anew. Phrasings go behind the others of their record, in the way these are written; new entries and gaps go
into a file of their own, :data:`TAUGHT_FILE`. The folder is loaded with the changes, aside, before any file is touched.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.errors import KnowledgeError, Problem
from bot.knowledge.folder import files
from bot.knowledge.loader import load
from bot.knowledge.model import Entry, Gap, KnowledgeBase
from bot.knowledge.provenance import LOCK_NAME

__all__ = ["TAUGHT_FILE", "Exported", "export"]

TAUGHT_FILE = "taught.yaml"
"""Where new entries and gaps go, in the knowledge base's folder."""

_SECTIONS = ("entries", "gaps")
_MARK = "\ufeff"
_HEADING = "# Taught in chat, and written here by herald kb export. Move records to where they belong as you like.\n"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        files: that were changed or made, relative to the folder.
        phrasings: that were added to records of the files.
        entries, gaps: that are new.
        version: of the knowledge base as the files have it now.
    """

    files: tuple[str, ...]
    phrasings: int
    entries: int
    gaps: int
    version: str


@dataclass(frozen=True, slots=True)
class _New:
    """What isn't in the files yet: phrasings by section and record, records by section."""

    phrasings: Mapping[tuple[str, str], Sequence[str]]
    records: Mapping[str, Sequence[Entry | Gap]]


def export(folder: Path, wanted: KnowledgeBase) -> Exported:
    """Writes what a knowledge base has beyond its folder into the folder's files.

    Args:
        wanted: the folder's content with phrasings, entries and gaps added.

    Raises:
        KnowledgeError: the folder has problems, or the files don't become what is wanted; nothing was written then.
        OSError: a file can't be written.
    """
    base = load(folder)
    new = _new(base, wanted)
    texts = _texts(folder, base, new)
    _try_out(folder, texts, wanted.version)
    for name, text in texts.items():
        _write(folder / name, text)
    return Exported(
        files=tuple(sorted(texts)),
        phrasings=sum(map(len, new.phrasings.values())),
        entries=len(new.records["entries"]),
        gaps=len(new.records["gaps"]),
        version=wanted.version,
    )


def _new(base: KnowledgeBase, wanted: KnowledgeBase) -> _New:
    phrasings: dict[tuple[str, str], Sequence[str]] = {}
    records: dict[str, list[Entry | Gap]] = {section: [] for section in _SECTIONS}
    for section in _SECTIONS:
        known = base.section(section)
        for name, record in wanted.section(section).items():
            if name not in known:
                records[section].append(record)
            elif added := record.questions[len(known[name].questions) :]:
                phrasings[section, name] = added
    return _New(phrasings, records)


def _texts(folder: Path, base: KnowledgeBase, new: _New) -> dict[str, str]:
    """The files that change, as they shall be."""
    by_file: defaultdict[str, dict[tuple[str, str], Sequence[str]]] = defaultdict(dict)
    for place, questions in new.phrasings.items():
        by_file[base.places[place][0]][place] = questions
    texts: dict[str, str] = {}
    for name, added in by_file.items():
        mark, text = _read(folder / name)
        texts[name] = mark + _with_phrasings(text, added)
    if any(new.records.values()):
        mark, text = _split(texts[TAUGHT_FILE]) if TAUGHT_FILE in texts else _read(folder / TAUGHT_FILE)
        texts[TAUGHT_FILE] = mark + _with_records(text or _HEADING, new.records)
    return texts


def _with_phrasings(text: str, added: Mapping[tuple[str, str], Sequence[str]]) -> str:
    spliced: list[tuple[int, str]] = []
    for section, items in _sections(text):
        for item in items.value:
            record = {key.value: value for key, value in item.value}
            name = record["id"].value
            if questions := added.get((section, name)):
                spliced.append(_behind(text, record["questions"], questions))
    for place, insertion in sorted(spliced, reverse=True):
        text = text[:place] + insertion + text[place:]
    return text


def _behind(text: str, items: SequenceNode, values: Sequence[object]) -> tuple[int, str]:
    """Where, and what, to put behind the items of a list."""
    if not items.flow_style:
        return _below(text, items, _dump(values))
    joined = ", ".join(map(_flow, values))
    last = items.value[-1:]
    return (last[0].end_mark.index, f", {joined}") if last else (items.start_mark.index + 1, joined)


def _with_records(text: str, records: Mapping[str, Sequence[Entry | Gap]]) -> str:
    for section in _SECTIONS:
        values = [_plain(record) for record in records[section]]
        if not values:
            continue
        found = dict(_sections(text)).get(section)
        if found is None:
            text = _joined(text, f"{section}:\n{_indented(_dump(values), 2)}")
        else:
            place, insertion = _behind(text, found, values)
            text = text[:place] + insertion + text[place:]
    return text


def _joined(text: str, more: str) -> str:
    newline = _newline(text)
    text += "" if text.endswith(("\n", "\r")) or not text else newline
    gap = newline if _sections(text) else ""
    return text + gap + more.replace("\n", newline)


def _below(text: str, items: SequenceNode, lines: str) -> tuple[int, str]:
    """Where, and what, to put as further lines of a list that has a line for each item."""
    place, newline = _end_of_line(text, _end(text, items)), _newline(text)
    insertion = _indented(lines, items.start_mark.column).replace("\n", newline)
    if place == len(text) and not text.endswith(("\n", "\r")):
        return place, newline + insertion.removesuffix(newline)
    return place, insertion


def _end(text: str, node: Node) -> int:
    """Behind the last character of a value."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, MappingNode) else last)
    end: int = node.end_mark.index
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        end = len(text[:end].rstrip())  # the mark is where the next value begins
    return end


def _end_of_line(text: str, place: int) -> int:
    """The beginning of the next line."""
    while place < len(text) and text[place] not in "\r\n":
        place += 1
    return place + (2 if text[place : place + 2] == "\r\n" else 1 if place < len(text) else 0)


def _indented(lines: str, columns: int) -> str:
    return "".join(f"{' ' * columns}{line}" for line in lines.splitlines(keepends=True))


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _sections(text: str) -> list[tuple[str, Any]]:
    """The lists of entries and gaps in a file."""
    document = YAML().compose(text)
    if not isinstance(document, MappingNode):
        return []
    return [(key.value, value) for key, value in document.value if key.value in _SECTIONS]


def _plain(record: Entry | Gap) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True, exclude_defaults=True)


_BREAKS = set("\x85\u2028\u2029")


class _Dumper(yaml.SafeDumper):
    """Writes lists within mappings indented, as curators do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: FBT001, FBT002, ARG002
        return super().increase_indent(flow, indentless=False)

    def represent_str(self, data: str) -> Any:
        """Quoted where it holds what YAML takes for the end of a line, and would read as a blank."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if _BREAKS & set(data) else None)


_Dumper.add_representer(str, _Dumper.represent_str)


def _dump(values: Sequence[object], *, flow: bool = False) -> str:
    """By PyYAML, as its reader is the one that must find the same words again; none as an alias of another."""
    dumped = (
        yaml.dump([value], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6, default_flow_style=flow)
        for value in values
    )
    return "".join(map(str, dumped))


def _flow(value: object) -> str:
    return _dump([value], flow=True).strip()[1:-1]


def _read(path: Path) -> tuple[str, str]:
    """A file's text with its own ends of lines, as :func:`_split` does; empty where there is none."""
    return _split(path.read_bytes().decode() if path.is_file() else "")


def _split(text: str) -> tuple[str, str]:
    """The byte order mark, if any, and the rest."""
    return (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)


def _try_out(folder: Path, texts: Mapping[str, str], version: str) -> None:
    """Makes sure that the folder becomes what is wanted."""
    with tempfile.TemporaryDirectory(prefix="herald-export-") as aside:
        for path in _files(folder):
            copy = Path(aside) / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        for name, text in texts.items():
            (Path(aside) / name).write_bytes(text.encode())
        if load(Path(aside)).version != version:
            hint = "write these into the files by hand"
            raise KnowledgeError([Problem(name, 1, "what was taught can't be put in here", hint) for name in texts])


def _files(folder: Path) -> Iterator[Path]:
    yield from files(folder).files
    if (folder / LOCK_NAME).is_file():
        yield folder / LOCK_NAME


def _write(path: Path, text: str) -> None:
    """Replaces a file at once, so that who reads meanwhile finds the old or the new one."""
    path = path.resolve()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".herald-", delete=False) as file:
        file.write(text.encode())
    if path.exists():
        shutil.copymode(path, file.name)
    else:
        Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
