"""Requests for quotes, told by their form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import requests


class TestQuoteAsked:
    def test_a_story_with_a_quote_in_it(self) -> None:
        """What is told before the question doesn't ask for anything."""
        story = "My aunt gave me her exact words on the ferry, and I wrote them down word for word, but then the storm"
        told = f"{story} came and the paper was gone, so now I only want one thing from you all. Who directed Low Tide?"
        assert requests.quote_asked(told) is None
        assert requests.quote_asked(f"{told} And what were her exact words on it?")
        perhaps = requests.quote_asked(f"{told} Is there anything said about the keeper, the lamp and the gull?")
        assert perhaps
        assert perhaps.strength == "perhaps"

    @pytest.mark.parametrize(
        ("typed", "about"),
        [
            ("give me a quote about love", "love"),
            ("gimme a quote on storms pls", "storms"),
            ("any good one-liners about the fog?", "fog"),
            ("Hey Herald, show me a quote about lanterns!", "lanterns"),
            ("what did she say about music, word for word", "music"),
            ("a famous line about water", "water"),
            ("anything quotable from her on storms?", "storms"),
            ("need a line from mira on light for my class handout", "light"),
            ("do you have quotes regarding ferries", "ferries"),
            ("something she said about getting films made, please", "getting films made"),
            ("the line w the ferry man", "ferry man"),
            ("mira line re lamps", "lamps"),
            ("give me her exact words about post", "post"),
        ],
    )
    def test_with_a_topic(self, typed: str, about: str) -> None:
        """What stands behind "about", without the words of asking."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.about == about

    @pytest.mark.parametrize(
        ("typed", "rest"),
        [
            ("what did she say about music, word for word", "what did she say about music"),
            ("mira on storms, her exact words", "mira on storms"),
            ("how does it go again, the bit with the lamp", "the bit with the lamp"),
            ("that line about the past, how's it worded?", "that line about the past"),
            ("what did he grumble on the ferry, literally", "what did he grumble on the ferry"),
            ("one of them begs the boy to stay, what are the words", "one of them begs the boy to stay"),
            ("her remark on the tide, how'd it go", "her remark on the tide"),
            ("the keeper's opening words, as he put it", "the keeper's opening words"),
            ("her reply to the mayor, as spoken", "her reply to the mayor"),
            ("the bit on the lamp, let me read it", "the bit on the lamp"),
            ("the keeper begs her to stay. what's the line?", "the keeper begs her to stay"),
            ("what does she tell the keeper? the words themselves", "what does she tell the keeper"),
            ("ada's exact opening question", "ada's opening question"),
            ("how she praises the fog, word by word", "how she praises the fog"),
            ("why it rains, in the keepers own words", "why it rains"),
        ],
    )
    def test_the_very_words(self, typed: str, rest: str) -> None:
        """In whatever terms they are asked for, outright; these are cut, the rest says which words."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.strength == "outright"
        assert asked.rest == rest

    @pytest.mark.parametrize(
        "typed",
        [
            "her comeback when he praised the ferry",
            "how did mira put it about the ferry",
            "got something from mira on storms?",
            "what did mira say about the ferry exactly",
            "the keeper's joke about lamps",
            "what's the line where he begs her to stay",
            "the lighthouse line, what is it exactly",
            "the sentence about the ferry",
            "could you read me what the keeper says about fog",
            "the keeper's pearls of wisdom on storms",
            "how was her opening jest worded?",
            "what did the keeper mutter about the ferry",
            "whatever he grumbled about the fog",
            "something mira declared about the lamps",
            "anything out of the keeper's mouth about fog?",
            "something from the keeper regarding lamps",
            "something said about the ferry",
            "mira line on the lamps",
            "mira line with a lamp in it",
            "the line w the lamp",
            "do you have words of mira on storms",
            "i want that long speech about the tide",
            "for my thesis one sentence of mira concerning fog",
            "the thing with the gull that mira said",
        ],
    )
    def test_it_may_be_a_plain_question(self, typed: str) -> None:
        """Then it is no outright request: the answer will do where no quote fits."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.strength == "likely"

    @pytest.mark.parametrize(
        "typed",
        [
            "what did the keeper say about the lamps?",
            "anything ada said of the keeper's lamps",
            "the keeper's own description of fog",
            "mira praising the keeper",
            "have you got her complaining about gulls",
            "what does he shout at the gull? don't bleep it",
            "the bit where the lamp goes out",
        ],
    )
    def test_perhaps(self, typed: str) -> None:
        """A plain question that somebody's words would answer, too."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.strength == "perhaps"

    @pytest.mark.parametrize(
        "typed", ["a quote", "give me a quote please", "got any quotes?", "random quote", "another quote"]
    )
    def test_of_any_kind(self, typed: str) -> None:
        """No topic, no source."""
        asked = requests.quote_asked(typed)
        assert asked
        assert (asked.about, asked.source) == ("", "")

    @pytest.mark.parametrize(
        ("typed", "source"),
        [
            ("a quote from mira holt", "mira holt"),
            ("quote by Ada about light", "ada"),
            ("best line from ada stone?", "ada stone"),
            ("what were ada's own words about the lamps", "ada"),
            ("why it rains, in adas words from the harbor talk", "ada"),
            ("on the fog in his words", ""),
        ],
    )
    def test_from_somebody(self, typed: str, source: str) -> None:
        """Whom it is wanted from, as it was typed."""
        asked = requests.quote_asked(typed)
        assert asked
        assert asked.source == source

    @pytest.mark.parametrize(
        "typed",
        [
            "who directed Low Tide",
            "what is the film about",
            "who says hello first",
            "who finished his sentence",
            "who'd they quote for that",
            "whom does Ada quote there",
            "how long is the line at the cinema",
            "how many lines about ferries are there",
            "how does it end",
            "how did the talk go",
            "what exactly is low tide",
            "what did she crack the lamp with",
            "what did the ferry announcement cost",
            "is it online",
            "hello",
            "",
            "quotation",  # as near as it gets: a bare word is a request
        ],
    )
    def test_near_misses(self, typed: str) -> None:
        """Ordinary questions are none, however near their words."""
        assert (requests.quote_asked(typed) is not None) == (typed == "quotation")


@given(st.text(max_size=200) | st.text("who said \"'“”quote about ", max_size=200))
def test_any_text_is_looked_at(typed: str) -> None:
    """No exception, whatever it is."""
    requests.quote_asked(typed)
