"""How Herald is doing: knowledge base, encoder, cache, calibration and times, as plain text."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from bot.herald import Herald
from bot.knowledge import load
from bot.matching import cache
from bot.matching.calibration import Calibration, Forecast
from bot.matching.compiled import Progress
from bot.matching.files import unwritable
from bot.service import Service

__all__ = ["Report", "examine", "unmet"]

_QUESTIONS = 60


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        cached: whether the compiled knowledge base was in the cache before.
        start: seconds from settings to the first answer.
        times: seconds of some questions.
    """

    service: Service
    herald: Herald
    cached: bool
    start: float
    times: Sequence[float]

    def render(self) -> str:
        """The whole report, a line for each finding."""
        rows = [*self._setup(), *self._calibration(), *self._speed()]
        return "\n".join([*(f"{name:<16} {value}" for name, value in rows), "", *_curve(self._calibrated)])

    @property
    def _calibrated(self) -> Calibration:
        return self.herald.snapshot.matcher.compiled.calibration

    def _setup(self) -> Iterator[tuple[str, str]]:
        kb, settings = self.herald.snapshot.knowledge, self.service.settings
        yield "knowledge", f"version {kb.version}, {settings.knowledge_folder}"
        yield (
            "",
            f"{len(kb.entries):,} entries, {len(kb.quotes):,} quotes, {len(kb.gaps):,} gaps, {len(kb.checks):,} checks",
        )
        yield "encoder", self.service.note or (self.service.encoder.digest if self.service.encoder else "none")
        why = unwritable(settings.cache_folder)
        refused = f", can't be written: {why}" if why else ""
        yield "cache", f"{settings.cache_folder} ({'compiled before' if self.cached else 'compiled just now'}{refused})"

    def _calibration(self) -> Iterator[tuple[str, str]]:
        calibrated, forecast = self._calibrated, self._calibrated.forecast
        yield "thresholds", f"answer from {calibrated.answer:.2f}, offer from {calibrated.offer:.2f}"
        yield "precision", _precision(forecast, self.service.settings.precision)
        yield "forecast", _of_checks(forecast)
        yield (
            "",
            (
                f"left out: {forecast.phrasings_right:.1%} of phrasings answered right (a floor), "
                f"{forecast.gaps_false:.1%} of gaps answered (a ceiling)"
            ),
        )

    def _speed(self) -> Iterator[tuple[str, str]]:
        yield "start", f"{self.start:.2f} s to the first answer"
        if self.times:
            middle, most = 1000 * median(self.times), 1000 * max(self.times)
            yield "question", f"{middle:.1f} ms (p50 of {len(self.times)}), {most:.1f} ms at most"


def _precision(forecast: Forecast, wanted: float) -> str:
    if not forecast.enough:
        few = f"measured on {forecast.asked:,} questions, too few to tell whether HERALD_PRECISION={wanted:g} is met"
        return f"{forecast.precision:.1%}, {few}: write more checks, entries and gaps"
    return f"{forecast.precision:.1%} expected, HERALD_PRECISION={wanted:g} is {'met' if forecast.met else 'NOT met'}"


def _of_checks(forecast: Forecast) -> str:
    if not forecast.checks:
        return "no checks to measure on"
    return (
        f"{forecast.checks:,} checks: {forecast.checks_right:.1%} right, {forecast.checks_wrong:.1%} wrong, "
        f"{forecast.checks_false:.1%} of the unanswerable answered"
    )


def _curve(calibration: Calibration) -> Iterator[str]:
    yield "threshold  precision  answered right"
    yield from (f"{t:9.2f}  {p:9.1%}  {right:14.1%}" for t, p, right in calibration.forecast.curve)


def examine(service: Service, began: float, progress: Progress) -> Report:
    """Looks at everything.

    Args:
        began: when the start began, by :func:`time.perf_counter`.

    Raises:
        KnowledgeError: the knowledge base has problems.
    """
    knowledge = load(service.settings.knowledge_folder)
    cached = cache.load(service.settings.cache_folder, service.cache_key(knowledge)) is not None
    herald = Herald(service.snapshot(knowledge, progress))
    herald.ask("hello")
    start = time.perf_counter() - began
    questions = [entry.questions[-1] for entry in islice(knowledge.entries.values(), _QUESTIONS)]
    return Report(service, herald, cached, start, [_timed(herald, question) for question in questions])


def _timed(herald: Herald, question: str) -> float:
    started = time.perf_counter()
    herald.ask(question)
    return time.perf_counter() - started


def unmet(herald: Herald, precision: float) -> str:
    """One line that says so where the wanted precision can't be met; empty where it can."""
    forecast = herald.snapshot.matcher.compiled.calibration.forecast
    if forecast.met:
        return ""
    return (
        f"HERALD_PRECISION={precision:g} can't be met with this knowledge base: "
        f"expect {forecast.precision:.1%} of the answers to be right (see herald doctor)."
    )
