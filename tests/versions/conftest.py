"""What tests of versions share: processes over one database, without the time that compiling takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.knowledge import KnowledgeBase, load
from bot.knowledge.diff import Diff
from bot.matching.compiled import Progress
from bot.reload import Build, build_here
from bot.service import Service
from bot.settings import Settings
from bot.store.database import Database, address
from bot.versions.ledger import Edit
from bot.versions.overlay import Line
from bot.versions.publisher import Publisher
from tests.log import Log
from tests.support import Data, write_knowledge
from tests.town import town


@dataclass(frozen=True)
class Quick(Service):
    """A service that compiles nothing: its snapshots match by another knowledge base's index."""

    like: Snapshot = field(kw_only=True)

    def snapshot(self, knowledge: KnowledgeBase, progress: Progress = lambda *_: None) -> Snapshot:
        return replace(self.like, knowledge=knowledge)


class Watched(Host):
    """A host whose changes of knowledge base a test can wait for."""

    adopted: Log[str]

    async def adopt(self, knowledge: KnowledgeBase) -> Diff:
        changed = await super().adopt(knowledge)
        self.adopted.add(knowledge.version)
        return changed


@dataclass(frozen=True)
class Process:
    """A Herald of its own, as far as versions are concerned."""

    host: Watched
    publisher: Publisher

    @property
    def knowledge(self) -> KnowledgeBase:
        return self.host.knowledge

    def questions(self, entry: str) -> Sequence[str]:
        return self.knowledge.entries[entry].questions

    async def teach(self, *lines: Line, who: str = "discord:1") -> Diff:
        return await self.publisher.change(who, "teach", adding(*lines))

    async def until(self, holds: Callable[[KnowledgeBase], bool]) -> None:
        """Waits until what is in service is as wanted."""
        while not holds(self.knowledge):
            await self.host.adopted.next()


@dataclass
class Stage:
    """Processes over one database and one folder."""

    database: Database
    folder: Path
    like: Snapshot
    hosts: list[Host] = field(default_factory=list)
    data: Data = field(default_factory=town)

    def write(self) -> None:
        """Writes the data as it now is to the folder."""
        write_knowledge(self.folder, self.data)

    def process(
        self,
        database: Database | None = None,
        poll: float = 60,
        folder: Path | None = None,
        *,
        deploys: bool = True,
        build: Build = build_here,
    ) -> Process:
        """One that isn't started yet; it looks for versions only when it is told."""
        settings = Settings(knowledge_dir=folder or self.folder, cache_dir=self.folder.parent / "none")
        service = Quick(settings, None, "", like=self.like)
        read = load(settings.knowledge_folder)
        host = Watched(Herald(replace(self.like, knowledge=read)), service, build)
        host.adopted = Log("knowledge base adopted")
        self.hosts.append(host)
        return Process(host, Publisher(database or self.database, host, poll, deploys=deploys))

    def away(self) -> Database:
        """A PostgreSQL that isn't there."""
        return Database(address("postgresql://herald@127.0.0.1:1/none"))

    async def started(self, **more: Any) -> Process:
        """One that is."""
        made = self.process(**more)
        await made.publisher.start()
        return made


@pytest.fixture
def stage(database: Database, tmp_path: Path, lexical_snapshot: Snapshot) -> Iterator[Stage]:
    """Over the town's knowledge base."""
    made = Stage(database, tmp_path / "kb", lexical_snapshot)
    made.write()
    yield made
    for host in made.hosts:
        host.close()


def adding(*new: Line) -> Edit:
    """An edit that adds lines."""

    async def edit(connection: AsyncConnection, lines: Sequence[Line]) -> Sequence[Line]:
        return [*lines, *new]

    return edit


def without(*numbers: int) -> Edit:
    """An edit that takes lines away."""

    async def edit(connection: AsyncConnection, lines: Sequence[Line]) -> Sequence[Line]:
        return [line for line in lines if line.id not in numbers]

    return edit


def phrasing(question: str, entry: str = "camera") -> Line:
    """A phrasing to be taught."""
    return Line("phrasing", entry, {"questions": [question]})


def new_entry(name: str = "boat-name", **more: Any) -> Line:
    """A new entry to be taught."""
    record = {"questions": ["what was the boat called"], "answer": "The Gull.", "sources": ["hill-report"]}
    return Line("entry", name, {"id": name, **record, **more})
