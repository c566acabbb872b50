"""Feeding a surface for a while: how many inputs, the slowest, and what crashed."""

from __future__ import annotations

import gc
import hashlib
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.cooldown import Clock
from tests.fuzz.harness import Feed, Surface
from tests.fuzz.mutating import mutated

__all__ = ["LIMIT", "Found", "Watch", "inputs"]

LIMIT = 0.2
"""Seconds of processor time that one input may take."""

_AGAIN = 2  # times that a slow input is tried again: the least counts, so that a busy machine or a collection doesn't


@dataclass
class Found:
    """What came of fuzzing a surface.

    Attributes:
        slowest: processor seconds of the slowest input.
        crashes: by where they happened: the traceback, and the input.
        slow: inputs that took too long, each time that they were tried.
    """

    name: str
    how: str
    seconds: float = 0.0
    inputs: int = 0
    slowest: float = 0.0
    crashes: dict[str, str] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.crashes and not self.slow

    def record(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def __str__(self) -> str:
        figures = f"{self.inputs:>9,} inputs in {self.seconds:>5.0f} s, slowest {self.slowest * 1000:>6.1f} ms"
        return f"{self.name:<12} {figures}, {len(self.crashes)} crashes, {len(self.slow)} too slow ({self.how})"


class Watch:
    """Feeds a surface, and notes what comes of it."""

    def __init__(
        self, surface: Surface, feed: Feed, how: str, keep: Path | None = None, clock: Clock = time.process_time
    ) -> None:
        """Takes a folder to keep inputs in that something is wrong with."""
        self.found = Found(surface.name, how)
        self._feed = feed
        self._keep = keep
        self._clock = clock
        self._surface = surface

    def warm_up(self) -> None:
        """Has all imported and cached that the seeds need; a seed that crashes raises."""
        for seed in self._surface.seeds():
            self._feed(seed)
        gc.collect()
        gc.freeze()

    def feed(self, data: bytes) -> None:
        """Feeds one input."""
        taken = self._timed(data)
        self.found.inputs += 1
        for _ in range(_AGAIN):
            if taken <= max(self.found.slowest, LIMIT / 2):
                break
            taken = min(taken, self._timed(data))
        self.found.slowest = max(self.found.slowest, taken)
        if taken > LIMIT:
            self.found.slow[self._kept(data)] = taken

    def _timed(self, data: bytes) -> float:
        began = self._clock()
        try:
            self._feed(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._crashed(data, error)
        return self._clock() - began

    def _crashed(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{type(error).__name__} {str(error)[:80]} {frames[-1].filename}:{frames[-1].lineno}"
        if where not in self.found.crashes:
            told = "".join(traceback.format_exception(error))
            self.found.crashes[where] = f"{told}input: {self._kept(data)}"

    def _kept(self, data: bytes) -> str:
        """An input, or the file that it is kept in."""
        if self._keep is None:
            return ascii(data[:2000])
        path = self._keep / f"{self._surface.name}-{hashlib.sha256(data).hexdigest()[:12]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)


def inputs(surface: Surface, seed: int, going: Callable[[], bool]) -> Iterator[bytes]:
    """Mutated seeds, as long as it goes on; always the same for the same number."""
    rng, seeds = Random(seed), surface.seeds()
    while going():
        yield mutated(seeds, rng, surface.most)
