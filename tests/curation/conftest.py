"""Fixtures of curation: a database with its writer, and what is built on it and Herald."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.curation.inbox import Inbox
from bot.curation.journal import Journal
from bot.curation.teaching import Teacher
from bot.host import Host
from bot.store.database import Database
from bot.store.writer import Writer
from bot.versions.publisher import Publisher
from tests.curation.support import Asking
from tests.support import Clock


@pytest.fixture
def now() -> Clock:
    """The time of day, which a test moves; it begins in November 2026."""
    return Clock(1_795_000_000.0)


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    """A writer at work."""
    made = Writer(database)
    made.start()
    yield made
    await made.close()
    assert made.dropped == 0


@pytest.fixture
def journal(database: Database, writer: Writer, host: Host, now: Clock) -> Journal:
    """A journal that keeps questions."""
    return Journal(database, writer, host, clock=now)


@pytest.fixture
def inbox(database: Database, host: Host) -> Inbox:
    """The inbox over the same database."""
    return Inbox(database, host)


@pytest.fixture
def asking(host: Host, journal: Journal, writer: Writer) -> Asking:
    """Members who ask."""
    return Asking(host, journal, writer)


@pytest.fixture
async def publisher(database: Database, host: Host) -> Publisher:
    """What puts versions into service; the town is the first."""
    made = Publisher(database, host)
    await made.start()
    return made


@pytest.fixture
def teacher(database: Database, host: Host, inbox: Inbox, publisher: Publisher, now: Clock) -> Teacher:
    """Does what curators decide."""
    return Teacher(database, host, inbox, publisher, now)
