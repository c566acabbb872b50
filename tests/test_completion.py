"""What typing is completed to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.completion import MOST, Completions, Speaker, fold
from bot.herald import Snapshot
from bot.knowledge import KnowledgeBase


def made(knowledge: KnowledgeBase, age_restricted: bool = False) -> Completions:  # noqa: FBT001, FBT002
    return Completions(knowledge, age_restricted, fold(knowledge))


@pytest.fixture
def completions(lexical_snapshot: Snapshot) -> Completions:
    return made(lexical_snapshot.knowledge)


def with_featured(knowledge: KnowledgeBase, *ids: str) -> KnowledgeBase:
    """The same, with some entries featured."""
    entries = {key: e.model_copy(update={"featured": key in ids}) for key, e in knowledge.entries.items()}
    return replace(knowledge, entries=entries)


class TestQuestions:
    def test_an_exact_phrasing_is_first(self, completions: Completions) -> None:
        """Then those that begin so, those with the words anywhere, and those whose answer has them."""
        found = [choice.entry for choice in completions.questions("camera")]
        assert found[0] == "camera"
        assert [choice.entry for choice in completions.questions("what camera")] == ["camera"]
        assert [choice.entry for choice in completions.questions("lifeboat")] == ["camera"]
        tiers = [choice.entry for choice in completions.questions("director")]
        assert tiers[0] == "director"

    def test_tiers_come_in_order(self, completions: Completions) -> None:
        """The beginning of a phrasing counts more than words within, and these more than the answer's."""
        found = [choice.entry for choice in completions.questions("tom quill")]
        assert found == ["hill-host", "music"]
        assert [choice.entry for choice in completions.questions("who hosted the h")] == ["harbor-host", "hill-host"]
        assert [choice.entry for choice in completions.questions("ghost")] == ["audience-ghost"]

    def test_what_shows_the_typed_words_is_first(self, lexical_snapshot: Snapshot) -> None:
        """Of equals: then the featured one, then as in the knowledge base."""
        plain, featured = made(lexical_snapshot.knowledge), made(with_featured(lexical_snapshot.knowledge, "hill-host"))
        shown = [choice.question.startswith("who") for choice in plain.questions("who")]
        assert shown == sorted(shown, reverse=True)
        assert {True, False} == set(shown)
        assert featured.questions("who")[0].entry == "hill-host"

    def test_what_is_shown_is_the_first_phrasing(self, completions: Completions) -> None:
        """Whichever of them was typed."""
        assert completions.questions("lantern everywhere")[0].question == "what does the lantern mean"

    @pytest.mark.parametrize("typed", ["", "  ", "?!"])
    def test_nothing_typed_gives_the_featured_ones(self, lexical_snapshot: Snapshot, typed: str) -> None:
        """Where there are none, any."""
        featured = made(with_featured(lexical_snapshot.knowledge, "music", "camera"))
        assert [choice.entry for choice in featured.questions(typed)] == ["music", "camera"]
        plain = made(lexical_snapshot.knowledge)
        assert len(plain.questions(typed)) == 17

    def test_explicit_ones_only_where_they_may_be_shown(self, lexical_snapshot: Snapshot) -> None:
        """Not even their question."""
        for allowed in (False, True):
            found = made(lexical_snapshot.knowledge, allowed).questions("swearing")
            assert [choice.entry for choice in found] == ["shouting"] * allowed

    def test_never_more_than_fit(self, lexical_snapshot: Snapshot) -> None:
        """26 entries that fit give 25."""
        kb = lexical_snapshot.knowledge
        many = {f"e-{n}": kb.entries["camera"].model_copy(update={"id": f"e-{n}"}) for n in range(26)}
        found = made(replace(kb, entries=many))
        assert (len(found.questions("camera")), len(found.questions("")), MOST) == (25, 25, 25)

    @pytest.mark.parametrize("typed", ["zzzz", "camera zzzz", "\x00", "[", "x" * 5000])
    def test_what_fits_nothing_gives_nothing(self, completions: Completions, typed: str) -> None:
        assert [choice for choice in completions.questions(typed) if choice.entry != "x"] == (
            completions.questions("") if typed in ("\x00", "[") else []
        )


class TestFold:
    def test_only_what_changed_is_made_anew(self, lexical_snapshot: Snapshot) -> None:
        """And it is as if all of it were."""
        base = lexical_snapshot.knowledge
        before = fold(base)
        first, *others = base.entries.values()
        taught = first.model_copy(update={"questions": (*first.questions, "gondola velvet")})
        changed = replace(base, entries={entry.id: entry for entry in (taught, *others)})
        after = fold(changed, before)
        assert after == fold(changed)
        assert [now is then for now, then in zip(after, before, strict=True)] == [False, *[True] * len(others)]


class TestQuotes:
    def test_speakers_by_any_of_their_names(self, completions: Completions) -> None:
        """Whoever has most quotes first; a character with the actor."""
        assert completions.speakers("")[0] == Speaker("mira-holt", "Mira Holt")
        assert completions.speakers("lena") == [Speaker("the-lighthouse", "the Lighthouse (Lena Ortiz)")]
        assert completions.speakers("adda") == [Speaker("ada-stone", "Ada Stone")]
        assert completions.speakers("zzz") == []

    def test_topics_of_a_speaker(self, completions: Completions) -> None:
        """Whose name may be typed; of all where the speaker isn't known."""
        assert completions.topics("", "tom-quill") == ["music"]
        assert completions.topics("", "Quill") == ["music"]
        assert completions.topics("")[0] == "light"
        assert completions.topics("lig", "zzz") == ["light"]

    def test_explicit_ones_only_where_they_may_be_shown(self, lexical_snapshot: Snapshot) -> None:
        for allowed in (False, True):
            assert made(lexical_snapshot.knowledge, allowed).topics("gulls") == ["gulls"] * allowed
