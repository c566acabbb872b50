"""Grafts are compiled whole by and by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import structlog

from bot.herald import Herald
from bot.knowledge import KnowledgeBase, load
from bot.reload import build_here
from bot.service import Service, open_service
from bot.settings import Settings
from bot.settling import Settler
from tests.support import Data, write_knowledge

PHRASING = "whose evening was it"
SOON, NEVER, LONG = 0.0, 3600.0, 30.0


class Bench:
    """Herald over the small knowledge base, with a graft of it."""

    def __init__(self, folder: Path, data: Data) -> None:
        kb = write_knowledge(folder / "kb", data)
        self.service = open_service(Settings(knowledge_dir=kb, cache_dir=folder / "cache", encoder=False))
        self.herald = self.service.herald()
        data["entries"][0]["questions"].append(PHRASING)
        self.taught = load(write_knowledge(folder / "taught", data))
        self.settlers: list[Settler] = []
        self.compiled: list[str] = []
        self.begun = Event()

    def teach(self) -> None:
        """Puts the graft into service."""
        self.herald.swap(self.service.snapshot(self.taught))
        assert not self.herald.snapshot.whole

    def compile(self, service: Service, knowledge: KnowledgeBase) -> None:
        """As a child process would."""
        self.compiled.append(knowledge.version)
        service.compiled(knowledge)
        self.begun.set()

    def settler(self, delay: float) -> Settler:
        """One that is closed in the end."""
        self.settlers.append(Settler(self.herald, self.service, self.compile, delay))
        return self.settlers[-1]


@pytest.fixture
def bench(tmp_path: Path, data: Data) -> Iterator[Bench]:
    """Where a graft waits to be compiled."""
    made = Bench(tmp_path, data)
    yield made
    for settler in made.settlers:
        settler.close()


def test_the_same_version_is_whole_then(bench: Bench) -> None:
    """And what was taught still answers."""
    bench.teach()
    assert bench.settler(NEVER).settle()
    assert bench.herald.snapshot.whole
    assert bench.herald.snapshot.knowledge is bench.taught
    assert bench.herald.ask(PHRASING).text == "Ada Stone hosted it."


def test_what_is_whole_is_left_alone(bench: Bench) -> None:
    """There is nothing to do."""
    before = bench.herald.snapshot
    settler = bench.settler(SOON)
    settler.changed()
    assert settler.settle()
    assert bench.herald.snapshot is before
    assert bench.compiled == []


def test_it_begins_by_itself_when_nothing_changes_any_more(bench: Bench) -> None:
    """In a thread of its own."""
    bench.teach()
    bench.settler(SOON).changed()
    assert bench.begun.wait(LONG)


def test_each_change_puts_it_off(bench: Bench) -> None:
    """One compile for all of them."""
    bench.teach()
    settler = bench.settler(NEVER)
    for _ in range(3):
        settler.changed()
    assert bench.compiled == []
    assert settler.settle()
    assert bench.compiled == [bench.taught.version]


def test_a_newer_version_is_not_overwritten(bench: Bench) -> None:
    """What came into service meanwhile stays."""
    newer = bench.herald.snapshot

    def compile_slowly(service: Service, knowledge: KnowledgeBase) -> None:
        build_here(service, knowledge)
        bench.herald.swap(newer)

    bench.teach()
    assert not Settler(bench.herald, bench.service, compile_slowly, NEVER).settle()
    assert bench.herald.snapshot is newer


def test_where_it_cannot_be_compiled_the_graft_goes_on(bench: Bench) -> None:
    """One line says so."""
    done = Event()

    def fail(service: Service, knowledge: KnowledgeBase) -> None:
        del service, knowledge
        raise MemoryError

    def heard(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        if event["event"] == "graft not compiled":
            done.set()
        raise structlog.DropEvent

    bench.teach()
    structlog.configure(processors=[heard])
    try:
        Settler(bench.herald, bench.service, fail, SOON).changed()
        assert done.wait(LONG)
    finally:
        structlog.reset_defaults()
    assert bench.herald.ask(PHRASING).text == "Ada Stone hosted it."
    assert not bench.herald.snapshot.whole


def test_a_snapshot_follows_only_the_one_it_is_meant_for(bench: Bench) -> None:
    """Swapping compares and sets in one step."""
    first, second = bench.herald.snapshot, bench.service.snapshot(bench.taught)
    assert bench.herald.swap(second, instead_of=first)
    assert not bench.herald.swap(first, instead_of=first)
    assert bench.herald.snapshot is second
    assert isinstance(bench.herald, Herald)
