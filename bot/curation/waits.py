"""Who wants to be told: members who wait for an answer, kept until they have been told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.reply import Reply

__all__ = ["Notice", "Tell", "Waits"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a member can be told now.

    Attributes:
        question: what they had asked.
        address: where they asked, as the platform gave it to :meth:`Waits.add`.
        reply: what Herald says to it now: the entry that was taught, or the gap's line.
    """

    id: int
    question: str
    member: str
    address: Mapping[str, Any]
    reply: Reply


class Tell(Protocol):
    """How a platform tells a member what they waited for."""

    async def __call__(self, notice: Notice) -> bool:
        """Tells them where they asked, or else in a direct message.

        Returns:
            Whether it got there; where not, it is tried again later, a few times. An exception counts as False.
        """


class Waits:
    """Members who wait."""

    async def add(self, answer: str, platform: str, member: str, address: Mapping[str, Any]) -> bool:
        """Notes that a member wants to be told.

        Args:
            answer: id of the answer that didn't help, as :meth:`bot.curation.journal.Journal.answered` gave it.
            platform: discord or slack.
            member: the platform's id of who waits.
            address: where they asked; anything that JSON can hold and the platform's ``Tell`` understands.

        Returns:
            False where they wait for that already.

        Raises:
            CurationError: the question isn't kept (any more).
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError

    async def due(self, platform: str) -> Sequence[Notice]:
        """What can be told now and no other process has taken; the caller has it for a minute."""
        raise NotImplementedError

    async def told(self, notice: Notice) -> None:
        """Forgets the member, as they have been told."""
        raise NotImplementedError
