"""Follow-up questions: which of their readings is meant, and what a member gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation import Context, Turn
from bot.herald import Herald, Snapshot
from bot.matching import follow_ups
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder


@pytest.mark.parametrize(
    "first", ["what does the lantern stand for", "what was her first film", "where was the harbor talk"]
)
@pytest.mark.parametrize("typed", ["asdfgh", "lkjhgf"])
def test_gibberish_is_not_read_in_the_light_of_the_talk(lexical_snapshot: Snapshot, first: str, typed: str) -> None:
    """The last answer isn't told once more for it."""
    c = Context()
    herald = Herald(lexical_snapshot, seed=1)
    told = herald.ask(first, c).entry
    assert told
    assert herald.ask(typed, c).entry is None


def test_choices_are_kept_as_what_was_offered(lexical_snapshot: Snapshot) -> None:
    """In their order, with what the likeliest is about."""
    c = Context()
    reply = Herald(lexical_snapshot, seed=1).ask("what about the scene with a camera", c)
    assert reply.choices
    assert c.turns[-1].offered == tuple(choice.entry for choice in reply.choices)
    assert set(lexical_snapshot.knowledge.entries[reply.choices[0].entry].about) <= set(c.turns[-1].names)


@pytest.mark.parametrize("snapshot", ["lexical_snapshot", "hybrid_snapshot"])
class TestResolve:
    @pytest.mark.parametrize("then", ["zzxqwv", "swearing", "quantum chromodynamics", "tax returns please"])
    def test_what_has_nothing_to_do_with_it(self, request: pytest.FixtureRequest, snapshot: str, then: str) -> None:
        """Isn't answered by what was just told, nor by its neighbors."""
        c = Context()
        herald = self.herald(request, snapshot)
        herald.ask("who moderated the harbor talk", c)
        assert herald.ask(then, c).kind != "answer"

    def herald(self, request: pytest.FixtureRequest, snapshot: str) -> Herald:
        made: Snapshot = request.getfixturevalue(snapshot)
        return Herald(made, seed=1)

    @pytest.mark.parametrize(
        ("first", "then", "entry"),
        [
            ("who moderated the harbor talk", "and the hill one?", "hill-host"),
            ("who moderated the harbor talk", "what about the hill talk", "hill-host"),
            ("where was the hill talk", "and who moderated it?", "hill-host"),
            ("where was the hill talk", "and the harbor one", "harbor-place"),
            ("who moderated the harbor talk", "haha thanks! and the hill one?", "hill-host"),
            ("who directed Low Tide", "what was her first film?", "first-film"),
            ("who directed Low Tide", "who exactly?", "director"),
        ],
    )
    def test_a_follow_up(
        self, request: pytest.FixtureRequest, snapshot: str, first: str, then: str, entry: str
    ) -> None:
        """Is answered in the light of what was asked before."""
        c = Context()
        herald = self.herald(request, snapshot)
        herald.ask(first, c)
        assert herald.ask(then, c).entry == entry

    def test_it_comes_with_its_own_probability(self, request: pytest.FixtureRequest, snapshot: str) -> None:
        """In the light of the talk, and not what the words would have by themselves."""
        c = Context()
        herald = self.herald(request, snapshot)
        herald.ask("who moderated the harbor talk", c)
        reply = herald.ask("and the hill one?", c)
        chances = [candidate.score for candidate in reply.candidates]
        assert (reply.candidates[0].entry, reply.score) == ("hill-host", chances[0])
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1.0005
        assert chances[0] > 0.5

    def test_small_talk_between(self, request: pytest.FixtureRequest, snapshot: str) -> None:
        """The talk goes on where it was."""
        c = Context()
        herald = self.herald(request, snapshot)
        herald.ask("who moderated the harbor talk", c)
        assert herald.ask("thanks", c).kind == "smalltalk"
        assert herald.ask("and the hill one?", c).entry == "hill-host"

    @pytest.mark.parametrize(
        "then", ["tell me about Ada Stone", "info on Salt Road", "what do you know about Tom Quill"]
    )
    def test_what_asks_about_a_name_begins_anew(self, request: pytest.FixtureRequest, snapshot: str, then: str) -> None:
        """It gets what it would get without the talk."""
        c = Context()
        herald = self.herald(request, snapshot)
        herald.ask("where was the hill talk", c)
        assert herald.ask(then, c) == herald.ask(then)

    def test_a_gap_that_a_curator_foresaw(self, request: pytest.FixtureRequest, snapshot: str) -> None:
        """Gets the line of that gap after that answer, and another one or none by itself."""
        herald, c = self.herald(request, snapshot), Context()
        assert herald.ask("did it cost much?").gap != "tickets"
        herald.ask("who moderated the harbor talk", c)
        assert herald.ask("did it cost much?", c).gap == "tickets"

    def test_more_is_where_most_of_what_is_asked_next_leads(
        self, request: pytest.FixtureRequest, snapshot: str
    ) -> None:
        """Each time on to what wasn't told yet; where nothing leads on, it isn't told again."""
        herald, c = self.herald(request, snapshot), Context()
        herald.ask("who moderated the harbor talk", c)
        assert herald.ask("tell me more", c).entry == "hill-host"
        assert herald.ask("go on!", c).kind != "answer"
        herald.ask("who directed Low Tide", c)
        assert herald.ask("more about that?", c).entry == "first-film"

    def test_what_was_offered_is_what_the_talk_is_about(self, request: pytest.FixtureRequest, snapshot: str) -> None:
        """Though a member goes on without picking any of it."""
        offered = Turn("the harbor evening", ("harbor-talk",), offered=("harbor-host",))
        assert self.herald(request, snapshot).ask("what building was that in", Context((offered,))).entry == (
            "harbor-place"
        )

    @pytest.mark.parametrize("then", ["and the hill one?", "what about the hill talk"])
    def test_a_contrast_that_no_curator_foresaw(
        self, request: pytest.FixtureRequest, snapshot: str, encoder: Encoder, then: str
    ) -> None:
        """Where nothing is written down of what is asked next: the other one, and not the last answer again."""
        made: Snapshot = request.getfixturevalue(snapshot)
        bare = replace(made.matcher.compiled, follow_ups=follow_ups.build((), (), None))
        matcher = Matcher(bare, encoder if bare.similarities.vectors is not None else None)
        c, herald = Context(), Herald(replace(made, matcher=matcher))
        herald.ask("who moderated the harbor talk", c)
        assert herald.ask(then, c).entry == "hill-host"

    @pytest.mark.parametrize(
        "typed", ["where was the hill talk", "soundtrack", "release date", "Who plays Corwin?", "hello", "awards"]
    )
    def test_context_never_overrides_a_question_that_stands_by_itself(
        self, request: pytest.FixtureRequest, snapshot: str, typed: str
    ) -> None:
        """The same answer as without."""
        c = Context()
        herald = self.herald(request, snapshot)
        alone = herald.ask(typed)
        herald.ask("who moderated the harbor talk", c)
        told = herald.ask(typed, c)
        assert (told.kind, told.entry, told.gap) == (alone.kind, alone.entry, alone.gap)

    def test_another_conversation_knows_nothing_of_it(self, request: pytest.FixtureRequest, snapshot: str) -> None:
        """ "Why?" out of the blue is no question that anything answers."""
        a, b = Context(), Context()
        herald = self.herald(request, snapshot)
        herald.ask("how was the script written", a)
        assert herald.ask("why?", b).kind != "answer"
