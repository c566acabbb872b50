"""Reply: the one value that the core returns, and that every adapter renders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Candidate", "Choice", "Kind", "QuoteCard", "QuoteRequest", "Reply", "SourceRef"]

Kind = Literal["answer", "quote", "choices", "smalltalk", "unknown", "withheld", "rejected"]


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A verbatim quote as a member sees it.

    Attributes:
        speaker: who says it: a person, or a character with the actor ("Samantha (Scarlett Johansson)").
        where: the film a character speaks in and the event, as one line.
        note: how the words came down, where that needs saying ("by context", "quoted by Spike Jonze").
    """

    id: str
    text: str
    speaker: str
    where: str = ""
    note: str = ""

    @property
    def behind(self) -> str:
        """What stands behind the speaker's name: where it was said, and the note."""
        return (f", {self.where}" if self.where else "") + (f" ({self.note})" if self.note else "")


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source of an answer or quote."""

    id: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A near question to pick: the entry's id and its first phrasing."""

    entry: str
    question: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the best few entries, whatever was decided, with its calibrated probability."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What was asked for where a quote was: hand it to ``Herald.quote`` again for another one.

    Attributes:
        speaker: id of a person or character, or None for anybody.
        about: the topic in words; empty for any.
    """

    speaker: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What Herald says to one question.

    Attributes:
        kind: what sort of reply this is; ``docs/replies.md`` tells when each is given.
        text: what a member reads, plain, without markup.
        lead: for a quote, the words of the text that come before it ("Closest is what Samantha says:"); may be empty.
        entry: id of the entry that answers, or None.
        gap: id of the known gap that was met, or None.
        score: calibrated probability, 0 to 1, that the best candidate is right.
        spoiler: the text or a quote gives away plot; a surface that can hide it should.
        more: for a quote that was asked for by speaker or topic, the request that another one answers.
        knowledge: version of the knowledge base that answered.
    """

    kind: Kind
    text: str
    knowledge: str
    entry: str | None = None
    gap: str | None = None
    quotes: tuple[QuoteCard, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    choices: tuple[Choice, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    score: float = 0.0
    spoiler: bool = False
    lead: str = ""
    more: QuoteRequest | None = None

    @property
    def answers(self) -> str | None:
        """The entry that answers; None where that isn't what was asked for, as with a quote."""
        return self.entry if self.kind == "answer" else None

    @property
    def private(self) -> bool:
        """Whether only the asker needs to see it."""
        return self.kind in ("rejected", "withheld")

    @property
    def said(self) -> str:
        """The text without the quote that stands in it, for whoever sets ``quotes`` off below."""
        return self.lead if self.kind == "quote" else self.text
