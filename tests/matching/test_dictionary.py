"""The English words that spelling repair knows."""

from __future__ import annotations

import pytest

from bot.matching.dictionary import dictionary


def test_common_words_are_ranked() -> None:
    """The commonest first; no pieces, no numbers, no single letters."""
    words = dictionary()
    assert words["the"] < words["lighthouse"]
    assert all(word.isalpha() and len(word) > 1 for word in words)
    assert len(words) > 15_000


@pytest.mark.parametrize("word", ["rhyming", "dads", "dubbing", "goofball", "panicking", "invent", "booed", "trivia"])
def test_rarer_words_are_words(word: str) -> None:
    """Which a shorter list has but in another form, if at all."""
    assert word in dictionary().rare


@pytest.mark.parametrize("wrong", ["finnished", "offical", "comming", "acording", "editer", "beeing", "admited"])
def test_a_misspelling_is_no_word(wrong: str) -> None:
    """Though it ends like one."""
    assert wrong not in dictionary().rare
    assert wrong not in dictionary()


def test_the_lists_have_nothing_in_common() -> None:
    """Each word is common or rare, and a rare one long enough to be repaired at all."""
    words = dictionary()
    assert not words.rare & words.keys()
    assert min(map(len, words.rare)) == 4
