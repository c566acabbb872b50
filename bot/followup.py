"""Which of the ways to read a follow-up question is meant.

Each way (see :func:`bot.conversation.readings`) gives the entries a probability; they are added up, and an entry that
shares its subjects with the one that was just told is the likelier. On 270 follow-ups of nine rounds the right entry
is on top in 92 of 100 with that, in 88 without; weights fitted to them are no better than equal ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import conversation as talk
from bot.conversation import Turn
from bot.matching.matcher import Match

if TYPE_CHECKING:
    from bot.herald import Snapshot

__all__ = ["resolve"]

Reading = tuple[Match, str]

_AKIN = 1.2  # what sharing all subjects is worth, in probabilities
_SAYS: Mapping[talk.Way, float] = {"contrasted": 2.0}  # a contrast names its subject itself
_AGAIN = 0.5  # what a reading that holds the last question says for the entry that answered it
_STANDS = 0.8  # an answer of this probability needs no turns before it


def resolve(text: str, alone: Match, turns: Sequence[Turn], snapshot: Snapshot) -> Reading:
    """What a question means in the light of the turns before, and how it was read.

    Args:
        alone: what it means by itself; kept where it stands by itself or no reading is sure of another entry.
    """
    if not talk.leans_back(text) and _stands(alone, snapshot):
        return alone, text
    ways = {
        way: [(alone if reading == text else snapshot.matcher.match(reading), reading) for reading in readings]
        for way, readings in talk.readings(text, turns, snapshot.knowledge).items()
    }
    meant = _meant(ways, turns[-1], snapshot)
    if meant:
        return meant
    return (alone, text) if not talk.empty(text) else (replace(alone, verdict="choices", label=None), text)


def _stands(alone: Match, snapshot: Snapshot) -> bool:
    """A phrasing word for word stands by itself, be it only a gap's, and so does what names its subject."""
    sure = alone.verdict == "answer" and alone.score >= _STANDS
    return sure or alone.verdict in ("smalltalk", "gap") or _known(alone, snapshot)


def _known(alone: Match, snapshot: Snapshot) -> bool:
    return snapshot.matcher.knows(alone.question) or bool(alone.question.names)


def _meant(ways: Mapping[talk.Way, Sequence[Reading]], last: Turn, snapshot: Snapshot) -> Reading | None:
    """The surest reading of the entry with the most for it, among those that some reading is sure of."""
    likely: dict[str, float] = {}
    for way, readings in ways.items():
        for entry, probability in _likeliest(match for match, _ in readings).items():
            again = entry == last.entry and way in ("contrasted", "joined")
            likely[entry] = likely.get(entry, 0.0) + probability * (_AGAIN if again else _SAYS.get(way, 1.0))
    surest = _surest(reading for readings in ways.values() for reading in readings)
    worth = {entry: likely[entry] + _AKIN * _shared(snapshot, entry, last.names) for entry in likely if entry in surest}
    return surest[max(worth, key=worth.__getitem__)] if worth else None


def _shared(snapshot: Snapshot, entry: str, names: Sequence[str]) -> float:
    """The share of subjects that an entry has in common with the turn before (Jaccard)."""
    about, told = set(snapshot.knowledge.entries[entry].about), set(names)
    return len(about & told) / max(len(about | told), 1)


def _likeliest(matches: Iterable[Match]) -> Mapping[str, float]:
    """The highest probability of each entry over some readings."""
    best: dict[str, float] = {}
    for match in matches:
        for candidate in match.candidates:
            best[candidate.entry] = max(best.get(candidate.entry, 0.0), candidate.probability)
    return best


def _surest(readings: Iterable[Reading]) -> Mapping[str, Reading]:
    """The surest reading that each entry answers."""
    surest: dict[str, Reading] = {}
    for match, reading in readings:
        if match.verdict == "answer" and match.label:
            held = surest.get(match.label.id, (match, reading))
            surest[match.label.id] = max(held, (match, reading), key=lambda either: either[0].score)
    return surest
