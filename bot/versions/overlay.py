"""What was taught, as lines over a knowledge base: pure functions from a base and lines to the knowledge base of both.

Lines are applied new entries and gaps first, then phrasings, each in the order of their ids, so that the order in which
they are given doesn't matter. A phrasing that its record has already, however it is written, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from bot.errors import KnowledgeError, Problem
from bot.knowledge import limits, references
from bot.knowledge.complaints import complaints
from bot.knowledge.content import versioned
from bot.knowledge.model import Entry, Gap, KnowledgeBase
from bot.knowledge.reader import Document
from bot.knowledge.suggest import did_you_mean
from bot.matching import text

__all__ = ["TAUGHT", "Kind", "Line", "Sorted", "dropped", "missing", "overlaid", "sorted_out"]

Kind = Literal["phrasing", "entry", "gap", "gap-phrasing"]

TAUGHT = "taught"
"""What messages call the place of a record that isn't in a file; its line is that of the overlay."""

_Section: TypeAlias = Literal["entries", "gaps"]
_SECTIONS: Mapping[Kind, _Section] = MappingProxyType(
    {"entry": "entries", "phrasing": "entries", "gap": "gaps", "gap-phrasing": "gaps"}
)
_MODELS: Mapping[_Section, type[Entry] | type[Gap]] = MappingProxyType({"entries": Entry, "gaps": Gap})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the overlay.

    Attributes:
        target: id of the entry or gap that it adds to, or makes.
        content: for phrasings ``{"questions": [...]}``, else the record as YAML has it.
        id: of its row; 0 before it is stored.
    """

    kind: Kind
    target: str
    content: Mapping[str, Any]
    id: int = 0

    @property
    def section(self) -> _Section:
        """Where its record stands."""
        return _SECTIONS[self.kind]

    @property
    def makes(self) -> bool:
        """Whether it makes a record, and doesn't add to one."""
        return self.kind in ("entry", "gap")

    @property
    def questions(self) -> tuple[str, ...]:
        """The phrasings that it brings."""
        return tuple(self.content.get("questions", ()))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Lines by what becomes of them over a new base.

    Attributes:
        kept: those that go on top.
        merged: those that the base has by itself.
        orphaned: those that no longer fit, as their entry or source is gone; with the reason in ``problems``.
        knowledge: the base with those that are kept on top.
    """

    kept: tuple[Line, ...]
    merged: tuple[Line, ...]
    orphaned: tuple[Line, ...]
    problems: tuple[Problem, ...]
    knowledge: KnowledgeBase


@dataclass
class _Draft:
    """The records of both sections while lines are applied."""

    entries: dict[str, Entry]
    gaps: dict[str, Gap]
    places: dict[tuple[str, str], tuple[str, int]]
    problems: list[Problem] = field(default_factory=list)

    def section(self, name: _Section) -> dict[str, Any]:
        return self.entries if name == "entries" else self.gaps


def overlaid(base: KnowledgeBase, lines: Sequence[Line]) -> KnowledgeBase:
    """A base with lines on top, its version the digest of both together.

    Raises:
        KnowledgeError: a line doesn't fit; the problems stand at :data:`TAUGHT`, with the ids of the lines.
    """
    if not lines:
        return base
    draft = _Draft(dict(base.entries), dict(base.gaps), dict(base.places))
    for line in _in_order(lines):
        _apply(line, draft)
    made = _frozen(base, draft)
    problems = draft.problems or [*references.check(made)] or [*limits.check(made)]
    if problems:
        raise KnowledgeError(problems)
    return made


def dropped(base: KnowledgeBase, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines whose record or phrasings the base has by itself: somebody has written them into the YAML."""
    return [line for line in lines if _held(base, line)]


def sorted_out(base: KnowledgeBase, lines: Sequence[Line]) -> Sorted:
    """What becomes of stored lines over a new base: one that is sound by itself can always go into service.

    Raises:
        KnowledgeError: the base isn't sound by itself.
    """
    merged = dropped(base, lines)
    kept = [line for line in lines if line not in merged]
    problems: list[Problem] = []
    while True:
        try:
            made = overlaid(base, kept)
            break
        except KnowledgeError as error:
            problems += error.problems
            wrong = {problem.line for problem in error.problems if problem.file == TAUGHT}
            if not any(line.id in wrong for line in kept):
                raise
            kept = [line for line in kept if line.id not in wrong]
    gone = [line for line in lines if line not in merged and line not in kept]
    return Sorted(tuple(kept), tuple(merged), tuple(gone), tuple(problems), made)


def missing(questions: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those questions that none of the known says in the same words, each once."""
    seen = {_key(question) for question in known}
    found = []
    for question in questions:
        if (key := _key(question)) not in seen:
            seen.add(key)
            found.append(question.strip())
    return found


def _key(question: str) -> str:
    """By which the matcher takes two questions for the same."""
    return text.key(question) or text.fold(question)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (not line.makes, not line.id, line.id))  # those not yet stored come last


def _held(base: KnowledgeBase, line: Line) -> bool:
    record = base.section(line.section).get(line.target)
    return record is not None and (line.makes or not missing(line.questions, record.questions))


def _apply(line: Line, draft: _Draft) -> None:
    records = draft.section(line.section)
    if line.makes:
        if line.target not in records and (record := _read(line, {**line.content, "id": line.target}, draft)):
            records[line.target] = record
            draft.places[line.section, line.target] = (TAUGHT, line.id)
        return
    if line.target not in records:
        hint = did_you_mean(line.target, records) or "undo this line"
        message = f"{line.section}: there is no '{line.target}' to add a phrasing to"
        draft.problems.append(Problem(TAUGHT, line.id, message, hint))
        return
    record = records[line.target]
    added = missing(line.questions, record.questions)
    if added and _read(line, {**_plain(record), "questions": added}, draft):
        records[line.target] = record.model_copy(update={"questions": (*record.questions, *added)})


def _plain(record: Entry | Gap) -> dict[str, Any]:
    return record.model_dump(by_alias=True, exclude_defaults=True)


def _read(line: Line, content: Mapping[str, Any], draft: _Draft) -> Entry | Gap | None:
    model = _MODELS[line.section]
    try:
        return model.model_validate(content)
    except ValidationError as error:
        document = Document(TAUGHT, {}, {(): line.id})
        draft.problems += complaints(document, model, content, (line.section,), error)
        return None


def _frozen(base: KnowledgeBase, draft: _Draft) -> KnowledgeBase:
    made = replace(
        base,
        entries=MappingProxyType(draft.entries),
        gaps=MappingProxyType(draft.gaps),
        places=MappingProxyType(draft.places),
    )
    return replace(made, version=versioned(made))
