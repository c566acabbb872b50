"""The wording of replies: from what was matched to a :class:`Reply` in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.conversation import QuoteWanted
from bot.knowledge.model import Entry, KnowledgeBase, Quote, may_show
from bot.matching.index import Label
from bot.matching.matcher import Match
from bot.matching.quotes import Found, Spoken
from bot.reply import Candidate, Choice, Kind, QuoteCard, QuoteRequest, Reply, SourceRef

if TYPE_CHECKING:
    from bot.herald import Snapshot

__all__ = [
    "Place", "answer", "matched", "no_quote", "nobody_said", "quoted", "rejected", "speaker", "spoken", "weighed",
    "withheld",
]  # fmt: skip

NOT_SAID = "The sources don't say."
UNSURE = "I'm not sure which of these you mean:"
UNSURE_OF_ONE = "I'm not sure. Do you mean this?"
NEAR = "These come nearest:"
NEAREST = "This comes nearest:"
NO_QUOTE = "I have no such quote in the sources."
NOBODY = "I find nobody who says that in the sources."
ELSEWHERE = "it is explicit, and this place isn't marked for that. Ask me in an age-restricted channel."
WITHHELD = f"There is one, but {ELSEWHERE}"


@dataclass(frozen=True)
class Place:
    """Where a reply will be read: the snapshot that answers and whether explicit material is allowed."""

    snapshot: Snapshot
    age_restricted: bool

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base that answers."""
        return self.snapshot.knowledge

    def allows(self, record: Entry | Quote) -> bool:
        """Whether a record may be shown here."""
        return may_show(record, age_restricted=self.age_restricted)

    def quotes(self, wanted: QuoteWanted, match: Match | None = None) -> Sequence[Found]:
        """Quotes that fit a request, best first; those of the entries that it may mean fit better.

        Args:
            match: what the matcher makes of the request, where that is known already.
        """
        match = match or (self.snapshot.matcher.match(wanted.rest) if wanted.rest else None)
        likely = {candidate.entry: candidate.probability for candidate in match.candidates} if match else {}
        return self.snapshot.quotes.by_topic(wanted.speakers, wanted.about, likely)

    def reply(self, kind: Kind, text: str, **more: object) -> Reply:
        """A reply of this knowledge base."""
        return Reply(kind=kind, text=text, knowledge=self.knowledge.version, **more)  # type: ignore[arg-type]


def rejected(place: Place, why: str) -> Reply:
    """A question that can't be taken, with one clear line."""
    return place.reply("rejected", why)


def answer(place: Place, entry: Entry, score: float, candidates: tuple[Candidate, ...] = ()) -> Reply:
    """An entry's answer with its sources and the quotes that may be shown."""
    if not place.allows(entry):
        return place.reply("withheld", WITHHELD, score=score, candidates=candidates)
    quotes = [place.knowledge.quotes[name] for name in entry.quotes]
    shown = [quote for quote in quotes if place.allows(quote)]
    return place.reply(
        "answer",
        entry.answer,
        entry=entry.id,
        quotes=tuple(card(place.knowledge, quote) for quote in shown),
        sources=_sources(place.knowledge, entry.sources),
        candidates=candidates,
        score=score,
        spoiler=entry.spoiler or any(quote.spoiler for quote in shown),
    )


def matched(place: Place, match: Match) -> Reply:
    """The reply to what the matcher decided."""
    candidates = _candidates(match)
    if match.verdict == "answer" and match.label:
        return answer(place, place.knowledge.entries[match.label.id], round(match.score, 4), candidates)
    choices = tuple(Choice(name, place.knowledge.entries[name].question) for name in match.offered)
    if match.verdict == "smalltalk" and match.label:
        line = place.knowledge.smalltalk[match.label.id].line
        return place.reply("smalltalk", line, candidates=candidates, score=round(match.score, 4))
    kind: Kind = "choices" if match.verdict == "choices" else "unknown"
    unsure = UNSURE if len(choices) > 1 else UNSURE_OF_ONE
    text = unsure if kind == "choices" else _not_said(place, match, offered=len(choices))
    gap = match.label.id if match.label and match.label.kind == "gap" else None
    return place.reply(kind, text, gap=gap, choices=choices, candidates=candidates, score=round(match.score, 4))


def weighed(reply: Reply, match: Match) -> Reply:
    """A reply to a question in words, with what the matcher made of it where it was decided by its form."""
    return reply if reply.candidates else replace(reply, candidates=_candidates(match), score=round(match.score, 4))


def _candidates(match: Match) -> tuple[Candidate, ...]:
    """None above one that comes before it, as those that are far behind by the head don't answer."""
    chances = accumulate((candidate.probability for candidate in match.candidates), min)
    return tuple(Candidate(c.entry, round(p, 4)) for c, p in zip(match.candidates, chances, strict=True))


def _not_said(place: Place, match: Match, *, offered: int) -> str:
    line = _gap_line(place, match) if match.label and match.label.kind == "gap" else NOT_SAID
    return f"{line} {NEAR if offered > 1 else NEAREST}" if offered else line


def _gap_line(place: Place, match: Match) -> str:
    label = match.label or Label("gap", "")
    if label.id in place.knowledge.gaps:
        return place.knowledge.gaps[label.id].line
    template = place.knowledge.gap_templates[label.id]
    slots = {slot.id: slot.name for slot in place.knowledge.template_slots(template)}
    named = [slots[name] for name in sorted(match.question.names) if name in slots]
    return template.line.replace("{name}", named[0]) if len(named) == 1 else NOT_SAID


def card(knowledge: KnowledgeBase, quote: Quote) -> QuoteCard:
    """A quote as members see it."""
    return QuoteCard(
        quote.id, quote.text, speaker_name(knowledge, quote), _where(knowledge, quote), _note(knowledge, quote)
    )


def speaker_name(knowledge: KnowledgeBase, quote: Quote) -> str:
    """Who speaks: a person's name, or a character's with the actor in brackets."""
    character = knowledge.characters.get(quote.speaker)
    name = knowledge.names[quote.speaker].name
    actor = knowledge.people[character.actor].name if character and character.actor else ""
    return f"{name} ({actor})" if actor and actor not in name else name


def _where(knowledge: KnowledgeBase, quote: Quote) -> str:
    character = knowledge.characters.get(quote.speaker)
    film = f"in “{knowledge.works[character.work].name}”, " if character else ""
    return f"{film}{knowledge.events[quote.event].name}"


def _note(knowledge: KnowledgeBase, quote: Quote) -> str:
    parts = [f"quoted by {knowledge.names[quote.via].name}"] if quote.via else []
    parts += ["speaker by context; the source names none"] if quote.attribution == "context" else []
    return "; ".join(parts)


def _line(place: Place, quote: Quote, lead: str) -> str:
    """A quote in plain text: who, the words, where, and how they came down."""
    shown = card(place.knowledge, quote)
    return f"{lead}“{quote.text}” — {shown.speaker}{shown.behind}"


def _quote_reply(place: Place, quote: Quote, score: float, lead: str = "") -> Reply:
    return place.reply(
        "quote",
        _line(place, quote, f"{lead} " if lead else ""),
        lead=lead,
        quotes=(card(place.knowledge, quote),),
        sources=_sources(place.knowledge, (quote.source,)),
        score=round(min(score, 1.0), 4),
        spoiler=quote.spoiler,
    )


def quoted(place: Place, quote: Quote, more: QuoteRequest | None = None) -> Reply:
    """A quote that was asked for, with the request for another one."""
    return replace(_quote_reply(place, quote, 1.0), more=more)


def spoken(place: Place, found: Spoken) -> Reply:
    """Who said a line, with the true words; says so where the line asked about is only close to them.

    Of an explicit one it is told who said it, and no more.
    """
    name = speaker_name(place.knowledge, found.quote)
    verb = "says" if found.quote.speaker in place.knowledge.characters else "said"
    whose = f"{name} {verb} it" if found.exact else f"Closest is what {name} {verb}"
    if not place.allows(found.quote):
        return place.reply("withheld", f"{whose}, but {ELSEWHERE}")
    return _quote_reply(place, found.quote, found.fit, f"{whose}:")


def speaker(place: Place, quote: Quote) -> Reply:
    """Who said the quote that was just shown."""
    return spoken(place, Spoken(quote, 1.0, exact=True))


def no_quote(place: Place, why: str = "") -> Reply:
    """A quote that the sources don't have."""
    return place.reply("unknown", " ".join(filter(None, [why, NO_QUOTE])))


def nobody_said(place: Place) -> Reply:
    """A line that nobody says in the sources; it is a member's text, so it isn't echoed."""
    return place.reply("unknown", NOBODY)


def withheld(place: Place) -> Reply:
    """Something explicit where that isn't allowed; no word of it."""
    return place.reply("withheld", WITHHELD)


def _sources(knowledge: KnowledgeBase, ids: tuple[str, ...]) -> tuple[SourceRef, ...]:
    return tuple(SourceRef(s.id, s.title, s.url) for s in (knowledge.sources[name] for name in ids))
