"""What is counted and timed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.claims import Claim
from bot.errors import KnowledgeError
from bot.figures import Figures
from bot.guard import say_nothing
from bot.host import Host
from bot.request import begun
from tests.support import Data, write_knowledge
from tests.test_host import host, service

__all__ = ["host", "service"]


def samples(figures: Figures) -> dict[tuple[str, ...], float]:
    """Every value by name and labels (in the order of their names), as Prometheus reads them."""
    families = text_string_to_metric_families(figures.written().decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


async def test_questions_are_counted_by_platform_and_kind(host: Host) -> None:
    """What is no reply isn't; what comes from nowhere in particular counts as that."""
    with begun("discord"):
        await host.ask("who hosted the harbor talk", None, age_restricted=False)
        await host.quote("ada", None, None, age_restricted=False)
    await host.ask("hello", None, age_restricted=False)
    await host.why("host")
    found = samples(host.figures)
    assert found["herald_questions_total", "answer", "discord"] == 1
    assert found["herald_questions_total", "quote", "discord"] == 1
    assert found["herald_questions_total", "smalltalk", "none"] == 1
    assert found["herald_match_seconds_count",] == 4
    assert found["herald_queue_depth", "matching"] == 0


async def test_events_are_timed_and_failures_counted(host: Host) -> None:
    """From the event to the end of its work."""

    async def fine() -> None:
        await host.ask("host", None, age_restricted=False)

    async def broken() -> None:
        raise KeyError

    assert await host.serve("slack", fine, say_nothing, OSError)
    assert not await host.serve("slack", broken, say_nothing, OSError)
    found = samples(host.figures)
    assert found["herald_request_seconds_count", "slack"] == 2
    assert found["herald_incidents_total", "slack"] == 1
    assert found["herald_questions_total", "answer", "slack"] == 1


async def test_reloads_are_counted_by_result(tmp_path: Path, data: Data, host: Host) -> None:
    """Nothing new, something new, something wrong."""
    await host.reload()
    data["entries"][0]["answer"] = "Ben Reed hosted it."
    write_knowledge(tmp_path / "kb", data)
    await host.reload()
    data["entries"][0]["sources"] = ["nowhere"]
    write_knowledge(tmp_path / "kb", data)
    with pytest.raises(KnowledgeError):
        await host.reload()
    found = samples(host.figures)
    assert [found["herald_reloads_total", result] for result in ("unchanged", "changed", "failed")] == [1, 1, 1]
    assert found["herald_reload_seconds_count",] == 3


def test_the_knowledge_base_in_service_is_shown(host: Host) -> None:
    """Its version, what it holds and how it is calibrated."""
    found = samples(host.figures)
    assert found["herald_knowledge_info", host.knowledge.version] == 1
    assert found["herald_knowledge_records", "entries"] == 2
    assert found["herald_threshold", "answer"] >= found["herald_threshold", "offer"]
    assert 0 < found["herald_expected_precision",] <= 1
    assert found["process_resident_memory_bytes",] > 0


async def test_claims_are_counted(host: Host) -> None:
    """By how they were come by; one that is claimed already isn't."""
    for key in ("a", "b", "a"):
        await host.shared.claims.take(Claim(key))
    found = samples(host.figures)
    assert [found["herald_claims_total", how] for how in ("taken", "taken_over", "lost")] == [2, 0, 0]


def test_others_may_add_queues_and_values() -> None:
    """They are looked up when they are asked for; of two of the same name the later counts."""
    figures, waiting = Figures(), [1, 2]
    figures.queue("writer", lambda: 7)
    figures.queue("writer", lambda: len(waiting))
    figures.gauge("herald_claims", "Claims held.", "state", lambda: {"held": 3})
    waiting.append(3)
    found = samples(figures)
    assert (found["herald_queue_depth", "writer"], found["herald_claims", "held"]) == (3, 3)


def test_a_folder_that_other_programs_count_in_is_left_alone(tmp_path: Path) -> None:
    """Nor does it have to be there: what is counted stays in this process."""
    for folder in (tmp_path, tmp_path / "none"):
        code = "from bot.figures import Figures; made = Figures(); made.asked('slack', 'answer'); print(made.written())"
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert 'herald_questions_total{kind="answer",platform="slack"} 1.0' in done.stdout
        assert not list(tmp_path.iterdir())
