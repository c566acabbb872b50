"""Spelling repair, and words to terms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import KnowledgeBase
from bot.matching import lexicon, text
from bot.matching.dictionary import Dictionary
from bot.matching.lexicon import Lexicon
from tests.support import build
from tests.town import town

COMMON = "house horse banana window keeper stones".split()
DICTIONARY = Dictionary(((word, rank) for rank, word in enumerate(COMMON)), ["housed", "harbored", "stiner"])


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The town, with a name of one letter less than a plain word."""
    data = town()
    data["people"].append({"id": "ione-stine", "name": "Ione Stine"})
    return build(tmp_path_factory.mktemp("town"), data)


@pytest.fixture(scope="module")
def words(knowledge: KnowledgeBase) -> Lexicon:
    """The lexicon of the town."""
    phrasings = [text.normalize(q) for entry in knowledge.entries.values() for q in entry.questions]
    return lexicon.build(knowledge, phrasings, DICTIONARY)


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("lighthuose", "lighthouse"),
        ("lanten", "lantern"),
        ("qiull", "quill"),
        ("moderatd", "moderated"),
        ("windov", "window"),
    ],
)
def test_unknown_words_are_repaired(words: Lexicon, typed: str, repaired: str) -> None:
    """One edit, or two in a long word; two letters changed about are one edit."""
    assert words.repair([typed]) == [repaired]


@pytest.mark.parametrize("typed", ["house", "horse", "lantern", "the", "ada", "2013", "20th", "zzzzzzz", "qx", "фильм"])
def test_known_strange_and_short_words_are_left_alone(words: Lexicon, typed: str) -> None:
    """A word that is right, far from all others, short, or in another script."""
    assert words.repair([typed]) == [typed]


def test_curated_misspellings_come_first(words: Lexicon) -> None:
    """Also those of several words and those too far for edit distance."""
    assert words.repair("who is meera hollt then".split()) == "who is mira holt then".split()
    assert words.repair(["adda"]) == ["ada"]


def test_a_name_comes_before_a_plain_word(words: Lexicon) -> None:
    """Where both are equally near: a misspelt name is what members mean."""
    assert words.repair(["stinee"]) == ["stine"]
    assert words.repair(["stone"]) == ["stone"]


def test_a_rarer_word_is_right_too(words: Lexicon) -> None:
    """It isn't taken for a commoner one, nor does anything stand for it."""
    assert words.repair(["housed", "harbored"]) == ["housed", "harbored"]
    assert words.repair(["harborde"]) == ["harbor"]


def test_a_rarer_word_next_to_a_name_is_the_name(words: Lexicon) -> None:
    """As with "Russel"."""
    assert words.repair(["stiner"]) == ["stine"]


@pytest.mark.parametrize("typed", ["wrrt plok ffnn", "blorf the wimmet", "hwo kan ik daar komen", "asdf qwer"])
def test_nothing_is_known_of_what_is_garbled(words: Lexicon, typed: str) -> None:
    """Though each word may be near to one that is."""
    assert words.garbled(typed.split())


@pytest.mark.parametrize(
    "typed",
    ["lantern wimmet", "lanten wimmet", "wimmet stiner", "housse wimmet", "wimmet lihgt", "wimmet", "who is it", ""],
)
def test_one_word_that_says_something_is_enough(words: Lexicon, typed: str) -> None:
    """As it is, misspelt by a letter, with letters changed about, or as a name; one word alone may be anything."""
    assert not words.garbled(typed.split())


@pytest.mark.parametrize("typed", ["ben reed's character", "ben's character", "bens character"])
def test_an_actors_character_is_the_character(words: Lexicon, typed: str) -> None:
    """By each name of the actor; the actor alone is the actor."""
    assert words.terms(words.repair(text.words(typed))) == ["n:corwin"]
    assert words.terms(["ben"]) == ["n:ben-reed"]


def test_a_name_may_have_an_s_without_apostrophe(words: Lexicon) -> None:
    """Though another word may be as near; a plain word is what it is."""
    assert words.repair(["adas", "stines"]) == ["ada", "stine"]
    assert words.repair(["stones"]) == ["stones"]


def test_the_knowledge_base_comes_before_the_dictionary(words: Lexicon) -> None:
    """ "keepor" might be "keeper" (dictionary); "keepo" of answers would win: own words are tried first."""
    assert "keeps" in words.vocabulary
    assert "keeper" not in words.vocabulary
    assert words.repair(["keepsr"]) == ["keeps"]
    assert words.repair(["keepar"]) == ["keeper"]


def test_a_misspelt_phrasing_teaches_no_word(tmp_path: Path) -> None:
    """Curators add misspelt phrasings; these must not stop repair."""
    data = town()
    data["entries"][0]["questions"].append("who moderrated the harbor talk")
    knowledge = build(tmp_path, data)
    phrasings = [text.normalize(q) for entry in knowledge.entries.values() for q in entry.questions]
    built = lexicon.build(knowledge, phrasings, Dictionary({**DICTIONARY, "moderated": 9}.items()))
    assert built.repair(["moderrated"]) == ["moderated"]


def test_names_and_synonyms_are_terms_of_their_own(words: Lexicon) -> None:
    """However a name is written; the longest name wins; other words are stems."""
    assert words.terms("mira holt directed low tide".split()) == ["n:mira-holt", "direct", "n:low-tide"]
    assert words.terms(["holt"]) == words.terms(["mira"]) == ["n:mira-holt"]
    assert words.terms(["movie"]) == words.terms(["picture"]) == words.terms(["film"]) != words.terms(["host"])
    assert words.terms(["lanterns", "waiting"]) == ["lantern", "wait"]


def test_a_name_of_stop_words_is_no_name(tmp_path: Path) -> None:
    """A film called "It" can't be told from the pronoun."""
    data = town()
    data["works"].append({"id": "it", "name": "It"})
    built = lexicon.build(build(tmp_path, data), [], DICTIONARY)
    assert built.terms(["it"]) == ["it"]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_words_are_repaired_to_as_many(words: Lexicon, tokens: Sequence[str]) -> None:
    """No exception, and no word appears or gets lost unless a curated misspelling says so."""
    assert len(words.repair(tokens)) == len(tokens)
    assert len(words.terms(tokens)) <= len(tokens)
