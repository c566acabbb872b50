"""Products by 8-bit numbers: near to those of the vectors as they are, which stand in where there is no other way."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from bot.matching import int8
from bot.matching.int8 import Rows, rows
from bot.matching.semantic import Vectors

WIDTH = 384
MANY = 3_000


def unit(count: int, seed: int) -> Vectors:
    """Random unit vectors, shape ``(count, WIDTH)``."""
    vectors = np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """More than are worth rounding."""
    return unit(MANY, 1)


@pytest.fixture(scope="module")
def rounded(vectors: Vectors) -> Rows:
    """Made ready, by 8-bit numbers."""
    made = rows(vectors)
    assert made.rounded
    return made


def test_cosines_are_hardly_wrong(vectors: Vectors, rounded: Rows) -> None:
    """Of unit vectors, near to each other or not: by less than 0.005 at most, 0.001 in the mean."""
    questions = np.concatenate([unit(50, 2), vectors[:50], vectors[50:51], -vectors[50:51]])
    found = np.stack([rounded.products(question) for question in questions])
    wrong = np.abs(found - questions @ vectors.T)
    assert found.dtype == np.float32
    assert found.shape == (len(questions), MANY)
    assert wrong.max() < 0.005
    assert wrong.mean() < 0.001


def test_sums_do_not_saturate() -> None:
    """Numbers as large as they get, all of one sign: 16 bits, in which some processors add two, would not hold them."""
    vectors = np.full((MANY, WIDTH), WIDTH**-0.5, np.float32)
    vectors[1::2] *= -1
    question = vectors[0].copy()
    question[-1] *= -1  # so that there is a range
    found = rows(vectors).products(question)
    assert found == pytest.approx(vectors @ question, abs=0.01)


def test_each_row_has_a_scale_of_its_own(vectors: Vectors) -> None:
    """A row of large numbers costs others nothing; one of zeros has a product of zero."""
    unlike = vectors.copy()
    unlike[7] *= 1_000
    unlike[8] = 0
    made = rows(unlike)
    found = made.products(vectors[0])
    assert made.rounded
    assert found[8] == 0
    assert np.delete(found, 7) == pytest.approx(np.delete(unlike @ vectors[0], 7), abs=0.005)


def test_a_question_of_zeros(rounded: Rows) -> None:
    """Has a product of zero with all."""
    assert not rounded.products(np.zeros(WIDTH, np.float32)).any()


def test_few_rows_stay_as_they_are(vectors: Vectors) -> None:
    """Rounding would win nothing; none at all are no fault."""
    for count in (0, 1, int8._LEAST - 1):
        made = rows(vectors[:count])
        assert not made.rounded
        assert np.array_equal(made.products(vectors[5]), vectors[:count] @ vectors[5])
    assert rows(vectors[: int8._LEAST]).rounded


def test_rows_that_lie_otherwise_in_memory(vectors: Vectors, rounded: Rows) -> None:
    """Every other number of wider rows, and of a wider question."""
    wider = np.repeat(vectors, 2, axis=1)
    assert np.array_equal(rows(wider[:, ::2]).products(wider[3, ::2]), rounded.products(vectors[3]))


def test_without_onnxruntime_nothing_is_rounded(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    """The products are those of the vectors as they are."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    made = rows(vectors)
    assert not made.rounded
    assert np.array_equal(made.products(vectors[5]), vectors @ vectors[5])


def test_where_onnxruntime_refuses_nothing_is_rounded(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An operator that it doesn't have, as in another build of it; nobody is bothered with that."""
    monkeypatch.setattr(int8, "_FUSED", "com.nobody")
    with pytest.raises(Exception, match=r"com\.nobody"):
        int8._session(vectors)
    capfd.readouterr()
    made = rows(vectors)
    assert not made.rounded
    assert np.array_equal(made.products(vectors[5]), vectors @ vectors[5])
    assert capfd.readouterr() == ("", "")


def test_wrong_products_are_found_out(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a processor's kernel adds up something else, the vectors are multiplied as they are."""

    def other(_: Vectors) -> Any:
        return session(vectors[::-1])

    session = int8._session
    monkeypatch.setattr(int8, "_session", other)
    assert not rows(vectors).rounded


def test_threads_share_them(vectors: Vectors, rounded: Rows) -> None:
    """Each gets what it would get alone."""
    alone = [rounded.products(question) for question in vectors[:64]]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(rounded.products, np.tile(vectors[:64], (8, 1))))
    for number, found in enumerate(together):
        assert np.array_equal(found, alone[number % 64])


def test_they_never_change(rounded: Rows) -> None:
    """Nothing can be put into them."""
    with pytest.raises(FrozenInstanceError):
        rounded.vectors = rounded.vectors  # type: ignore[misc]
