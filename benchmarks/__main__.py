"""``make bench``: time a question beside rapidfuzz in the same run, time to the first answer, memory, and reloads.

On one core, but for reloads (see :mod:`benchmarks.reload`). The questions are those of the shipped knowledge base's
checks; as long as it has none, its phrasings with a word left out.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.herald import Herald
from bot.knowledge import KnowledgeBase, load
from bot.matching.index import collect
from bot.service import open_service
from bot.settings import Settings, shipped_knowledge

__all__ = ["main"]

QUESTIONS = 200
WARM_UP = 20
STARTS = 3
SEED = 7


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds a question of one way to answer."""

    name: str
    median: float
    slowest: float


def main() -> None:
    """Measures and prints."""
    reloads = subprocess.run([sys.executable, "-m", "benchmarks.reload"], check=True, capture_output=True, text=True)
    _keep_to_one_core()
    knowledge = load(shipped_knowledge())
    asked = questions(knowledge)
    print(f"{len(knowledge.entries)} entries, {len(_phrasings(knowledge))} phrasings, {len(asked)} questions, one core")
    with tempfile.TemporaryDirectory(prefix="herald-bench-") as cache:
        # Compiled by the cold starts, in processes of their own: what they take stays out of what is measured here.
        starts = [line for encoder in (True, False) for line in _starts(Path(cache), encoder=encoder)]
        _print_times([*_rivals(knowledge, asked), *_heralds(knowledge, Path(cache), asked)])
    print("\nstart to first answer" + " " * 9 + "seconds  resident MB  peak MB")
    for line in starts:
        print(line)
    print(reloads.stdout, end="")


def _keep_to_one_core() -> None:
    """Children inherit it; where the system has no such call, the figures are those of all cores."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def questions(knowledge: KnowledgeBase) -> list[str]:
    """What is asked, in a fixed random order."""
    choice = random.Random(SEED)
    texts = [check.ask for check in knowledge.checks] or [
        _shortened(phrasing, choice) for entry in knowledge.entries.values() for phrasing in entry.questions
    ]
    return choice.sample(texts, min(QUESTIONS, len(texts)))


def _shortened(phrasing: str, choice: random.Random) -> str:
    words = phrasing.split()
    left_out = choice.randrange(len(words))
    return " ".join(word for place, word in enumerate(words) if place != left_out) or phrasing


def _phrasings(knowledge: KnowledgeBase) -> list[str]:
    return [phrasing for _, members in collect(knowledge) for phrasing in members]


def _rivals(knowledge: KnowledgeBase, asked: Sequence[str]) -> Iterator[Times]:
    """Whole-string fuzzy matching over the same phrasings."""
    phrasings = _phrasings(knowledge)
    for scorer in (fuzz.WRatio, fuzz.token_set_ratio):
        yield _timed(
            f"rapidfuzz {scorer.__name__}",
            lambda text, scorer=scorer: process.extractOne(text, phrasings, scorer=scorer),  # type: ignore[misc]
            asked,
        )


def _heralds(knowledge: KnowledgeBase, cache: Path, asked: Sequence[str]) -> Iterator[Times]:
    for encoder in (True, False):
        service = open_service(Settings(cache_dir=cache, encoder=encoder))
        herald = Herald(service.snapshot(knowledge))
        yield _timed("Herald with encoder" if service.encoder else "Herald without encoder", herald.ask, asked)


def _timed(name: str, answer: Callable[[str], object], asked: Sequence[str]) -> Times:
    for text in asked[:WARM_UP]:
        answer(text)
    spent = []
    for text in asked:
        started = time.perf_counter()
        answer(text)
        spent.append((time.perf_counter() - started) * 1000)
    return Times(name, statistics.median(spent), statistics.quantiles(spent, n=100, method="inclusive")[98])


def _print_times(rows: Sequence[Times]) -> None:
    """The first row is the measure of the others."""
    print("\nms a question                p50      p99   p50 as a share of WRatio")
    for row in rows:
        print(f"{row.name:24} {row.median:7.2f}  {row.slowest:7.2f}   {row.median / rows[0].median:7.3f}")


def _starts(cache: Path, *, encoder: bool) -> Iterator[str]:
    """One cold start, then the median of some warm ones."""
    half = "with encoder" if encoder else "without encoder"
    yield _line(f"cold, {half}", _start(cache, encoder=encoder))
    warm = sorted((_start(cache, encoder=encoder) for _ in range(STARTS)), key=lambda found: found["seconds"])
    yield _line(f"warm, {half}", warm[STARTS // 2])


def _line(name: str, found: dict[str, float]) -> str:
    return f"{name:28} {found['seconds']:8.2f}  {found['resident']:11.0f}  {found['peak']:7.0f}"


def _start(cache: Path, *, encoder: bool) -> dict[str, float]:
    """A process of its own; the seconds are those of the whole of it, with the interpreter and all imports."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("HERALD_")}
    given |= {
        "HERALD_CACHE_DIR": str(cache),
        "HERALD_ENCODER": str(encoder).lower(),
        "HERALD_KNOWLEDGE_DIR": str(shipped_knowledge()),
    }
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.start"], env=given, check=True, capture_output=True, text=True
    )
    whole = time.perf_counter() - started
    found: dict[str, float] = json.loads(run.stdout)
    return {**found, "seconds": whole}


if __name__ == "__main__":
    main()
