"""The office: what is kept beside answering, and what curators and admins do with it; adapters get one object."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

import structlog

from bot.alerts import Alerts
from bot.beside import beside, pause
from bot.cooldown import Clock
from bot.curation.inbox import Inbox
from bot.curation.journal import Journal
from bot.curation.past import Past
from bot.curation.privacy import Privacy
from bot.curation.statistics import Statistics
from bot.curation.teaching import Teacher
from bot.curation.telling import Telling
from bot.curation.votes import Votes
from bot.curation.waits import Tell, Waits
from bot.errors import StoreDownError
from bot.host import Host
from bot.settings import Settings
from bot.store.database import Database, address
from bot.store.writer import Writer
from bot.versions.publisher import Publisher
from bot.versions.watch import watching

__all__ = ["Office", "open_office"]

_PURGE = 3600.0  # seconds between two purges


class Office:
    """Everything that needs the store; ``async with office:`` runs what goes on beside answering.

    Attributes:
        journal: what was asked and what came of it.
        inbox: what wasn't answered, for curators.
        teacher: what curators do with it.
        waits: members who want to be told; :meth:`notify` says how.
        votes: feedback.
        statistics: counts, and a chart of them.
        privacy: forgetting.
        past: why an answer was given.
        alerts: what is wrong, for the admins' channels.
        publisher: what goes into service, and what was.
    """

    def __init__(
        self, database: Database, host: Host, settings: Settings, clock: Clock = time.time, *, serves: bool = True
    ) -> None:
        """Takes the database and the host whose questions are noted; nothing is connected yet.

        Args:
            serves: False beside a Herald that runs elsewhere, for curating alone: neither the folder nor the settings
                of this process decide then what is in service, what is deleted, and who is told.
        """
        self._database = database
        self._writer = writer = Writer(database)
        host.figures.queue("store", lambda: writer.waiting)
        host.figures.counts("herald_writes_lost", "What was never written.", "queue", lambda: {"store": writer.dropped})
        self.publisher = Publisher(database, host, deploys=serves)
        self.journal = Journal(database, writer, host, records=settings.record_questions, clock=clock)
        self.inbox = Inbox(database, host)
        self.teacher = Teacher(database, host, self.inbox, self.publisher, clock)
        self.waits = Waits(database, writer, host, clock)
        self.votes = Votes(database, writer, host, clock)
        self.statistics = Statistics(database, lambda: host.knowledge, lambda: settings.cache_folder, clock)
        self.privacy = Privacy(database, settings.retention_days, clock)
        self.past = Past(database)
        self.alerts = Alerts(host.shared.claims)
        self._host, self._serves, self._watch = host, serves, settings.watch
        self._read = host.knowledge.version  # of the folder, as nothing else is in service yet
        self._telling = Telling(self.waits, host)
        self._running = AsyncExitStack()

    def notify(self, platform: str, tell: Tell | None) -> None:
        """Has members of a platform told from now on; None ends that."""
        self._telling.notify(platform, tell)

    async def __aenter__(self) -> Self:
        """Makes sure of the schema, puts what was taught into service, and starts what goes on beside answering.

        PostgreSQL may be away just then: what is to be written waits.

        Raises:
            StoreError: the schema doesn't fit, or the file can't be used.
        """
        async with AsyncExitStack() as begun:
            begun.push_async_callback(self._database.close)
            await begun.enter_async_context(self.publisher)
            if self._serves and self._watch:
                await begun.enter_async_context(beside(self.alerts.run, "alerts"))
                await begun.enter_async_context(watching(self._host, self.alerts.report, self._read))
            self._writer.start()
            begun.push_async_callback(self._writer.close)
            if self._serves:
                await begun.enter_async_context(beside(self._telling.run, "telling"))
                await begun.enter_async_context(beside(self._purge, "purge"))
            self._running = begun.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes what still waits to be written, and ends the rest."""
        await self._running.aclose()

    async def _purge(self, stop: asyncio.Event) -> None:
        """Deletes every hour what has been kept long enough."""
        while not stop.is_set():
            with suppress(StoreDownError):
                if gone := await self.privacy.purge():
                    structlog.get_logger().info("purged", rows=gone)
            await pause(stop, _PURGE)


def open_office(settings: Settings, host: Host, *, serves: bool = True) -> Office:
    """The office over the database of the settings; nothing is connected yet."""
    return Office(Database(address(settings.database)), host, settings, serves=serves)
