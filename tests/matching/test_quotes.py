"""Finding quotes by speaker, topic and half-remembered words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.herald import Snapshot
from bot.matching import lexicon
from bot.matching.dictionary import Dictionary
from bot.matching.quotes import QuoteIndex, build
from tests import support
from tests.examples import often
from tests.town import town


@pytest.fixture
def quotes(snapshot: Snapshot) -> QuoteIndex:
    """Either half."""
    return snapshot.quotes


def ids(quotes: QuoteIndex, speaker: str | None, about: str) -> list[str]:
    """The quotes found, best first."""
    speakers = quotes.speakers.named(speaker) if speaker else None
    return [found.quote.id for found in quotes.by_topic(speakers, about)]


class TestByTopic:
    @pytest.mark.parametrize(
        ("speaker", "about", "best"),
        [
            ("mira", "love", "on-love"),
            (None, "love", "on-love"),
            ("lena ortiz", "water", "on-water"),
            (None, "storm", "on-storms"),
            ("quill", "the piano", "on-pianos"),
            (None, "ferry", "on-ferries"),
        ],
    )
    def test_the_best_comes_first(self, quotes: QuoteIndex, speaker: str | None, about: str, best: str) -> None:
        """By topic or by the words themselves."""
        assert ids(quotes, speaker, about)[0] == best

    @pytest.mark.parametrize("about", ["zebras", "quantum chromodynamics", "tax returns"])
    def test_no_such_topic_is_nothing(self, quotes: QuoteIndex, about: str) -> None:
        """Never another topic's quote."""
        assert ids(quotes, None, about) == []
        assert ids(quotes, "mira", about) == []

    def test_without_a_topic_all_of_the_speaker(self, quotes: QuoteIndex) -> None:
        """And of nobody else; without a speaker, all."""
        assert set(ids(quotes, "mira", "")) == {"on-ferries", "on-storms", "on-love"}
        assert len(ids(quotes, None, "")) == len(quotes.prepared)

    def test_what_a_likely_entry_tells_fits_better(self, quotes: QuoteIndex) -> None:
        """Though the topic says nothing of it; an unlikely one makes no difference."""
        entry, told = next((entry, next(iter(ids))) for entry, ids in quotes.told_by.items())
        about = "that old thing, you know"
        assert told not in [found.quote.id for found in quotes.by_topic(None, "zebras")]
        likely = [found.quote.id for found in quotes.by_topic(None, f"zebras {about}", {entry: 0.99})]
        assert likely[0] in quotes.told_by[entry]
        assert quotes.by_topic(None, "zebras", {entry: 0.01}) == []

    def test_who_is_named_must_be_there(self, quotes: QuoteIndex) -> None:
        """The name of an event or a film counts as any other word."""
        assert ids(quotes, None, "storms at the harbor talk")[0] == "on-storms"
        assert ids(quotes, None, "storms with Una Vale") == []

    def test_what_says_little_by_itself_comes_after(self, tmp_path: Path) -> None:
        """Of two quotes on the same the one that needs no context comes first."""
        data = town()
        short = {**data["quotes"][0], "id": "short", "text": "The lamp.", "topics": ["the lamp"]}
        long = {**short, "id": "long", "text": "The lamp is what I think of when it rains at night."}
        data["quotes"] += [short, long]
        knowledge = support.build(tmp_path, data)
        quotes = build(knowledge, lexicon.build(knowledge, (), Dictionary()), None, None)
        assert next(name for name in ids(quotes, None, "the lamp") if name in ("short", "long")) == "long"

    def test_fits_fall(self, quotes: QuoteIndex) -> None:
        """From 1 to above 0."""
        fits = [found.fit for found in quotes.by_topic(None, "light")]
        assert fits == sorted(fits, reverse=True)
        assert all(0 < fit <= 1.0001 for fit in fits)
        assert len(fits) >= 2


class TestByLine:
    @pytest.mark.parametrize("marked", [True, False])
    @pytest.mark.parametrize("quote", ["on-light", "on-love", "on-silence", "on-pianos"])
    def test_the_whole_line(self, quotes: QuoteIndex, quote: str, *, marked: bool) -> None:
        """Word for word: exact."""
        found = quotes.by_line(quotes.knowledge.quotes[quote].text, marked=marked)
        assert found
        assert (found.quote.id, found.exact) == (quote, True)

    def test_a_whole_line_of_one_word(self, tmp_path: Path) -> None:
        """However short: it is what was said, and not a part of something longer."""
        data = town()
        data["quotes"].append({**data["quotes"][0], "id": "one-word", "text": "Fog.", "speaker": "mira-holt"})
        knowledge = support.build(tmp_path, data)
        quotes = build(knowledge, lexicon.build(knowledge, (), Dictionary()), None, None)
        for line in ("Fog", "fog!"):
            found = quotes.by_line(line, marked=True)
            assert found
            assert (found.quote.id, found.exact) == ("one-word", True)
        assert quotes.by_line("fo", marked=True) is None

    @pytest.mark.parametrize(
        ("line", "quote"),
        [
            ("the fog will say it for you", "on-silence"),
            ("LIGHT IS PATIENT, and it waits", "on-light"),
            ("who keeps the lamp burning", "on-love"),
        ],
    )
    def test_a_part_of_it(self, quotes: QuoteIndex, line: str, quote: str) -> None:
        """Also exact, whatever the case and the marks."""
        found = quotes.by_line(line, marked=True)
        assert found
        assert (found.quote.id, found.exact) == (quote, True)

    @pytest.mark.parametrize(
        ("line", "quote"),
        [
            ("a ferry is a room that can't make up its own mind", "on-ferries"),
            ("love is mostly about who keeps the lamps burning", "on-love"),
            ("we waited twelve nights for a storm and got three in an hour", "on-storms"),
        ],
    )
    def test_a_misremembered_line(self, quotes: QuoteIndex, line: str, quote: str) -> None:
        """Found, and known to be only close."""
        found = quotes.by_line(line, marked=True)
        assert found
        assert (found.quote.id, found.exact) == (quote, False)
        assert 0 < found.fit <= 1

    @pytest.mark.parametrize(
        "line",
        [
            "may the force be with you always",
            "I'll have what she is having",
            "elephants never forget a birthday party",
            "",
            "it is",
            "🙂🙂🙂",
        ],
    )
    def test_nobodys_line(self, quotes: QuoteIndex, line: str) -> None:
        """None, never the least bad."""
        assert quotes.by_line(line, marked=True) is None
        assert quotes.by_line(line, marked=False) is None

    def test_an_unmarked_line_must_fit_better(self, quotes: QuoteIndex) -> None:
        """It may be no line at all: what is found unmarked is found marked too."""
        for line in ("the lamp of love burning", "waited for a storm", "a room with a mind", "the melody is too"):
            assert quotes.by_line(line, marked=True) or not quotes.by_line(line, marked=False)


@given(st.text(max_size=200))
@settings(max_examples=often(40))
def test_any_text_is_searched(lexical_snapshot: Snapshot, typed: str) -> None:
    """No exception, and only quotes of the knowledge base."""
    quotes = lexical_snapshot.quotes
    quotes.speakers.named(typed)
    spoken = quotes.by_line(typed, marked=True)
    found = [hit.quote for hit in quotes.by_topic(None, typed)] + ([spoken.quote] if spoken else [])
    assert all(quotes.knowledge.quotes[quote.id] is quote for quote in found)
