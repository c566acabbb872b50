"""Checks that every id a record mentions exists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.errors import Problem
from bot.knowledge.model import KnowledgeBase, Section
from bot.knowledge.suggest import did_you_mean

__all__ = ["Mention", "check"]

# Section, record, key, what it mentions in words, the mentioned ids, and those that it may mention.
_Reference = tuple[str, str, str, str, Iterable[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a record mentions an id.

    Attributes:
        path: from the record to the id, as the file has it: a key, and its number or key below that.
    """

    section: str
    record: str
    path: tuple[str | int, ...]


def check(
    knowledge: KnowledgeBase,
    assumed: Collection[str] = (),
    place: Callable[[Mention], tuple[str, int]] | None = None,
) -> Iterator[Problem]:
    """Yields a problem for each mention of an id that the knowledge base does not hold, and for ids shared by names.

    Args:
        assumed: ids that count as known everywhere.
        place: gives file and line of a mention; those of its record by default.
    """
    where = place or (lambda mention: knowledge.places[mention.section, mention.record])
    yield from _shared_ids(knowledge)
    for section, record, key, what, ids, known in _references(knowledge):
        for mentioned, part in _parts(ids):
            if mentioned not in known and mentioned not in assumed:
                file, line = where(Mention(section, record, (key, part)))
                message = f"{section}: '{record}': unknown {what} '{mentioned}'"
                yield Problem(file, line, message, did_you_mean(mentioned, known) or "add it, or drop it here")


def _parts(ids: Iterable[str]) -> Iterator[tuple[str, str | int]]:
    """Each id with what leads to it below its key: itself in a mapping, its number elsewhere."""
    return ((mentioned, mentioned if isinstance(ids, Mapping) else number) for number, mentioned in enumerate(ids))


def _shared_ids(kb: KnowledgeBase) -> Iterator[Problem]:
    """``about`` names people, characters, events, works and things alike, so that they share one space of ids."""
    owners: dict[str, str] = {}
    for section in ("people", "characters", "events", "works", "things"):
        for key in kb.section(section):
            earlier = owners.setdefault(key, section)
            if earlier != section:
                file, line = kb.places[section, key]
                place = "{}:{}".format(*kb.places[earlier, key])
                message = f"{section}: the id '{key}' is already used among {earlier} at {place}"
                yield Problem(file, line, message, "give it an id of its own")


def _references(kb: KnowledgeBase) -> Iterator[_Reference]:
    answering = {**kb.entries, **kb.gaps}
    for entry in kb.entries.values():
        yield "entries", entry.id, "sources", "source", entry.sources, kb.sources
        yield "entries", entry.id, "quotes", "quote", entry.quotes, kb.quotes
        yield "entries", entry.id, "about", "name in about", entry.about, kb.names
        yield "entries", entry.id, "follow_ups", "entry or gap in follow_ups", entry.follow_ups, answering
    speakers = {**kb.people, **kb.characters}
    for quote in kb.quotes.values():
        yield "quotes", quote.id, "speaker", "speaker", [quote.speaker], speakers
        yield "quotes", quote.id, "via", "speaker in via", [quote.via] if quote.via else [], speakers
        yield "quotes", quote.id, "source", "source", [quote.source], kb.sources
        yield "quotes", quote.id, "event", "event", [quote.event], kb.events
        yield "quotes", quote.id, "about", "name in about", quote.about, kb.names
    for gap in kb.gaps.values():
        yield "gaps", gap.id, "about", "name in about", gap.about, kb.names
    for template in kb.gap_templates.values():
        listed = () if isinstance(template.names, Section) else template.names
        yield "gap_templates", template.id, "names", "name", listed, kb.names
        yield "gap_templates", template.id, "except", "name", template.exceptions, kb.names
    yield from _name_references(kb)


def _name_references(kb: KnowledgeBase) -> Iterator[_Reference]:
    for character in kb.characters.values():
        yield "characters", character.id, "work", "work", [character.work], kb.works
        yield "characters", character.id, "actor", "actor", [character.actor] if character.actor else [], kb.people
    for source in kb.sources.values():
        yield "sources", source.id, "event", "event", [source.event] if source.event else [], kb.events
