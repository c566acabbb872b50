"""What the processes of one bot share: who answers what, what was said before, who may ask, what was posted where."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from types import TracebackType
from typing import Protocol, Self, TypeVar

from bot.claims import Claims, MemoryClaims
from bot.conversation import Contexts, Conversations, MemoryContexts
from bot.cooldown import Clock, Cooldowns, Limits, Pace, Paces
from bot.links import Links
from bot.settings import Settings

__all__ = ["Alone", "Shared", "Turns", "alone", "paces_of"]

Id = TypeVar("Id", bound=Hashable)


class Turns(Protocol):
    """Hands out turns by name, so that of all processes one at a time does something."""

    async def reserve(self, name: str, pause: float) -> float:
        """Takes the next turn, so many seconds after the one before, and tells in how many seconds it is.

        Raises:
            StoreError: it can't be known.
        """


class Shared(Protocol):
    """What the processes of one bot share; ``async with`` keeps it up."""

    @property
    def claims(self) -> Claims:
        """Who answers what."""

    @property
    def contexts(self) -> Contexts:
        """What was said before."""

    @property
    def limits(self) -> Cooldowns:
        """Who may ask."""

    @property
    def turns(self) -> Turns | None:
        """Who may identify; None where there is nobody else."""

    def links(self, platform: str, read: Callable[[str], Id]) -> Links[Id]:
        """What was posted where, on a platform whose ids are read so from text."""

    async def __aenter__(self) -> Self:
        """Begins to keep it up."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends that."""


class Alone:
    """What one process has to itself, in memory."""

    def __init__(self, paces: Paces, clock: Clock = time.monotonic) -> None:
        self.claims: Claims = MemoryClaims(clock)
        self.contexts: Contexts = MemoryContexts(Conversations(clock))
        self.limits: Cooldowns = Limits(paces, clock)
        self.turns: Turns | None = None
        self._clock = clock

    def links(self, platform: str, read: Callable[[str], Id]) -> Links[Id]:
        """What was posted where."""
        del platform, read
        return Links(self._clock)

    async def __aenter__(self) -> Self:
        """There is nothing to keep up."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nor to end."""


def paces_of(settings: Settings) -> Paces:
    """The cooldowns that the settings ask for."""
    seconds = settings.cooldown_seconds
    return Paces(Pace(settings.member_questions, seconds), Pace(settings.channel_questions, seconds))


def alone(settings: Settings, clock: Clock = time.monotonic) -> Alone:
    """What one process has to itself, as the settings ask for."""
    return Alone(paces_of(settings), clock)
