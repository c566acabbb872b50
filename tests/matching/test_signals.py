"""Signals of one question and of many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.matching import int8, signals
from bot.matching.evidence import Signals
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder
from bot.matching.signals import Similarities, embed
from bot.matching.utterance import prepare

ASKED = ("who moderated it in the harbor", "and on the hill?", "how expensive was the film", "zzxqwv", "ferries")


@pytest.mark.parametrize("snapshot", ["lexical_snapshot", "hybrid_snapshot"])
def test_many_at_once_get_what_each_gets(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, snapshot: str
) -> None:
    """Also where the head scores only the nearest classes, and where there are more than are scored at once."""
    monkeypatch.setattr(signals, "_CLASSES", 5)
    monkeypatch.setattr(signals, "_AT_ONCE", 2)
    made: Snapshot = request.getfixturevalue(snapshot)
    compiled = made.matcher.compiled
    questions = [prepare(typed, compiled.index.lexicon) for typed in ASKED]
    random, plain = np.random.default_rng(1), compiled.similarities.vectors
    vectors = None if plain is None else random.standard_normal((len(ASKED), plain.shape[1])).astype(np.float32)
    found = compiled.similarities.signals_of_all(questions, vectors, compiled.head, compiled.index.starts)
    for number, (question, many) in enumerate(zip(questions, found, strict=True)):
        vector = None if vectors is None else vectors[number]
        one = compiled.similarities.signals(question, vector, compiled.head, compiled.index.starts)
        assert np.count_nonzero(many.head) <= signals._CLASSES
        for name in ("lexical", "semantic", "combined", "head"):
            assert np.allclose(getattr(one, name), getattr(many, name), atol=1e-4)


@pytest.fixture
def rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few phrasings there are, their vectors are rounded to 8 bits."""
    monkeypatch.setattr(int8, "rows", partial(int8.rows, least=1))


def anew(snapshot: Snapshot) -> Similarities:
    """The similarities of a snapshot, of which nothing was asked yet."""
    old = snapshot.matcher.compiled.similarities
    return Similarities(old.lexical, old.vectors)


@pytest.mark.usefixtures("rounding")
def test_one_question_is_compared_by_8_bits(hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
    """Which is hardly wrong; many at once, and phrasings with each other, are compared as they are."""
    compiled, plain, made = hybrid_snapshot.matcher.compiled, anew(hybrid_snapshot), anew(hybrid_snapshot)
    questions = [prepare(typed, compiled.index.lexicon) for typed in ASKED]
    vectors = embed(questions, encoder.encode)
    assert plain.vectors is not None
    many = made.signals_of_all(questions, vectors, compiled.head, compiled.index.starts)
    for number, (question, found) in enumerate(zip(questions, many, strict=True)):
        one = made.signals(question, vectors[number], compiled.head, compiled.index.starts)
        cosines = plain.vectors @ vectors[number]
        assert 1e-5 < np.abs(one.semantic - cosines).max() < 0.005
        assert np.abs(found.semantic - cosines).max() < 1e-5
    rows = np.arange(3)
    assert np.array_equal(made.between(rows), plain.between(rows))


@pytest.mark.usefixtures("rounding")
def test_the_first_questions_may_come_at_once(hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
    """From threads of their own: each gets what any later one gets."""
    compiled, made, barrier = hybrid_snapshot.matcher.compiled, anew(hybrid_snapshot), Barrier(8)
    question = prepare(ASKED[0], compiled.index.lexicon)
    vector = embed([question], encoder.encode)[0]

    def ask(_: int) -> Signals:
        barrier.wait(10)
        return made.signals(question, vector, compiled.head)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    later = made.signals(question, vector, compiled.head)
    assert all(np.array_equal(one.semantic, later.semantic) for one in found)


@pytest.mark.parametrize("encoding", [True, False])
def test_no_question_waits_for_vectors_to_be_made_ready(
    hybrid_snapshot: Snapshot, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, *, encoding: bool
) -> None:
    """A matcher has it done before the first; and not at all where it has no encoder."""
    made: list[int] = []

    def counted(vectors: signals.Matrix) -> int8.Rows:
        made.append(len(vectors))
        return int8.Rows(vectors)

    monkeypatch.setattr(int8, "rows", counted)
    compiled = replace(hybrid_snapshot.matcher.compiled, similarities=anew(hybrid_snapshot))
    matcher = Matcher(compiled, encoder if encoding else None)
    before = len(made)
    matcher.match(ASKED[0])
    assert before == len(made) == encoding
