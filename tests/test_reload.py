"""Reload: checked whole, built aside, swapped in at once."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import building
from bot.errors import KnowledgeError
from bot.herald import Herald
from bot.knowledge import KnowledgeBase, load
from bot.reload import Build, Reloader, build_apart, build_here
from bot.service import Service, open_service
from bot.settings import Settings
from tests.support import Data, write_knowledge

QUESTION = "who hosted the harbor talk"
Starts = Callable[[], tuple[Herald, Service]]


@pytest.fixture
def start(tmp_path: Path, data: Data) -> Starts:
    """Starts a Herald over the small knowledge base in kb."""

    def started() -> tuple[Herald, Service]:
        folder = write_knowledge(tmp_path / "kb", data)
        service = open_service(Settings(knowledge_dir=folder, cache_dir=tmp_path / "cache", encoder=False))
        return service.herald(), service

    return started


@pytest.mark.parametrize("build", [build_apart, build_here])
class TestEitherWay:
    def test_what_changed_is_told_and_answers(self, tmp_path: Path, data: Data, start: Starts, build: Build) -> None:
        """The new version is in service as soon as the difference is told."""
        herald, service = start()
        data["entries"][0]["answer"] = "Ben Reed hosted it."
        write_knowledge(tmp_path / "kb", data)
        told = Reloader(herald, service, build).reload()
        assert [(s.section, [c.id for c in s.changed]) for s in told.sections] == [("entries", ["talk-host"])]
        assert herald.ask(QUESTION).text == "Ben Reed hosted it."
        assert herald.snapshot.knowledge.version == told.after != told.before

    def test_follow_ups_come_with_the_rest(self, tmp_path: Path, data: Data, start: Starts, build: Build) -> None:
        """Changed ones are told; they reach the snapshot in service."""
        herald, service = start()
        data["entries"][0]["follow_ups"] = {"tide-cost": ["how much was that"]}
        write_knowledge(tmp_path / "kb", data)
        told = Reloader(herald, service, build).reload()
        assert [change.keys for section in told.sections for change in section.changed] == [("follow_ups",)]
        assert herald.snapshot.knowledge.entries["talk-host"].follow_ups == {"tide-cost": ("how much was that",)}

    def test_every_problem_is_told_and_the_old_version_stays(
        self, tmp_path: Path, data: Data, start: Starts, build: Build
    ) -> None:
        """With file and line, in one go."""
        herald, service = start()
        before = herald.snapshot
        data["entries"][0]["sources"] = ["nowhere"]
        data["quotes"][0]["speaker"] = "nobody"
        write_knowledge(tmp_path / "kb", data)
        with pytest.raises(KnowledgeError) as error:
            Reloader(herald, service, build).reload()
        assert [(problem.file, problem.line) for problem in error.value.problems] == [
            ("entries.yaml", 8), ("quotes.yaml", 4),
        ]  # fmt: skip
        assert herald.snapshot is before

    def test_nothing_changed_swaps_nothing(self, start: Starts, build: Build) -> None:
        """The snapshot in service stays the same object."""
        herald, service = start()
        before = herald.snapshot
        assert Reloader(herald, service, build).reload().sections == ()
        assert herald.snapshot is before


def test_the_child_sends_the_same_knowledge_base(tmp_path: Path, start: Starts) -> None:
    """Every record and place, as if it had been read here."""
    _, service = start()
    assert build_apart(service) == load(tmp_path / "kb")


def test_the_child_leaves_it_compiled(tmp_path: Path, data: Data, start: Starts) -> None:
    """This process builds nothing; it takes the cache."""
    herald, service = start()
    data["people"][0]["name"] = "Ada Steen"  # by which every phrasing is read, so that it can't be a graft
    write_knowledge(tmp_path / "kb", data)
    knowledge = build_apart(service, build_apart(service))
    heard: list[str] = []
    herald.swap(service.snapshot(knowledge, lambda what, _done: heard.append(what)))
    assert (heard, herald.snapshot.whole) == ([], True)


def test_without_a_cache_to_write_it_works_here(tmp_path: Path, data: Data) -> None:
    """A child compiles nothing, as it could hand nothing over."""
    (tmp_path / "file").touch()
    settings = Settings(
        knowledge_dir=write_knowledge(tmp_path / "kb", data), cache_dir=tmp_path / "file" / "no", encoder=False
    )
    service = open_service(settings)
    herald = service.herald()
    data["people"][0]["name"] = "Ada Steen"
    data["entries"][0]["answer"] = "Ada Steen hosted it."
    write_knowledge(tmp_path / "kb", data)
    Reloader(herald, service).reload()
    assert (herald.ask(QUESTION).text, herald.snapshot.whole) == ("Ada Steen hosted it.", True)


def test_a_child_that_dies_is_done_without(start: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when memory ran out: the work is done here."""
    _, service = start()
    monkeypatch.setattr(building, "work", multiprocessing.current_process)  # it can't take these arguments
    assert build_apart(service).version == build_here(service).version


def test_the_child_says_how_many_threads_before_numpy_is_there() -> None:
    """It is asked only when it is loaded; more than one take many times as long on a busy machine."""
    code = "import sys, bot.building; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_taught_is_in_service_without_a_compile(tmp_path: Path, data: Data, start: Starts) -> None:
    """Nothing is built for it: that is left for later."""
    herald, service = start()
    data["entries"][0]["questions"].append("whose evening was it")
    taught = load(write_knowledge(tmp_path / "taught", data))
    reloader = Reloader(herald, service, unbuilt)
    reloader.adopt(taught)
    reloader.close()
    assert herald.ask("whose evening was it").text == "Ada Stone hosted it."
    assert not herald.snapshot.whole


def unbuilt(service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
    """A Build that must not be needed."""
    raise AssertionError(service, knowledge)
