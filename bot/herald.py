"""Herald: the one door through which every adapter comes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import conversation as talk
from bot import replies
from bot.conversation import Conversations, Turn
from bot.knowledge.model import KnowledgeBase, Quote
from bot.matching import requests
from bot.matching.matcher import Match, Matcher
from bot.matching.quotes import Found, QuoteIndex
from bot.matching.requests import LineAsked
from bot.replies import Place
from bot.reply import QuoteRequest, Reply

__all__ = ["MAX_QUESTION", "Herald", "Snapshot"]

MAX_QUESTION = 500
_SAYS: Mapping[talk.Way, float] = {"contrasted": 2.0}  # a contrast names its subject itself
_TOLD = 0.15  # how much likelier another entry is than the one that was just told
_TIE = 0.02  # quotes whose fit differs by less are equally good, and one is picked at random


@dataclass(frozen=True)
class Snapshot:
    """One knowledge base with everything compiled from it; reload builds the next one aside and swaps it in."""

    knowledge: KnowledgeBase
    matcher: Matcher
    quotes: QuoteIndex


class Herald:
    """Answers questions from one snapshot at a time; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, conversations: Conversations | None = None, seed: int | None = None) -> None:
        self._snapshot = snapshot
        self._conversations = conversations or Conversations()
        self._random = random.Random(seed)  # noqa: S311 - picks among equal quotes, no secret

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in service."""
        return self._snapshot

    def swap(self, snapshot: Snapshot) -> None:
        """Puts another snapshot into service; questions under way finish with the old one."""
        self._snapshot = snapshot

    def ask(self, text: str, conversation: str | None = None, *, age_restricted: bool = False) -> Reply:
        """Answers a question.

        Args:
            text: as the member typed it; anything at all.
            conversation: names the conversation whose turns give context; None for none.
            age_restricted: whether the place allows explicit material.
        """
        place = Place(self._snapshot, age_restricted)
        if len(text) > MAX_QUESTION:
            return replies.rejected(place, f"That question is over {MAX_QUESTION} characters. Please ask it shorter.")
        if not text.strip():
            return replies.rejected(place, "That question is empty. Ask me something about the events.")
        turns = self._conversations.turns(conversation)
        reply, turn = self._told(text, turns, place)
        self._conversations.add(conversation, turn)
        return reply

    def quote(
        self,
        speaker: str | None = None,
        about: str | None = None,
        conversation: str | None = None,
        *,
        age_restricted: bool = False,
    ) -> Reply:
        """The quote command: both arguments are optional, and may be misspelt, a first name or an actor's."""
        place = Place(self._snapshot, age_restricted)
        if max(len(speaker or ""), len(about or "")) > MAX_QUESTION:
            return replies.rejected(place, f"That is over {MAX_QUESTION} characters. Please make it shorter.")
        speakers = place.snapshot.quotes.speakers(speaker) if speaker else None
        if speaker and not speakers:
            return replies.no_quote(place, "I know no speaker of that name.")  # which a member typed: never echoed
        turns = self._conversations.turns(conversation)
        reply, turn = self._quoted(speakers, about or "", turns, place, about or "quote")
        self._conversations.add(conversation, turn)
        return reply

    def entry(self, entry: str, conversation: str | None = None, *, age_restricted: bool = False) -> Reply:
        """The answer of an entry, as if its choice had been picked."""
        place = Place(self._snapshot, age_restricted)
        found = place.knowledge.entries.get(entry)
        if found is None:
            return replies.rejected(place, "That choice is no longer in the knowledge base. Please ask again.")
        reply = replies.answer(place, found, score=1.0)
        shown = tuple(quote.id for quote in reply.quotes)
        self._conversations.add(conversation, Turn(talk.plain(found.questions[0]), found.about, found.id, shown=shown))
        return reply

    def line(self, quote: str, *, age_restricted: bool = False) -> Reply:
        """A quote by its id, such as one that was hidden as a spoiler."""
        place = Place(self._snapshot, age_restricted)
        found = place.knowledge.quotes.get(quote)
        if found is None:
            return replies.rejected(place, "That quote is no longer in the knowledge base. Please ask again.")
        return replies.quoted(place, found) if place.allows(found) else replies.withheld(place)

    def why(self, text: str) -> Match:
        """What the matcher makes of a question: candidates with their evidence."""
        return self._snapshot.matcher.match(text[:MAX_QUESTION])

    def _told(self, text: str, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn]:
        """Quotes first, as their requests are told by form; then the question as it stands; then as a follow-up."""
        return self._quote_told(text, turns, place) or self._question(text, turns, place)

    def _quote_told(self, text: str, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn] | None:
        last = turns[-1] if turns else Turn("")
        known = [place.knowledge.quotes[name] for name in last.shown if name in place.knowledge.quotes]
        if known and requests.speaker_asked(text):
            return replies.speaker(place, known[-1]), last
        if last.request and requests.another(text):
            return self._quoted(*last.request, turns, place, last.asked)
        line = requests.line_asked(text)
        return self._line_told(text, line, place) if line else self._quote_asked(text, turns, place)

    def _line_told(self, text: str, line: LineAsked, place: Place) -> tuple[Reply, Turn] | None:
        spoken = place.snapshot.quotes.by_line(line.line, marked=line.marked)
        if spoken:
            return replies.spoken(place, spoken), _quote_turn(text, spoken.quote)
        return (replies.nobody_said(place), Turn(text)) if line.marked else None

    def _quote_asked(self, text: str, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn] | None:
        quotes, asked = place.snapshot.quotes, requests.quote_asked(text)
        if asked is None or (not asked.outright and place.snapshot.matcher.has(text)):
            return None
        speakers = quotes.speakers_in(asked.text, asked.about)
        if quotes.silent(asked.source or asked.lead):
            return replies.no_quote(place), Turn(text)
        found = quotes.by_topic(speakers or None, asked.about)
        if not found and not asked.outright:
            return None
        guessed = speakers and not asked.topical and not found
        return self._quoted(speakers or None, "" if guessed else asked.about, turns, place, text)

    def _quoted(
        self, speakers: frozenset[str] | None, about: str, turns: Sequence[Turn], place: Place, asked: str
    ) -> tuple[Reply, Turn]:
        found = place.snapshot.quotes.by_topic(speakers, about)
        shown = {quote for turn in turns for quote in turn.shown}
        request = (speakers, about)
        if not found:
            return replies.no_quote(place), Turn(asked, request=request)
        allowed = [hit for hit in found if place.allows(hit.quote)]
        if not allowed or allowed[0].fit < found[0].fit - _TIE * 5:
            return replies.withheld(place), Turn(asked, request=request)
        fresh = [hit for hit in allowed if hit.quote.id not in shown]
        others = [hit for hit in allowed if hit.quote.id not in turns[-1].shown] if turns else []
        picked = self._pick(fresh or others or allowed)
        turn = Turn(asked, (picked.speaker, *picked.about), request=request, shown=(picked.id,))
        more = QuoteRequest(_speaker(speakers, place.knowledge), about)
        return replies.quoted(place, picked, more), turn

    def _pick(self, found: Sequence[Found]) -> Quote:
        best = [hit for hit in found if hit.fit >= found[0].fit - _TIE]
        return self._random.choice(best).quote

    def _question(self, text: str, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn]:
        match = place.snapshot.matcher.match(text)
        read = text
        # A phrasing word for word stands by itself, be it only a gap's, and so does what names its subject.
        known = place.snapshot.matcher.knows(match.question) or bool(match.question.names)
        stands = known or match.verdict in ("answer", "smalltalk", "gap")
        if turns and (talk.leans_back(text) or not stands):
            match, read = _follow_up(text, match, turns, place.snapshot)
        reply = replies.matched(place, match)
        return reply, _turn(read, match, reply, place.knowledge)


def _follow_up(text: str, alone: Match, turns: Sequence[Turn], snapshot: Snapshot) -> tuple[Match, str]:
    """The entry that the ways to read a question agree on, where some reading is sure of it.

    A question that leans on the turns before prefers that to its bare words; one that may stand by itself only gets it
    where it has no answer.
    """
    ways = {
        way: [(alone if reading == text else snapshot.matcher.match(reading), reading) for reading in readings]
        for way, readings in talk.readings(text, turns, snapshot.knowledge).items()
    }
    best = _agreed(ways, turns[-1].entry)
    if best and (talk.leans_back(text) or alone.verdict != "answer"):
        return best
    return (alone, text) if not talk.empty(text) else (replace(alone, verdict="choices", label=None), text)


def _turn(read: str, match: Match, reply: Reply, knowledge: KnowledgeBase) -> Turn:
    entry = match.label.id if match.label and match.label.kind == "entry" else None
    about = knowledge.entries[entry].about if entry else ()
    names = tuple(dict.fromkeys((*sorted(match.question.names), *about)))
    return Turn(match.question.key or read, names, entry, shown=tuple(quote.id for quote in reply.quotes))


def _agreed(ways: Mapping[talk.Way, Sequence[tuple[Match, str]]], told: str | None) -> tuple[Match, str] | None:
    """The surest reading of the entry with the highest mean probability over the ways to read a question."""
    votes: dict[str, float] = {}
    for way, matches in ways.items():
        for entry, probability in _likeliest([match for match, _ in matches]).items():
            votes[entry] = votes.get(entry, 0.0) + probability * _SAYS.get(way, 1)
    if told in votes:
        votes[told] -= _TOLD * len(ways)
    surest = _surest([found for matches in ways.values() for found in matches])
    best = max((entry for entry in votes if entry in surest), key=votes.__getitem__, default="")
    return surest.get(best)


def _likeliest(matches: Sequence[Match]) -> dict[str, float]:
    """The highest probability of each entry over readings that no gap or small talk wins."""
    best: dict[str, float] = {}
    for match in matches:
        for candidate in match.candidates if match.verdict in ("answer", "choices") else ():
            best[candidate.entry] = max(best.get(candidate.entry, 0.0), candidate.probability)
    return best


def _surest(found: Sequence[tuple[Match, str]]) -> dict[str, tuple[Match, str]]:
    """The surest reading that each entry answers."""
    surest: dict[str, tuple[Match, str]] = {}
    for match, reading in found:
        if match.verdict == "answer" and match.label:
            held = surest.get(match.label.id, (match, reading))
            surest[match.label.id] = max(held, (match, reading), key=lambda either: either[0].score)
    return surest


def _speaker(speakers: frozenset[str] | None, knowledge: KnowledgeBase) -> str | None:
    """One id that stands for the speakers of a request: the person, whose characters count too, before a character."""
    return min(speakers, key=lambda name: (name not in knowledge.people, name)) if speakers else None


def _quote_turn(asked: str, quote: Quote) -> Turn:
    return Turn(asked, (quote.speaker, *quote.about), request=(frozenset([quote.speaker]), ""), shown=(quote.id,))
