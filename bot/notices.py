"""What every platform says around replies, in the same words."""

from __future__ import annotations

import math
import secrets

from bot.fitting import clip, clip_lines
from bot.knowledge.model import KnowledgeBase

__all__ = [
    "APOLOGY", "ASK_ME", "CLOSING", "DISMISS_REFUSED", "FORBIDDEN", "KNOWN", "LOOKED", "MENDED", "NOTHING_KEPT",
    "NOT_HOME", "NOT_KEPT", "NO_ANSWER", "NO_TEXT", "NO_WORDS", "OUTDATED", "RETIRED", "SPOILER", "STORE_DOWN",
    "STORE_OFF", "TELL_ME", "THANKS", "WAITING", "WAYS", "WHAT_IS_WRONG", "WILL_TELL", "WORKING", "about", "apology",
    "just_answered", "too_fast",
]  # fmt: skip

ASK_ME = "Ask me something about the events, for example:"
CLOSING = "I'm just being restarted. Please ask again in a moment."
DISMISS_REFUSED = "Only whoever asked, or a moderator, may remove this."
FORBIDDEN = "Only people who manage this place may do that."
KNOWN = "You wanted to be told when I know. Now I do:"
LOOKED = "You wanted to be told when I know. Those who look after me have looked into it:"
MENDED = "The files of the knowledge base are in order again, and in service."
NOTHING_KEPT = "I keep nothing about you."
NOT_HOME = "I am not looked after from here. Whoever runs me can change that: HERALD_DISCORD_HOME, HERALD_SLACK_HOME."
NOT_KEPT = "Questions aren't kept here (HERALD_RECORD_QUESTIONS is off), so there is nothing to teach."
NO_ANSWER = "I have no record of that answer: it is none of mine, or it was too long ago."
NO_TEXT = "I can't read that message. Mention me with the question itself, or use “Ask Herald” from the message's menu."
NO_WORDS = "I find no words in that message that I could answer."
OUTDATED = "This button is from an older version of me. Please ask again."
RETIRED = "That has been taken out of the knowledge base since. Please ask again."
SPOILER = "The answer gives away plot. “Reveal” shows it to you alone."
STORE_DOWN = "My memory can't be reached just now, so nothing was changed. Please try again in a moment."
STORE_OFF = "I run without a database here, so nothing is kept and this isn't there. See HERALD_DATABASE_URL."
TELL_ME = "Tell me when you know"
THANKS = "Thank you, noted."
WAITING = "You are on the list for that already."
WHAT_IS_WRONG = "Thank you, noted. What is wrong with it?"
WILL_TELL = "I'll tell you here as soon as I know, or else in a direct message."
WORKING = "is looking it up …"
WAYS = "Mention me with a question, reply to one of my messages, write to me directly, or use /ask."
APOLOGY = "Sorry, something went wrong. Whoever runs me finds it in the log as incident {incident}."

_TITLE, _TITLES = 200, 700  # characters; escaped they may become twice as many, and Discord takes 2,000 in all


def too_fast(wait: float) -> str:
    """That a question came too soon, and when the next is taken (seconds)."""
    seconds = math.ceil(wait)
    return f"That is faster than I answer here. Please wait {seconds} second{'s' if seconds > 1 else ''}."


def just_answered(url: str) -> str:
    """That a question was answered in the same place a moment ago."""
    return f"I have just answered that here: {url}"


def apology() -> tuple[str, str]:
    """An incident's id, and the line that tells a member so."""
    incident = secrets.token_hex(4)
    return incident, APOLOGY.format(incident=incident)


def about(kb: KnowledgeBase, ways: str = WAYS) -> str:
    """What Herald is, knows and keeps.

    Args:
        ways: how it is asked on the platform.
    """
    return (
        "I'm Herald. I answer questions from a knowledge base that people wrote and checked, and I make nothing up: "
        "when the sources don't say, I say so.\n"
        f"I know the answers to {len(kb.entries):,} questions and {len(kb.quotes):,} quotes, from:\n{_sources(kb)}\n"
        f"{ways} I read only what is addressed to me. Knowledge base {kb.version}."
    )


def _sources(kb: KnowledgeBase) -> str:
    """As many titles as fit, and how many more there are."""
    titles = [f"• {clip(source.title, _TITLE)}" for source in kb.sources.values()]
    shown = clip_lines(titles, _TITLES).splitlines()
    more = len(titles) - len(shown)
    return "\n".join([*shown, f"• and {more:,} more"] if more else shown)
