"""Any text to clean words."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import text
from tests.examples import often

ANYTHING = st.text(st.characters(), max_size=300)
TYPED = st.lists(
    st.sampled_from(
        [
            "hey",
            "herald,",
            "who",
            "what's",
            "don't",
            "<@123>",
            "@everyone",
            "🙂",
            ":wave:",
            "\x00",
            "\u200b",
            "...",
            "?",
            "thanks",
        ]
    ),
    max_size=30,
).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Who\x00 directed\x07 it", "who directed it"),
        ("who\u200b dir\u200dected\u2060 it", "who directed it"),
        ("\u202ewho directed it\u202c", "who directed it"),
        ("ＷＨＯ　ｄｉｒｅｃｔｅｄ it", "who directed it"),
        ("Qui était Amélie", "qui etait amelie"),
        ("who <@!1234567> directed <#99> it", "who directed it"),
        ("<!channel> who directed it", "who directed it"),
        ("<!subteam^S123|@team> who directed it", "who directed it"),
        ("@everyone who directed it @here", "who directed it"),
        ("<:grin:123456> who directed it :tada:", "who directed it"),
        ("who directed it https://example.org/a?b=c", "who directed it"),
        ("<https://example.org|this> who directed it", "who directed it"),
        ("**who** _directed_ ~~it~~ ||", "who directed it"),
        ("`who` directed ```it```", "'who' directed '''it'''"),
        ("> who directed it", "who directed it"),
        ("who\tdirected\r\nit", "who directed it"),
        ("who directed it 🎬🎬", "who directed it"),
        ("“who” directed ‘it’", "\"who\" directed 'it'"),
        ("who directed it in L.A.?", "who directed it in la?"),
        ("A.I. or the O.S in it", "ai or the os in it"),
        ("in the U.S. i.e. at home. a b", "in the u.s. ie at home. a b"),
    ],
)
def test_what_is_no_word_goes(typed: str, normal: str) -> None:
    """Control and invisible characters, mentions, links, emoji, markup and accents."""
    assert text.normalize(typed) == normal


@pytest.mark.parametrize("typed", ["", " ", "\x00", "🙂🙂", "\u200b\u200d", "<@1>", "@everyone", "...", "**", "\ud800"])
def test_nothing_is_left_of_nothing(typed: str) -> None:
    """No words come of a text that has none, and no exception."""
    assert text.words(text.normalize(typed)) == []


@pytest.mark.parametrize("typed", ["{0} {name!r}", "%s %d %(x)s", "${HOME} `id`", "{{7*7}}", "\\1 \\g<0>", "(?P<a>x)+"])
def test_format_strings_are_words_like_any(typed: str) -> None:
    """Nothing is interpolated: only letters and digits that were typed come out."""
    assert set("".join(text.words(text.normalize(typed)))) <= set(typed.lower())


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("what's it about", "what is it about"),
        ("whats it about", "what is it about"),
        ("he didn't say", "he did not say"),
        ("they’re here", "they are here"),
        ("I can't, won't", "i can not, will not"),
        ("Mira's film", "mira's film"),
        ("its sound", "its sound"),
        ("dont", "do not"),
    ],
)
def test_contractions_are_written_out(typed: str, normal: str) -> None:
    """With and without the apostrophe; a name keeps its possessive."""
    assert text.normalize(typed) == normal


def test_inner_apostrophes_and_possessives_are_no_part_of_words() -> None:
    """So that "O'Hara's" meets "ohara"."""
    assert text.words("o'hara's film, 2 of 3") == ["ohara", "film", "2", "of", "3"]


class TestFocus:
    def test_a_short_text_is_its_own_focus(self) -> None:
        """Up to fourteen words."""
        short = "i love lanterns. who directed it? so good."
        assert text.focus(short) == short

    def test_the_question_in_an_anecdote(self) -> None:
        """The last sentence that asks."""
        long = (
            "my cousin and i were at the festival last week and it rained the whole time. "
            "who directed the film about the lighthouse? we had to leave early because of the bus."
        )
        assert text.focus(long) == "who directed the film about the lighthouse?"

    def test_a_question_without_a_mark(self) -> None:
        """A question word tells where there is no question mark."""
        long = (
            "my cousin and i were at the festival last week and it rained the whole time. "
            "who directed the film about the lighthouse. we had to leave early because of the bus."
        )
        assert text.focus(long) == "who directed the film about the lighthouse"

    def test_a_question_that_says_too_little_takes_its_neighbor(self) -> None:
        """Else "who was it?" would stand alone."""
        long = (
            "there was so much rain at the festival that we nearly went home. "
            "then somebody wearing a yellow raincoat moderated the harbor talk. who was it?"
        )
        assert text.focus(long) == "then somebody wearing a yellow raincoat moderated the harbor talk. who was it?"

    def test_a_long_text_that_asks_nothing_is_kept_whole(self) -> None:
        """There is nothing better to look at."""
        long = "rain " * 20
        assert text.focus(long.strip()) == long.strip()


class TestQuestionType:
    @pytest.mark.parametrize(
        ("typed", "kind"),
        [
            ("who directed it", "who"),
            ("how many clips", "how-many"),
            ("what year was it", "when"),
            ("in which city was it", "where"),
            ("how come it ends", "why"),
            ("did it win", "yes-no"),
            ("release date", "terse"),
        ],
    )
    def test_told_by_its_words(self, typed: str, kind: str) -> None:
        """The more particular type first."""
        assert text.question_type(typed) == kind


def test_relation_words_come_in_groups() -> None:
    """So that "helmed" and "directed" say the same, and "produced" doesn't."""
    assert text.relations(["helmed"]) == text.relations(["directed"]) == {"direct"}
    assert text.relations(["produced"]) == {"produce"}
    assert text.relations(["ferry"]) == frozenset()


@given(ANYTHING | TYPED)
def test_any_text_is_normalized(typed: str) -> None:
    """No exception, no invisible character, no white space but single spaces."""
    normal = text.normalize(typed)
    assert normal == " ".join(normal.split())
    assert all(char.isprintable() for char in normal)


@given(ANYTHING | TYPED)
@settings(max_examples=often(200))
def test_folding_again_changes_no_word(typed: str) -> None:
    """What is compared doesn't depend on how often it was cleaned."""
    once = text.fold(typed)
    assert text.words(text.fold(once)) == text.words(once)


@given(ANYTHING)
def test_case_and_space_make_no_difference(typed: str) -> None:
    """Two spellings of one question meet."""
    assert text.words(text.normalize(f"  {typed}\n")) == text.words(text.normalize(typed))


@pytest.mark.parametrize(
    "piece",
    [
        "who directed it ",
        "thanks ",
        ". ",
        "!!!",
        "it? ",
        "<@",
        "@here ",
        "https://",
        "\u200b",
        "🙂",
        "don't ",
        "sorry if ",
        ":a:",
        "'s",
    ],
)
@pytest.mark.parametrize("work", [text.normalize, text.focus, text.question_type], ids=lambda work: work.__name__)
def test_time_grows_with_length_and_no_faster(piece: str, work: Callable[[str], str]) -> None:
    """40,000 characters of anything take a moment: nothing backtracks."""
    long = (piece * 40_000)[:40_000]
    started = time.process_time()
    work(long)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Who's the host, please?", "who is the host"),
        ("“Drugs.”", "drugs"),
        ("  O'Hara's  line ", "ohara line"),
        ("🙂", ""),
    ],
)
def test_the_same_words_have_the_same_key(typed: str, key: str) -> None:
    """However they are set."""
    assert text.key(typed) == key


def test_plain_words_are_as_written() -> None:
    """Contractions are not written out as they are in a key; doing it twice changes nothing."""
    assert text.plain("Who's the  HOST, O'Hara?") == "who the host ohara"
    assert text.plain(text.plain("Who's the  HOST, O'Hara?")) == "who the host ohara"
