"""What a knowledge base holds: one frozen model for each kind of record.

The models are the schema too: pydantic refuses unknown keys and wrong types, and
:mod:`bot.knowledge.loader` turns its complaints into problems with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = [
    "ANSWER_LIMIT",
    "LINE_LIMIT",
    "MESSAGE_LIMIT",
    "PHRASING_LIMIT",
    "QUOTE_LIMIT",
    "TITLE_LIMIT",
    "Character",
    "Check",
    "Entry",
    "Gap",
    "GapTemplate",
    "KnowledgeBase",
    "Named",
    "Quote",
    "Rating",
    "Record",
    "Section",
    "SmallTalk",
    "Source",
    "may_show",
]

# Discord cuts a message at 2,000 characters and Slack a text block at 3,000. MESSAGE_LIMIT is for an answer with all of
# its quotes, their speakers and its sources; the rest is for markup and escapes.
ANSWER_LIMIT = 1200
QUOTE_LIMIT = 900
LINE_LIMIT = 500
MESSAGE_LIMIT = 1900
TITLE_LIMIT = 200
PHRASING_LIMIT = 400

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Phrasing = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=PHRASING_LIMIT)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=ANSWER_LIMIT)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_LIMIT)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
# A plain dictionary underneath: a read-only view can't be sent from the process that reads the files.
FollowUps = Mapping[Slug, Annotated[tuple[Phrasing, ...], Field(min_length=1)]]
Rating = Literal["general", "explicit"]


class Record(BaseModel):
    """What every record has: an id, unique in its section."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug


class Source(Record):
    """An article: what it reports, of which event if any, and its place in time (``order`` 1 is the earliest)."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LIMIT)]
    event: Slug | None = None
    reports: Line
    order: int
    date_note: str = ""
    url: str = ""


class Named(Record):
    """A person, event, work or thing, with the other ways people write its name.

    ``roles`` are what a speaker is called by who doesn't know the name ("the director"), in requests for quotes alone.
    """

    name: Name
    aliases: tuple[Name, ...] = Field(default=())
    misspellings: tuple[Name, ...] = Field(default=())
    roles: tuple[Name, ...] = Field(default=())
    note: str = ""


class Character(Named):
    """A character of a work; ``actor`` is the id of the person who plays or voices it, where a source says so."""

    work: Slug
    actor: Slug | None = None


class Entry(Record):
    """A question with its curated answer; ``questions`` are its phrasings, ``about`` the ids it speaks of.

    ``follow_ups`` are what members ask after the answer in words that lean on it, by the entry or gap that answers.
    """

    questions: tuple[Phrasing, ...] = Field(min_length=1)
    answer: Text
    sources: tuple[Slug, ...] = Field(min_length=1)
    about: tuple[Slug, ...] = Field(default=())
    quotes: tuple[Slug, ...] = Field(default=())
    spoiler: bool = False
    rating: Rating = "general"
    featured: bool = False
    follow_ups: FollowUps = Field(default_factory=dict)

    @property
    def question(self) -> str:
        """What members see it as, where it is offered: its first phrasing."""
        return self.questions[0]


class Quote(Record):
    """A verbatim line; ``via`` is who passed it on, ``attribution`` "context" where the source names no speaker."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUOTE_LIMIT)]
    speaker: Slug
    source: Slug
    event: Slug
    topics: tuple[Name, ...] = Field(default=())
    about: tuple[Slug, ...] = Field(default=())
    via: Slug | None = None
    attribution: Literal["named", "context"] = "named"
    spoiler: bool = False
    rating: Rating = "general"


class Gap(Record):
    """Something that people ask and the sources don't say, with one honest line."""

    questions: tuple[Phrasing, ...] = Field(min_length=1)
    line: Line
    about: tuple[Slug, ...] = Field(default=())
    spoiler: bool = False
    rating: Rating = "general"


class Section(BaseModel):
    """Every record of one section, as the ``names`` of a gap template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["people", "characters", "events", "works", "things"]


def may_show(record: Entry | Quote, *, age_restricted: bool) -> bool:
    """Whether a place may show a record: what is explicit only if the place is age-restricted."""
    return age_restricted or record.rating != "explicit"


class GapTemplate(Record):
    """A gap with a ``{name}`` slot, for each of ``names`` but those of ``exceptions`` (key ``except``)."""

    names: tuple[Slug, ...] | Section
    exceptions: tuple[Slug, ...] = Field(default=(), alias="except")
    questions: tuple[Phrasing, ...] = Field(min_length=1)
    line: Line


class SmallTalk(Record):
    """A greeting or the like, with a line that states no fact."""

    questions: tuple[Phrasing, ...] = Field(min_length=1)
    line: Line


class Check(BaseModel):
    """A question and what it must get: an entry (any of ``expect``) or a kind of reply such as "unknown"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: Phrasing
    expect: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class KnowledgeBase:
    """One immutable snapshot; everything that an answer depends on hangs off it.

    Attributes:
        version: digest of the content, the same for the same files.
        places: (section, id) to (file, line), for messages about a record.
    """

    version: str
    sources: Mapping[str, Source]
    people: Mapping[str, Named]
    characters: Mapping[str, Character]
    events: Mapping[str, Named]
    works: Mapping[str, Named]
    things: Mapping[str, Named]
    entries: Mapping[str, Entry]
    quotes: Mapping[str, Quote]
    gaps: Mapping[str, Gap]
    gap_templates: Mapping[str, GapTemplate]
    smalltalk: Mapping[str, SmallTalk]
    glossary: tuple[tuple[str, ...], ...]
    background: tuple[str, ...]
    checks: tuple[Check, ...]
    places: Mapping[tuple[str, str], tuple[str, int]]

    @cached_property
    def names(self) -> dict[str, Named]:
        """Everything that has a name, by id."""
        return {**self.people, **self.characters, **self.events, **self.works, **self.things}

    def section(self, name: str) -> Mapping[str, Any]:
        """The records of one section, by id."""
        records: Mapping[str, Any] = getattr(self, name)
        return records

    def template_slots(self, template: GapTemplate) -> Iterator[Named]:
        """The names that fill a gap template's slot."""
        ids = self.section(template.names.section) if isinstance(template.names, Section) else template.names
        return (self.names[i] for i in ids if i not in template.exceptions and i in self.names)
