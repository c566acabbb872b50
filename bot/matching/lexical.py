"""Own sparse TF-IDF over terms and character n-grams: an inverted index in four arrays.

Words (1-2 terms) and characters (3-4, within a word) are two blocks, each of unit length; the similarity is their mean.
Weights are sublinear tf times smooth idf (Salton and Buckley 1988), as in scikit-learn, which is not needed here.
Character n-grams of more than one document in fifty keep their weight in the length but have no postings: they cost
most of the time and say least.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from bot.matching.utterance import Utterance

__all__ = ["LexicalIndex", "Scores", "build", "grown", "over"]

Scores = npt.NDArray[np.float32]

_CHARS = range(3, 5)
_COMMON = 0.02
_CHUNK = 32
_SMALL = 500  # documents; below this nothing counts as common


@dataclass(frozen=True)
class LexicalIndex:
    """Postings of each feature over the documents.

    Attributes:
        features: sorted hashes, shape ``(f,)``.
        idf: shape ``(f,)``.
        starts: where a feature's postings begin, shape ``(f + 1,)``.
        rows: documents of the postings; ``weights``: what they weigh there, both shape ``(p,)``.
        size: number of documents.
    """

    features: npt.NDArray[np.uint32]
    idf: Scores
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    weights: Scores
    size: int

    def similarities(self, terms: Sequence[str], tokens: Sequence[str]) -> Scores:
        """Similarity of a text to every document, 0 to 1, shape ``(size,)``."""
        total = np.zeros(self.size, np.float64)
        for block in _blocks(terms, tokens):
            places, weights = self._weigh(block)
            if not len(places):
                continue
            begins = self.starts[places]
            counts = self.starts[places + 1] - begins
            picked = _ranges(begins, counts)
            total += np.bincount(
                self.rows[picked], self.weights[picked] * np.repeat(weights, counts), minlength=self.size
            )
        return (total / 2).astype(np.float32)

    def between(self, documents: npt.NDArray[np.int64]) -> Scores:
        """Similarity of some documents to every document, shape ``(len(documents), size)``."""
        found = np.empty((len(documents), self.size), np.float32)
        for at in range(0, len(documents), _CHUNK):
            found[at : at + _CHUNK] = self._between(documents[at : at + _CHUNK])
        return found

    def only(self, documents: npt.NDArray[np.int64]) -> LexicalIndex:
        """The index of some of the documents, in that order; the same one where they are all."""
        if np.array_equal(documents, np.arange(self.size)):
            return self
        place = np.full(self.size, -1, np.int32)
        place[documents] = np.arange(len(documents))
        return self.placed(place, len(documents))

    def placed(self, place: npt.NDArray[np.int32], size: int) -> LexicalIndex:
        """The same documents elsewhere: ``place`` is where each now stands, -1 for those left out."""
        kept = place[self.rows] >= 0
        counts = np.bincount(self._features[kept], minlength=len(self.features))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        rows, weights = place[self.rows[kept]], self.weights[kept]
        return LexicalIndex(self.features, self.idf, starts, rows, weights, size)

    def _between(self, documents: npt.NDArray[np.int64]) -> Scores:
        """The same for a few: their postings, each against all postings of its feature."""
        places = np.concatenate([self._postings[self._begins[d] : self._begins[d + 1]] for d in documents])
        counts = self._begins[documents + 1] - self._begins[documents]
        features = self._features[places]
        begins, widths = self.starts[features], self.starts[features + 1] - self.starts[features]
        picked = _ranges(begins, widths)
        row = np.repeat(np.repeat(np.arange(len(documents)), counts), widths)
        weights = self.weights[picked] * np.repeat(self.weights[places], widths)
        total = np.bincount(row * self.size + self.rows[picked], weights, minlength=len(documents) * self.size)
        return (total / 2).reshape(len(documents), self.size).astype(np.float32)

    @cached_property
    def _postings(self) -> npt.NDArray[np.int64]:
        """The postings in order of document."""
        return np.argsort(self.rows, kind="stable")

    @cached_property
    def _begins(self) -> npt.NDArray[np.int64]:
        """Where a document's postings begin among these, shape ``(size + 1,)``."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.rows, minlength=self.size))])

    @cached_property
    def _features(self) -> npt.NDArray[np.int64]:
        """The feature of each posting."""
        return np.repeat(np.arange(len(self.features)), np.diff(self.starts))

    def _weigh(self, block: Counter[int]) -> tuple[npt.NDArray[np.int64], Scores]:
        """Places and unit-length weights of the features that the index knows; unknown ones count in the length."""
        hashes = np.fromiter(block.keys(), np.uint32, len(block))
        tf = 1 + np.log(np.fromiter(block.values(), np.float64, len(block)))
        places = np.searchsorted(self.features, hashes)
        places[places == len(self.features)] = 0
        known = self.features[places] == hashes if len(self.features) else np.zeros(len(hashes), bool)
        unseen = np.log(1 + self.size) + 1
        weights = tf * np.where(known, self.idf[places] if len(self.idf) else unseen, unseen)
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        return places[known].astype(np.int64), weights[known].astype(np.float32)


def _ranges(begins: npt.NDArray[np.int64], widths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of some ranges one after another."""
    ends = np.cumsum(widths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + widths, widths)


@dataclass(frozen=True)
class _Taken:
    """Documents taken apart: a place here for each feature of each block of each document.

    Attributes:
        rows, hashes, counts: its document, the feature, and how often it occurs there.
        character: whether its block is that of characters.
        block: numbers the blocks.
    """

    rows: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.float64]
    character: npt.NDArray[np.bool_]
    block: npt.NDArray[np.int64]

    def weights(self, idf: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Unit-length weights; ``idf`` is that of each feature here."""
        weights = (1 + np.log(np.maximum(self.counts, 1))) * idf
        squares = np.bincount(self.block, weights**2)
        return np.asarray(weights / np.sqrt(np.maximum(squares, 1e-18))[self.block])


def _taken_apart(terms: Sequence[Sequence[str]], tokens: Sequence[Sequence[str]]) -> _Taken:
    blocks = [block for term, token in zip(terms, tokens, strict=True) for block in _blocks(term, token)]
    block = np.repeat(np.arange(len(blocks)), [len(found) for found in blocks])
    hashes = np.array([key for found in blocks for key in found], np.uint32)
    counts = np.array([n for found in blocks for n in found.values()], np.float64)
    return _Taken(block // 2, hashes, counts, block % 2 == 1, block)


def build(terms: Sequence[Sequence[str]], tokens: Sequence[Sequence[str]]) -> LexicalIndex:
    """Indexes documents given as their terms and their words, one of each a document."""
    taken, size = _taken_apart(terms, tokens), len(terms)
    features, places = np.unique(taken.hashes, return_inverse=True)
    frequency = np.bincount(places, minlength=len(features))
    idf = np.log((1 + size) / (1 + frequency)) + 1
    common = frequency[places] > size * _COMMON
    posted = ~(taken.character & common) if size >= _SMALL else np.ones(len(places), bool)
    order = np.argsort(places, kind="stable")
    order = order[posted[order]]
    starts = np.concatenate([[0], np.cumsum(np.bincount(places[posted], minlength=len(features)))])
    return LexicalIndex(
        features.astype(np.uint32),
        idf.astype(np.float32),
        starts.astype(np.int64),
        taken.rows[order].astype(np.int32),
        taken.weights(idf[places])[order].astype(np.float32),
        size,
    )


def over(utterances: Sequence[Utterance]) -> LexicalIndex:
    """Indexes utterances, one a document."""
    return build([u.terms for u in utterances], [u.tokens for u in utterances])


def grown(
    index: LexicalIndex,
    place: npt.NDArray[np.int32],
    rows: npt.NDArray[np.int64],
    terms: Sequence[Sequence[str]],
    tokens: Sequence[Sequence[str]],
) -> LexicalIndex:
    """An index with a few more documents, or fewer; what features weigh stays as it was, but for those that are new.

    Args:
        place: where each document that the index has will stand; -1 for those that go.
        rows: where the new ones will stand.
        terms, tokens: of the new ones.
    """
    size = int((place >= 0).sum()) + len(rows)
    kept, taken = index.placed(place, size), _taken_apart(terms, tokens)
    features = np.union1d(index.features, taken.hashes)
    before, places = np.searchsorted(features, index.features), np.searchsorted(features, taken.hashes)
    idf = np.log((1 + size) / (1 + np.bincount(places, minlength=len(features)))) + 1
    idf[before] = index.idf
    silent = np.zeros(len(features), bool)  # features too common to have postings
    silent[before] = np.diff(index.starts) == 0
    order = np.argsort(places, kind="stable")
    order = order[~(silent[places] & taken.character)[order]]
    counts = np.zeros(len(features), np.int64)
    counts[before] = np.diff(kept.starts)
    ends = np.cumsum(counts)[places[order]]
    counts += np.bincount(places[order], minlength=len(features))
    return LexicalIndex(
        features,
        idf.astype(np.float32),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.insert(kept.rows, ends, rows[taken.rows[order]]),
        np.insert(kept.weights, ends, taken.weights(idf[places])[order]),
        size,
    )


def _blocks(terms: Sequence[str], tokens: Sequence[str]) -> Iterator[Counter[int]]:
    words = Counter(_hash(f"w {term}") for term in terms)
    words.update(_hash(f"w {a} {b}") for a, b in pairwise(terms))
    yield words
    yield Counter(chain.from_iterable(map(_grams_of, tokens)))


@lru_cache(maxsize=16384)
def _grams_of(token: str) -> tuple[int, ...]:
    return tuple(map(_hash, _grams(f" {token} ")))


def _grams(padded: str) -> Iterator[str]:
    for size in _CHARS:
        for at in range(len(padded) - size + 1):
            yield padded[at : at + size]


def _hash(feature: str) -> int:
    return zlib.crc32(feature.encode())
