"""Asking with notes for the journal: each reply with its question, the message that carries it, and what was picked."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot import records
from bot.cooldown import Clock
from bot.curation.asked import Asked
from bot.host import Host
from bot.office import Office
from bot.reply import QuoteRequest, Reply
from bot.typed import has_words

__all__ = ["Asking", "Noted", "Notes"]


@dataclass(frozen=True, slots=True)
class Noted:
    """A reply with its id in the journal.

    Attributes:
        answer: the id; empty without a journal.
        wait: the same where a member may want to be told later; else empty, and no such button is shown.
    """

    reply: Reply
    answer: str = ""
    wait: str = ""


class Notes:
    """Hands on to the journal what happens; without an office nothing is noted. Call it on the event loop."""

    def __init__(self, office: Office | None, clock: Clock = time.perf_counter) -> None:
        self._journal = office.journal if office else None
        self._clock = clock

    async def answered(self, asked: Asked, answering: Awaitable[Reply]) -> Noted:
        """Awaits a reply and notes it.

        Args:
            asked: its text is empty where a member picked something, or pressed for another quote.
        """
        began = self._clock()
        return self._noted(asked, await answering, began)

    async def answered_if(self, asked: Asked, answering: Awaitable[Reply | None]) -> Noted | None:
        """As :meth:`answered`, of what may have no reply, as its record is gone; then nothing is noted."""
        began = self._clock()
        reply = await answering
        return None if reply is None else self._noted(asked, reply, began)

    def _noted(self, asked: Asked, reply: Reply, began: float) -> Noted:
        if self._journal is None:
            return Noted(reply)
        answer = self._journal.answered(asked, reply, self._clock() - began)
        waits = reply.kind == "unknown" and self._journal.records and has_words(asked.text)
        return Noted(reply, answer, answer if waits else "")

    def posted(self, noted: Noted, message: str) -> None:
        """Notes the message that carries a reply, as the platform names it."""
        if self._journal and noted.answer:
            self._journal.posted(noted.answer, message)

    def picked(self, message: str, entry: str) -> None:
        """Notes that a choice on a message was picked."""
        if self._journal:
            self._journal.picked(message, entry)


class _Place(Protocol):
    """Where somebody asks, as each platform has it."""

    @property
    def name(self) -> str: ...
    @property
    def conversation(self) -> str: ...
    @property
    def age_restricted(self) -> bool: ...


class Asking:
    """Asks for the members of a platform, and notes what comes of it."""

    def __init__(self, platform: str, host: Host, notes: Notes) -> None:
        self._platform = platform
        self._host = host
        self._notes = notes

    async def ask(self, text: str, place: _Place) -> Noted:
        """What a member typed."""
        answering = self._host.ask(text, place.conversation, age_restricted=place.age_restricted)
        return await self._notes.answered(self._asked(place, text), answering)

    async def entry(self, entry: str, place: _Place) -> Noted:
        """An entry that was picked among suggestions."""
        answering = self._host.entry(entry, place.conversation, age_restricted=place.age_restricted)
        return await self._notes.answered(self._asked(place), answering)

    async def quote(self, speaker: str | None, about: str | None, place: _Place) -> Noted:
        """A quote."""
        answering = self._host.quote(speaker, about, place.conversation, age_restricted=place.age_restricted)
        return await self._notes.answered(self._asked(place), answering)

    async def another(self, wanted: QuoteRequest, place: _Place, buttons: Iterable[str]) -> Noted | None:
        """As :func:`bot.records.another`."""
        allowed = place.age_restricted
        answering = records.another(self._host, wanted, place.conversation, age_restricted=allowed, buttons=buttons)
        return await self._notes.answered_if(self._asked(place), answering)

    def _asked(self, place: _Place, text: str = "") -> Asked:
        return Asked(text, self._platform, place.name)
