"""Is a text asking for a quote, and what does it say about which?

People who want somebody's very words seldom say "quote": they ask for the wording, how it goes, a remark, a comeback.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.matching import english, text

__all__ = ["QuoteAsked", "bare", "quote_asked"]


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_QUOTE = r"(?:quot(?:e|es|ed|ation|ations|able)|one-?liners?|sound ?bites?|citations?|zingers?)"
_LINE = r"(?:lines?|sayings?|words|remarks?|comments?)"
_SENTENCE = r"(?:sentences?|phrases?|statements?)"
_ON = r"(?:about|on|regarding|concerning|re|with|w)"
_QUIP = r"(?:lines?|remarks?|quips?|comebacks?|retorts?|wisecracks?|rants?|punch ?lines?|one-worders?|jokes?)"
# What somebody said, named by what sort of saying it was; each may also stand in a plain question.
_SPEECH = _any(
    r"pearls? of wisdom|statements?|utterances?|jests?|jibes?|gibes?|digs?|cracks?|gags?|boasts?|complaints?|protests?",
    r"compliments?|praise|confessions?|corrections?|definitions?|ice-?breakers?|openers?|put-?downs?|barbs?|laments?",
    r"gripes?|grumbles?|moans?|musings?|tirades?|outbursts?|goodbyes?|farewells?|witticisms?|pleas?|apolog(?:y|ies)",
)
_UTTER = _any(
    r"mutters?|utters?|declares?|(?:fire|shoot|snap|shout|yell)s? back|blurts?(?: out)?|grumbles?|moans?|exclaims?",
    r"retorts?|quips?|protests?|gripes?|announces?|whispers?|proclaims?|murmurs?|confess(?:es)?|mumbles?|phrases?",
)
_UTTERED = _any(
    r"muttered|uttered|declared|(?:fired|shot|snapped|shouted|yelled) back|blurted(?: out)?|grumbled|moaned|exclaimed",
    r"retorted|quipped|protested|griped|announced|whispered|proclaimed|murmured|confessed|mumbled|phrased",
)
_KIND_OF = (
    r"(?:famous|best|favou?rite|great|nice|funny|funniest|good|memorable|any|some|a|another|cool|deep|saddest|sad)"
)
_HAND = r"(?:give|gimme|get|show|send|post|share|drop|find|hit)"
_HAVE = r"(?:got|have you(?: got)?|do you have|is there|any chance of)"
_WANTED = rf"(?:i (?:want|need)|can (?:i|we) (?:have|get)|{_HAND}(?: me| us)?)"
_NAME = r"[a-z.' ]"
_WHOSE = r"(?:his|her|their|its|the|\w+'s)"
_TRUE = r"(?:own|exact|actual|very|precise|true|original|real|literal)"
_SAY = _any(
    r"sa(?:y|ys|id)|asks?|asked|calls?|called|puts?|repl(?:y|ies|ied)|answer(?:s|ed)?|tells?|told|yells?|grumbled?",
    r"grumble|shouts?|joke[sd]?",
)
_SPOKEN = r"(?:it|that|this|(?:the|his|her|that) (?:line|rant|joke|quip|remark|bit|quote|speech|comeback))"
_REPLY = r"(?:wording|description|summary|reply|response|speech)"
_NO_QUESTION = r"(?!wh|how|is |are |was |did |does |can )"
_SAYING = r"(?:talk|prais|compar|describ|explain|mock|say|tell|ask|jok|complain|rav)ing"
_SAID = _any(
    rf"say|said|says|tell|tells|told|state[sd]?|put|ask(?:s|ed)?|calls?|called|{_SAYING}|answer(?:s|ed)?|repl(?:y|ies|ied)",
    r"remark(?:s|ed)?|comment(?:s|ed)?|explain(?:s|ed)?|describ(?:es?|ed)|joke[sd]?|confess(?:es|ed)?",
)
# What asks for the very words, and nothing else: cut from the text, the rest tells which words.
_VERY_WORDS = re.compile(
    r"[,;:?]?\s*(?:(?:what (?:are|were|was|is)|what's|in|with|by|give me|find) )?"
    + _any(
        rf"\b(?:can you )?(?:please )?quote (?:it|them|him|her|that)\b(?: please)?|\b{_QUOTE}\b",
        r"\bword (?:for|by) word\b|\bverbatim\b|\bliterally\b|\bto the letter\b",
        rf"\b(?:{_WHOSE} )?{_TRUE} (?:{_LINE}|wording|phrasing|sentence|dialogue|one|quote)\b",
        r"\b(?:exact|precise|literal)(?= (?:[\w-]+ )?(?:question|answer|reply|response)\b)",
        rf"(?:\b{_WHOSE} |\bwhat )(?:wording|phrasing)\b|\bthe sentence$",
        r"\bin (?:\w+ )?\w+s (?:own )?words\b",
        r"(?<!finish )(?<!finishes )(?<!finished )\b(?:his|her|their|\w+'s) (?:words|sentence)\b",
        r"\bwhat(?:'s| is| was) (?:the|that) (?:line|sentence)$|\b(?:the|those|these) (?:words|lines) themselves\b",
        r"(?:^|\b(?:what (?:are|were)|what's|find|with|by) )(?:the |what )words\b(?: exactly| again)?",
        rf"\bhow(?:'s| is| was| did| does|'d| do) {_SPOKEN} (?:worded|phrased|put|start|starts|begin)\b",
        rf"(?<=\w)\W+how(?: did| does|'d) {_SPOKEN} go\b(?: again)?|\bhow(?: did| does|'d) {_SPOKEN} go again\b",
        r"\bas (?:(?:he|she|they) (?:put|puts|said|says|phrased|phrases|worded) it|spoken|uttered)\b",
        r"\b(?:full|whole|entire|complete) sentence\b|\bin full\b|\blet me (?:read|hear) (?:it|that)\b",
    )
    + r"(?: exactly| again| please| pls)?(?: (?:if|when) (?:you (?:can|have it|could|would).*|possible)$)?"
)
_ASKS_QUOTE = re.compile(
    _any(
        rf"^(?:{_HAVE} )?(?:any |some )?{_LINE} (?:from|by|of)\b|^(?:please )?cite\b",
        rf"^{_WANTED} (?:that|{_WHOSE})(?: [\w']+){{0,3}} (?:{_QUIP}|{_SPEECH}|speech|monologue)\b",
        rf"\b{_KIND_OF} {_LINE} (?:from|by|about|of|on|where|in which)\b",
        rf"^(?:what was|what is|what's) (?:that|the|his|her|\w+'s) {_QUIP} (?:about|on|where|when|regarding)\b",
        rf"^(?:please )?{_HAND} (?:me |us )?(?:with )?(?:something|anything|what|some)\b",
        rf"^(?:please )?{_HAND} (?:me |us )?{_NAME}{{3,40}} (?:on|about)\b",
        rf"^(?:{_HAVE} )?(?:something|anything) (?:from|by|(?:that was )?said (?:about|on|of))\b",
        rf"^{_NO_QUESTION}(?:[\w']+ ){{1,3}}{_LINE} {_ON}\b",
        rf"\b{_SENTENCE} (?:of|from|by) {_NAME}{{2,30}} {_ON}\b",
        rf"^(?:what (?:is|was) |what's )?(?:the|that) (?:thing|bit|part|one) {_ON} {_NAME}{{2,40}} (?:said|says)$",
        rf"^(?:what(?:'s| is| was) )?(?:that|the)(?: [\w']+){{1,3}} {_QUIP}"
        r"(?:,? (?:what (?:is|was) it|exactly|again|please|pls))*$",
        rf"\b\w+'s (?:\w+ )?{_QUIP} (?:about|on|regarding|when|where|to)\b",
        rf"\b(?:his|her|that|the)(?: [\w']+){{0,2}} {_QUIP} (?:about|on|of|regarding|where|when|with|w|to|in|after)\b",
        rf"\bsomething {_NAME}{{2,40}} (?:said|says)\b|\bsays? something\b",
        rf"\b(?:that|the|a) {_LINE} (?:that )?{_NAME}{{2,30}} (?:said|says|say)\b",
        r"\b(?:the|that) (?:sentence|statement|saying) (?:about|on|of|where|in which)\b",
        r"^(?:(?:can|could|would) you |please )*(?:read|type|write|spell)(?: me| us)?(?: out)? (?:what|how)\b",
        rf"\bhow (?:did|does|do|'d) {_NAME}{{2,30}} (?:put|phrase|word) (?:it|that|this)\b",
        rf"\bhow (?:did|does|do|'d) {_NAME}{{2,30}} (?:say|tell) (?:it|that)\b",
        rf"\bhow (?:(?:was|is) {_NAME}{{2,40}}|(?:did|does|do|'d) {_NAME}{{2,40}}) (?:phrased|worded|phrase|word)\b",
        rf"^(?:(?:what (?:is|was)|what's|how (?:is|was)) )?{_WHOSE}(?: [\w']+){{0,2}} {_SPEECH}(?: |$)",
        rf"\b\w+'s (?:\w+ )?{_SPEECH} (?:about|on|at|to|when|regarding|of|in)\b",
        rf"\bwhat(?: (?:did|does|do|was it)|'d) {_NAME}{{2,40}} {_UTTER}\b",
        rf"\bwhat(?:ever)? {_NAME}{{2,20}} {_UTTERED}\b",
        rf"\b(?:something|anything) {_NAME}{{2,30}} {_UTTERED}\b|\bout of {_NAME}{{2,20}} mouth\b",
        rf"\b(?:something|anything) from {_NAME}{{2,30}} (?:on|about|regarding)\b",
    )
)
_SAYS_EXACTLY = re.compile(rf"\b{_SAY}\b[^.?!]*\bexactly\b|\bexactly (?:did|does) .{{2,40}} {_SAY}\b")
# What a plain question may have as well: it asks for a quote only where its answer tells one.
_MAY_ASK = re.compile(
    _any(
        rf"\b(?:anything|something)\b[^.?!,]{{0,60}}\b{_SAID}\b",
        r"^what (?:did|does|do) (?:[\w']+ ){1,3}(?:say|tell|state|remark|comment) (?:about|of|on)\b",
        rf"\b(?:his|her|their|\w+'s) (?:own )?(?:{_LINE}|{_QUIP}|{_SPEECH}|{_REPLY})\b",
        rf"^(?:(?:do |have )?(?:you|we)(?: got| have)? )?{_NO_QUESTION}(?:[\w']+ ){{1,3}}(?:about|{_SAYING})\b",
        r"\b(?:swear(?:y|ing| ?words?)?|swore|uncensored|bleep(?:ed)?)\b",
        r"^(?:the|that) (?:bit|part|moment|one|time) (?:where|when|in which)\b",
    )
)
# Who quotes somebody is a plain question.
_WHO_QUOTES = re.compile(r"\bwhom?(?:'d|'s| did| does| do| is| was| gets?)? (?:[\w']+ )?(?:quote[ds]?|quoting)\b")
# What the quote is wanted for says nothing about which.
_PURPOSE = re.compile(
    r" for (?:my|our|a|an|the|his|her|their)(?: [\w'-]+){0,3} "
    + _any(
        r"handout|class|poster|newsletter|slides?|blog|essay|paper|programme|program|flyer|leaflet|zine|tweet|caption",
        r"toast|card|wall|presentation|podcast|intro|introduction|assignment|homework|article|page|profile|mug|t-?shirt",
    )
    + "$"
)
_STORY = 30  # words
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
_WHOSE_WORDS = re.compile(rf"\b([a-z.]+)'s (?:{_TRUE} )?{_LINE}\b|\bin (?:\w+ )?(?!his|its)(\w+)s (?:own )?words\b")
_FROM_SOMEBODY = re.compile(rf"\b{_LINE} (?:from|by)\b")
_ABOUT = re.compile(
    r"\b(?:about|on|regarding|re|concerning|mentioning|describing|(?:(?<=line )|(?<=joke ))(?:with|w))\b[:,]?\s+(.+)$"
)
_FROM = re.compile(rf"\b(?:from|by)\s+({_NAME}{{2,40}}?)(?:\s+(?:about|on|regarding|where|when|in|of)\b|[^a-z.' ]|$)")


Strength = Literal["outright", "likely", "perhaps"]


@dataclass(frozen=True, slots=True)
class QuoteAsked:
    """A request for a quote in words.

    Attributes:
        text: all of it; the speaker is found among the names.
        rest: the text without the words that ask for a quote: what it is about in a member's own words.
        about: the topic, or empty.
        source: whom it is wanted from, where that is said outright ("from ...", "by ...", "...'s own words").
        lead: the words before the topic.
        strength: whether it asks for the very words ("outright"), "likely" does, or "perhaps", being a plain question
            that a quote would answer, too.
        topical: whether the topic is said outright ("about ..."); else it is what was left of the request.
    """

    text: str
    rest: str
    about: str
    source: str
    lead: str
    topical: bool
    strength: Strength


def quote_asked(raw: str) -> QuoteAsked | None:
    """The request for a quote in a text, or None."""
    whole = text.fold(raw)
    folded = _PURPOSE.sub("", text.strip_fillers(whole.rstrip("?!. ")))
    strength = _strength(whole, folded)
    if strength is None:
        return None
    rest = " ".join(_VERY_WORDS.sub(" ", folded).split()).strip(",.;: ")
    found, source = _ABOUT.search(rest), _WHOSE_WORDS.search(folded) or _FROM.search(rest)
    about = _trimmed(found.group(1)) if found else ""
    return QuoteAsked(
        text=folded,
        rest=rest,
        about=about or bare(rest),
        source=source[source.lastindex or 0] if source else "",
        lead=rest[: found.start()] if found else "",
        topical=bool(about),
        strength=strength,
    )


def _strength(whole: str, folded: str) -> Strength | None:
    story = len(text.words(folded)) > _STORY  # who tells one may well quote somebody in it
    asking = _WHO_QUOTES.sub("", text.focus(whole).rstrip("?!. ") if story else folded)
    if _VERY_WORDS.search(asking) or _FROM_SOMEBODY.search(asking):
        return "outright"
    if _ASKS_QUOTE.search(asking) or _SAYS_EXACTLY.search(whole):
        return "perhaps" if story else "likely"
    return "perhaps" if not story and _MAY_ASK.search(asking) else None


def _trimmed(phrase: str) -> str:
    """What stands behind "about" without the words of asking before and after it ("post" alone is none of them)."""
    words = text.words(phrase)
    telling = [place for place, word in enumerate(words) if word not in _FRAME_WORDS]
    if not telling:
        return words[0] if len(words) == 1 and words[0] not in english.STOP_WORDS else ""
    return " ".join(words[telling[0] : telling[-1] + 1])


def bare(phrase: str) -> str:
    """What a request is about once the words of asking are off; names may be left in."""
    return " ".join(word for word in text.words(phrase) if word not in _FRAME_WORDS)
