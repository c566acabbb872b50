"""Finding quotes: by speaker and topic, and by their own half-remembered words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.model import KnowledgeBase, Quote
from bot.matching import text
from bot.matching.lexicon import Lexicon
from bot.matching.semantic import Encoder, Vectors
from bot.matching.signals import Encode
from bot.matching.utterance import Utterance, prepare

__all__ = ["Found", "QuoteIndex", "Spoken", "build"]

# A line counts as found from here on; measured against every other quote of the knowledge base (see tests).
LINE_FOUND = 0.66
LINE_FOUND_UNMARKED = 0.8
_TOPIC_WORD = 0.5  # share of the topic's weight that a quote must cover in words ...
_TOPIC_MEANING = 0.45  # ... or cosine to its words or topics
_NAME_CLOSE = 80.0


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
    telling: frozenset[str]
    terms: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class QuoteIndex:
    """The quotes of a knowledge base made ready for search.

    Attributes:
        words, topics: vectors of each quote's words and of its topics, shape ``(quotes, width)``; None without encoder.
    """

    knowledge: KnowledgeBase
    lexicon: Lexicon
    prepared: tuple[_Prepared, ...]
    idf: dict[str, float]
    encoder: Encoder | None
    words: Vectors | None
    topics: Vectors | None

    def speakers(self, written: str) -> frozenset[str]:
        """Ids of the speakers that a written name may mean: the person, or the characters that an actor plays."""
        named = prepare(written, self.lexicon).names or self._closest(written)
        return self._with_parts(named)

    def speakers_in(self, question: Utterance) -> frozenset[str]:
        """Speakers among the names of a request; topics that are no speakers are left out."""
        return self._with_parts(question.names) & self._speaking

    def by_topic(self, speakers: Collection[str] | None, about: str) -> list[Found]:
        """Quotes that fit, best first.

        Args:
            speakers: ids of who may speak; None for anybody.
            about: the topic in words; empty for any.
        """
        rows = [i for i, p in enumerate(self.prepared) if speakers is None or self._speaks(p.quote, speakers)]
        topic = prepare(about, self.lexicon)
        if not topic.key:
            return [Found(self.prepared[i].quote, 1.0) for i in rows]
        meaning = self._meaning(topic)
        names = topic.names - frozenset(speakers or ())
        found = [Found(self.prepared[i].quote, fit) for i in rows if (fit := self._fit(i, topic, names, meaning[i])) > 0]
        return sorted(found, key=lambda hit: -hit.fit)

    def by_line(self, line: str, marked: bool) -> Spoken | None:
        """The quote that a line stands in or comes closest to, or None where nobody says such a thing."""
        spoken = prepare(line, self.lexicon)
        words = " ".join(text.words(text.normalize(line)))
        meaning = self._line_meaning(spoken)
        fits = [self._line_fit(p, words, spoken, meaning[i]) for i, p in enumerate(self.prepared)]
        if not fits or not spoken.telling and len(words) < 8:
            return None
        best = int(np.argmax(fits))
        enough = LINE_FOUND if marked else LINE_FOUND_UNMARKED
        if fits[best] < enough:
            return None
        return Spoken(self.prepared[best].quote, fits[best], f" {words} " in f" {self.prepared[best].words} ")

    @property
    def _speaking(self) -> frozenset[str]:
        return frozenset(p.quote.speaker for p in self.prepared)

    def _closest(self, written: str) -> frozenset[str]:
        """The name most like a misspelt one, among the names and their parts."""
        names = {alias.lower(): n.id for n in self.knowledge.names.values() for alias in (n.name, *n.aliases)}
        best = process.extractOne(text.fold(written), list(names), scorer=fuzz.ratio, score_cutoff=_NAME_CLOSE)
        return frozenset([names[best[0]]]) if best else frozenset()

    def _with_parts(self, ids: Collection[str]) -> frozenset[str]:
        """The ids and the characters that they play."""
        played = {c.id for c in self.knowledge.characters.values() if c.actor in ids}
        return frozenset(ids) | played

    @staticmethod
    def _speaks(quote: Quote, speakers: Collection[str]) -> bool:
        return quote.speaker in speakers

    def _fit(self, row: int, topic: Utterance, names: frozenset[str], meaning: float) -> float:
        """How well a quote fits a topic; 0 where it doesn't: a name asked for must be there."""
        prepared = self.prepared[row]
        if names - prepared.names:
            return 0.0
        wanted = [term for term in topic.telling if not term.startswith("n:")] or list(topic.telling)
        weights = [self._weight(term) for term in wanted]
        total = sum(weights) or 1.0
        topical = sum(w for term, w in zip(wanted, weights, strict=True) if term in prepared.terms) / total
        if topical < _TOPIC_WORD and meaning < _TOPIC_MEANING and not (names and not wanted):
            return 0.0
        return (topical + max(meaning, 0.0)) / 2 + 0.1 * bool(names)

    def _weight(self, term: str) -> float:
        return self.idf.get(term, math.log(len(self.prepared) + 1))

    def _meaning(self, topic: Utterance) -> Sequence[float]:
        if self.encoder is None or self.words is None or self.topics is None:
            return [0.0] * len(self.prepared)
        vector = self.encoder.encode([topic.spoken])[0]
        return np.maximum(self.words @ vector, self.topics @ vector).tolist()  # type: ignore[no-any-return]

    def _line_meaning(self, spoken: Utterance) -> Sequence[float]:
        if self.encoder is None or self.words is None:
            return [0.0] * len(self.prepared)
        return (self.words @ self.encoder.encode([spoken.spoken])[0]).tolist()  # type: ignore[no-any-return]

    def _line_fit(self, prepared: _Prepared, words: str, spoken: Utterance, meaning: float) -> float:
        """Alignment of the characters, share of telling words, and meaning where the lengths are comparable."""
        aligned = fuzz.partial_ratio(words, prepared.words) / 100 if len(words) <= len(prepared.words) else (
            fuzz.ratio(words, prepared.words) / 100
        )
        weights = {term: self._weight(term) for term in spoken.telling}
        total = sum(weights.values())
        shared = sum(w for term, w in weights.items() if term in prepared.telling) / total if total else aligned
        return max(0.5 * aligned + 0.5 * shared, 0.3 * aligned + 0.3 * shared + 0.4 * meaning)


def build(
    knowledge: KnowledgeBase, lexicon: Lexicon, encoder: Encoder | None, encode: Encode | None = None
) -> QuoteIndex:
    """Makes the quotes of a knowledge base searchable; ``encode`` may look vectors up instead of computing them."""
    encode = encode or (encoder.encode if encoder else None)
    prepared = tuple(_prepared(knowledge, quote, lexicon) for quote in knowledge.quotes.values())
    counts = Counter(term for p in prepared for term in p.terms)
    idf = {term: math.log((len(prepared) + 1) / (n + 1)) + 0.5 for term, n in counts.items()}
    words = encode([p.quote.text for p in prepared]) if encode and prepared else None
    topics = encode([", ".join(_topics(knowledge, p.quote)) for p in prepared]) if encode and prepared else None
    return QuoteIndex(knowledge, lexicon, prepared, idf, encoder, words, topics)


def _prepared(knowledge: KnowledgeBase, quote: Quote, lexicon: Lexicon) -> _Prepared:
    said = prepare(quote.text, lexicon)
    around = [prepare(topic, lexicon) for topic in _topics(knowledge, quote)]
    every = [said, *around]
    return _Prepared(
        quote=quote,
        words=" ".join(text.words(text.normalize(quote.text))),
        telling=frozenset(lexicon.terms(list(said.tokens))),
        terms=frozenset(term for u in every for term in u.terms),
        names=frozenset(quote.about) | {name for u in every for name in u.names},
    )


def _topics(knowledge: KnowledgeBase, quote: Quote) -> Iterator[str]:
    yield from quote.topics
    yield from (knowledge.names[name].name for name in quote.about if name in knowledge.names)
