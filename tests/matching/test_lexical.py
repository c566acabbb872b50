"""Own TF-IDF against a plain one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import lexical

DOCUMENTS = [
    "who moderated the harbor talk",
    "who moderated the hill talk",
    "when does low tide come out",
    "lantern",
    "the the the lantern burns",
]
WORDS = st.sampled_from("who moderated the harbor hill talk lantern tide unheard of".split())


def documents(texts: Sequence[str]) -> list[list[str]]:
    return [text.split() for text in texts]


def features(tokens: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """Words with pairs, and character n-grams, as text."""
    words = Counter(tokens) + Counter(f"{a} {b}" for a, b in pairwise(tokens))
    padded = [f" {token} " for token in tokens]
    grams = Counter(word[i : i + n] for word in padded for n in (3, 4) for i in range(len(word) - n + 1))
    return words, grams


def dense(texts: Sequence[str], question: Sequence[str]) -> npt.NDArray[np.float64]:
    """The same similarity by the book: one dense vector a text and block."""
    blocks = [features(tokens) for tokens in documents(texts)]
    asked = features(question)
    total = np.zeros(len(texts))
    for side in (0, 1):
        frequency = Counter(feature for block in blocks for feature in block[side])
        names = sorted({*frequency, *asked[side]})

        def vector(
            counts: Counter[str], names: list[str] = names, seen: Counter[str] = frequency
        ) -> npt.NDArray[np.float64]:
            idf = {name: math.log((1 + len(texts)) / (1 + seen[name])) + 1 for name in names}
            weights = np.array([(1 + math.log(counts[n])) * idf[n] if counts[n] else 0.0 for n in names])
            return weights / max(float(np.linalg.norm(weights)), 1e-9)

        total += np.array([vector(block[side]) @ vector(asked[side]) for block in blocks])
    return total / 2


@pytest.fixture(scope="module")
def index() -> lexical.LexicalIndex:
    """The documents, indexed."""
    return lexical.build(documents(DOCUMENTS), documents(DOCUMENTS))


@pytest.mark.parametrize("row", range(len(DOCUMENTS)))
def test_a_document_is_one_with_itself(index: lexical.LexicalIndex, row: int) -> None:
    """And with no other."""
    tokens = DOCUMENTS[row].split()
    similarity = index.similarities(tokens, tokens)
    assert similarity[row] == pytest.approx(1, abs=1e-5)
    assert np.delete(similarity, row).max() < 0.999


@pytest.mark.parametrize("tokens", [["zzzzz", "qqqq"], []])
def test_nothing_in_common_is_zero(index: lexical.LexicalIndex, tokens: list[str]) -> None:
    """Also where the question is empty."""
    assert not index.similarities(tokens, tokens).any()


@given(st.lists(WORDS, max_size=12))
def test_it_agrees_with_dense_vectors(tokens: list[str]) -> None:
    """Sparse postings change the speed and nothing else, below the size at which n-grams count as common."""
    index = lexical.build(documents(DOCUMENTS), documents(DOCUMENTS))
    assert index.similarities(tokens, tokens) == pytest.approx(dense(DOCUMENTS, tokens), abs=1e-5)


def test_terms_and_characters_count_half_each(index: lexical.LexicalIndex) -> None:
    """A repaired name meets by its term alone, a misspelt word by its characters alone."""
    by_term = index.similarities(["lantern"], ["zzzz"])[3]
    by_characters = index.similarities(["zzzz"], ["lantern"])[3]
    assert by_term == pytest.approx(0.5, abs=1e-5)
    assert by_characters == pytest.approx(0.5, abs=1e-5)


def many(count: int) -> lexical.LexicalIndex:
    """Documents of a word that all have and one that none else has."""
    texts = [["common", f"{chr(97 + i % 26)}{chr(97 + i // 26)}qz"] for i in range(count)]
    return lexical.build(texts, texts)


def test_common_n_grams_have_no_postings_but_keep_their_weight() -> None:
    """Those of more than one document in fifty; words always have postings."""
    index = many(600)
    assert index.similarities([], ["common"]).max() == 0
    assert index.similarities(["common"], []).min() > 0
    assert index.similarities([], ["haqz"])[7] > 0.1
    assert 0.5 < index.similarities(["common", "haqz"], ["common", "haqz"])[7] < 0.999


def test_a_small_knowledge_base_has_no_common_n_grams() -> None:
    """There is no time to be saved."""
    index = many(400)
    assert index.similarities([], ["common"]).min() > 0
    assert index.similarities(["common", "haqz"], ["common", "haqz"])[7] == pytest.approx(1, abs=1e-5)


def test_no_documents_at_all() -> None:
    """An empty index answers with nothing."""
    assert lexical.build([], []).similarities(["lantern"], ["lantern"]).shape == (0,)


def test_some_documents_among_each_other() -> None:
    """As between them and all, and in the order they are asked for."""
    index = lexical.build(documents(DOCUMENTS), documents(DOCUMENTS))
    rows = np.array([4, 0, 1])
    assert index.only(rows).between(np.arange(len(rows))) == pytest.approx(index.between(rows)[:, rows])
    assert index.only(np.arange(len(DOCUMENTS))) is index


def test_a_grown_index_compares_as_one_built_so() -> None:
    """But for the weights of features, which stay as they were."""
    index = lexical.build(documents(DOCUMENTS), documents(DOCUMENTS))
    place = np.array([1, 2, -1, 0, 4], np.int32)
    new = documents(["zeppelin harbor"])
    found = lexical.grown(index, place, np.array([3]), new, new)
    assert found.size == 5
    asked = "who moderated the harbor zeppelin".split()
    before, after = index.similarities(asked, asked), found.similarities(asked, asked)
    assert after[[1, 2, 0, 4]] == pytest.approx(before[[0, 1, 3, 4]], abs=0.1)
    assert after[3] > 0.4
    assert found.between(np.arange(5)).diagonal() == pytest.approx(1.0)
    assert found.similarities(new[0], new[0])[3] == pytest.approx(1.0)
