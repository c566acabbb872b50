"""A question to ranked candidates to a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

import numpy as np

from bot.matching import evidence
from bot.matching.compiled import Compiled
from bot.matching.evidence import COLUMNS, Signals
from bot.matching.follow_ups import Likeness
from bot.matching.index import Label
from bot.matching.leftout import CANDIDATES
from bot.matching.semantic import Encoder, Vectors
from bot.matching.signals import embed
from bot.matching.utterance import Utterance, prepare

__all__ = ["Cover", "Match", "Matcher", "Ranked"]

Verdict = Literal["answer", "choices", "gap", "smalltalk", "unknown"]

EXACT = 0.99
_AKIN = 0.5  # cosine
_NAMED_GAP = 0.2  # head score from which a gap's own line is shown; below it the plain "the sources don't say"


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry that comes into question, its calibrated probability and the evidence for it, by column name."""

    entry: str
    probability: float
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """What the matcher makes of a question.

    Attributes:
        verdict: what to do.
        label: the class that decided: the entry that answers, the gap or the small talk; None for choices and unknown.
        candidates: the best entries, most probable first, those that are far behind the best one last.
        offered: entries worth offering when there is no answer, at most three.
        question: the question taken apart, for names in it.
        vector: of the question; None without an encoder.
    """

    verdict: Verdict
    label: Label | None
    candidates: tuple[Ranked, ...]
    offered: tuple[str, ...]
    question: Utterance
    vector: Vectors | None = field(default=None, repr=False, compare=False)

    @property
    def score(self) -> float:
        """Calibrated probability that the best candidate is right."""
        return self.candidates[0].probability if self.candidates else 0.0

    def weighed(self, chances: Mapping[str, float]) -> Match:
        """The same question with other candidates: entries and their probabilities, the best first."""
        evidence_of = {candidate.entry: candidate.evidence for candidate in self.candidates}
        ranked = (Ranked(entry, chance, evidence_of.get(entry, {})) for entry, chance in chances.items())
        return replace(self, candidates=tuple(islice(ranked, CANDIDATES)))

    def answering(self, chances: Mapping[str, float]) -> Match:
        """As :meth:`weighed`, answered by the best of them."""
        best = Label("entry", next(iter(chances)))
        return replace(self.weighed(chances), verdict="answer", label=best, offered=())


@dataclass(frozen=True, slots=True)
class Cover:
    """What a class holds of a question.

    Attributes:
        share: of its telling words, names apart, weighted by idf.
        uncovered: how many of these words it doesn't hold.
        missing: how many of the names asked for it doesn't speak of.
    """

    share: float
    uncovered: int
    missing: int


def _akin(candidate: Ranked) -> bool:
    """Whether an entry shares a telling word with the question or means about the same."""
    return candidate.evidence["cover-answer"] > 0 or candidate.evidence["nearest-semantic"] >= _AKIN


class Matcher:
    """Matches against one compiled knowledge base; safe to share between threads."""

    def __init__(self, compiled: Compiled, encoder: Encoder | None) -> None:
        self.compiled = compiled
        self._encoder = encoder
        if encoder:
            compiled.similarities.make_ready()
            compiled.follow_ups.similarities.make_ready()

    def match(self, text: str) -> Match:
        """Decides about one question; any text works."""
        question = prepare(text, self.compiled.index.lexicon)
        if not question.key:
            return Match("unknown", None, (), (), question)
        vector = embed([question], self._encoder.encode)[0] if self._encoder else None
        signals = self.compiled.similarities.signals(question, vector, self.compiled.head, self.compiled.index.starts)
        exact = self.compiled.index.exact.get(question.key)
        ranking = evidence.rank(self.compiled.index, signals.head, CANDIDATES)
        candidates = self._candidates(question, signals, ranking)
        if exact is not None:
            found = self._exact(exact, question, candidates)
        else:
            found = self._decide(question, signals, ranking, candidates)
        return replace(found, vector=vector)

    def follows(self, match: Match) -> Likeness:
        """How near a question, matched by this matcher, comes to what curators say is asked after each entry."""
        return self.compiled.follow_ups.likeness(match.question, match.vector)

    def cover(self, question: Utterance, label: Label) -> Cover:
        """How much of what a question says a class holds, its answer included."""
        index = self.compiled.index
        profile = index.profiles[index.positions[label]]
        weights = {term: index.idf(term) for term in question.telling if not term.startswith("n:")}
        held = [term for term in weights if term in profile.terms or term in profile.answer]
        share = sum(map(weights.__getitem__, held)) / sum(weights.values()) if weights else 1.0
        return Cover(share, len(weights) - len(held), len(question.names - profile.names))

    def knows(self, question: Utterance) -> bool:
        """Whether a question is a phrasing of one class, word for word."""
        return question.key in self.compiled.index.exact

    def _candidates(self, question: Utterance, signals: Signals, ranking: evidence.Ranking) -> tuple[Ranked, ...]:
        rows = evidence.gather(self.compiled.index, question, signals, ranking)
        if not len(rows):
            return ()
        probabilities = self.compiled.calibration.model.probability(rows)
        order = np.lexsort([-probabilities, ~ranking.contends(signals.head)])
        labels = self.compiled.index.labels
        return tuple(
            Ranked(
                labels[ranking.entries[i]].id,
                float(probabilities[i]),
                dict(zip(COLUMNS, map(float, rows[i]), strict=True)),
            )
            for i in order
        )

    def _exact(self, label: int, question: Utterance, candidates: Sequence[Ranked]) -> Match:
        found = self.compiled.index.labels[label]
        others = tuple(c for c in candidates if found.kind != "entry" or c.entry != found.id)
        if found.kind == "entry":
            own = next((c.evidence for c in candidates if c.entry == found.id), {})
            return Match("answer", found, (Ranked(found.id, EXACT, own), *others)[:CANDIDATES], (), question)
        verdict: Verdict = "smalltalk" if found.kind == "smalltalk" else "gap"
        return Match(verdict, found, others, self._offered(others), question)

    def _decide(
        self, question: Utterance, signals: Signals, ranking: evidence.Ranking, candidates: tuple[Ranked, ...]
    ) -> Match:
        best = candidates[0] if candidates else None
        sure = best and best.probability >= self.compiled.calibration.answer and not ranking.blocked(signals.head)
        if best and sure and not self.compiled.index.lexicon.garbled(question.key.split()):
            return Match("answer", Label("entry", best.entry), candidates, (), question)
        if ranking.lead(signals.head) > 0:
            verdict, label = self._rival(question, signals, ranking)
            return Match(verdict, label, candidates, self._near(verdict, candidates), question)
        offered = self._offered(candidates)
        return Match("choices" if offered else "unknown", None, candidates, offered, question)

    def _rival(self, question: Utterance, signals: Signals, ranking: evidence.Ranking) -> tuple[Verdict, Label | None]:
        """Whether a gap, small talk or the background stands in the way."""
        gap = float(signals.head[ranking.gap]) if ranking.gap >= 0 else -np.inf
        index = self.compiled.index
        if gap >= ranking.other:
            told = self._gap_told(question, signals, ranking.gap)
            return ("gap", index.labels[told]) if gap >= _NAMED_GAP else ("unknown", None)
        others = index.of_kind("smalltalk", "background")
        top = index.labels[int(others[np.argmax(signals.head[others])])]
        return ("smalltalk", top) if top.kind == "smalltalk" else ("unknown", None)

    def _gap_told(self, question: Utterance, signals: Signals, best: int) -> int:
        """The gap whose line is shown: the best one that speaks of all names asked for, if any is near enough.

        A template that makes an exception of a name is met by it all the same, before the gap of that name.
        """
        index = self.compiled.index
        gaps = [gap for gap in index.of_kind("gap").tolist() if signals.head[gap] >= _NAMED_GAP]
        fitting = [gap for gap in gaps if question.names <= index.profiles[gap].names]
        return max(fitting, key=signals.head.__getitem__, default=best)

    def _near(self, verdict: Verdict, candidates: Sequence[Ranked]) -> tuple[str, ...]:
        """What to offer beside a gap; none beside small talk, and only what shares words with the unheard-of."""
        if verdict == "smalltalk":
            return ()
        return self._offered(candidates if verdict == "gap" else [c for c in candidates if _akin(c)])

    def _offered(self, candidates: Sequence[Ranked]) -> tuple[str, ...]:
        offer = self.compiled.calibration.offer
        return tuple(c.entry for c in candidates if c.probability >= offer)[:3]
