"""A text prepared once for everything that is compared."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matching import english, text
from bot.matching.lexicon import Lexicon

__all__ = ["STOPS", "Utterance", "prepare", "prepare_normal"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A question or phrasing, taken apart.

    Attributes:
        key: its words joined by spaces, for exact matching; empty where nothing is left of the text.
        tokens, terms: its words after repair, and what they stand for.
        telling: the distinct terms that are no stop words, in the part that asks.
        names: ids of the names in it.
        spoken: what the encoder reads.
        focus: the part that asks, the same as ``spoken`` for a short text.
        kind: who, what, when ... (see :func:`bot.matching.text.question_type`).
        relations: groups of relation words in it.
    """

    key: str
    tokens: tuple[str, ...]
    terms: tuple[str, ...]
    telling: tuple[str, ...]
    names: frozenset[str]
    spoken: str
    focus: str
    kind: str
    relations: frozenset[str]


def prepare(raw: str, lexicon: Lexicon) -> Utterance:
    """Takes a text apart; any text works, an empty one gives an utterance with an empty key."""
    return prepare_normal(text.normalize(raw), lexicon)


def prepare_normal(normal: str, lexicon: Lexicon) -> Utterance:
    """Takes a normalized text apart."""
    words = text.words(normal)
    asking = text.focus(normal, words)
    tokens = lexicon.repair(words)
    focus_tokens = tokens if asking == normal else lexicon.repair(text.words(asking))
    terms = lexicon.terms(tokens)
    focus_terms = terms if asking == normal else lexicon.terms(focus_tokens)
    spoken = " ".join(tokens)
    focus = spoken if asking == normal else " ".join(focus_tokens)
    return Utterance(
        key=" ".join(words),
        tokens=tuple(tokens),
        terms=tuple(terms),
        telling=tuple(dict.fromkeys(term for term in focus_terms if term not in STOPS)),
        names=frozenset(term[2:] for term in terms if term.startswith("n:")),
        spoken=spoken,
        focus=focus,
        kind=text.question_type(focus),
        relations=text.relations(focus_tokens),
    )


STOPS = english.STOP_WORDS | frozenset(text.stem(word) for word in english.STOP_WORDS)
