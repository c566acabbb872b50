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
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["LexicalIndex", "build"]

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


def build(terms: Sequence[Sequence[str]], tokens: Sequence[Sequence[str]]) -> LexicalIndex:
    """Indexes documents given as their terms and their words, one of each a document."""
    documents = [list(_blocks(term, token)) for term, token in zip(terms, tokens, strict=True)]
    rows = np.repeat(np.arange(len(documents)), [sum(map(len, blocks)) for blocks in documents])
    hashes = np.array([key for blocks in documents for block in blocks for key in block], np.uint32)
    counts = np.array([n for blocks in documents for block in blocks for n in block.values()], np.float64)
    features, places = np.unique(hashes, return_inverse=True)
    frequency = np.bincount(places, minlength=len(features))
    idf = np.log((1 + len(documents)) / (1 + frequency)) + 1
    weights = (1 + np.log(np.maximum(counts, 1))) * idf[places]
    weights /= _lengths(documents, weights)
    character = np.array([i % 2 for blocks in documents for i, block in enumerate(blocks) for _ in block], bool)
    common = frequency[places] > len(documents) * _COMMON
    posted = ~(character & common) if len(documents) >= _SMALL else np.ones(len(rows), bool)
    order = np.argsort(places, kind="stable")
    order = order[posted[order]]
    starts = np.concatenate([[0], np.cumsum(np.bincount(places[posted], minlength=len(features)))])
    return LexicalIndex(
        features.astype(np.uint32),
        idf.astype(np.float32),
        starts.astype(np.int64),
        rows[order].astype(np.int32),
        weights[order].astype(np.float32),
        len(documents),
    )


def _lengths(documents: Sequence[Sequence[Counter[int]]], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The length of the block that each weight belongs to."""
    sizes = [len(block) for blocks in documents for block in blocks]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    squares = np.bincount(owner, weights**2, minlength=len(sizes))
    return np.sqrt(np.maximum(squares, 1e-18))[owner]


def _blocks(terms: Sequence[str], tokens: Sequence[str]) -> Iterator[Counter[int]]:
    words = Counter(_hash(f"w {term}") for term in terms)
    words.update(_hash(f"w {a} {b}") for a, b in pairwise(terms))
    yield words
    yield Counter(_hash(gram) for token in tokens for gram in _grams(f" {token} "))


def _grams(padded: str) -> Iterator[str]:
    for size in _CHARS:
        for at in range(len(padded) - size + 1):
            yield padded[at : at + size]


def _hash(feature: str) -> int:
    return zlib.crc32(feature.encode())
