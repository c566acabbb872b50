"""What every platform says around replies, in the same words."""

from __future__ import annotations

import math
import secrets

from bot.knowledge.model import KnowledgeBase

__all__ = [
    "APOLOGY", "ASK_ME", "CLOSING", "DISMISS_REFUSED", "FORBIDDEN", "NO_TEXT", "NO_WORDS", "OUTDATED",
    "RETIRED", "SPOILER", "THANKS", "WAYS", "WORKING", "about", "apology", "just_answered", "too_fast",
]  # fmt: skip

ASK_ME = "Ask me something about the events, for example:"
CLOSING = "I'm just being restarted. Please ask again in a moment."
DISMISS_REFUSED = "Only whoever asked, or a moderator, may remove this."
FORBIDDEN = "Only people who manage this place may do that."
NO_TEXT = "I can't read that message. Mention me with the question itself, or use “Ask Herald” from the message's menu."
NO_WORDS = "I find no words in that message that I could answer."
OUTDATED = "This button is from an older version of me. Please ask again."
RETIRED = "That has been taken out of the knowledge base since. Please ask again."
SPOILER = "The answer gives away plot. “Reveal” shows it to you alone."
THANKS = "Thank you, noted."
WORKING = "is looking it up …"
WAYS = "Mention me with a question, reply to one of my messages, write to me directly, or use /ask."
APOLOGY = "Sorry, something went wrong. Whoever runs me finds it in the log as incident {incident}."


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
    sources = "\n".join(f"• {source.title}" for source in kb.sources.values())
    return (
        "I'm Herald. I answer questions from a knowledge base that people wrote and checked, and I make nothing up: "
        "when the sources don't say, I say so.\n"
        f"I know the answers to {len(kb.entries):,} questions and {len(kb.quotes):,} quotes, from:\n{sources}\n"
        f"{ways} I read only what is addressed to me. Knowledge base {kb.version}."
    )
