"""The evidence that separates an answer from a near miss, for one question and its best few candidates.

Each column is one measured separator (see the module of that name in docs/matching.md): the head's score and its
margins, nearest and mean similarity, coverage of telling words against the best gap's, relation words, question type,
names that contradict, and lexical and semantic similarity apart. The same code serves questions and calibration; what
is left out there is left out of every statistic here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.matching.index import Index
from bot.matching.utterance import Utterance

__all__ = ["COLUMNS", "NOTHING", "LeftOut", "Ranking", "Signals", "gather", "rank"]

Scores = npt.NDArray[np.float32]

COLUMNS = (
    "head", "margin-entry", "margin-gap", "head-top3", "rank",
    "nearest-semantic", "nearest-lexical", "mean3-semantic", "mean3-lexical", "mean-semantic",
    "gap-semantic", "gap-lexical", "cover", "cover-answer", "cover-gap", "cover-over-gap",
    "uncovered-max", "uncovered-sum", "unknown-words", "names-missing", "names-shared", "names-over-gap",
    "kind", "kind-over-gap", "relations-missing", "relations-over-gap", "neighbors", "neighbors-gap",
    "length", "margin-talk",
)  # fmt: skip
_NEIGHBORS = 7
# The benefit of doubt, for entries against small talk and the background, which are mostly told by their own scores.
# Head scores of equally good classes differ by about this much; on an unseen round a strict comparison cost 5 points of
# right answers and saved 2 points of near misses.
_DOUBT = 0.1
# The share of the best entry's head score from which on another may answer in its place. The model of the evidence is
# flexible, and now and then sure of an entry far behind: on an unseen round and the samples this takes 2 points off the
# wrong answers.
_CONTENDS = 0.5


@dataclass(frozen=True)
class LeftOut:
    """What calibration leaves out: phrasings (rows of the index) and at most one whole class."""

    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    label: int = -1
    member_of: int = -1


NOTHING = LeftOut()


@dataclass(frozen=True)
class Signals:
    """One question's similarities to all phrasings, shape ``(n,)``, and head scores of all classes, shape ``(C,)``."""

    lexical: Scores
    semantic: Scores
    combined: Scores
    head: Scores


@dataclass(frozen=True)
class _Side:
    """How well one class fits a question."""

    semantic: float
    lexical: float
    mean3_semantic: float
    mean3_lexical: float
    mean_semantic: float
    cover: float
    cover_answer: float
    uncovered_max: float
    uncovered_sum: float
    names_missing: float
    names_shared: float
    kind: float
    relations_missing: float


_NO_SIDE = _Side(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Ranking:
    """The classes that come into question, best first."""

    entries: npt.NDArray[np.int64]
    gap: int
    other: float

    def lead(self, head: Scores) -> float:
        """How far the best gap, small talk or background is ahead of the best entry; negative where it is behind."""
        if not len(self.entries):
            return float(np.inf)
        gap = float(head[self.gap]) if self.gap >= 0 else -np.inf
        return max(gap, self.other) - float(head[self.entries].max())

    def contends(self, head: Scores) -> npt.NDArray[np.bool_]:
        """Which entries are near enough to the best one to answer, shape ``(len(entries),)``."""
        scores = head[self.entries]
        return np.asarray(scores >= _CONTENDS * scores.max(initial=0.0))

    def blocked(self, head: Scores) -> bool:
        """Whether a rival is ahead by more than a doubt, so that no entry may answer."""
        return self.lead(head) > _DOUBT


def rank(index: Index, head: Scores, count: int, left_out: LeftOut = NOTHING) -> Ranking:
    """The best entries, the best gap (-1 for none) and the best score of small talk and background."""
    scores = head.copy()
    if left_out.label >= 0:
        scores[left_out.label] = -np.inf
    entries = index.of_kind("entry")
    best = entries[np.argsort(-scores[entries], kind="stable")[:count]]
    gaps = index.of_kind("gap")
    gap = int(gaps[np.argmax(scores[gaps])]) if len(gaps) else -1
    others = index.of_kind("smalltalk", "background")
    return Ranking(best, gap, float(scores[others].max()) if len(others) else 0.0)


def gather(
    index: Index, question: Utterance, signals: Signals, ranking: Ranking, left_out: LeftOut = NOTHING
) -> npt.NDArray[np.float64]:
    """Evidence for each of the ranking's entries, shape ``(len(ranking.entries), len(COLUMNS))``."""
    measure = _Measure(index, question, signals, left_out)
    gap = measure.side(ranking.gap) if ranking.gap >= 0 else _NO_SIDE
    gap_score = float(signals.head[ranking.gap]) if ranking.gap >= 0 else 0.0
    heads: list[float] = signals.head[ranking.entries].astype(np.float64).tolist()
    best = sorted(heads, reverse=True)
    top3 = sum(best[:3])
    rows = []
    for position, entry in enumerate(ranking.entries):
        other = (best[1] if heads[position] == best[0] else best[0]) if len(best) > 1 else 0.0
        side = measure.side(int(entry))
        rows.append(
            [
                heads[position], heads[position] - other, heads[position] - gap_score,
                top3, float(position),
                side.semantic, side.lexical, side.mean3_semantic, side.mean3_lexical, side.mean_semantic,
                side.semantic - gap.semantic, side.lexical - gap.lexical,
                side.cover, side.cover_answer, gap.cover, side.cover - gap.cover,
                side.uncovered_max, side.uncovered_sum, measure.unknown,
                side.names_missing, side.names_shared, side.names_missing - gap.names_missing,
                side.kind, side.kind - gap.kind,
                side.relations_missing, side.relations_missing - gap.relations_missing,
                measure.neighbors(int(entry)), measure.gap_neighbors,
                np.log1p(len(question.tokens)), heads[position] - ranking.other,
            ]
        )  # fmt: skip
    return np.array(rows, np.float64).reshape(len(rows), len(COLUMNS))


class _Measure:
    """Measures classes against one question; what is left out stays out."""

    def __init__(self, index: Index, question: Utterance, signals: Signals, left_out: LeftOut) -> None:
        self._index = index
        self._question = question
        self._signals = signals
        self._left_out = left_out
        own = left_out.member_of >= 0
        self._idf = [index.idf(term, own=own) for term in question.telling]
        self._total = max(sum(self._idf), 1e-9)
        unseen = float(np.log(index.size + 1))
        self.unknown = float(sum(idf >= unseen for idf in self._idf))
        combined = signals.combined.copy()
        combined[left_out.rows] = -1
        nearest = np.argpartition(-combined, min(_NEIGHBORS, len(combined) - 1))[:_NEIGHBORS]
        self._near: list[int] = index.owner[nearest].tolist()
        self.gap_neighbors = sum(index.labels[label].kind == "gap" for label in self._near) / len(self._near)

    def neighbors(self, label: int) -> float:
        return self._near.count(label) / len(self._near)

    def side(self, label: int) -> _Side:
        semantic, lexical = self._similarities(label)
        cover, cover_answer, uncovered = self._coverage(label)
        missing, shared = self._names(label)
        return _Side(
            semantic[0], lexical[0], _mean(semantic[:3]), _mean(lexical[:3]), _mean(semantic),
            cover, cover_answer, max(uncovered, default=0.0), sum(uncovered),
            missing, shared, self._kind(label), self._relations(label),
        )  # fmt: skip

    def _similarities(self, label: int) -> tuple[list[float], list[float]]:
        """Semantic and lexical similarities to the class's phrasings, each from high to low."""
        begin, end = int(self._index.starts[label]), int(self._index.starts[label + 1])
        semantic, lexical = self._signals.semantic[begin:end], self._signals.lexical[begin:end]
        if label in (self._left_out.label, self._left_out.member_of):
            stayed = np.ones(end - begin, bool)
            stayed[self._left_out.rows - begin] = False
            semantic, lexical = semantic[stayed], lexical[stayed]
        if not len(semantic):
            return [0.0], [0.0]
        return sorted(semantic.tolist(), reverse=True), sorted(lexical.tolist(), reverse=True)

    def _own(self, label: int) -> int:
        """How many phrasings that equal the question itself are in the class's counts."""
        return int(label == self._left_out.member_of)

    def _coverage(self, label: int) -> tuple[float, float, list[float]]:
        """Idf-weighted share of telling terms in the phrasings, that with the answer, and idf of those in neither."""
        profile, own = self._index.profiles[label], self._own(label)
        cover = answered = 0.0
        uncovered = []
        for term, idf in zip(self._question.telling, self._idf, strict=True):
            if profile.terms.get(term, 0) > own:
                cover += idf
            elif term in profile.answer:
                answered += idf
            else:
                uncovered.append(idf)
        return cover / self._total, (cover + answered) / self._total, uncovered

    def _names(self, label: int) -> tuple[float, float]:
        names = self._index.profiles[label].names
        asked = self._question.names
        return float(len(asked - names)), float(len(asked & names))

    def _kind(self, label: int) -> float:
        profile, own = self._index.profiles[label], self._own(label)
        return (profile.kinds.get(self._question.kind, 0) - own + 0.5) / (profile.size - own + 1)

    def _relations(self, label: int) -> float:
        profile, own = self._index.profiles[label], self._own(label)
        missing = [
            group
            for group in self._question.relations
            if profile.relations.get(group, 0) <= own and group not in profile.answer_relations
        ]
        return float(len(missing))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
