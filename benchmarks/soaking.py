"""What the soaks of all platforms share: a steady pace, reloads of an edited knowledge base, figures, and the end."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import soak_knowledge
from tests.adapters.process import BotProcess

__all__ = ["RATE", "SEED", "Reloads", "arguments", "ended", "paced", "percentiles", "variables"]

RATE = 20
"""Questions a second."""

SEED = 7
_RELOAD_EVERY = 5.0


@dataclass
class Reloads:
    """The reloads while it soaks.

    Attributes:
        seconds: that each took.
        refused: what those were answered with that did not say what changed.
    """

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def go_on(self, folder: Path, until: float, reload: Callable[[], Awaitable[str]]) -> None:
        """Edits and reloads every few seconds, or as soon as the reload before is done.

        Args:
            folder: of the knowledge base.
            reload: uses the command, and gives what it says.
        """
        for number in itertools.count(1):
            began = time.perf_counter()
            await asyncio.to_thread(soak_knowledge.edit, folder, number)
            report = await reload()
            now = time.perf_counter()
            self.seconds.append(now - began)
            if " -> " not in report:
                self.refused.append(report)
            if max(began + _RELOAD_EVERY, now) >= until:
                return
            await asyncio.sleep(began + _RELOAD_EVERY - now)

    def __str__(self) -> str:
        mean = statistics.mean(self.seconds) if self.seconds else 0
        return f"reloads {len(self.seconds)} ({mean:.1f} s each)  refused {len(self.refused)}"


def arguments(description: str) -> argparse.ArgumentParser:
    """The command line that every soak has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--no-encoder", action="store_true", help="run on the lexical half alone")
    return parser


def variables(folder: Path, cache: Path, *, encoder: bool) -> Mapping[str, str]:
    """The settings of the bot: its knowledge base, and no cooldown that is ever met."""
    return {
        "HERALD_KNOWLEDGE_DIR": str(folder),
        "HERALD_CACHE_DIR": str(cache),
        "HERALD_ENCODER": str(encoder).lower(),
        "HERALD_MEMBER_QUESTIONS": "10000",
        "HERALD_CHANNEL_QUESTIONS": "10000",
    }


async def paced(seconds: float) -> AsyncIterator[None]:
    """Comes round at a steady rate; a round that is late does not make the next ones late."""
    began = time.perf_counter()
    for number in range(round(seconds * RATE)):
        await asyncio.sleep(max(began + number / RATE - time.perf_counter(), 0))
        yield


def percentiles(spent: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile; zeros where there is next to nothing."""
    if len(spent) < 2:
        return 0.0, 0.0
    return statistics.median(spent), statistics.quantiles(spent, n=100, method="inclusive")[98]


async def ended(bot: BotProcess) -> bool:
    """Ends the bot; whether it ended as it should."""
    bot.tell(signal.SIGTERM)
    status = await bot.status()
    if status:
        print(f"the bot ended with {status}; it wrote:", *list(bot.lines)[-20:], sep="\n  ")
    return status == 0
