"""What every platform runs Herald with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import citations, notices
from bot.errors import KnowledgeError
from bot.host import Host
from bot.knowledge import KnowledgeBase
from bot.reload import build_here
from bot.service import Service, open_service
from bot.settings import Settings
from tests.support import Data, write_knowledge


@pytest.fixture
def service(tmp_path: Path, data: Data) -> Service:
    folder = write_knowledge(tmp_path / "kb", data)
    return open_service(Settings(knowledge_dir=folder, cache_dir=tmp_path / "cache", encoder=False))


@pytest.fixture
def host(service: Service) -> Iterator[Host]:
    made = Host(service.herald(), service, build_here)
    yield made
    made.close()


async def test_every_way_in_gives_the_reply(host: Host) -> None:
    """As Herald's own."""
    assert (await host.ask("who hosted the harbor talk", None, age_restricted=False)).entry == "talk-host"
    assert (await host.entry("talk-host", None, age_restricted=False)).entry == "talk-host"
    assert (await host.quote("ada", None, None, age_restricted=False)).kind == "quote"
    assert (await host.why("host")).match.candidates
    assert host.status().asked == 3


async def test_the_loop_goes_on_while_it_reloads(tmp_path: Path, data: Data, service: Service) -> None:
    """Questions are answered by the old version until the new one is there."""
    go = threading.Event()

    def slow(service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
        assert go.wait(10)
        return build_here(service, knowledge)

    host = Host(service.herald(), service, slow)
    data["entries"][0]["answer"] = "Ben Reed hosted it."
    write_knowledge(tmp_path / "kb", data)
    reload = asyncio.create_task(host.reload())
    assert (await host.ask("host", None, age_restricted=False)).text == "Ada Stone hosted it."
    assert not reload.done()
    go.set()
    assert (await reload).sections
    assert (await host.ask("host", None, age_restricted=False)).text == "Ben Reed hosted it."
    host.close()


async def test_a_reload_that_fails_raises_every_problem(tmp_path: Path, data: Data, host: Host) -> None:
    data["entries"][0]["sources"] = ["nowhere"]
    write_knowledge(tmp_path / "kb", data)
    with pytest.raises(KnowledgeError):
        await host.reload()


async def test_completions_and_topics_follow_a_reload(tmp_path: Path, data: Data, host: Host) -> None:
    """They are made once for each version."""
    assert host.completions(age_restricted=False) is host.completions(age_restricted=False)
    assert host.topics(age_restricted=True).age_restricted
    data["entries"][0]["questions"] = ["who was the captain"]
    write_knowledge(tmp_path / "kb", data)
    await host.reload()
    assert [c.entry for c in host.completions(age_restricted=False).questions("captain")] == ["talk-host"]


def test_citations(knowledge: KnowledgeBase) -> None:
    """Sources with the event that each reports; for a quote also who said it and where."""
    cited = citations.of_entry(knowledge, "tide-story")
    assert cited
    assert [(s.id, event) for s, event in zip(cited.sources, cited.events, strict=True)] == [
        ("harbor-report", "the harbor talk"), ("hill-report", ""),
    ]  # fmt: skip
    quoted = citations.of_quote(knowledge, "on-light")
    assert quoted
    assert quoted.quote
    assert quoted.quote.speaker == "Ada Stone"
    assert citations.of_entry(knowledge, "on-light") is citations.of_quote(knowledge, "talk-host") is None


def test_notices(knowledge: KnowledgeBase) -> None:
    """Whole seconds, rounded up; each incident its own id; what Herald knows."""
    assert "1 second." in notices.too_fast(0.01)
    assert "3 seconds." in notices.too_fast(2.5)
    assert notices.apology()[0] != notices.apology()[0]
    assert "2 questions" in notices.about(knowledge)
