"""What changed between two knowledge bases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from bot.knowledge.content import RECORDS
from bot.knowledge.model import KnowledgeBase

__all__ = ["Change", "Diff", "SectionDiff", "diff", "render"]

_PHRASINGS = "questions"
_FOLLOW_UPS = "follow_ups"


@dataclass(frozen=True, slots=True)
class Change:
    """One record that both hold, with another content.

    Attributes:
        keys: the keys whose values differ, as they are written in YAML.
        phrasings_added, phrasings_removed: in their own order.
        follow_ups_added, follow_ups_removed: the same, each with where it leads.
    """

    id: str
    keys: tuple[str, ...]
    phrasings_added: tuple[str, ...] = ()
    phrasings_removed: tuple[str, ...] = ()
    follow_ups_added: tuple[str, ...] = ()
    follow_ups_removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """What changed in one section; ids in alphabetical order.

    A check's id is its question; a line of the background and a group of the glossary are their own ids.
    """

    section: str
    added: tuple[str, ...]
    changed: tuple[Change, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from version ``before`` to version ``after``, for the sections in which anything did.

    Attributes:
        notes: what else there is to say, a line each.
    """

    before: str
    after: str
    sections: tuple[SectionDiff, ...]
    notes: tuple[str, ...] = ()


def diff(a: KnowledgeBase, b: KnowledgeBase) -> Diff:
    """Compares two knowledge bases; what ``b`` has and ``a`` has not counts as added."""
    pairs = ((name, _content(a, name), _content(b, name)) for name in (*RECORDS, "checks", "glossary", "background"))
    sections = (_section(name, old, new) for name, old, new in pairs)
    return Diff(a.version, b.version, tuple(s for s in sections if s.added or s.changed or s.removed))


_Content = Mapping[str, Mapping[str, object]]


def _content(kb: KnowledgeBase, section: str) -> _Content:
    """The records of a section as plain values, by id."""
    if section == "glossary":
        return {", ".join(group): {} for group in kb.glossary}
    if section == "background":
        return {line: {} for line in kb.background}
    if section == "checks":
        return {check.ask: _plain(check) for check in kb.checks}
    return {key: _plain(record) for key, record in kb.section(section).items()}


def _plain(record: BaseModel) -> dict[str, object]:
    return record.model_dump(by_alias=True)


def _section(name: str, old: _Content, new: _Content) -> SectionDiff:
    common = sorted(old.keys() & new.keys())
    return SectionDiff(
        section=name,
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(_change(key, old[key], new[key]) for key in common if old[key] != new[key]),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _change(key: str, old: Mapping[str, object], new: Mapping[str, object]) -> Change:
    before, after = _phrasings(old), _phrasings(new)
    asked_before, asked_after = _follow_ups(old), _follow_ups(new)
    return Change(
        id=key,
        keys=tuple(name for name in new if new[name] != old[name]),
        phrasings_added=_beyond(after, before),
        phrasings_removed=_beyond(before, after),
        follow_ups_added=_beyond(asked_after, asked_before),
        follow_ups_removed=_beyond(asked_before, asked_after),
    )


def _beyond(some: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(text for text in some if text not in others)


def _follow_ups(record: Mapping[str, object]) -> tuple[str, ...]:
    by_target = record.get(_FOLLOW_UPS)
    if not isinstance(by_target, dict):
        return ()
    return tuple(f"{text} -> {target}" for target, phrasings in by_target.items() for text in phrasings)


def _phrasings(record: Mapping[str, object]) -> tuple[str, ...]:
    phrasings = record.get(_PHRASINGS, ())
    return phrasings if isinstance(phrasings, tuple) else ()


def render(difference: Diff) -> str:
    """A difference as plain text, a line for each record and phrasing: ``+`` added, ``~`` changed, ``-`` removed."""
    title = f"version {difference.before} -> {difference.after}"
    if not difference.sections:
        title = f"no differences (version {difference.after})"
    notes = ["", *difference.notes] if difference.notes else []
    return "\n".join(chain([title], *map(_section_lines, difference.sections), notes))


def _section_lines(section: SectionDiff) -> Iterator[str]:
    counts = f"{len(section.added)} added, {len(section.changed)} changed, {len(section.removed)} removed"
    yield f"\n{section.section}: {counts}"
    yield from _marked("  + ", section.added)
    for change in section.changed:
        yield f"  ~ {change.id}: {', '.join(change.keys)}"
        yield from _marked("      + ", (*change.phrasings_added, *change.follow_ups_added))
        yield from _marked("      - ", (*change.phrasings_removed, *change.follow_ups_removed))
    yield from _marked("  - ", section.removed)


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    return (f"{mark}{' '.join(line.split())}" for line in lines)
