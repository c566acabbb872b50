"""``make bench``, its part on reloads: how long they take, and how long questions take meanwhile.

A knowledge base of 1,000 entries with 6,000 phrasings, their vectors cached. An *edit* changes every tenth answer and
the phrasings of forty entries, and is grafted; after a *renaming* all phrasings are read anew, so that everything is
compiled. In a process of its own, on all cores, as Herald runs.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from benchmarks import large_knowledge
from bot.host import Host
from bot.service import open_service
from bot.settings import Settings

__all__ = ["main"]

_RATE = 20  # questions a second
_IDLE = 20.0  # seconds
_EDITS = 5
_RENAMINGS = 2


@dataclass
class _Asking:
    """Questions at a steady pace, and how long each took in milliseconds."""

    host: Host
    spent: list[float] = field(default_factory=list)

    async def go_on(self, done: Callable[[], bool]) -> None:
        """Asks until then."""
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number, question in enumerate(itertools.cycle(large_knowledge.QUESTIONS)):
                await asyncio.sleep(max(begun + number / _RATE - time.perf_counter(), 0))
                if done():
                    return
                tasks.create_task(self._ask(question))

    async def _ask(self, question: str) -> None:
        started = time.perf_counter()
        await self.host.ask(question, None, age_restricted=False)
        self.spent.append((time.perf_counter() - started) * 1000)

    def take(self) -> list[float]:
        """What was measured since the last time."""
        spent, self.spent = self.spent, []
        return spent


def main() -> None:
    """Measures and prints."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="herald-bench-") as folder:
        kb = large_knowledge.write(Path(folder) / "kb")
        service = open_service(Settings(knowledge_dir=kb, cache_dir=Path(folder) / "cache"))
        asyncio.run(_measure(Host(service.herald(), service), kb))


async def _measure(host: Host, kb: Path) -> None:
    asking = _Asking(host)
    until = time.perf_counter() + _IDLE
    await asking.go_on(lambda: time.perf_counter() >= until)
    idle = _slowest(asking.take())
    entries = host.knowledge.entries.values()
    print(f"\nreload of {len(entries)} entries with {sum(len(entry.questions) for entry in entries)} phrasings")
    print("                       seconds  (each)             p99 of questions ms  as a multiple of idle")
    print(f"idle {idle:58.1f}")
    for name, rename, count in (("edit", False, _EDITS), ("renaming", True, _RENAMINGS)):
        seconds = [await _reload(asking, kb, number, rename=rename) for number in range(1, count + 1)]
        meanwhile = _slowest(asking.take())
        each = " ".join(f"{one:.2f}" for one in seconds)
        print(f"{name:22} {statistics.median(seconds):7.2f}  ({each:28}) {meanwhile:9.1f} {meanwhile / idle:14.2f}")
    host.close()


async def _reload(asking: _Asking, kb: Path, number: int, *, rename: bool) -> float:
    """One reload with questions meanwhile; seconds until it is in service."""
    await asyncio.to_thread(large_knowledge.edit, kb, number, rename=rename)
    started = time.perf_counter()
    reload = asyncio.create_task(asking.host.reload())
    await asking.go_on(reload.done)
    seconds = time.perf_counter() - started
    if not (await reload).sections:
        raise RuntimeError("nothing was reloaded")
    return seconds


def _slowest(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=100, method="inclusive")[98]


if __name__ == "__main__":
    main()
