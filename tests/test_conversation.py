"""Follow-up questions: what they may be read as, and what is remembered for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import conversation as talk
from bot.conversation import CONVERSATIONS, MINUTES, TURNS, Conversations, Turn
from bot.knowledge import KnowledgeBase
from tests.support import Clock, build
from tests.town import town


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The town."""
    return build(tmp_path_factory.mktemp("town"), town())


def read(typed: str, last: Turn, kb: KnowledgeBase) -> set[str]:
    """All readings of a question after one turn."""
    return {reading for ways in talk.readings(typed, (last,), kb).values() for reading in ways}


HOSTED = Turn("who moderated the harbor talk", ("harbor-talk", "ada-stone"), "harbor-host")


class TestLeaning:
    @pytest.mark.parametrize(
        "typed",
        [
            "why?",
            "and where",
            "and the hill one?",
            "what about Ada",
            "who directed it",
            "how old is she",
            "the other one",
            "who else",
            "was he there",
        ],
    )
    def test_a_question_that_leans_on_what_was_said(self, typed: str) -> None:
        """By a pronoun, a link, a contrast, or because it is only a question word."""
        assert talk.leans_back(typed)

    @pytest.mark.parametrize(
        "typed",
        ["who directed Low Tide", "budget", "when does Low Tide come out", "", "🙂", "Ithaca", "who directed Her",
         'who directed "her"', "who wrote the movie her"],
    )  # fmt: skip
    def test_a_question_that_stands_by_itself(self, typed: str) -> None:
        """Nothing points back; a pronoun that is written as a title is one."""
        assert not talk.leans_back(typed)

    def test_only_a_bare_question_word_says_nothing_alone(self) -> None:
        """ "Why?" does not; "why a ferry?" does."""
        assert talk.empty("Why??")
        assert talk.empty("and how")
        assert not talk.empty("why a ferry")
        assert not talk.empty("")

    @pytest.mark.parametrize(
        "typed", ["from what?", "why that one", "and the other?", "and your real answer", "what was her joke"]
    )
    def test_what_goes_on_is_no_small_talk(self, typed: str) -> None:
        """However much it sounds like it: a few words that ask, a link, a person's pronoun."""
        assert talk.goes_on(typed)

    @pytest.mark.parametrize("typed", ["who are you", "hello there", "that's a joke", "nice to meet you", ""])
    def test_small_talk_goes_on_with_nothing(self, typed: str) -> None:
        """It is to the bot, or about nobody."""
        assert not talk.goes_on(typed)

    @pytest.mark.parametrize(
        "typed", ["tell me more", "More?", "go on", "haha, tell me more about that", "any more details", "say more pls"]
    )
    def test_more_of_what_was_told(self, typed: str) -> None:
        """In many words, and nothing besides."""
        assert talk.more(typed)

    @pytest.mark.parametrize("typed", ["tell me more about Ada", "more popcorn", "who else", "what happens next", ""])
    def test_near_misses_of_more(self, typed: str) -> None:
        """Those ask for something."""
        assert not talk.more(typed)

    @pytest.mark.parametrize("said", ["haha ", "Thanks! ", "thx, man. oh ", "cool... ", "wow. nice one - "])
    def test_a_reaction_to_the_last_answer_says_nothing(self, said: str, kb: KnowledgeBase) -> None:
        """What comes behind it is read as if it stood alone."""
        assert talk.empty(f"{said}why?")
        assert read(f"{said}who invited her", HOSTED, kb) - {f"{said}who invited her"} <= read(
            "who invited her", HOSTED, kb
        )

    def test_a_word_of_praise_before_a_noun_is_no_reaction(self) -> None:
        """ "Nice room?" asks about the room."""
        assert not talk.empty("nice why")


class TestReadings:
    def test_a_pronoun_stands_for_a_person(self, kb: KnowledgeBase) -> None:
        """Not for an event, and its case comes along."""
        assert "who invited Ada Stone" in read("who invited her", HOSTED, kb)
        assert "where is Ada Stone's boat" in read("where is his boat", HOSTED, kb)
        assert "who invited the harbor talk" not in read("who invited her", HOSTED, kb)

    def test_it_stands_for_what_was_spoken_of(self, kb: KnowledgeBase) -> None:
        """The event too."""
        assert "where was the harbor talk" in read("where was it", HOSTED, kb)

    def test_a_contrast_exchanges_a_name_of_its_kind(self, kb: KnowledgeBase) -> None:
        """An event for an event."""
        found = read("what about the hill talk", HOSTED, kb)
        assert any(
            "hill talk" in reading and reading.startswith("who moderated") and "harbor" not in reading
            for reading in found
        )

    def test_a_bare_question_word_takes_the_last_question(self, kb: KnowledgeBase) -> None:
        """Without its own question word, or what it was about."""
        found = read("why?", HOSTED, kb)
        assert "why moderated the harbor talk" in found
        assert "why the harbor talk" in found

    def test_the_question_itself_is_always_among_them(self, kb: KnowledgeBase) -> None:
        """As it was typed."""
        assert "And the budget of it?" in read("And the budget of it?", HOSTED, kb)

    def test_without_turns_there_is_only_the_question(self, kb: KnowledgeBase) -> None:
        """Nothing is made up."""
        assert talk.readings("why?", (), kb) == {"alone": ["why?"]}

    def test_names_that_a_reload_dropped_are_passed_over(self, kb: KnowledgeBase) -> None:
        """A conversation may outlive the knowledge base that it began with."""
        gone = Turn("who moderated the lake talk", ("lake-talk", "nobody"), "lake-host")
        assert read("and at the hill talk who was she", gone, kb)

    def test_a_name_is_no_template(self, tmp_path: Path) -> None:
        """A backslash in a name stays one."""
        data = town()
        data["people"].append({"id": "odd", "name": r"A\1 \g<0>"})
        data["works"].append({"id": "odd-work", "name": r"B\1"})
        found = read("who invited her to it", Turn("who", ("odd",)), build(tmp_path, data))
        assert r"who invited A\1 \g<0> to it" in found
        assert r"what is B\1" in read("what is it", Turn("what", ("odd-work",)), build(tmp_path / "b", data))


class TestMemory:
    def test_turns_come_back_in_order(self) -> None:
        """The oldest first."""
        conversations = Conversations(Clock())
        for number in range(3):
            conversations.add("a", Turn(str(number)))
        assert [turn.asked for turn in conversations.turns("a")] == ["0", "1", "2"]

    def test_only_the_last_turns_are_kept(self) -> None:
        """A conversation of a year takes no more than one of an hour."""
        conversations = Conversations(Clock())
        for number in range(50):
            conversations.add("a", Turn(str(number)))
        assert [turn.asked for turn in conversations.turns("a")] == [str(n) for n in range(50 - TURNS, 50)]

    def test_context_lasts_for_minutes(self) -> None:
        """Counted from the last turn; what comes later begins anew."""
        clock = Clock()
        conversations = Conversations(clock)
        conversations.add("a", Turn("old"))
        clock.now += MINUTES * 60 - 1
        assert conversations.turns("a")
        conversations.add("a", Turn("newer"))
        clock.now += MINUTES * 60 + 1
        assert conversations.turns("a") == ()
        conversations.add("a", Turn("new"))
        assert [turn.asked for turn in conversations.turns("a")] == ["new"]

    def test_conversations_are_kept_apart(self) -> None:
        """And none has no memory at all."""
        conversations = Conversations(Clock())
        conversations.add("a", Turn("in a"))
        conversations.add(None, Turn("nowhere"))
        assert conversations.turns("b") == ()
        assert conversations.turns(None) == ()
        assert [turn.asked for turn in conversations.turns("a")] == ["in a"]

    def test_the_oldest_conversations_are_forgotten(self) -> None:
        """Memory is bounded, however many there are."""
        conversations = Conversations(Clock())
        for number in range(CONVERSATIONS + 5):
            conversations.add(str(number), Turn("x"))
        assert conversations.turns("0") == ()
        assert conversations.turns("5")
        assert len(conversations._turns) == CONVERSATIONS

    def test_no_turn_is_lost_between_threads(self) -> None:
        """Two members at once in one conversation."""
        for _ in range(20):
            conversations = Conversations()
            with ThreadPoolExecutor(TURNS) as pool:
                list(pool.map(lambda n, c=conversations: c.add("a", Turn(str(n))), range(TURNS)))
            assert len(conversations.turns("a")) == TURNS
