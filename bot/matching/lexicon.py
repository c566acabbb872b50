"""The words, names and synonyms that a knowledge base knows: spelling repair, and words to terms.

A *term* is what two texts are compared by: ``n:<id>`` for a name however it is written, ``g:<number>`` for a group of
the glossary, else the stem of the word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.model import KnowledgeBase, Named
from bot.matching import english, text
from bot.matching.dictionary import SHORTEST, Dictionary, by_length

__all__ = ["Lexicon", "Phrase", "build", "grown"]

Phrase = tuple[str, ...]

_LONG = 7
_NAME = 5  # letters of a name that a word one edit away is taken for, though it is one itself
_SURE = 5  # letters of a word in which one edit leaves no doubt of what is meant
_REMEMBERED = 4_096  # repairs


@dataclass(frozen=True)
class Lexicon:
    """Immutable look-ups, built once for each knowledge base.

    Attributes:
        concepts: phrase to term, for names, aliases and glossary groups.
        corrections: misspelt phrase to the right words.
        vocabulary: words of the knowledge base and how often they occur, tried first in repair.
        dictionary: other words of the language, left as they are; the common ones are tried second.
        persons: the words of people's and characters' names.
    """

    concepts: Mapping[Phrase, str]
    corrections: Mapping[Phrase, Phrase]
    vocabulary: Mapping[str, int]
    dictionary: Dictionary
    persons: frozenset[str] = frozenset()

    def repair(self, tokens: Sequence[str]) -> list[str]:
        """Corrects known misspellings of names, then each unknown word by edit distance."""
        corrected = list(_replace(tokens, self.corrections, self._begun_corrections))
        return [token if self.knows(token) else self._repaired(token) for token in corrected]

    def terms(self, tokens: Sequence[str]) -> list[str]:
        """Names and synonyms as their concept, every other word as its stem, in order."""
        return [
            self.concepts[piece] if piece in self.concepts else text.stem(piece[0])
            for piece in _pieces(tokens, self.concepts, self._begun_concepts)
        ]

    def knows(self, word: str) -> bool:
        """Whether a word needs no repair."""
        common = word in self.vocabulary or word in self.dictionary or len(word) < SHORTEST
        if common or any(map(str.isdigit, word)):  # "20th" is not "50th"
            return True
        return word in self.dictionary.rare and not self._is_like_a_name(word)

    def garbled(self, words: Iterable[str]) -> bool:
        """Whether a text of two words or more has none that says anything as it is typed, or but for a plain slip."""
        telling = [word for word in words if len(word) >= SHORTEST and word not in english.STOP_WORDS]
        return len(telling) > 1 and self.unheard(telling)

    def unheard(self, words: Iterable[str]) -> bool:
        """Whether a text has words that could say something, but none of them does ("asdfgh")."""
        telling = [word for word in words if word not in english.STOP_WORDS]
        return bool(telling) and not any(self.knows(word) or self._slipped(word) for word in telling)

    def _slipped(self, word: str) -> bool:
        """Whether it is surely another word misspelt: somebody's name, letters changed about, or one edit of many."""
        meant = self._repaired(word)
        near = len(word) >= _SURE and OSA.distance(word, meant, score_cutoff=1) <= 1
        return meant != word and (meant in self.persons or sorted(meant) == sorted(word) or near)

    def _is_like_a_name(self, word: str) -> bool:
        """Whether it is more likely somebody's name misspelt: "Russel", "Meghan", "Addams"."""
        alike = (name for name in self.persons if len(name) >= _NAME and name[0] == word[0])
        return any(OSA.distance(word, name, score_cutoff=1) <= 1 for name in alike)

    def _repaired(self, word: str) -> str:
        """The nearest known word, remembered for a while: phrasings have the same unknown ones again and again."""
        found = self._repairs.get(word)
        if found is None:
            found = self._nearest(word) if word.isascii() else word
            if len(self._repairs) >= _REMEMBERED:
                self._repairs.clear()
            self._repairs[word] = found
        return found

    def _nearest(self, word: str) -> str:
        if word[-1] == "s" and word[:-1] in self.persons:
            return word[:-1]  # "Amys role"
        allowed = 2 if len(word) >= _LONG else 1
        return (
            _nearest(word, self._own, allowed, lambda found: (found not in self._named, -self.vocabulary[found]))
            or _nearest(word, self.dictionary.by_length, allowed, lambda found: (True, self.dictionary[found]))
            or word
        )

    @cached_property
    def _repairs(self) -> dict[str, str]:
        return {}

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(word for phrase, term in self.concepts.items() if term.startswith("n:") for word in phrase)

    @cached_property
    def _own(self) -> Mapping[int, Sequence[str]]:
        return by_length(self.vocabulary)

    @cached_property
    def _begun_concepts(self) -> Mapping[str, int]:
        return _begun(self.concepts)

    @cached_property
    def _begun_corrections(self) -> Mapping[str, int]:
        return _begun(self.corrections)


def _begun(phrases: Iterable[Phrase]) -> Mapping[str, int]:
    """First words of phrases, with the length of the longest one that begins so."""
    found: dict[str, int] = {}
    for phrase in phrases:
        found[phrase[0]] = max(found.get(phrase[0], 1), len(phrase))
    return found


def _nearest(
    word: str, choices: Mapping[int, Sequence[str]], allowed: int, order: Callable[[str], tuple[bool, int]]
) -> str:
    """The choice with the fewest edits; of equals one with the same first letter, then names, then the commonest."""
    found = [
        hit
        for length in range(len(word) - allowed, len(word) + allowed + 1)
        for hit in process.extract(word, choices.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    ]
    best = min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], order(hit[0])), default=None)
    return best[0] if best else ""


def build(knowledge: KnowledgeBase, phrasings: Iterable[str], dictionary: Dictionary) -> Lexicon:
    """Builds the lexicon of a knowledge base.

    Args:
        phrasings: every phrasing, normalized; their words count as known.
        dictionary: words of the language that need no repair, with their rank by frequency.
    """
    concepts: dict[Phrase, str] = {}
    corrections: dict[Phrase, Phrase] = {}
    misspelt: set[str] = set()
    for name in knowledge.names.values():
        _add_name(name, concepts, corrections, misspelt)
    for phrase, character in _played(knowledge):
        concepts.setdefault(phrase, f"n:{character}")
    for number, group in enumerate(knowledge.glossary):
        for phrase in filter(None, map(_phrase, group)):
            concepts.setdefault(phrase, f"g:{number}")
    counts = Counter(word for phrasing in phrasings for word in text.words(phrasing))
    named = {word for phrase in concepts for word in phrase}
    known = _known(counts, (*named, *english.STOP_WORDS, *_written(knowledge)), dictionary)
    persons = {*knowledge.people, *knowledge.characters}
    return Lexicon(
        concepts,
        corrections,
        {w: n for w, n in known.items() if w not in misspelt},
        dictionary,
        frozenset(word for person in persons for word in _phrase(knowledge.names[person].name)),
    )


def grown(lexicon: Lexicon, phrasings: Iterable[str], written: Iterable[str]) -> Lexicon:
    """A lexicon that knows some more words; the same one where there are none.

    Args:
        phrasings: further ones, normalized.
        written: further answers and lines.
    """
    counts = Counter(word for phrasing in phrasings for word in text.words(phrasing))
    misspelt = {word for wrong, right in lexicon.corrections.items() for word in set(wrong) - set(right)}
    known = _known(counts, (word for line in written for word in text.words(text.fold(line))), lexicon.dictionary)
    fresh = {word: n for word, n in known.items() if word not in lexicon.vocabulary and word not in misspelt}
    return replace(lexicon, vocabulary={**lexicon.vocabulary, **fresh}) if fresh else lexicon


def _known(counts: Counter[str], written: Iterable[str], dictionary: Mapping[str, int]) -> dict[str, int]:
    """Words that need no repair, and how often they occur in phrasings.

    A curator's misspelt phrasing must not make the misspelling a known word: what curators write for members to read
    does, and what the dictionary holds.
    """
    known = {word: n for word, n in counts.items() if word in dictionary}
    return known | {word: counts[word] + 1 for word in written}


def _written(knowledge: KnowledgeBase) -> Iterator[str]:
    """The words of answers, lines and quotes."""
    for entry in knowledge.entries.values():
        yield from text.words(text.fold(entry.answer))
    for gap in knowledge.gaps.values():
        yield from text.words(text.fold(gap.line))
    for quote in knowledge.quotes.values():
        yield from text.words(text.fold(quote.text))


def _add_name(named: Named, concepts: dict[Phrase, str], corrections: dict[Phrase, Phrase], misspelt: set[str]) -> None:
    for alias in filter(None, map(_phrase, (named.name, *named.aliases))):
        concepts.setdefault(alias, f"n:{named.id}")
    right = _phrase(named.name)
    for wrong in filter(None, map(_phrase, named.misspellings)):
        aliases = [_phrase(alias) for alias in (named.name, *named.aliases)]
        target = _nearest_alias(wrong, [alias for alias in aliases if alias]) or right
        if target and wrong not in concepts:
            corrections.setdefault(wrong, target)
            misspelt |= set(wrong) - set(target)


def _played(knowledge: KnowledgeBase) -> Iterator[tuple[Phrase, str]]:
    """ "Una Vale's character", by each name of an actor who plays one."""
    plays = Counter(character.actor for character in knowledge.characters.values() if character.actor)
    for character in knowledge.characters.values():
        actor = knowledge.people[character.actor] if character.actor and plays[character.actor] == 1 else None
        for alias in (actor.name, *actor.aliases) if actor else ():
            yield (*_phrase(alias), "character"), character.id


def _nearest_alias(wrong: Phrase, aliases: Sequence[Phrase]) -> Phrase:
    """The alias that a misspelling stands for: the one with the fewest edits."""
    spelled = " ".join(wrong)
    return min(aliases, key=lambda alias: OSA.distance(spelled, " ".join(alias)), default=())


def _phrase(written: str) -> Phrase:
    """The words of a name; empty where they are all stop words (the film "Her" can't be told from the pronoun)."""
    found = tuple(text.words(text.fold(written)))
    return () if all(word in english.STOP_WORDS for word in found) else found


def _pieces(tokens: Sequence[str], known: Mapping[Phrase, object], begun: Mapping[str, int]) -> Iterator[Phrase]:
    """Cuts tokens into the longest known phrases, left to right; any other token is a piece of its own."""
    at = 0
    while at < len(tokens):
        width = min(begun.get(tokens[at], 1), len(tokens) - at)
        while width > 1 and tuple(tokens[at : at + width]) not in known:
            width -= 1
        yield tuple(tokens[at : at + width])
        at += width


def _replace(tokens: Sequence[str], corrections: Mapping[Phrase, Phrase], begun: Mapping[str, int]) -> Iterator[str]:
    for piece in _pieces(tokens, corrections, begun):
        yield from corrections.get(piece, piece)
