"""What is taught onto a compiled knowledge base: in service at once, and as if it had been compiled."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.knowledge.model import Entry, Gap, KnowledgeBase
from bot.matching import leftout
from bot.matching.compiled import Compiled, compile_knowledge
from bot.matching.dictionary import dictionary
from bot.matching.graft import graft
from bot.matching.head import fit, fitted_on
from bot.matching.index import Label, build
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder

TAUGHT = "which person kept the evening by the water going"
WORDS = "who soup harbor ferry was the boat zwieback".split()
PARAPHRASE = "which person kept the evening at the water going"


def with_phrasings(knowledge: KnowledgeBase, **taught: Sequence[str]) -> KnowledgeBase:
    """More phrasings of some entries and gaps, by their ids with low lines."""
    named = {name.replace("_", "-"): tuple(phrasings) for name, phrasings in taught.items()}

    def more(records: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: record.model_copy(update={"questions": (*record.questions, *named.get(name, ()))})
            for name, record in records.items()
        }

    return replace(knowledge, version="taught", entries=more(knowledge.entries), gaps=more(knowledge.gaps))


def with_entry(knowledge: KnowledgeBase, **content: Any) -> KnowledgeBase:
    """One entry more."""
    made = Entry.model_validate({"sources": ["harbor-report"], **content})
    return replace(knowledge, version="taught", entries={**knowledge.entries, made.id: made})


def shuffled(knowledge: KnowledgeBase, choice: random.Random) -> KnowledgeBase:
    """Some of the entries in any order, with some of their phrasings and some others."""
    entries = {}
    for name in choice.sample(sorted(knowledge.entries), choice.randint(1, len(knowledge.entries))):
        entry = knowledge.entries[name]
        kept = [phrasing for phrasing in entry.questions if choice.random() < 0.7]
        fresh = [" ".join(choice.choices(WORDS, k=choice.randint(1, 5))) for _ in range(choice.randint(0, 2))]
        questions = tuple(dict.fromkeys([*kept, *fresh])) or ("boat",)
        entries[name] = entry.model_copy(update={"questions": questions})
    return replace(knowledge, version="other", entries=entries)


@pytest.fixture
def town(snapshot: Snapshot) -> KnowledgeBase:
    """Its knowledge base."""
    return snapshot.knowledge


@pytest.fixture
def compiled(snapshot: Snapshot) -> Compiled:
    """What was compiled of it."""
    return snapshot.matcher.compiled


@pytest.fixture
def semantic(snapshot: Snapshot, encoder: Encoder) -> Encoder | None:
    """The encoder, where the town was compiled with it."""
    return None if snapshot.matcher.compiled.similarities.vectors is None else encoder


def grafted(compiled: Compiled, before: KnowledgeBase, after: KnowledgeBase, encoder: Encoder | None) -> Compiled:
    """A graft that there must be."""
    found = graft(compiled, before, after, encoder.encode if encoder else None)
    assert found
    return found


def same(one: Compiled, other: Compiled) -> bool:
    """Whether the indexes hold the same, and the heads nearly."""
    a, b = one.index, other.index
    return (
        (a.labels, a.profiles, a.exact, a.shared, a.frequency) == (b.labels, b.profiles, b.exact, b.shared, b.frequency)
        and a.starts.tolist() == b.starts.tolist()
        and bool(np.allclose(one.head.coefficients, other.head.coefficients, atol=2e-3))
    )


class TestWhatIsTaught:
    def test_answers_word_for_word(self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None) -> None:
        """As any other phrasing."""
        after = with_phrasings(town, harbor_host=[TAUGHT])
        assert Matcher(compiled, semantic).match(TAUGHT).verdict != "answer"
        match = Matcher(grafted(compiled, town, after, semantic), semantic).match(f"Hey, {TAUGHT.upper()}?")
        assert (match.verdict, match.label) == ("answer", Label("entry", "harbor-host"))

    def test_draws_what_is_nearly_the_same(
        self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None
    ) -> None:
        """The head has learned it."""
        after = with_phrasings(town, harbor_host=[TAUGHT])
        match = Matcher(grafted(compiled, town, after, semantic), semantic).match(PARAPHRASE)
        assert match.candidates[0].entry == "harbor-host"
        assert match.candidates[0].evidence["head"] > 0.6

    def test_a_new_entry_answers(self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None) -> None:
        """It has a class of its own from then on."""
        after = with_entry(town, id="catering", questions=["was there soup", "what was served"], answer="Chowder.")
        matcher = Matcher(grafted(compiled, town, after, semantic), semantic)
        assert matcher.match("was there soup").label == Label("entry", "catering")
        near = matcher.match("was there some soup").candidates[0]
        assert near.entry == "catering"
        assert near.evidence["head"] > 0.3
        assert matcher.match("who directed low tide").label == Label("entry", "director")

    def test_a_new_gap_stands_in_the_way(
        self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None
    ) -> None:
        """Of entries that it is nearer than."""
        made = Gap(id="catering", questions=("was there soup", "what was served for dinner"), line="Not told.")
        after = replace(town, version="taught", gaps={**town.gaps, made.id: made})
        matcher = Matcher(grafted(compiled, town, after, semantic), semantic)
        match = matcher.match("was there any soup served for dinner")
        assert (match.verdict, match.label) == ("gap", Label("gap", "catering"))

    def test_a_phrasing_that_two_classes_then_have_is_no_exact_match(
        self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None
    ) -> None:
        """Until one of them loses it."""
        after = with_phrasings(town, harbor_host=["who directed Low Tide"])
        both = grafted(compiled, town, after, semantic)
        key = "who directed low tide"
        assert key in compiled.index.exact
        assert key not in both.index.exact
        assert key in grafted(replace(both, grafted=0), after, town, semantic).index.exact

    def test_new_words_need_no_repair(self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None) -> None:
        """What a new answer says is spelled right."""
        after = with_entry(town, id="catering", questions=["what was served"], answer="Zwieback and chowderling.")
        found = grafted(compiled, town, after, semantic)
        assert found.index.lexicon.repair(["chowdrling"]) == ["chowderling"]


class TestAsIfCompiled:
    """In a knowledge base as small as the town the head is corrected all over, which is exact."""

    def test_the_index_and_the_head_are_those_of_a_compile(
        self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None
    ) -> None:
        """All but the weights of words, which stay."""
        after = with_phrasings(town, harbor_host=[TAUGHT], editor=["whose scissors were it", "scissors"])
        after = with_entry(after, id="soup", questions=["was there soup", "soup"], answer="Chowder.")
        found = grafted(compiled, town, after, semantic)
        whole = build(after, dictionary())
        assert (found.index.labels, found.index.profiles) == (whole.labels, whole.profiles)
        assert (found.index.exact, found.index.shared) == (whole.exact, whole.shared)
        assert found.index.frequency == whole.frequency
        assert found.index.starts.tolist() == whole.starts.tolist()
        every = np.arange(found.index.size)
        fitted = fit([found.similarities.among(every)], found.index.owner, every, len(found.index.labels))
        assert np.allclose(found.head.coefficients, fitted.head.coefficients, atol=2e-3)

    def test_what_is_undone_leaves_nothing(
        self, compiled: Compiled, town: KnowledgeBase, semantic: Encoder | None
    ) -> None:
        """Back from what was compiled with it."""
        after = with_phrasings(town, harbor_host=[TAUGHT], editor=["scissors"])
        after = with_entry(after, id="soup", questions=["was there soup"], answer="Chowder.")
        there = replace(grafted(compiled, town, after, semantic), grafted=0)
        assert same(grafted(there, after, town, semantic), compiled)

    @pytest.mark.parametrize("seed", range(12))
    def test_whatever_comes_and_goes(self, lexical_snapshot: Snapshot, seed: int) -> None:
        """Phrasings and entries, in any order of the entries."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        after = shuffled(town, random.Random(seed))  # noqa: S311
        found, whole = grafted(compiled, town, after, None), build(after, dictionary())
        assert (found.index.labels, found.index.starts.tolist()) == (whole.labels, whole.starts.tolist())
        assert (found.index.exact, found.index.shared) == (whole.exact, whole.shared)
        every = np.arange(found.index.size)
        fitted = fit([found.similarities.among(every)], found.index.owner, every, len(found.index.labels))
        assert np.allclose(found.head.coefficients, fitted.head.coefficients, atol=2e-3)


class TestWhatCannotBeGrafted:
    def test_other_names_read_every_phrasing_anew(self, lexical_snapshot: Snapshot) -> None:
        """And so do the glossary and quotes."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        fewer = {name: person for name, person in town.people.items() if name != "una-vale"}
        assert graft(compiled, town, replace(town, people=fewer), None) is None
        assert graft(compiled, town, replace(town, glossary=()), None) is None
        assert graft(compiled, town, replace(town, quotes={}), None) is None

    def test_hundreds_of_phrasings_are_a_compile(self, lexical_snapshot: Snapshot) -> None:
        """They would be as slow, and less right."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        after = with_phrasings(town, director=[f"number {number}" for number in range(501)])
        assert graft(compiled, town, after, None) is None

    def test_it_must_have_been_made_from_what_is_said(self, lexical_snapshot: Snapshot) -> None:
        """Another knowledge base is noticed."""
        town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
        other = with_phrasings(town, director=["number"])
        assert graft(compiled, other, town, None) is None


def test_other_answers_alone_are_grafted(lexical_snapshot: Snapshot) -> None:
    """An edit of what an entry says changes no phrasing, and is no whole compile either."""
    town, compiled = lexical_snapshot.knowledge, lexical_snapshot.matcher.compiled
    other = town.entries["camera"].model_copy(update={"answer": "With a zeppelin."})
    after = replace(town, version="edited", entries={**town.entries, "camera": other})
    found = graft(compiled, town, after, None)
    assert found
    assert found.grafted
    assert "zeppelin" in found.index.profiles[found.index.labels.index(Label("entry", "camera"))].answer
    assert (found.head.coefficients == compiled.head.coefficients).all()


def test_the_compiled_one_is_left_as_it_is(hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
    """It may be in service, and others are grafted onto it."""
    town, compiled = hybrid_snapshot.knowledge, hybrid_snapshot.matcher.compiled
    before = (compiled.head.coefficients.copy(), compiled.index.frequency.copy(), dict(compiled.index.exact))
    grafted(compiled, town, with_phrasings(town, harbor_host=[TAUGHT]), encoder)
    assert (compiled.head.coefficients == before[0]).all()
    assert (compiled.index.frequency, compiled.index.exact) == before[1:]


def test_only_what_the_head_was_fitted_on_is_corrected(
    lexical_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there were too many phrasings, the others have no coefficients."""
    monkeypatch.setattr(fitted_on, "__defaults__", (60,))
    town = lexical_snapshot.knowledge
    compiled = compile_knowledge(town, None, 0.95, lambda _what, _done: None)
    unfitted = ~compiled.head.coefficients.any(axis=0)
    assert unfitted.any()
    after = with_phrasings(town, harbor_host=[TAUGHT])
    found = grafted(compiled, town, after, None)
    stayed = np.delete(np.arange(found.index.size), found.index.starts[1] - 1)
    assert not found.head.coefficients[:, stayed[unfitted]].any()
    assert len(Matcher(found, None).match(PARAPHRASE).candidates) == leftout.CANDIDATES
