"""Finding quotes: by speaker and topic, and by their own half-remembered words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from bot.knowledge.model import KnowledgeBase, Quote
from bot.matching import text
from bot.matching.lexicon import Lexicon
from bot.matching.quoted_in import quoted_in
from bot.matching.semantic import Encoder, Vectors
from bot.matching.signals import Encode
from bot.matching.speakers import Speakers
from bot.matching.utterance import STOPS, Utterance, prepare

__all__ = ["Found", "QuoteIndex", "QuoteVectors", "Spoken", "build", "texts_of", "vectors"]

Scores = npt.NDArray[np.float32]

# A line counts as found from here on; measured against every other quote of the knowledge base (see tests).
LINE_FOUND = 0.56
LINE_FOUND_UNMARKED = 0.68
_SHORTEST_LINE = 8  # characters
_TIE_BREAK = 0.01
_FITS = 0.32  # a quote fits a topic from here on: the middle of the plateau on sixteen rounds ...
_FITS_WORDS = 0.3  # ... and where words are all there is, from nine tenths of a topic on
# What counts how much in a quote's fit: the plateau on 664 requests of sixteen rounds, where all together put the right
# quote first for 97 of 100 and each alone for 72 (covered), 74 (words), 82 (told) and 91 (topics).
_WEIGHTS = {"told": 0.6, "covered": 0.3, "words": 0.1, "topics": 0.8}
_NEAREST = 3  # topics: one alone may be near by chance, of all twenty most are on something else
_ASKING = 0.15  # what a quote that only asks about a topic is worth less than one that says something about it
_SHORT = 0.05  # what a quote that says little without its context ("Samantha.") is worth less; of 256, two more right
_SAYS_SOMETHING = 6  # words
_LEAST = 0.3  # weight of a word that every quote has


@dataclass(frozen=True, slots=True)
class Found:
    """A quote and how well it fits, 0 to 1."""

    quote: Quote
    fit: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """The quote that holds a line; ``exact`` where the line stands in it word for word."""

    quote: Quote
    fit: float
    exact: bool


@dataclass(frozen=True)
class _Prepared:
    quote: Quote
    words: str
    stems: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True)
class QuoteVectors:
    """Vectors of each quote's words, shape ``(quotes, width)``, and of each of its topics, one quote after another."""

    words: Vectors
    topics: Vectors


@dataclass(frozen=True)
class QuoteIndex:
    """The quotes of a knowledge base made ready for search.

    Attributes:
        told_by: entry to the quotes that it tells.
        idf, stem_idf: how telling a term, or a stem of the words spoken, is among the quotes.
        encoder, vectors: None where quotes are found by words alone.
    """

    knowledge: KnowledgeBase
    lexicon: Lexicon
    prepared: tuple[_Prepared, ...]
    told_by: Mapping[str, frozenset[str]]
    idf: dict[str, float]
    stem_idf: dict[str, float]
    encoder: Encoder | None
    vectors: QuoteVectors | None

    def beside(self, knowledge: KnowledgeBase, lexicon: Lexicon) -> QuoteIndex:
        """The same quotes in a knowledge base with other entries."""
        return replace(self, knowledge=knowledge, lexicon=lexicon, told_by=quoted_in(knowledge))

    @cached_property
    def speakers(self) -> Speakers:
        """Everybody who may be asked for."""
        return Speakers(self.knowledge, self.lexicon, frozenset(p.quote.speaker for p in self.prepared))

    def by_topic(
        self, speakers: Collection[str] | None, about: str, likely: Mapping[str, float] | None = None
    ) -> list[Found]:
        """Quotes that fit, best first.

        Args:
            speakers: ids of who may speak; None for anybody.
            about: the topic in words; empty for any.
            likely: entries that may be meant, with their probability: what they tell fits better.
        """
        speakers = self.speakers.on(about, speakers)
        rows = [i for i, p in enumerate(self.prepared) if speakers is None or p.quote.speaker in speakers]
        topic = prepare(about, self.lexicon)
        wanted = [term for term in topic.telling if term.removeprefix("n:") not in (speakers or ())]
        if topic.key and not topic.telling:
            return self._by_meaning(rows, topic)
        if not wanted:
            telling = [i for i in rows if self._stands_alone(i)]
            return [Found(self.prepared[i].quote, 1.0) for i in telling or rows]
        told, (words, topics) = self._told(likely or {}), self._meaning(topic)
        least = _FITS if self.vectors else _FITS_WORDS
        named = {term for term in wanted if self.speakers.is_name(term)}  # who is named must be there
        asked = [(i, self.prepared[i].quote) for i in rows if named <= self.prepared[i].terms]
        rest = [term for term in wanted if term not in named]
        fits = [Found(q, self._fit(i, rest, told.get(q.id, 0.0), words[i], topics[i])) for i, q in asked]
        return sorted((found for found in fits if found.fit >= least), key=lambda hit: -hit.fit)

    def _told(self, likely: Mapping[str, float]) -> Mapping[str, float]:
        """The probability of the likeliest entry that tells each quote."""
        told: dict[str, float] = {}
        for entry, probability in likely.items():
            for quote in self.told_by.get(entry, ()):
                told[quote] = max(told.get(quote, 0.0), probability)
        return told

    def by_line(self, line: str, *, marked: bool) -> Spoken | None:
        """The quote that a line stands in or comes closest to, or None where nobody says such a thing."""
        words = text.key(line)
        whole = [p.quote for p in self.prepared if p.words == words]  # however short
        if whole or len(words) < _SHORTEST_LINE or not self.prepared:
            return Spoken(whole[0], 1.0, exact=True) if whole else None
        spoken = prepare(line, self.lexicon)
        stems, meaning = _stems(spoken.tokens), self._line_meaning(spoken)
        fits = [self._line_fit(p, words, stems, meaning[i]) for i, p in enumerate(self.prepared)]
        best = int(np.argmax(fits))
        if fits[best] < (LINE_FOUND if marked else LINE_FOUND_UNMARKED):
            return None
        found = self.prepared[best]
        return Spoken(found.quote, min(fits[best], 1.0), f" {words} " in f" {found.words} ")

    def _by_meaning(self, rows: Sequence[int], topic: Utterance) -> list[Found]:
        """Quotes ranked by meaning alone, for a topic of nothing but common words ("what it is about")."""
        meaning = np.maximum(*self._meaning(topic))
        found = (Found(self.prepared[i].quote, max(float(meaning[i]), 0.0)) for i in rows)
        return sorted(found, key=lambda hit: -hit.fit)

    def _fit(self, row: int, wanted: Sequence[str], told: float, words: float, topics: float) -> float:
        """How well a quote fits the terms of a topic."""
        prepared = self.prepared[row]
        covered = self._covered(prepared, wanted)
        evidence = {"told": told, "covered": covered, "words": max(words, 0.0), "topics": max(topics, 0.0)}
        weights = _WEIGHTS if self.vectors else {name: _WEIGHTS[name] for name in ("told", "covered")}
        fit = sum(weight * evidence[name] for name, weight in weights.items()) / sum(weights.values())
        return fit - _ASKING * prepared.quote.text.rstrip().endswith("?") - _SHORT * (not self._stands_alone(row))

    def _covered(self, prepared: _Prepared, words: Sequence[str]) -> float:
        """The weighted share of a topic's words that a quote or its topics have; all where the topic is but names."""
        weights = [self._weight(term) for term in words]
        covered = sum(w for term, w in zip(words, weights, strict=True) if term in prepared.terms)
        return covered / sum(weights) if words else 1.0

    def _stands_alone(self, row: int) -> bool:
        """Whether a quote says something without its context; "Yes." doesn't."""
        return len(self.prepared[row].words.split()) >= _SAYS_SOMETHING

    def _weight(self, term: str) -> float:
        return self.idf.get(term, math.log(len(self.prepared) + 1))

    def _meaning(self, topic: Utterance) -> tuple[Scores, Scores]:
        """Cosine of a topic to each quote's words, and to the nearest of its topics, on average."""
        if self.encoder is None or self.vectors is None:
            return np.zeros(len(self.prepared), np.float32), np.zeros(len(self.prepared), np.float32)
        vector = self.encoder.encode([topic.spoken])[0]
        near = np.sort((self.vectors.topics @ vector)[self._topic_rows])[:, -_NEAREST:]
        return self.vectors.words @ vector, near.mean(axis=1)

    @cached_property
    def _topic_rows(self) -> npt.NDArray[np.int64]:
        """The rows of each quote's topics among all, over again where another quote has more of them."""
        counts = [len(list(_topics(self.knowledge, p.quote))) for p in self.prepared]
        starts, most = np.cumsum([0, *counts]), max(*counts, _NEAREST)
        return np.array([start + np.arange(most) % count for start, count in zip(starts, counts, strict=False)])

    def _line_meaning(self, spoken: Utterance) -> Sequence[float]:
        if self.encoder is None or self.vectors is None:
            return [0.0] * len(self.prepared)
        return (self.vectors.words @ self.encoder.encode([spoken.spoken])[0]).tolist()  # type: ignore[no-any-return]

    def _line_fit(self, prepared: _Prepared, words: str, stems: Counter[str], meaning: float) -> float:
        """Alignment of the characters, share of telling words, and meaning where the words differ."""
        whole = fuzz.ratio(words, prepared.words) / 100
        aligned = fuzz.partial_ratio(words, prepared.words) / 100 if len(words) <= len(prepared.words) else whole
        telling = [stem for stem in stems if stem not in STOPS] or list(stems)
        total = sum(map(self._stem_weight, telling)) or 1.0
        shared = sum(self._stem_weight(stem) for stem in telling if stem in prepared.stems) / total
        fit = max(0.5 * aligned + 0.5 * shared, 0.3 * aligned + 0.3 * shared + 0.4 * meaning)
        return fit + _TIE_BREAK * whole

    def _stem_weight(self, stem: str) -> float:
        return self.stem_idf.get(stem, math.log(len(self.prepared) + 1) + _LEAST)


def vectors(knowledge: KnowledgeBase, encode: Encode) -> QuoteVectors | None:
    """Encodes the words and the topics of every quote; None where there are no quotes."""
    spoken, topics = texts_of(knowledge)
    return QuoteVectors(encode(spoken), encode(topics)) if spoken else None


def texts_of(knowledge: KnowledgeBase) -> tuple[Sequence[str], Sequence[str]]:
    """What is encoded of quotes: the words of each, and the topics of all."""
    quotes = knowledge.quotes.values()
    return [quote.text for quote in quotes], [topic for quote in quotes for topic in _topics(knowledge, quote)]


def build(
    knowledge: KnowledgeBase, lexicon: Lexicon, encoder: Encoder | None, vectors: QuoteVectors | None
) -> QuoteIndex:
    """Makes the quotes of a knowledge base searchable; ``encoder`` and ``vectors`` are None for words alone."""
    prepared = tuple(_prepared(knowledge, quote, lexicon) for quote in knowledge.quotes.values())
    idf = _idf([p.terms for p in prepared])
    stem_idf = _idf([p.stems for p in prepared])
    return QuoteIndex(knowledge, lexicon, prepared, quoted_in(knowledge), idf, stem_idf, encoder, vectors)


def _idf(documents: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in documents for term in terms)
    return {term: math.log((len(documents) + 1) / (n + 1)) + _LEAST for term, n in counts.items()}


def _stems(tokens: Sequence[str]) -> Counter[str]:
    return Counter(map(text.stem, tokens))


def _prepared(knowledge: KnowledgeBase, quote: Quote, lexicon: Lexicon) -> _Prepared:
    said = prepare(quote.text, lexicon)
    names = (f"n:{name}" for name in (quote.event, quote.speaker, *quote.about))
    every = [said, *(prepare(topic, lexicon) for topic in _topics(knowledge, quote))]
    return _Prepared(
        quote=quote,
        words=text.key(quote.text),
        stems=frozenset(_stems(said.tokens)),
        terms=frozenset([*names, *(term for u in every for term in u.terms)]),
    )


def _topics(knowledge: KnowledgeBase, quote: Quote) -> Iterator[str]:
    """What a quote is said to be about; never nothing, as its speaker's name comes first."""
    yield knowledge.names[quote.speaker].name
    yield from quote.topics
    yield from (knowledge.names[name].name for name in quote.about if name in knowledge.names)
