"""What may be typed: questions, speakers and topics of a knowledge base that fit what was typed so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.knowledge.model import Entry, KnowledgeBase, Quote, may_show
from bot.matching import text
from bot.replies import speaker_name
from bot.reply import Choice

__all__ = ["MOST", "Completions", "Folded", "Speaker", "fold"]

MOST = 25
"""The most suggestions that are given: what Discord shows."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom quotes have speaking: id, and name as members see it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Folded:
    """An entry with its phrasings, a line each, and its answer as plain words between spaces."""

    entry: Entry
    phrasings: str
    answer: str

    def tier(self, typed: str) -> int | None:
        """0: a phrasing typed whole, 1: its beginning, 2: beginnings of its words, 3: of the answer's; None: none."""
        # Called for every entry at every key that is pressed: whole texts are searched before single phrasings.
        if f"\n{typed.rstrip()}" in self.phrasings:
            return 0 if f"\n{typed}\n" in self.phrasings else 1
        words = [f" {word}" for word in typed.split()]
        if all(word in self.phrasings for word in words) and any(
            all(word in phrasing for word in words) for phrasing in self.phrasings.splitlines()
        ):
            return 2
        return 3 if all(word in self.answer for word in words) else None

    def apart(self, typed: str) -> int:
        """How far the question that is shown, the first phrasing, is from what was typed: 0 begins so, 2 has it not."""
        first = self.phrasings[: self.phrasings.index("\n", 1)]
        if first.startswith(f"\n{typed.rstrip()}"):
            return 0
        return 1 if all(f" {word}" in first for word in typed.split()) else 2


def fold(knowledge: KnowledgeBase, before: Sequence[Folded] = ()) -> tuple[Folded, ...]:
    """The entries made ready; some tenths of a second for a large knowledge base.

    Args:
        before: what the knowledge base before was made into, of which the entries that are the same are taken.
    """
    known = {item.entry.id: item for item in before}
    return tuple(_folded_entry(entry, known.get(entry.id)) for entry in knowledge.entries.values())


def _folded_entry(entry: Entry, before: Folded | None) -> Folded:
    if before and before.entry == entry:
        return before
    lines = "\n".join(map(_folded, entry.questions))
    return Folded(entry, f"\n{lines}\n", _folded(entry.answer))


@dataclass(frozen=True)
class Completions:
    """Suggestions from one knowledge base for places of one kind: explicit ones only where they may be shown.

    Attributes:
        folded: what :func:`fold` made of the knowledge base.
    """

    knowledge: KnowledgeBase
    age_restricted: bool
    folded: tuple[Folded, ...]

    def questions(self, typed: str) -> list[Choice]:
        """Entries that fit, best first; the featured ones where nothing is typed."""
        words = _folded(typed)
        if not words.strip():
            return [_choice(item.entry) for item in self._entries if item.entry.featured or not self._featured][:MOST]
        found = [(tier, item) for item in self._entries if (tier := item.tier(words)) is not None]
        # Within a tier those come first in which a member sees what was typed, and of these the featured ones.
        found.sort(key=lambda hit: (hit[0], hit[1].apart(words), not hit[1].entry.featured))
        return [_choice(item.entry) for _, item in found[:MOST]]

    def opening(self, count: int) -> list[Choice]:
        """Some questions to begin with: from here and there among those for nothing typed, as neighbors are alike."""
        found = self.questions("")
        return found[:: max(len(found) // count, 1)][:count]

    def speakers(self, typed: str) -> list[Speaker]:
        """Speakers that fit, those with most quotes first."""
        counted = Counter(quote.speaker for quote in self._quotes)
        named = [Speaker(name, self._speaker(name)) for name, _ in counted.most_common()]
        words = _beginnings(typed)
        return [speaker for speaker in named if _fits(words, map(_folded, self._written(speaker)))][:MOST]

    def topics(self, typed: str, speaker: str = "") -> list[str]:
        """What quotes are about, the most frequent first: those of a speaker (an id, or a name), or else of all."""
        speakers, words = self._meant(speaker), _beginnings(typed)
        counted = Counter(topic for quote in self._quotes if quote.speaker in speakers for topic in quote.topics)
        return [topic for topic, _ in counted.most_common() if _fits(words, [self._topics[topic]])][:MOST]

    def _meant(self, speaker: str) -> Collection[str]:
        known = {quote.speaker for quote in self._quotes}
        return known & {speaker} or (speaker and {found.id for found in self.speakers(speaker)}) or known

    @cached_property
    def _entries(self) -> Sequence[Folded]:
        return [item for item in self.folded if self._allows(item.entry)]

    @cached_property
    def _featured(self) -> bool:
        return any(item.entry.featured for item in self._entries)

    @cached_property
    def _quotes(self) -> Sequence[Quote]:
        return [quote for quote in self.knowledge.quotes.values() if self._allows(quote)]

    @cached_property
    def _topics(self) -> Mapping[str, str]:
        """Each topic as it is compared."""
        return {topic: _folded(topic) for quote in self._quotes for topic in quote.topics}

    def _allows(self, record: Entry | Quote) -> bool:
        return may_show(record, age_restricted=self.age_restricted)

    def _speaker(self, name: str) -> str:
        return next(speaker_name(self.knowledge, quote) for quote in self._quotes if quote.speaker == name)

    def _written(self, speaker: Speaker) -> Iterable[str]:
        named = self.knowledge.names[speaker.id]
        return (speaker.name, *named.aliases, *named.misspellings)


def _choice(entry: Entry) -> Choice:
    return Choice(entry.id, entry.question)


def _folded(raw: str) -> str:
    return f" {text.plain(raw)} "


def _beginnings(typed: str) -> Sequence[str]:
    """The typed words, as a word that begins so has them in a folded text."""
    return [f" {word}" for word in _folded(typed).split()]


def _fits(words: Sequence[str], ways: Iterable[str]) -> bool:
    """Whether every typed word begins a word of one way (folded) to write something."""
    return any(all(word in way for word in words) for way in ways)
