"""Browsing: what a knowledge base speaks of, by event, by person and by theme."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

from bot.knowledge.model import Entry, KnowledgeBase, Quote, may_show
from bot.reply import Choice, QuoteRequest

__all__ = ["GROUPS", "GROUP_NAMES", "Group", "Subject", "Topics", "topic_key"]

Group = Literal["event", "person", "theme"]
GROUPS: tuple[Group, ...] = get_args(Group)
GROUP_NAMES: Mapping[Group, str] = MappingProxyType({"event": "Events", "person": "People", "theme": "Themes"})
_LISTED = 100  # subjects of a group; the long tail of topics that a single quote has would fill dozens of pages


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is spoken of.

    Attributes:
        key: short and made of a-z, 0-9 and hyphens, the same after a restart.
        choices: the entries about it.
        quotes: how many quotes ``request`` may give.
    """

    key: str
    name: str
    choices: tuple[Choice, ...]
    quotes: int = 0
    request: QuoteRequest | None = None

    @property
    def size(self) -> int:
        """How much there is: entries and quotes."""
        return len(self.choices) + self.quotes

    @property
    def counts(self) -> str:
        """The same in words: "3 questions, 1 quote"."""
        told = [(len(self.choices), "question"), (self.quotes, "quote")]
        return ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for count, what in told if count)


@dataclass(frozen=True)
class Topics:
    """The subjects of one knowledge base in places of one kind: explicit records count only where they may be shown."""

    knowledge: KnowledgeBase
    age_restricted: bool

    def subjects(self, group: Group) -> Sequence[Subject]:
        """The subjects of a group that have most, the largest first."""
        return self._groups[group][:_LISTED]

    def subject(self, group: str, key: str) -> Subject | None:
        """One subject, listed or not; None where a reload dropped it."""
        return next((s for g in GROUPS if g == group for s in self._groups[g] if s.key == key), None)

    @cached_property
    def _groups(self) -> Mapping[Group, Sequence[Subject]]:
        kb = self.knowledge
        people = [*kb.people, *kb.characters]
        found: dict[Group, Iterator[Subject]] = {
            "event": (self._named(name) for name in kb.events),
            "person": (self._speaker(name) for name in people),
            "theme": self._themes(),
        }
        return {group: _sorted(subjects) for group, subjects in found.items()}

    def _named(self, name: str) -> Subject:
        return Subject(name, self.knowledge.names[name].name, tuple(self._choices.get(name, ())))

    def _speaker(self, name: str) -> Subject:
        named = self._named(name)
        quotes = sum(quote.speaker == name for quote in self._quotes)
        return Subject(named.key, named.name, named.choices, quotes, QuoteRequest(name, ""))

    def _themes(self) -> Iterator[Subject]:
        """Works and things by their entries, and the topics of quotes."""
        yield from map(self._named, (*self.knowledge.works, *self.knowledge.things))
        counts: defaultdict[str, int] = defaultdict(int)
        for quote in self._quotes:
            for topic in quote.topics:
                counts[topic] += 1
        for topic, count in counts.items():
            yield Subject(topic_key(topic), topic, (), count, QuoteRequest(None, topic))

    @cached_property
    def _choices(self) -> Mapping[str, Sequence[Choice]]:
        choices: defaultdict[str, list[Choice]] = defaultdict(list)
        for entry in filter(self._allows, self.knowledge.entries.values()):
            for name in dict.fromkeys(entry.about):
                choices[name].append(Choice(entry.id, entry.question))
        return choices

    @cached_property
    def _quotes(self) -> Sequence[Quote]:
        return list(filter(self._allows, self.knowledge.quotes.values()))

    def _allows(self, record: Entry | Quote) -> bool:
        return may_show(record, age_restricted=self.age_restricted)


def topic_key(topic: str) -> str:
    """The key of a topic of quotes."""
    return f"topic-{zlib.crc32(topic.encode()):08x}"


def _sorted(subjects: Iterator[Subject]) -> Sequence[Subject]:
    return sorted((s for s in subjects if s.size), key=lambda s: (-s.size, s.name.casefold()))
