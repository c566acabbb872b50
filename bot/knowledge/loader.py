"""A folder of YAML files to one :class:`KnowledgeBase`, or every problem in it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import KnowledgeError, Problem
from bot.knowledge import limits, provenance, references
from bot.knowledge.complaints import complaints
from bot.knowledge.content import LISTS, RECORDS, versioned
from bot.knowledge.folder import files
from bot.knowledge.model import Check, KnowledgeBase
from bot.knowledge.reader import Document, read
from bot.knowledge.references import Mention
from bot.knowledge.suggest import did_you_mean

__all__ = ["RECORDS", "Reading", "load", "read_folder"]

_RECORD_DEPTH = 2  # a section and an index lead to a record

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass
class _Collected:
    """What the files hold, before it is frozen.

    Attributes:
        documents: by section and id, where a record stands: the file, and its number there.
        malformed: ids of records that the schema refuses; they exist, so mentioning them is no mistake.
        complete: false where records may have been lost whose ids aren't known.
    """

    records: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in RECORDS})
    lists: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in LISTS})
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    documents: dict[tuple[str, str], tuple[Document, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    malformed: set[str] = field(default_factory=set)
    complete: bool = True

    def place(self, mention: Mention) -> tuple[str, int]:
        """File and line of an id that a record mentions."""
        document, index = self.documents[mention.section, mention.record]
        return document.file, document.line((mention.section, index, *mention.path))


@dataclass(frozen=True)
class Reading:
    """A folder as far as it goes.

    Attributes:
        knowledge: what is well-formed.
        problems: all that keep it from loading.
        malformed: ids of records that the schema refuses.
        complete: false where records may have been lost whose ids aren't known.
        well_formed: whether nothing is left out of the knowledge base.
    """

    knowledge: KnowledgeBase
    problems: tuple[Problem, ...]
    malformed: frozenset[str]
    complete: bool
    well_formed: bool


def load(folder: Path) -> KnowledgeBase:
    """Reads and checks a knowledge base.

    Args:
        folder: holds ``*.yaml`` files at any depth, and ``quotes.lock`` where quotes have been verified.

    Raises:
        KnowledgeError: with every problem found, each with file and line.
    """
    found = read_folder(folder)
    if found.problems:
        raise KnowledgeError(found.problems)
    return found.knowledge


def read_folder(folder: Path) -> Reading:
    """Reads a folder as far as it goes, with every problem that doesn't follow from another."""
    collected = _collected(folder)
    knowledge = _freeze(collected)
    problems = [*collected.problems, *provenance.check_lock(knowledge, folder), *limits.check(knowledge)]
    if collected.complete:
        problems += references.check(knowledge, collected.malformed, collected.place)
    problems = sorted(problems) or _without_phrasings(folder, knowledge)
    malformed = frozenset(collected.malformed)
    return Reading(knowledge, tuple(problems), malformed, collected.complete, not collected.problems)


def _collected(folder: Path) -> _Collected:
    found = files(folder)
    collected = _Collected(problems=list(found.problems), complete=not found.problems)
    if not found.files and not found.problems:
        nothing = Problem(str(folder), 1, "no *.yaml files here", "point HERALD_KNOWLEDGE_DIR at a knowledge base")
        collected.problems.append(nothing)
    for path in found.files:
        document = read(path, path.relative_to(folder).as_posix())
        collected.problems += document.problems
        # What is unread and no mere value of a record may hide records; what mentions them can't be judged then.
        collected.complete &= all(len(place) > _RECORD_DEPTH for place in document.unread)
        _collect(document, collected)
    return collected


def _without_phrasings(folder: Path, knowledge: KnowledgeBase) -> list[Problem]:
    if any((knowledge.entries, knowledge.gaps, knowledge.gap_templates, knowledge.smalltalk)):
        return []
    return [Problem(str(folder), 1, "no entries, gaps or small talk yet", "write one; herald new DIR makes an example")]


def _collect(document: Document, into: _Collected) -> None:
    for section, items in document.content.items():
        if section not in RECORDS and section not in LISTS:
            hint = did_you_mean(section, [*RECORDS, *LISTS]) or "drop it"
            _refuse_section(document, section, f"unknown section '{section}'", hint, into)
        elif not isinstance(items, list):
            message = f"section '{section}' must be a list"
            _refuse_section(document, section, message, "begin each item with '- '", into)
        elif section in RECORDS:
            _collect_records(document, section, items, into)
        else:
            _collect_list(document, section, items, into)


def _refuse_section(document: Document, section: str, message: str, hint: str, into: _Collected) -> None:
    into.problems.append(Problem(document.file, document.line((section,)), message, hint))
    lost = document.content[section]
    if isinstance(lost, list):
        into.malformed.update(_ids(lost))
    elif lost is not None and (section in RECORDS or isinstance(lost, dict)):
        into.complete = False


def _ids(unread: Iterable[object]) -> Iterator[str]:
    """The ids that records may have which the schema doesn't know: any text of theirs where none is given."""
    for item in unread:
        values = [item] if not isinstance(item, dict) else [item["id"]] if "id" in item else item.values()
        yield from map(str, values)


def _collect_records(document: Document, section: str, items: list[object], into: _Collected) -> None:
    for index, item in enumerate(items):
        record = _parse(document, RECORDS[section], item, (section, index), into.problems)
        line = document.line((section, index))
        if record is None:
            into.malformed.update(_ids([item]))
        elif earlier := into.places.get((section, record.id)):
            message = f"{section}: the id '{record.id}' is already used at {earlier[0]}:{earlier[1]}"
            into.problems.append(Problem(document.file, line, message, "give it an id of its own"))
        else:
            into.records[section][record.id] = record
            into.places[section, record.id] = (document.file, line)
            into.documents[section, record.id] = (document, index)


def _collect_list(document: Document, section: str, items: list[object], into: _Collected) -> None:
    for index, item in enumerate(items):
        path = (section, index)
        value = _list_item(document, section, item, path, into.problems)
        if value is not None:
            into.places[section, str(len(into.lists[section]))] = (document.file, document.line(path))
            into.lists[section].append(value)


def _list_item(
    document: Document, section: str, item: object, path: tuple[str, int], problems: list[Problem]
) -> Check | str | tuple[str, ...] | None:
    if section == "checks":
        return _parse(document, Check, _listed(item, "expect"), path, problems)
    if section == "background" and isinstance(item, str) and item.strip():
        return item
    if section == "glossary" and isinstance(item, list) and len(item) > 1 and all(isinstance(w, str) for w in item):
        return tuple(item)
    wanted = "a list of two or more words or phrases" if section == "glossary" else "a line of text"
    message = f"{section}: item {path[1] + 1} must be {wanted}"
    hint = "put bare words that YAML reads as something else (no, on, 2013) in quotes"
    problems.append(Problem(document.file, document.line(path), message, hint))
    return None


def _listed(item: object, key: str) -> object:
    """``item`` with a single text under ``key`` as a list of one."""
    if isinstance(item, dict) and isinstance(item.get(key), str):
        return {**item, key: [item[key]]}
    return item


def _parse(
    document: Document, model: type[_Model], item: object, path: tuple[str | int, ...], problems: list[Problem]
) -> _Model | None:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        problems += complaints(document, model, item, path, error)
        return None


def _freeze(collected: _Collected) -> KnowledgeBase:
    records = {name: MappingProxyType(items) for name, items in collected.records.items()}
    knowledge = KnowledgeBase(
        version="",
        **records,
        glossary=tuple(collected.lists["glossary"]),
        background=tuple(collected.lists["background"]),
        checks=tuple(collected.lists["checks"]),
        places=MappingProxyType(collected.places),
    )
    return replace(knowledge, version=versioned(knowledge))
