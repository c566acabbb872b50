"""What is asked after an entry's answer, compared with a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.knowledge.model import Entry, KnowledgeBase
from bot.matching import cache, follow_ups
from bot.matching.compiled import Compiled, compile_knowledge
from bot.matching.graft import graft
from bot.matching.index import collect
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder, Vectors
from bot.matching.signals import combine
from bot.matching.utterance import prepare
from bot.matching.vectors import VectorCache

NAME = "0" * 32
LEANING = ("and on the hill?", "where was that?", "who did the other one", "what else has she made", "zzxqwv", "")
FRESH = "was it crowded there"


class Counting(Encoder):
    """Another encoder, noting what it encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.digest, self.width = encoder.digest, encoder.width
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder does."""
        self.texts += texts
        return self._encoder.encode(texts)


def following(knowledge: KnowledgeBase, entry: str, **asked: Sequence[str]) -> KnowledgeBase:
    """Other follow-ups of an entry, by the targets with low lines."""
    named = {target.replace("_", "-"): tuple(phrasings) for target, phrasings in asked.items()}
    changed = knowledge.entries[entry].model_copy(update={"follow_ups": named})
    return replace(knowledge, version="other", entries={**knowledge.entries, entry: changed})


class TestAfter:
    @pytest.mark.parametrize(
        ("typed", "target"),
        [("and on the hill?", "hill-host"), ("Where was THAT?", "harbor-place"), ("did it cost much", "tickets")],
    )
    def test_the_target_of_the_nearest_is_nearest(self, matcher: Matcher, typed: str, target: str) -> None:
        """Among all that is asked after the entry."""
        near = matcher.follows(matcher.match(typed)).after(["harbor-host"])
        assert list(near) == ["hill-host", "harbor-place", "tickets"]
        assert max(near, key=lambda name: near[name]) == target

    def test_word_for_word_is_one(self, matcher: Matcher) -> None:
        """However it is written; other targets stay below."""
        near = matcher.follows(matcher.match("Her films before that?")).after(["director"])
        assert near["first-film"] == pytest.approx(1, abs=0.03)  # a vector differs a little with what is encoded beside
        assert near["director"] < 0.9

    @pytest.mark.parametrize("entries", [["hill-host"], ["tickets"], ["nothing"], []])
    def test_nothing_is_asked_after_others(self, matcher: Matcher, entries: list[str]) -> None:
        """An entry without follow-ups, a gap, what doesn't exist, and none at all."""
        assert matcher.follows(matcher.match("where was that")).after(entries) == {}

    def test_after_several_the_greatest_counts(self, matcher: Matcher) -> None:
        """Of each target, whichever entry it is asked after."""
        likeness = matcher.follows(matcher.match("and on the hill?"))
        apart = {**likeness.after(["director"]), **likeness.after(["harbor-host"])}
        assert likeness.after(["director", "harbor-host", "nothing"]) == apart

    @pytest.mark.parametrize("typed", LEANING)
    def test_it_is_the_combined_similarity(self, matcher: Matcher, typed: str) -> None:
        """Of words and meaning, as for phrasings."""
        found, match = matcher.compiled.follow_ups, matcher.match(typed)
        words = found.similarities.lexical.similarities(match.question.terms, match.question.tokens)
        vectors = found.similarities.vectors
        every = combine(words, words if vectors is None or match.vector is None else vectors @ match.vector)
        for entry in ("harbor-host", "director"):
            wanted: dict[str, float] = {}
            for (owner, target, _), likeness in zip(found.asked, every.tolist(), strict=True):
                if owner == entry:
                    wanted[target] = max(likeness, wanted.get(target, likeness))
            assert matcher.follows(match).after([entry]) == pytest.approx(wanted, abs=1e-5)

    def test_the_question_is_not_encoded_again(self, hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
        """The match carries its vector, also where another entry is made to answer it."""
        counting = Counting(encoder)
        matcher = Matcher(hybrid_snapshot.matcher.compiled, counting)
        match = matcher.match("where was that")
        counting.texts.clear()
        again = matcher.follows(match.answering({"music": 0.5})).after(["harbor-host"])
        assert matcher.follows(match).after(["harbor-host"]) == again != {}
        assert counting.texts == []


def test_where_they_lead(lexical_snapshot: Snapshot) -> None:
    """As often as curators wrote; nowhere from an entry that has none."""
    asked = lexical_snapshot.matcher.compiled.follow_ups
    assert asked.leads(["harbor-host"]) == {"hill-host": 2, "harbor-place": 2, "tickets": 1}
    assert asked.leads(["director", "nobody"]) == {"director": 1, "first-film": 2}
    assert not asked.leads([])


class TestAnywhere:
    def test_each_counts_by_the_weight_of_its_entry(self, matcher: Matcher) -> None:
        """What is asked after an entry without any weighs nothing."""
        likeness = matcher.follows(matcher.match("where was that"))
        near = likeness.anywhere(lambda entry: {"harbor-host": 0.5}.get(entry, 0.0))
        after = likeness.after(["harbor-host"])
        assert near["harbor-place"] == pytest.approx(after["harbor-place"] / 2)
        assert near["first-film"] == 0

    def test_only_the_nearest_are_looked_at(self, matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
        """There may be thousands."""
        monkeypatch.setattr(follow_ups, "_NEAREST", 1)
        assert list(matcher.follows(matcher.match("where was that?")).anywhere(lambda _: 1.0)) == ["harbor-place"]


def test_follow_ups_are_no_phrasings(snapshot: Snapshot) -> None:
    """They win no question by themselves, and weigh no word."""
    index = snapshot.matcher.compiled.index
    assert "and on the hill" not in index.exact
    assert index.size == sum(len(phrasings) for _, phrasings in collect(snapshot.knowledge))
    assert not any(term in index.frequency for term in prepare("so herself", index.lexicon).terms)


class TestCompiling:
    def test_all_are_encoded(self, hybrid_snapshot: Snapshot, encoder: Encoder, tmp_path: Path) -> None:
        """And kept with all other vectors."""
        told: list[tuple[str, float]] = []
        compiled = compile_knowledge(
            hybrid_snapshot.knowledge,
            VectorCache([encoder], tmp_path),
            0.95,
            lambda what, done: told.append((what, done)),
        )
        assert told[-1] == ("ready", 1.0)
        counting = Counting(encoder)
        VectorCache([counting], tmp_path).encode(
            [prepare(phrasing, compiled.index.lexicon).spoken for _, _, phrasing in compiled.follow_ups.asked]
        )
        assert counting.texts == []
        vectors = compiled.follow_ups.similarities.vectors
        assert vectors is not None
        assert len(vectors) == len(compiled.follow_ups.asked) == 8
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)

    def test_they_change_nothing_else(self, hybrid_snapshot: Snapshot, encoder: Encoder, tmp_path: Path) -> None:
        """Not even by what is encoded beside what."""
        town = hybrid_snapshot.knowledge
        plain = following(following(town, "director"), "harbor-host")
        one, other = (
            compile_knowledge(made, VectorCache([encoder], tmp_path / name), 0.95, lambda _what, _done: None)
            for name, made in (("with", town), ("without", plain))
        )
        assert (one.head.coefficients == other.head.coefficients).all()
        assert (one.calibration.model.weights == other.calibration.model.weights).all()
        assert one.calibration.forecast == other.calibration.forecast

    @pytest.mark.parametrize("half", ["lexical", "hybrid"])
    def test_a_knowledge_base_without_any(
        self, lexical_snapshot: Snapshot, encoder: Encoder, tmp_path: Path, half: str
    ) -> None:
        """Has an empty piece, which is kept and grown like others."""
        town = following(following(lexical_snapshot.knowledge, "director"), "harbor-host")
        vectors_of = VectorCache([encoder], tmp_path) if half == "hybrid" else None
        compiled = compile_knowledge(town, vectors_of, 0.95, lambda _what, _done: None)
        cache.save(compiled, tmp_path, NAME)
        read = cache.load(tmp_path, NAME)
        assert read
        assert read.follow_ups.asked == ()
        after = following(town, "director", music=[FRESH])
        found = graft(read, town, after, encoder.encode if vectors_of else None)
        assert found
        matcher = Matcher(found, encoder if vectors_of else None)
        assert matcher.follows(matcher.match(FRESH)).after(["director"]) == {"music": pytest.approx(1, abs=0.03)}


class TestGrafting:
    def test_only_what_is_new_is_encoded(self, hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
        """What stays keeps its vector, wherever it stands then."""
        town, compiled, counting = hybrid_snapshot.knowledge, hybrid_snapshot.matcher.compiled, Counting(encoder)
        after = following(town, "harbor-host", tickets=[FRESH, "and on the hill"], harbor_place=["where was that"])
        found = graft(compiled, town, after, counting.encode)
        assert found
        assert counting.texts == [FRESH]
        assert found.grafted == 6  # one comes and three go, and one leads elsewhere, which is both
        assert _vector_of(found, "where was that") == _vector_of(compiled, "where was that")
        assert _vector_of(found, "and on the hill") == _vector_of(compiled, "and on the hill")

    def test_what_goes_needs_no_encoder(self, hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
        """Nor does another order, which is no change to speak of."""
        town, compiled, counting = hybrid_snapshot.knowledge, hybrid_snapshot.matcher.compiled, Counting(encoder)
        asked = town.entries["harbor-host"].follow_ups
        turned = replace(town, entries={name: _turned(entry) for name, entry in town.entries.items()})
        for after, changes in ((following(town, "harbor-host", tickets=asked["tickets"]), 4), (turned, 1)):
            found = graft(compiled, town, after, counting.encode)
            assert found
            assert found.grafted == changes
            match = hybrid_snapshot.matcher.match("did it cost much")
            near, before = (Matcher(made, encoder).follows(match).after(["harbor-host"]) for made in (found, compiled))
            assert list(near) == list(after.entries["harbor-host"].follow_ups)
            assert near["tickets"] == pytest.approx(before["tickets"], abs=0.1)  # words weigh a little less among fewer
        assert counting.texts == []

    def test_it_is_as_if_compiled(self, snapshot: Snapshot, encoder: Encoder) -> None:
        """The same likenesses."""
        semantic = None if snapshot.matcher.compiled.similarities.vectors is None else encoder
        encode = semantic.encode if semantic else None
        town, compiled = snapshot.knowledge, snapshot.matcher.compiled
        after = following(town, "director", music=[FRESH], director=["so she did it herself"])
        there = graft(compiled, town, after, encode)
        assert there
        matcher = Matcher(there, semantic)
        near = matcher.follows(matcher.match(FRESH)).after(["director"])
        assert list(near) == ["music", "director"]
        assert near["music"] == pytest.approx(1, abs=0.03)
        back = graft(there, after, town, encode)
        assert back
        for typed in LEANING:
            match = snapshot.matcher.match(typed)
            wanted = pytest.approx(dict(snapshot.matcher.follows(match).after(["director"])), abs=0.05)
            assert Matcher(back, semantic).follows(match).after(["director"]) == wanted

    def test_what_is_taught_leaves_them_as_they_are(self, lexical_snapshot: Snapshot) -> None:
        """The very same piece."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        entry = town.entries["director"]
        more = entry.model_copy(update={"questions": (*entry.questions, "whose work")})
        found = graft(compiled, town, replace(town, entries={**town.entries, entry.id: more}), None)
        assert found
        assert found.follow_ups is compiled.follow_ups

    def test_hundreds_are_a_compile(self, lexical_snapshot: Snapshot) -> None:
        """As with phrasings."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        after = following(town, "director", music=[f"and number {number}" for number in range(501)])
        assert graft(compiled, town, after, None) is None


def _turned(entry: Entry) -> Entry:
    return entry.model_copy(update={"follow_ups": dict(reversed([*entry.follow_ups.items()]))})


def _vector_of(compiled: Compiled, phrasing: str) -> list[float]:
    found = compiled.follow_ups
    assert found.similarities.vectors is not None
    (row,) = (row for row, (_, _, written) in enumerate(found.asked) if written == phrasing)
    return [float(value) for value in found.similarities.vectors[row]]
