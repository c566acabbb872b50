"""Is a text asking who said a line, or for one more of what was just shown?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching import text

__all__ = ["LineAsked", "another", "line_asked", "speaker_asked"]


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_LINE = r"(?:lines?|sayings?|words|remarks?|comments?)"
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
        r"who (?:is|was) that (?:from|by)",
    )
    + "$"
)
_WHO_WAS_THAT = re.compile(
    r"^(?:(?:and|wait|so),? )?"
    + _any(
        r"who (?:is|was) (?:that|it|this)",
        r"where (?:is|was) (?:that|it|this)(?: (?:said|from))?",
        r"(?:which|what) (?:film|movie|talk|event|article) (?:is|was) (?:that|it|this) (?:from|in|at)",
    )
    + "$"
)
_LEAST_WORDS = 3
_STORY = 30  # words
_OF_A_LINE = re.compile(rf"\bwho(?:se|m)?\b.*\b{_SAYING}\b|\bwhose\b|\battributed\b")
# Beside what stands between marks; of a title it may be asked who directed it, or plays in it.
_ASKS_SPEAKER = re.compile(
    rf"\b(?:whose|attributed|{_SAYING})\b|^\W*(?:and |so )?who(?:(?: is| was)?(?: it| that| this)?)?\W*$"
)


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A question for who said a line; ``marked`` where the line stood between quotation marks."""

    line: str
    marked: bool


def line_asked(raw: str) -> LineAsked | None:
    """The line whose speaker a text asks for, or None."""
    raw = raw.replace("`", " ")  # markup, and no quotation mark
    folded = text.strip_fillers(text.fold(raw)).rstrip("?! ")
    # Who tells a story may well quote somebody in it, and say that somebody said so.
    asking = text.focus(text.fold(raw)) if len(text.words(folded)) > _STORY else text.fold(raw)
    quoted = _QUOTED.search(asking) or (_QUOTED.search(text.fold(raw)) if _OF_A_LINE.search(asking) else None)
    asks = _WHO_SAID.match(folded) or _WHOSE.match(folded)
    if quoted and (asks or _ASKS_SPEAKER.search(_QUOTED.sub(" ", asking))):
        return LineAsked(next(part for part in quoted.groups() if part), marked=True)
    if asks and len(text.words(asks.group("line"))) >= _LEAST_WORDS:
        return LineAsked(asks.group("line"), marked=False)
    return None


def another(raw: str) -> bool:
    """Whether a text asks for one more of the same."""
    return bool(_ANOTHER.match(text.fold(raw).rstrip("?!. ")))


def speaker_asked(raw: str, *, alone: bool) -> bool:
    """Whether a text asks who said what was just shown, or where.

    Args:
        alone: whether quotes were shown without an answer, so that "who was that?" and "where was that?" can mean
            nothing else.
    """
    asking = text.fold(raw).rstrip("?!. ")
    return bool(_WHO_SAID_THAT.match(asking) or (alone and _WHO_WAS_THAT.match(asking)))
