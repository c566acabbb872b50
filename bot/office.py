"""The office: what is kept beside answering, and what curators and admins do with it; adapters get one object."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from bot.curation.inbox import Inbox
from bot.curation.journal import Journal
from bot.curation.past import Past
from bot.curation.privacy import Privacy
from bot.curation.statistics import Statistics
from bot.curation.teaching import Teacher
from bot.curation.votes import Votes
from bot.curation.waits import Tell, Waits
from bot.host import Host
from bot.settings import Settings
from bot.versions.publisher import Publisher

__all__ = ["Office", "open_office"]


class Office:
    """Everything that needs the store; ``async with office:`` runs what goes on beside answering.

    Attributes:
        journal: what was asked and what came of it.
        inbox: what wasn't answered, for curators.
        teacher: what curators do with it.
        waits: members who want to be told; ``notify`` says how.
        votes: feedback.
        statistics: counts, and a chart of them.
        privacy: forgetting.
        past: why an answer was given.
        publisher: what goes into service, and what was.
    """

    journal: Journal
    inbox: Inbox
    teacher: Teacher
    waits: Waits
    votes: Votes
    statistics: Statistics
    privacy: Privacy
    past: Past
    publisher: Publisher

    def notify(self, platform: str, tell: Tell | None) -> None:
        """Has members of a platform told from now on; None ends that."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        """Makes sure of the schema, and starts what goes on beside answering.

        Raises:
            StoreError: the database can't be reached, or its schema doesn't fit.
        """
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes what still waits to be written, and ends the rest."""
        raise NotImplementedError


def open_office(settings: Settings, host: Host) -> Office:
    """The office over the database of the settings; nothing is connected yet."""
    raise NotImplementedError
