"""An actor's name that stands for the character: "what company does Phoenix work for?"."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.conversation import spelled_in
from bot.matching.matcher import Match
from bot.matching.text import plain

if TYPE_CHECKING:
    from bot.herald import Snapshot
    from bot.knowledge.model import KnowledgeBase

__all__ = ["played"]

_IN_THE_FILM = re.compile(r"\bin (?:the|this) (?:film|movie)\b", re.IGNORECASE)


def played(text: str, match: Match, snapshot: Snapshot) -> Match:
    """What a question means if it asks for the characters of the actors that it names.

    Args:
        match: what it means as it stands; kept where that is an answer, or something that the sources don't say of the
            actor, unless it asks "in the film"; and where nothing answers better for the character.
    """
    outright = bool(_IN_THE_FILM.search(text))
    if (match.verdict == "answer" or match.label) and not outright:
        return match
    words = _as_characters(plain(text), match.question.names, snapshot.knowledge)
    read = snapshot.matcher.match(words) if words else match
    better = match.verdict != "answer" or read.score > match.score
    return read if read.verdict == "answer" and better else match


def _as_characters(words: str, names: Collection[str], knowledge: KnowledgeBase) -> str:
    """The words with characters in place of their actors; nothing where no actor is named."""
    read = words
    for character in knowledge.characters.values():
        if character.actor and character.actor in names and character.id not in names:
            spelled = spelled_in(character.actor, read, knowledge)
            read = re.sub(rf"\b{re.escape(spelled)}\b", plain(character.name), read) if spelled else read
    return "" if read == words else read
