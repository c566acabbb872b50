"""Whose words are wanted: by name, role or the character that somebody plays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.knowledge.model import KnowledgeBase
from bot.matching import text
from bot.matching.lexicon import Lexicon
from bot.matching.requests import QuoteAsked, bare
from bot.matching.utterance import STOPS, prepare

__all__ = ["Speakers"]

_NAME_CLOSE = 80.0
_NAME_WORDS = 6  # that a name is looked for in, as a member may type any number
# Whom words are said to, or what they answer, stands behind these.
_ADDRESSED = re.compile(r"\b(?:to|at|towards?) .*")
_ACTING = re.compile(r"\b(?:play(?:s|ed|ing)?|voic(?:e|ed|ing)|role|part|character|acting|perform(?:ance|ing)?)\b")


@dataclass(frozen=True)
class Speakers:
    """Everybody who may be asked for.

    Attributes:
        speaking: ids of those whom a quote has speaking.
    """

    knowledge: KnowledgeBase
    lexicon: Lexicon
    speaking: frozenset[str]

    def named(self, written: str) -> frozenset[str]:
        """Ids that a written name or id may mean: the person, or the characters that an actor plays."""
        if written in self.knowledge.names:
            return self._with_parts([written])
        named = self._names(written) | self._in_role(written) or self._closest(written)
        return self._with_parts(named)

    def apart(self, written: str) -> tuple[str | None, str | None]:
        """Speaker and topic of words in a row, of which either may come first ("jonze love"), or be all there is."""
        words = written.split()
        if not words or self._is_somebody(written) or any(map(self._is_known, self._closest(written))):
            return written or None, None
        cuts = range(min(_NAME_WORDS, len(words) - 1), 0, -1)
        splits = [(words[:cut], words[cut:]) for cut in cuts] + [(words[-cut:], words[:-cut]) for cut in cuts]
        for named, rest in splits:
            if self._is_somebody(" ".join(named)):
                about = " ".join(rest)
                return " ".join(named), about if bare(about) else None
        somebody = any(map(self._is_known, self._names(written) | self._in_role(written)))
        return (None, written) if not somebody and self._says_something(written) else (written, None)

    def wanted(self, request: QuoteAsked) -> frozenset[str]:
        """Whom a request wants; whom its topic names are what it is about."""
        asking = request.lead if request.topical else request.rest
        written = f"{request.source} {_ADDRESSED.sub('', asking)}"
        return (self._with_parts(self._names(written)) | self._in_role(written)) & self._heard

    def unheard(self, request: QuoteAsked) -> bool:
        """Whether a request wants somebody whom no quote has speaking; a name alone is whom it wants."""
        alone = "" if request.topical or self._telling(request.about) else request.about
        return self.silent(request.source or request.lead or alone)

    def silent(self, written: str) -> bool:
        """Whether a name is that of somebody whom no quote has speaking."""
        people = {name for name in self._names(written) if self._is_known(name)}
        return bool(people) and not self._with_parts(people) & self.speaking

    def on(self, about: str, speakers: Collection[str] | None) -> Collection[str] | None:
        """Those of some speakers who may speak on a topic: of a part an actor speaks, and not as the character."""
        if speakers is None or not _ACTING.search(text.fold(about)):
            return speakers
        people = {name for name in speakers if name in self.knowledge.people}
        return people or speakers

    def is_name(self, term: str) -> bool:
        """Whether a term names a person or a character, and not a film or an event."""
        return term.startswith("n:") and self._is_known(term.removeprefix("n:"))

    def _is_known(self, name: str) -> bool:
        return name in self.knowledge.people or name in self.knowledge.characters

    def _is_somebody(self, written: str) -> bool:
        """Whether a text is a person or a character, by name, id or role, and nothing else."""
        if self._is_known(written) or text.plain(written) in self._titles:
            return True
        return self._is_but(written, self.is_name)

    def _says_something(self, written: str) -> bool:
        """Whether any of its words is one of the language or of the knowledge base; a stranger's name is none."""
        tokens = prepare(written, self.lexicon).tokens
        return any(self.lexicon.knows(token) for token in tokens if token not in STOPS)

    @cached_property
    def _titles(self) -> frozenset[str]:
        """The roles of people and characters as they may be written alone."""
        roles = [role for role, name in self._roles if self._is_known(name)]
        return frozenset([*roles, *(f"the {role}" for role in roles)])

    @cached_property
    def _heard(self) -> frozenset[str]:
        """Who speaks, and who plays somebody that does."""
        played = (character.actor for character in self.knowledge.characters.values() if character.id in self.speaking)
        return self.speaking | {actor for actor in played if actor}

    def only_names(self, written: str) -> bool:
        """Whether a text is but the name of somebody or something."""
        return self._is_but(written, lambda term: term.startswith("n:"))

    def _is_but(self, written: str, wanted: Callable[[str], bool]) -> bool:
        """Whether a text says something, all of it in terms of one sort."""
        telling = prepare(written, self.lexicon).telling
        return bool(telling) and all(map(wanted, telling))

    def _names(self, written: str) -> frozenset[str]:
        return prepare(written, self.lexicon).names

    def _telling(self, written: str) -> bool:
        """Whether there is more to it than names."""
        return any(not term.startswith("n:") for term in prepare(written, self.lexicon).telling)

    def _in_role(self, written: str) -> frozenset[str]:
        """Who is meant by a role rather than a name ("the director")."""
        words = f" {text.plain(written)} "
        return frozenset(name for role, name in self._roles if f" {role} " in words)

    @cached_property
    def _roles(self) -> Sequence[tuple[str, str]]:
        named = self.knowledge.names.values()
        return [(text.plain(role), name.id) for name in named for role in name.roles]

    def _closest(self, written: str) -> frozenset[str]:
        """The name most like a misspelt one, among the names and their parts."""
        names = {alias.lower(): n.id for n in self.knowledge.names.values() for alias in (n.name, *n.aliases)}
        best = process.extractOne(text.fold(written), list(names), scorer=fuzz.ratio, score_cutoff=_NAME_CLOSE)
        return frozenset([names[best[0]]]) if best else frozenset()

    def _with_parts(self, ids: Collection[str]) -> frozenset[str]:
        """The ids and the characters that they play."""
        played = {c.id for c in self.knowledge.characters.values() if c.actor in ids}
        return frozenset(ids) | played
