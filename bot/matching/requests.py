"""Is a text asking for a quote, or for who said a line, and what does it say about which?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching import text

__all__ = ["LineAsked", "QuoteAsked", "another", "line_asked", "quote_asked", "speaker_asked"]


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_QUOTE = r"(?:quot(?:e|es|ed|ation|ations)|one-?liners?|sound ?bites?|citations?|zingers?)"
_LINE = r"(?:lines?|sayings?|words|remarks?|comments?)"
_KIND_OF = (
    r"(?:famous|best|favou?rite|great|nice|funny|funniest|good|memorable|any|some|a|another|cool|deep|saddest|sad)"
)
_HAND = r"(?:give|gimme|get|show|send|post|share|drop|find|hit)"
_NAME = r"[a-z.' ]"
_ASKS_QUOTE = re.compile(
    _any(
        rf"\b{_QUOTE}\b",
        rf"^{_LINE} (?:from|by|of)\b|^(?:please )?cite\b",
        r"\bverbatim\b",
        r"\bword for word\b",
        r"\bin (?:his|her|their) own words\b",
        r"\b(?:exact|actual|own) words\b",
        rf"\b{_KIND_OF} {_LINE} (?:from|by|about|of|on|where|in which)\b",
        rf"^(?:what was|what is|what's) (?:that|the|his|her|\w+'s) {_LINE} (?:about|on|where|regarding)\b",
        rf"^(?:please )?{_HAND} (?:me |us )?(?:with )?(?:something|anything|what|some)\b",
        rf"^(?:please )?{_HAND} (?:me |us )?{_NAME}{{3,40}} (?:on|about)\b",
        rf"\b\w+'s {_LINE} (?:about|on|regarding)\b",
        r"\b(?:say|said|call|called) exactly\b|\bexactly (?:did|does) .{2,40} (?:say|call)\b",
        rf"\bsomething {_NAME}{{2,40}} (?:said|says)\b",
        r"\bsays? something\b",
        rf"\b(?:that|the|a) {_LINE} (?:that )?{_NAME}{{2,30}} (?:said|says|say)\b",
    )
)
_FRAME_WORDS = frozenset(
    """
    give gimme get show send post share drop find hit please pls me us with want need would like do you have got
    there any some a an the another famous best favorite favourite great nice funny funniest good memorable cool
    deep sad saddest exact exactly actual own something anything said says say saying tell told from by of about
    on regarding re concerning where in which when as for that is are was were what whats how did does himself
    herself themselves describe describes described call called calls random one out can could i his her him he
    she they their and to has who used movie movies film films person guy ever just put while talk talks talked
    talking speak speaks mention mentions mentioned think thinks real short long again verbatim word words line
    lines remark remarks comment comments saying sayings own something at it its s
    """.split()
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|re|concerning|mentioning|describing)\b[:,]?\s+(.+)$")
_FROM = re.compile(rf"\b(?:from|by)\s+({_NAME}{{2,40}}?)(?:\s+(?:about|on|regarding|where|when|in|of)\b|[^a-z.' ]|$)")
_QUOTED = re.compile(r"[\"“”«»](.{2,400}?)[\"“”«»]|(?<!\w)['‘’](.{2,400})['‘’](?!\w)", re.S)
_SAYING = _any(
    r"said|says?|asks?|asked|adds?|added|repl(?:y|ied|ies)|answer(?:s|ed)?|tells?|told|jokes?|joked|remarked|quipped",
    r"exclaimed|claimed|uttered|goes|spoke|speaks|wrote|calls?|called|yells?|yelled|shouts?|shouted|used|talked",
    r"came (?:up|out) with|brought up|interrupted|whispered|insisted",
)
_WHO = r"(?:who|which (?:person|character|one|speaker|guy|director|actor)|what (?:person|character))"
_WHO_SAID = re.compile(
    rf"^{_WHO}(?: (?:was|is) it (?:that|who)| is the one (?:that|who)| was)?(?: \w+ly| first)? {_SAYING}"
    r"(?: (?:the )?(?:line|words|thing|something like|that))?[\s:,]+(?P<line>.+)$"
)
_WHOSE = re.compile(
    "^"
    + _any(
        rf"whose (?:{_LINE}|quote) (?:is|was|are|were)(?: it| that| this| these)?",
        r"who (?:is|was) (?:it|that|quoted)(?: as)?(?: saying)?",
        r"who is (?:being )?quoted(?: as saying)?",
        r"who (?:is|was) the (?:speaker|source|author) of",
        r"(?:where|whom|who) (?:is|does|was) (?:the|this|that) (?:line|quote)(?: come)?(?: from| by)?",
        r"(?:from|by) whom (?:is|was)",
    )
    + r"\b[\s:,]*(?P<line>.*)$"
)
_ANOTHER = re.compile(
    r"^(?:(?:and|ok|now),? )?(?:(?:give me|gimme|show me|got|have you|do you have) )?"
    + _any(
        r"(?:another|one more|more|next|a different|different)(?: one| quote| ones| quotes| please)*",
        r"again|something else|any others?|others?|more (?:of (?:them|those)|quotes?)",
    )
    + "$"
)
_WHO_SAID_THAT = re.compile(
    r"^(?:(?:and|wait|so),? )?"
    + _any(
        r"who (?:said|says|asked|wrote) (?:that|this|it)",
        r"whose (?:quote|line|words) (?:is|was|are) (?:that|this|it|those)",
        r"who (?:is|was) that(?: from| by)?",
    )
    + "$"
)
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class QuoteAsked:
    """A request for a quote in words.

    Attributes:
        text: all of it; the speaker is found among the names.
        about: the topic, or empty.
        source: whom it is wanted from, where that is said outright ("from ...", "by ...").
        lead: the words before the topic.
        outright: whether it says "quote"; else it may be a plain question after all.
        topical: whether the topic is said outright ("about ..."); else it is what was left of the request.
    """

    text: str
    about: str
    source: str
    lead: str
    topical: bool
    outright: bool


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A question for who said a line; ``marked`` where the line stood between quotation marks."""

    line: str
    marked: bool


def quote_asked(raw: str) -> QuoteAsked | None:
    """The request for a quote in a text, or None."""
    folded = text.strip_fillers(text.fold(raw)).rstrip("?!. ")
    if not _ASKS_QUOTE.search(folded):
        return None
    found, source = _ABOUT.search(folded), _FROM.search(folded)
    about = _bare(found.group(1)) if found else ""
    return QuoteAsked(
        text=folded,
        about=about or _bare(folded),
        source=source.group(1) if source else "",
        lead=folded[: found.start()] if found and about else "",
        topical=bool(about),
        outright=_outright(folded),
    )


def _bare(phrase: str) -> str:
    """What a request is about once the words of asking are off; names may be left in."""
    kept = [word for word in text.words(phrase) if word not in _FRAME_WORDS and not re.fullmatch(_QUOTE, word)]
    return " ".join(kept)


def _outright(folded: str) -> bool:
    return bool(
        re.search(rf"\b{_QUOTE}\b|\bword for word\b|\bverbatim\b|\bown words\b|\b{_LINE} (?:from|by)\b", folded)
    )


def line_asked(raw: str) -> LineAsked | None:
    """The line whose speaker a text asks for, or None."""
    folded = text.strip_fillers(text.fold(raw)).rstrip("?! ")
    quoted = _QUOTED.search(text.fold(raw))
    asks = _WHO_SAID.match(folded) or _WHOSE.match(folded)
    if quoted and (asks or re.search(rf"\b(?:who|whose|attributed|{_SAYING})\b", _QUOTED.sub(" ", folded))):
        return LineAsked(next(part for part in quoted.groups() if part), marked=True)
    if asks and len(text.words(asks.group("line"))) >= _LEAST_WORDS:
        return LineAsked(asks.group("line"), marked=False)
    return None


def another(raw: str) -> bool:
    """Whether a text asks for one more of the same."""
    return bool(_ANOTHER.match(text.fold(raw).rstrip("?!. ")))


def speaker_asked(raw: str) -> bool:
    """Whether a text asks who said what was just shown."""
    return bool(_WHO_SAID_THAT.match(text.fold(raw).rstrip("?!. ")))
