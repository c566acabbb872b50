"""Signals of one question and of many."""

from __future__ import annotations

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.matching import signals
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
