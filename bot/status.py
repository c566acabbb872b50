"""How a running Herald is doing: version, calibration, and how long its last questions took."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from bot.cooldown import Clock
from bot.herald import Herald
from bot.matching.calibration import Calibration

__all__ = ["Latencies", "Status", "render", "status"]

_KEPT = 1000
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Latencies:
    """Seconds that the last questions took, bounded; safe to share between threads."""

    def __init__(self, kept: int = _KEPT, clock: Clock = time.perf_counter) -> None:
        self._seconds: deque[float] = deque(maxlen=kept)
        self._clock = clock
        self._lock = Lock()

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Measures what is done inside; what fails isn't counted."""
        began = self._clock()
        yield
        with self._lock:
            self._seconds.append(self._clock() - began)

    def percentiles(self, *wanted: float) -> tuple[float, ...]:
        """The wanted percentiles (0 to 100) in seconds, by nearest rank; none before the first question."""
        with self._lock:
            ordered = sorted(self._seconds)
        return tuple(_nearest_rank(ordered, percent) for percent in wanted) if ordered else ()

    def __len__(self) -> int:
        """How many questions are remembered."""
        with self._lock:
            return len(self._seconds)


def _nearest_rank(ordered: Sequence[float], percent: float) -> float:
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


@dataclass(frozen=True, slots=True)
class Status:
    """A running Herald at one moment.

    Attributes:
        version: of the knowledge base in service.
        uptime: seconds since the start.
        asked: how many of the last questions ``p50`` and ``p99`` are taken from.
        p50, p99: seconds from question to reply; None before the first question.
        note: one line for the operator, such as that there is no encoder; may be empty.
    """

    version: str
    entries: int
    quotes: int
    gaps: int
    uptime: float
    calibration: Calibration = field(repr=False)
    asked: int = 0
    p50: float | None = None
    p99: float | None = None
    note: str = ""


def status(herald: Herald, latencies: Latencies, uptime: float, note: str = "") -> Status:
    """How Herald is doing now."""
    snapshot = herald.snapshot
    kb = snapshot.knowledge
    counts = (len(kb.entries), len(kb.quotes), len(kb.gaps))
    p50, p99 = latencies.percentiles(50, 99) or (None, None)
    return Status(kb.version, *counts, uptime, snapshot.matcher.compiled.calibration, len(latencies), p50, p99, note)


def render(status: Status) -> str:
    """A status as plain text, a line for each finding."""
    return "\n".join(_lines(status))


def _lines(status: Status) -> Iterator[str]:
    calibrated, forecast = status.calibration, status.calibration.forecast
    counts = f"{status.entries:,} entries, {status.quotes:,} quotes, {status.gaps:,} gaps"
    yield f"Knowledge base {status.version}: {counts}."
    yield f"Up for {_duration(status.uptime)}."
    yield f"Answers from {calibrated.answer:.2f}, offers near questions from {calibrated.offer:.2f}."
    met = "" if forecast.met else " (less than was asked for)"
    yield f"{forecast.precision:.1%} of the answers given are expected to be right{met}."
    if status.p50 is None or status.p99 is None:
        yield "No question was asked yet."
    else:
        yield f"Last {status.asked:,} questions: {status.p50 * 1000:.1f} ms (p50), {status.p99 * 1000:.1f} ms (p99)."
    if status.note:
        yield status.note


def _duration(seconds: float) -> str:
    """Seconds in the two largest units that tell."""
    whole = int(seconds)
    units = (
        (whole // _DAY, "d"),
        (whole % _DAY // _HOUR, "h"),
        (whole % _HOUR // _MINUTE, "min"),
        (whole % _MINUTE, "s"),
    )
    told = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(told[:2]) or "0 s"
