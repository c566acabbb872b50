"""Herald: the one door through which every adapter comes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from bot import followup, replies, roles
from bot.conversation import Context, QuoteWanted, Turn, leans_back
from bot.knowledge.model import KnowledgeBase, Quote
from bot.matching import lines, requests
from bot.matching.lines import LineAsked
from bot.matching.matcher import Match, Matcher
from bot.matching.quotes import Found, QuoteIndex
from bot.matching.requests import QuoteAsked
from bot.matching.text import plain
from bot.replies import Place
from bot.reply import QuoteRequest, Reply
from bot.typed import has_words

__all__ = ["MAX_QUESTION", "Herald", "Snapshot"]

MAX_QUESTION = 500
_TIE = 0.02  # quotes whose fit differs by less are equally good, and one is picked at random


@dataclass(frozen=True)
class Snapshot:
    """One knowledge base with everything compiled from it; reload builds the next one aside and swaps it in."""

    knowledge: KnowledgeBase
    matcher: Matcher
    quotes: QuoteIndex

    @property
    def whole(self) -> bool:
        """Whether it was compiled whole, and not grafted onto another that was."""
        return not self.matcher.compiled.grafted


class Herald:
    """Answers questions from one snapshot at a time; keeps nothing of them, and is safe to share between threads."""

    def __init__(self, snapshot: Snapshot, seed: int | None = None) -> None:
        self._snapshot = snapshot
        self._random = random.Random(seed)  # noqa: S311 - picks among equal quotes, no secret
        self._swapping = Lock()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in service."""
        return self._snapshot

    def swap(self, snapshot: Snapshot, instead_of: Snapshot | None = None) -> bool:
        """Puts another snapshot into service; questions under way finish with the old one.

        Args:
            instead_of: the one that it is to follow; if another is in service by now, nothing happens.

        Returns:
            Whether it is in service.
        """
        with self._swapping:
            if instead_of is None or instead_of is self._snapshot:
                self._snapshot = snapshot
            return self._snapshot is snapshot

    def ask(self, text: str, context: Context | None = None, *, age_restricted: bool = False) -> Reply:
        """Answers a question.

        Args:
            text: as the member typed it; anything at all.
            context: the conversation that it is asked in, which it goes on with; None for none.
            age_restricted: whether the place allows explicit material.
        """
        place = Place(self._snapshot, age_restricted)
        if len(text) > MAX_QUESTION:
            return replies.rejected(place, f"That question is over {MAX_QUESTION} characters. Please ask it shorter.")
        if not has_words(text):
            return replies.rejected(place, "I find no words in that. Ask me something about the events.")
        context = context or Context()
        match = _understood(text, place.snapshot)
        reply, turn = self._told(text, match, context.turns, place)
        if reply.kind != "smalltalk":  # after "thanks" the talk goes on where it was
            context.add(turn)
        return replies.weighed(reply, match)

    def quote(
        self,
        speaker: str | None = None,
        about: str | None = None,
        context: Context | None = None,
        *,
        age_restricted: bool = False,
        besides: Sequence[str] = (),
    ) -> Reply:
        """The quote command: both arguments are optional, and may be misspelt, a first name or an actor's.

        Args:
            besides: ids of quotes that stand before the member already, in whosever conversation.
        """
        place = Place(self._snapshot, age_restricted)
        if max(len(speaker or ""), len(about or "")) > MAX_QUESTION:
            return replies.rejected(place, f"That is over {MAX_QUESTION} characters. Please make it shorter.")
        speakers = place.snapshot.quotes.speakers.named(speaker) if speaker else None
        if speaker and not speakers:
            return replies.no_quote(place, "I know no speaker of that name.")  # which a member typed: never echoed
        context = context or Context()
        turns = [*context.turns, *([Turn("", shown=tuple(besides))] if besides else [])]
        wanted = QuoteWanted(speakers, about or "", f"what was said about {about}" if about else "")
        reply, turn = self._quoted(wanted, place.quotes(wanted), turns, place, about or "quote")
        context.add(turn)
        return reply

    def entry(self, entry: str, context: Context | None = None, *, age_restricted: bool = False) -> Reply:
        """The answer of an entry, as if its choice had been picked."""
        place = Place(self._snapshot, age_restricted)
        found = place.knowledge.entries.get(entry)
        if found is None:
            return replies.rejected(place, "That choice is no longer in the knowledge base. Please ask again.")
        reply = replies.answer(place, found, score=1.0)
        if context:
            shown = tuple(quote.id for quote in reply.quotes)
            context.add(Turn(plain(found.question), found.about, found.id, shown=shown))
        return reply

    def line(self, quote: str, *, age_restricted: bool = False) -> Reply:
        """A quote by its id, such as one that was hidden as a spoiler."""
        place = Place(self._snapshot, age_restricted)
        found = place.knowledge.quotes.get(quote)
        if found is None:
            return replies.rejected(place, "That quote is no longer in the knowledge base. Please ask again.")
        return replies.quoted(place, found) if place.allows(found) else replies.withheld(place)

    def why(self, text: str, turns: Sequence[Turn] = ()) -> Match:
        """What the matcher makes of a question, in the light of the turns before: candidates with their evidence."""
        snapshot, text = self._snapshot, text[:MAX_QUESTION]
        match = _understood(text, snapshot)
        return followup.resolve(text, match, turns, snapshot)[0] if turns else match

    def _told(self, text: str, match: Match, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn]:
        """Quotes first, as their requests are told by form; then the question as it stands; then as a follow-up."""
        recalled = self._recalled(text, turns, place)
        if recalled:
            return recalled
        asked = requests.quote_asked(text)
        if asked and asked.strength == "outright":
            return self._quote_asked(text, asked, turns, place)
        guessed = self._quote_perhaps(text, asked, match, turns, place) if asked else None
        return guessed or self._question(text, match, turns, place)

    def _recalled(self, text: str, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn] | None:
        """What goes back to quotes: who said the one just shown, another one, who said a line."""
        last = turns[-1] if turns else Turn("")
        known = [place.knowledge.quotes[name] for name in last.shown if name in place.knowledge.quotes]
        if known and lines.speaker_asked(text, alone=last.entry is None):
            return replies.speaker(place, known[-1]), last
        if last.request and lines.another(text):
            return self._quoted(last.request, place.quotes(last.request), turns, place, last.asked)
        line = lines.line_asked(text)
        return self._line_told(text, line, place) if line else None

    def _line_told(self, text: str, line: LineAsked, place: Place) -> tuple[Reply, Turn] | None:
        """Who said a line; None where it is none, as a name or title between quotation marks isn't."""
        if place.snapshot.quotes.speakers.only_names(line.line):
            return None
        spoken = place.snapshot.quotes.by_line(line.line, marked=line.marked)
        if spoken:
            return replies.spoken(place, spoken), _quote_turn(text, spoken.quote)
        said = line.marked and " " in line.line.strip()  # one word may be any
        return (replies.nobody_said(place), Turn(text)) if said else None

    def _quote_asked(self, text: str, asked: QuoteAsked, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn]:
        """Asked for somebody's very words: gets a quote, or that there is none."""
        quotes = place.snapshot.quotes
        if quotes.speakers.unheard(asked):
            return replies.no_quote(place), Turn(text)
        wanted = _wanted(asked, quotes)
        found = place.quotes(wanted)
        if wanted.speakers and not asked.topical and not found:
            wanted = QuoteWanted(wanted.speakers)
            found = place.quotes(wanted)
        return self._quoted(wanted, found, turns, place, text)

    def _quote_perhaps(
        self, text: str, asked: QuoteAsked, match: Match, turns: Sequence[Turn], place: Place
    ) -> tuple[Reply, Turn] | None:
        """What may be a plain question: None where it is a phrasing, or leans on the turns before."""
        if place.snapshot.matcher.knows(match.question):
            return None
        if asked.strength == "likely":
            return self._quote_guessed(text, asked, match, turns, place)
        return None if turns and leans_back(text) else self._quote_told(text, asked, match, turns, place)

    def _quote_guessed(
        self, text: str, asked: QuoteAsked, match: Match, turns: Sequence[Turn], place: Place
    ) -> tuple[Reply, Turn] | None:
        """Likely asked for somebody's words, but may be a plain question: gets a quote where one fits, else None."""
        quotes = place.snapshot.quotes
        if quotes.speakers.unheard(asked):
            return replies.no_quote(place), Turn(text)
        wanted = _wanted(asked, quotes)
        found = place.quotes(wanted, match)
        return self._quoted(wanted, found, turns, place, text) if found else None

    def _quote_told(
        self, text: str, asked: QuoteAsked, match: Match, turns: Sequence[Turn], place: Place
    ) -> tuple[Reply, Turn] | None:
        """A plain question by its form, whose answer tells somebody's words: gets those that fit, else None."""
        quotes = place.snapshot.quotes
        answering = match.verdict == "answer" and match.label
        told = quotes.told_by.get(answering.id) if answering else None
        if not told:
            return None
        wanted = _wanted(asked, quotes)
        found = [hit for hit in place.quotes(wanted, match) if hit.quote.id in told]
        return self._quoted(wanted, found, turns, place, text) if found else None

    def _quoted(
        self, wanted: QuoteWanted, found: Sequence[Found], turns: Sequence[Turn], place: Place, asked: str
    ) -> tuple[Reply, Turn]:
        """The best of the quotes found, with those that were just shown last."""
        shown = {quote for turn in turns for quote in turn.shown}
        if not found:
            return replies.no_quote(place), Turn(asked, request=wanted)
        allowed = [hit for hit in found if place.allows(hit.quote)]
        if not allowed or allowed[0].fit < found[0].fit - _TIE * 5:
            return replies.withheld(place), Turn(asked, request=wanted)
        fresh = [hit for hit in allowed if hit.quote.id not in shown]
        others = [hit for hit in allowed if hit.quote.id not in turns[-1].shown] if turns else []
        picked = self._pick(fresh or others or allowed)
        turn = Turn(asked, (picked.speaker, *picked.about), request=wanted, shown=(picked.id,))
        more = QuoteRequest(_speaker(wanted.speakers, place.knowledge), wanted.about)
        return replies.quoted(place, picked, more), turn

    def _pick(self, found: Sequence[Found]) -> Quote:
        best = [hit for hit in found if hit.fit >= found[0].fit - _TIE]
        return self._random.choice(best).quote

    def _question(self, text: str, match: Match, turns: Sequence[Turn], place: Place) -> tuple[Reply, Turn]:
        read = text
        if turns:
            match, read = followup.resolve(text, match, turns, place.snapshot)
        reply = replies.matched(place, match)
        return reply, _turn(read, match, reply, place.knowledge)


def _understood(text: str, snapshot: Snapshot) -> Match:
    """What a question means by itself."""
    return roles.played(text, snapshot.matcher.match(text), snapshot)


def _wanted(asked: QuoteAsked, quotes: QuoteIndex) -> QuoteWanted:
    return QuoteWanted(quotes.speakers.wanted(asked) or None, asked.about, asked.rest)


def _turn(read: str, match: Match, reply: Reply, knowledge: KnowledgeBase) -> Turn:
    entry = match.label.id if match.label and match.label.kind == "entry" else None
    offered = tuple(choice.entry for choice in reply.choices)
    about = (name for told in ([entry] if entry else offered[:1]) for name in knowledge.entries[told].about)
    names = tuple(dict.fromkeys((*sorted(match.question.names), *about)))
    shown = tuple(quote.id for quote in reply.quotes)
    return Turn(match.question.key or read, names, entry, shown=shown, offered=offered)


def _speaker(speakers: frozenset[str] | None, knowledge: KnowledgeBase) -> str | None:
    """One id that stands for the speakers of a request: the person, whose characters count too, before a character."""
    return min(speakers, key=lambda name: (name not in knowledge.people, name)) if speakers else None


def _quote_turn(asked: str, quote: Quote) -> Turn:
    return Turn(
        asked, (quote.speaker, *quote.about), request=QuoteWanted(frozenset([quote.speaker])), shown=(quote.id,)
    )
