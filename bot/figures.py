"""Figures for whoever watches Herald, in the form that Prometheus collects; never a word that a member typed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.reply import Kind
from bot.status import Status

__all__ = ["CONTENT_TYPE", "Depth", "Figures"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of :meth:`Figures.written`."""

Depth = Callable[[], float]
"""How much waits now."""

_Look = Callable[[], Mapping[str, float]]
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds
_SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_RELOAD = (1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


class Figures:
    """Counts and times of one process.

    What is counted is counted where it happens; what has a value at any time (depths of queues, the knowledge base,
    connections) is looked up when somebody asks.

    Attributes:
        registry: to add further figures to.
    """

    def __init__(self) -> None:
        values.ValueClass = values.MutexValue  # in memory, whatever PROMETHEUS_MULTIPROC_DIR is set for
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "herald_questions", "Questions by platform and by the kind of their reply.", ("platform", "kind"),
            registry=self.registry,
        )  # fmt: skip
        self._requests = Histogram(
            "herald_request_seconds", "Seconds from an event to its reply having been sent.", ("platform",),
            registry=self.registry, buckets=_SLOW,
        )  # fmt: skip
        self._matching = Histogram(
            "herald_match_seconds", "Seconds of work on a question, without waiting.", registry=self.registry,
            buckets=_FAST,
        )  # fmt: skip
        self._incidents = Counter(
            "herald_incidents", "Events that failed; the log has each.", ("platform",), registry=self.registry
        )
        self._reloads = Counter(
            "herald_reloads", "Reloads by result: changed, unchanged or failed.", ("result",), registry=self.registry
        )
        self._reloading = Histogram(
            "herald_reload_seconds", "Seconds of a reload.", registry=self.registry, buckets=_RELOAD
        )
        for result in ("changed", "unchanged", "failed"):
            self._reloads.labels(result)
        self._sampled = _Sampled()
        self.registry.register(self._sampled)
        ProcessCollector(registry=self.registry)

    def asked(self, platform: str, kind: Kind) -> None:
        """A question got a reply."""
        self._questions.labels(platform or "none", kind).inc()

    @contextmanager
    def request(self, platform: str) -> Iterator[None]:
        """Times an event until its reply was sent."""
        with self._requests.labels(platform).time():
            yield

    @contextmanager
    def matching(self) -> Iterator[None]:
        """Times the work on a question."""
        with self._matching.time():
            yield

    def incident(self, platform: str) -> None:
        """Something failed that a member awaited."""
        self._incidents.labels(platform).inc()

    @contextmanager
    def reload(self) -> Iterator[Callable[[object], None]]:
        """Times a reload, and notes what became of it: to what it yields goes whatever has changed."""
        began, results = time.perf_counter(), ["failed"]
        try:
            yield lambda changed: results.append("changed" if changed else "unchanged")
        finally:
            self._reloads.labels(results[-1]).inc()
            self._reloading.observe(time.perf_counter() - began)

    def queue(self, name: str, depth: Depth) -> None:
        """Shows how much waits in a queue from now on; a name that is given again counts for the new one."""
        self._sampled.queues[name] = depth

    def knowledge(self, look: Callable[[], Status]) -> None:
        """Shows the knowledge base in service, and its calibration, from now on."""
        self._sampled.status = look

    def gauge(self, name: str, what: str, label: str, look: _Look) -> None:
        """Shows values with a label from now on; for what has no method of its own here."""
        self._sampled.others[name] = lambda: _family(name, what, label, look())

    def counts(self, name: str, what: str, label: str, look: _Look) -> None:
        """As :meth:`gauge`, for what somebody else counts from the start on."""
        self._sampled.others[name] = lambda: _family(name, what, label, look(), CounterMetricFamily)

    def written(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self.registry)


class _Sampled(Collector):
    """Looks values up when they are asked for."""

    def __init__(self) -> None:
        self.queues: dict[str, Depth] = {}
        self.others: dict[str, Callable[[], Metric]] = {}
        self.status: Callable[[], Status] | None = None

    def describe(self) -> Iterable[Metric]:
        return ()  # or values would be looked up before there are any

    def collect(self) -> Iterator[Metric]:
        yield _family("herald_queue_depth", "What waits, by queue.", "queue", _depths(self.queues))
        for made in list(self.others.values()):
            yield made()
        if self.status:
            yield from _of(self.status())


def _depths(queues: Mapping[str, Depth]) -> Mapping[str, float]:
    return {name: float(depth()) for name, depth in list(queues.items())}


def _family(
    name: str,
    what: str,
    label: str,
    values: Mapping[str, float],
    kind: type[CounterMetricFamily] | type[GaugeMetricFamily] = GaugeMetricFamily,
) -> Metric:
    family = kind(name, what, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family


def _of(status: Status) -> Iterator[Metric]:
    calibrated, forecast = status.calibration, status.calibration.forecast
    counts = {"entries": status.entries, "quotes": status.quotes, "gaps": status.gaps}
    yield _family("herald_knowledge_info", "The knowledge base in service.", "version", {status.version: 1})
    yield _family("herald_knowledge_records", "Records of the knowledge base.", "section", counts)
    thresholds = {"answer": calibrated.answer, "offer": calibrated.offer}
    yield _family("herald_threshold", "Score from which Herald answers, or offers.", "decision", thresholds)
    expected = GaugeMetricFamily("herald_expected_precision", "Share of answers expected to be right.")
    expected.add_metric((), forecast.precision)
    yield expected
    uptime = GaugeMetricFamily("herald_uptime_seconds", "Seconds since the start.")
    uptime.add_metric((), status.uptime)
    yield uptime
