"""Is a text asking for a quote, or for who said a line, and what does it say about which?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching import text

__all__ = ["LineAsked", "QuoteAsked", "another", "line_asked", "quote_asked", "speaker_asked"]

_QUOTE_WORD = r"(?:quotes?|quotations?|one-?liners?|sound ?bites?|citations?|zingers?)"
_LINE_WORD = r"(?:lines?|sayings?|words|remarks?|comments?)"
_ASKS_QUOTE = re.compile(
    rf"\b{_QUOTE_WORD}\b|\bquote\b|\bverbatim\b|\bword for word\b|\bin (?:his|her|their) own words\b|\b(?:exact|actual|own) words\b"
    rf"|\b(?:famous|best|favou?rite|great|nice|funny|funniest|good|memorable|any|some|a|another|cool|deep|saddest|sad) {_LINE_WORD} "
    rf"(?:from|by|about|of|on|where|in which)\b"
    rf"|^(?:what was|what is|what's) (?:that|the|his|her|\w+'s) {_LINE_WORD} (?:about|on|where|regarding)\b"
    rf"|^(?:please )?(?:give|gimme|get|show|send|post|share|drop|find|hit) (?:me |us )?(?:with )?(?:something|anything|what|some|[a-z.' ]{{3,40}} (?:on|about) )"
    rf"|\bsomething [a-z.' ]{{2,40}} (?:said|says)\b|\bsay(?:s)? something\b|\b(?:that|the|a) {_LINE_WORD} (?:that )?[a-z.' ]{{2,30}} (?:said|says|say)\b"
)
_FRAME = re.compile(
    rf"\b(?:{_QUOTE_WORD}|{_LINE_WORD}|quote|verbatim|word for word|in (?:his|her|their) own words|give|gimme|get|show|send|post|share"
    r"|drop|find|hit|please|pls|me|us|with|want|need|would like|like|do you have|have you got|got|there|any|some|a|an|the|another"
    r"|famous|best|favou?rite|great|nice|funny|good|memorable|cool|exact|actual|own|something|anything|said|says|say|saying|tell"
    r"|from|by|of|about|on|regarding|re|concerning|where|in which|when|as|in|for|that|is|are|was|what|how|did|does|do|himself|herself"
    r"|describe[ds]?|call(?:ed)?|random|one|out|can|you|could|i|his|her|him|he|she|they|their|and|to|exactly|movie quote|has|have|who"
    r"|used|movies?|films?|person|guy|ever|just|put|when|while|talk(?:s|ed|ing)?|speak(?:s|ing)?|mention(?:s|ed)?|think(?:s)?|real|short|long|again)\b"
)
_ABOUT = re.compile(
    r"\b(?:about|on|regarding|re|concerning|of|where|when|mentioning|describing|that mentions)\b\s+(.+)$"
)
_FROM = re.compile(r"\b(?:from|by)\s+((?:[a-z.']+ ?){1,4}?)(?:\s+(?:about|on|regarding|where|when|in|of)\b|$)")
_QUOTED = re.compile(r"[\"“”«»](.{2,400}?)[\"“”«»]|(?<!\w)['‘’](.{2,400})['‘’](?!\w)", re.S)
_SAYING = r"(?:said|says|say|asks?|asked|added|adds|replied|replies|answered|answers|told|tells|joked|jokes|remarked|quipped|exclaimed|claimed|uttered|goes|spoke|speaks|wrote|called|yells?|yelled|shouts?|shouted|used|came up with|came out with|talked|interrupted|whispered|insisted)"
_WHO_SAID = re.compile(
    rf"^(?:who|which (?:person|character|one|speaker|guy|director|actor)|what (?:person|character))(?: was it (?:that|who)| is it (?:that|who)| is the one (?:that|who)| was)?"
    rf"(?: \w+ly| originally| actually| first)? {_SAYING}(?: (?:the )?(?:line|words|thing|something like|that|sth like))?[\s:,]+(?P<line>.+)$"
)
_WHOSE = re.compile(
    rf"^(?:whose {_LINE_WORD} (?:is|was|are|were)(?: it| that| this| these)?|whose quote (?:is|was)(?: it| that| this)?|who (?:is|was) (?:it|that|quoted)(?: as)?(?: saying)?"
    rf"|who(?:'s| is) (?:being )?quoted|who (?:is|was) the (?:speaker|source|author) of|who does the quote|where (?:is|does|was) (?:the|this|that) (?:line|quote)|from whom is|by whom (?:is|was)|(?:who|which).{{0,30}}(?:line|quote|words))\b[\s:,]*(?P<line>.*)$"
)
_ANOTHER = re.compile(
    r"^(?:(?:and |ok |now )?(?:give me |gimme |show me |got |have you )?(?:another|one more|more|next|a different|different)(?: one| quote| ones| quotes| please)*"
    r"|again|something else|any others?|others?|more (?:of (?:them|those)|quotes?)|next one|do you have (?:another|more)(?: one)?)$"
)
_WHO_SAID_THAT = re.compile(
    r"^(?:and |wait |so )?(?:who (?:said|says|asked|wrote) (?:that|this|it)|whose (?:quote|line|words) (?:is|was|are) (?:that|this|it|those)|who is that(?: from| by)?|who was that)$"
)


@dataclass(frozen=True, slots=True)
class QuoteAsked:
    """A request for a quote in words.

    Attributes:
        text: all of it; the speaker is found among the names.
        about: the topic, or empty.
        source: whom it is wanted from, where that is said outright.
    """

    text: str
    about: str
    source: str


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
    found = _ABOUT.search(folded)
    return QuoteAsked(folded, _bare(found.group(1)) if found else _bare(folded), _source(folded))


def _source(folded: str) -> str:
    """Whom a quote is wanted from, where that is said ("from ...", "by ...")."""
    found = _FROM.search(folded)
    return found.group(1) if found else ""


def _bare(phrase: str) -> str:
    return " ".join(_FRAME.sub(" ", phrase).replace("'s ", " ").split()).strip(" ,.:;'\"-")


def line_asked(raw: str) -> LineAsked | None:
    """The line whose speaker a text asks for, or None."""
    folded = text.strip_fillers(text.fold(raw)).strip()
    quoted = _QUOTED.search(text.fold(raw))
    asks = _WHO_SAID.match(folded.rstrip("?! ")) or _WHOSE.match(folded.rstrip("?! "))
    if quoted and (asks or re.search(rf"\bwho\b|\bwhose\b|\b{_SAYING}\b", _QUOTED.sub(" ", folded))):
        return LineAsked(next(part for part in quoted.groups() if part), True)
    if asks and len(text.words(asks.group("line"))) >= 3:
        return LineAsked(asks.group("line"), False)
    return None


def another(raw: str) -> bool:
    """Whether a text asks for one more of the same."""
    return bool(_ANOTHER.match(text.fold(raw).rstrip("?!. ")))


def speaker_asked(raw: str) -> bool:
    """Whether a text asks who said what was just shown."""
    return bool(_WHO_SAID_THAT.match(text.fold(raw).rstrip("?!. ")))
