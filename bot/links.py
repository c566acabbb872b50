"""Which answer belongs to which question: to follow edits and deletions, and to point at an answer just given."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.cooldown import Clock

__all__ = ["DELETIONS", "EDITS", "REPEATS", "Link", "Links", "digest"]

Id = TypeVar("Id", bound=Hashable)  # of a message or a channel, as the platform has it
EDITS = 5 * 60.0
"""Seconds in which a question's edit is followed."""

DELETIONS = 24 * 60 * 60.0
"""Seconds in which an answer is taken away with its question."""

REPEATS = 60.0
"""Seconds in which whoever asks the same is pointed at the answer that was given."""

_KEPT = 5000


@dataclass(slots=True)
class Link(Generic[Id]):
    """A question and its answer.

    Attributes:
        digest: of the question's text, which itself isn't kept.
        lock: held while the question is being answered.
        answer: id of the answer, once it is there.
        shared: whether other processes know of it.
    """

    question: Id
    channel: Id
    digest: bytes
    at: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: Id | None = None
    deleted: bool = False
    shared: bool = False


class Links(Generic[Id]):
    """The last questions and their answers, in memory and bounded; processes may share them over a store."""

    def __init__(self, clock: Clock = time.monotonic, kept: int = _KEPT) -> None:
        self._clock = clock
        self._kept = kept
        self._links: OrderedDict[Id, Link[Id]] = OrderedDict()
        self._posted: OrderedDict[tuple[Id, str], tuple[float, Id, str]] = OrderedDict()

    async def begin(self, question: Id, channel: Id, text: str) -> Link[Id]:
        """Remembers a question that is about to be answered."""
        link = Link(question, channel, digest(text), self._clock())
        self._links[question] = link
        _trim(self._links, self._kept)
        return link

    async def answered(self, link: Link[Id], answer: Id) -> bool:
        """Remembers an answer; whether its question is still there, or else the answer is to be taken away, too."""
        link.answer = answer
        return not link.deleted

    async def edited(self, question: Id, text: str) -> Link[Id] | None:
        """The link of a question whose text has changed and whose edits are still followed."""
        link = self._live(question, EDITS)
        return link if link and link.digest != digest(text) else None

    async def awaited(self, link: Link[Id]) -> Id | None:
        """The answer, waited for where another process is giving it; this one's is there when the lock is free."""
        return link.answer

    async def changed(self, link: Link[Id], text: str) -> None:
        """Notes a question's new text; nobody is pointed at the answer to the old one any more."""
        link.digest = digest(text)
        self._forget_posted(link.answer)

    async def removed(self, message: Id) -> Link[Id] | None:
        """Forgets a question that was deleted, and gives its link; forgets a deleted answer too."""
        self._forget_answer(message)
        link = self._live(message, DELETIONS)
        if link:
            link.deleted = True
            del self._links[message]
        return link

    async def posted(self, channel: Id, entry: str, message: Id, url: str) -> None:
        """Notes that an entry was just answered in a channel, and where."""
        self._posted[channel, entry] = (self._clock(), message, url)
        self._posted.move_to_end((channel, entry))
        _trim(self._posted, self._kept)

    async def earlier(self, channel: Id, entry: str) -> str | None:
        """Where an entry was answered in a channel within the last minute."""
        posted = self._posted.get((channel, entry))
        return posted[2] if posted and self._clock() - posted[0] <= REPEATS else None

    def _live(self, question: Id, seconds: float) -> Link[Id] | None:
        link = self._links.get(question)
        return link if link and self._clock() - link.at <= seconds else None

    def _forget_answer(self, message: Id) -> None:
        """Linear, but over what is bounded; deletions are rare."""
        for question in [key for key, link in self._links.items() if link.answer == message]:
            del self._links[question]
        self._forget_posted(message)

    def _forget_posted(self, message: Id | None) -> None:
        for posted in [key for key, (_, answer, _) in self._posted.items() if answer == message]:
            del self._posted[posted]


def _trim(held: OrderedDict[Any, Any], most: int) -> None:
    while len(held) > most:
        held.popitem(last=False)


def digest(text: str) -> bytes:
    """A question's text as it is kept."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
