"""Left-out questions as examples for calibration, from a compiled index and the knowledge base's checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import Check
from bot.matching import evidence
from bot.matching.calibration import Example, Group
from bot.matching.evidence import LeftOut, Signals
from bot.matching.head import Fit
from bot.matching.index import Index
from bot.matching.semantic import Vectors
from bot.matching.signals import Similarities, combine
from bot.matching.utterance import Utterance

__all__ = ["CANDIDATES", "Bench", "Sample", "check_examples", "choose", "left_out_examples"]

CANDIDATES = 5
_SAME = 0.75  # cosine of two answers that say about the same
_PER_ENTRY = 2
_PHRASINGS = 700  # of entries; a thousandth more or less of the forecast isn't worth the time of more
_GAPS = 90
_GAP_SIZE = 40
_PER_GAP = 8
_LEFT_OUT = 3_000  # phrasings of gaps left out whole: each takes memory for its similarities to all
_COPY = 0.85  # similarity to a phrasing
_SEED = 20131218


@dataclass(frozen=True)
class Sample:
    """Which phrasings are left out one by one, and which gaps as a whole (class to its phrasings)."""

    phrasings: npt.NDArray[np.int64]
    gaps: Mapping[int, npt.NDArray[np.int64]]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """All phrasings concerned, ascending."""
        return np.unique(np.concatenate([self.phrasings, *self.gaps.values()])).astype(np.int64)


def choose(index: Index, kept: npt.NDArray[np.int64]) -> Sample:
    """A fixed random sample: a few phrasings of every entry, and some gaps (entries, where there are no gaps).

    Args:
        kept: the phrasings to choose from, ascending: those that the head is fitted on.
    """
    random = np.random.default_rng(_SEED)
    rows = np.split(kept, np.searchsorted(kept, index.starts[1:-1]))
    entries = [random.permutation(rows[int(label)])[:_PER_ENTRY] for label in index.of_kind("entry")]
    gaps = [int(label) for label in index.of_kind("gap") if len(index.rows(int(label))) <= _GAP_SIZE]
    gaps = gaps or list(map(int, index.of_kind("entry")))
    picked = _within(random.permutation(gaps)[:_GAPS].astype(int).tolist(), rows)
    phrasings = np.concatenate([np.zeros(0, np.int64), *entries])
    if len(phrasings) > _PHRASINGS:
        phrasings = random.permutation(phrasings)[:_PHRASINGS]
    return Sample(phrasings, {int(gap): rows[int(gap)] for gap in picked})


def _within(labels: Sequence[int], rows: Sequence[npt.NDArray[np.int64]]) -> Sequence[int]:
    """The first classes that together have no more phrasings than can be left out; one at least."""
    totals = np.cumsum([len(rows[label]) for label in labels])
    return labels[: max(int(np.searchsorted(totals, _LEFT_OUT, side="right")), 1)]


@dataclass(frozen=True)
class Bench:
    """What every example is made from.

    Attributes:
        answers: vectors of the entries' answers, or None.
    """

    index: Index
    similarities: Similarities
    fit: Fit
    answers: Vectors | None

    def example(
        self, group: Group, question: Utterance, signals: Signals, left_out: LeftOut, right: set[int]
    ) -> Example:
        ranking = evidence.rank(self.index, signals.head, CANDIDATES, left_out)
        columns = evidence.gather(self.index, question, signals, ranking, left_out)
        marked = np.array([float(entry in right) for entry in ranking.entries])
        keep, contends = self._keep(ranking.entries, right), ranking.contends(signals.head)
        return Example(group, columns, marked, keep, contends, ranking.blocked(signals.head))

    def _keep(self, entries: npt.NDArray[np.int64], right: set[int]) -> npt.NDArray[np.bool_]:
        if self.answers is None or not right:
            return np.ones(len(entries), bool)
        alike = np.max(self.answers[entries] @ self.answers[list(right)].T, axis=1) >= _SAME
        return np.asarray(~alike | np.array([int(entry) in right for entry in entries], bool))


@dataclass(frozen=True)
class _Rows:
    """The phrasings ``rows`` as questions, with their similarities to all; no semantic ones without an encoder."""

    rows: npt.NDArray[np.int64]
    lexical: Vectors
    semantic: Vectors | None

    def signals(self, row: int, head: npt.NDArray[np.float32]) -> Signals:
        place = int(np.searchsorted(self.rows, row))
        lexical = self.lexical[place]
        semantic = lexical if self.semantic is None else self.semantic[place]
        return Signals(lexical, semantic, combine(lexical, semantic), head)


def left_out_examples(bench: Bench, sample: Sample) -> Iterator[Example]:
    """Phrasings left out, then gaps left out whole, then gap phrasings left out alone."""
    index, fit = bench.index, bench.fit
    vectors, lexical = bench.similarities.vectors, bench.similarities.lexical.between(fit.rows)
    semantic = None if vectors is None else vectors[fit.rows] @ vectors.T
    asked = _Rows(fit.rows, lexical, semantic)
    for row in map(int, sample.phrasings):
        yield _one_left_out(bench, asked, "phrasing", row, {int(index.owner[row])})
    for label, rows in sample.gaps.items():
        heads = fit.left_out(rows)
        for row, head in list(zip(map(int, rows), heads, strict=True))[:_PER_GAP]:
            signals = asked.signals(row, head)
            yield bench.example("gap", index.utterances[row], signals, LeftOut(index.rows(label), label), set())
        for row in map(int, rows[:2]):
            yield _one_left_out(bench, asked, "gap-phrasing", row, set())


def _one_left_out(bench: Bench, asked: _Rows, group: Group, row: int, right: set[int]) -> Example:
    rows = np.array([row])
    signals = asked.signals(row, bench.fit.left_out(rows)[0])
    left_out = LeftOut(rows, member_of=int(bench.index.owner[row]))
    return bench.example(group, bench.index.utterances[row], signals, left_out, right)


def check_examples(
    bench: Bench, checks: Sequence[tuple[Check, Utterance]], vectors: Vectors | None
) -> Iterator[Example]:
    """The folder's checks; those that expect no entry count as unanswerable.

    Args:
        checks: each with its question taken apart.
        vectors: of these questions, shape ``(len(checks), width)``.
    """
    index = bench.index
    entries = {index.labels[label].id: int(label) for label in index.of_kind("entry")}
    telling = [
        number
        for number, (check, question) in enumerate(checks)
        if question.key not in index.exact and set(check.expect) - {"smalltalk", "quote"}
    ]
    asked = [checks[number][1] for number in telling]
    meant = None if vectors is None else vectors[telling]
    found = bench.similarities.signals_of_all(asked, meant, bench.fit.head, index.starts)
    for number, signals in zip(telling, found, strict=True):
        check, question = checks[number]
        right = {entries[name] for name in check.expect if name in entries}
        if not _copied(index, signals, right):
            yield bench.example("check" if right else "check-unknown", question, signals, evidence.NOTHING, right)


def _copied(index: Index, signals: Signals, right: set[int]) -> bool:
    """Whether curators have since made a phrasing of a check: it then says nothing about questions not seen before."""
    labels = right or set(map(int, index.of_kind("gap")))
    return any(float(signals.combined[index.rows(label)].max()) >= _COPY for label in labels)
