"""Follow-up questions: what was said before, and the ways to read a question in its light.

Context is per conversation, bounded in turns and time. A question that stands by itself is never touched; one with a
pronoun, an ellipsis or a contrast is read anew with the subject of the turns before, and the matcher decides which
reading makes sense.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Literal, Protocol

from bot.knowledge.model import KnowledgeBase
from bot.matching import text

__all__ = [
    "Context", "Contexts", "Conversations", "MemoryContexts", "QuoteWanted", "Turn", "Way", "empty", "goes_on",
    "leans_back", "more", "readings", "spelled_in",
]  # fmt: skip

TURNS = 6
MINUTES = 15.0
CONVERSATIONS = 10_000
_ANTECEDENTS = 4
_PERSONS = ("people", "characters")

Way = Literal["alone", "named", "contrasted", "joined"]


@dataclass(frozen=True, slots=True)
class QuoteWanted:
    """A quote request: ids of who may speak (None for anybody), the topic, and the request in the member's words."""

    speakers: frozenset[str] | None
    about: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange.

    Attributes:
        asked: the question as it was understood, follow-up words resolved.
        names: ids it was about, the asked ones first.
        entry: the entry that answered, or None.
        offered: the entries that were offered instead, the likeliest first.
        request: the quote that was asked for, or None.
        shown: ids of the quotes shown.
    """

    asked: str
    names: tuple[str, ...] = ()
    entry: str | None = None
    request: QuoteWanted | None = None
    shown: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """A conversation as a question sees it: the turns before, oldest first, and the one that it adds."""

    turns: tuple[Turn, ...] = ()
    added: Turn | None = None

    def add(self, turn: Turn) -> None:
        """Goes on with a turn."""
        self.turns, self.added = (*self.turns, turn)[-TURNS:], turn


class Contexts(Protocol):
    """Where the turns of conversations are kept; processes may share them."""

    async def turns(self, conversation: str | None) -> tuple[Turn, ...]:
        """The turns that still count, oldest first; none where there is no conversation."""

    async def add(self, conversation: str | None, turn: Turn) -> None:
        """Remembers a turn, for minutes."""


class Conversations:
    """The last turns of each conversation, in memory; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._turns: OrderedDict[str, tuple[tuple[float, Turn], ...]] = OrderedDict()

    @contextmanager
    def open(self, conversation: str | None) -> Iterator[Context]:
        """A conversation for the length of a question, whose turn it then remembers."""
        context = Context(self.turns(conversation))
        yield context
        if context.added:
            self.add(conversation, context.added)

    def turns(self, conversation: str | None) -> tuple[Turn, ...]:
        """The turns that still count, oldest first."""
        if conversation is None:
            return ()
        with self._lock:
            return tuple(turn for _, turn in self._live(conversation))

    def add(self, conversation: str | None, turn: Turn) -> None:
        """Remembers a turn; the oldest conversations are forgotten when there are too many."""
        if conversation is None:
            return
        with self._lock:
            self._turns[conversation] = (*self._live(conversation), (self._clock(), turn))[-TURNS:]
            self._turns.move_to_end(conversation)
            while len(self._turns) > CONVERSATIONS:
                self._turns.popitem(last=False)

    def _live(self, conversation: str) -> tuple[tuple[float, Turn], ...]:
        since = self._clock() - MINUTES * 60
        return tuple(said for said in self._turns.get(conversation, ()) if said[0] >= since)


class MemoryContexts:
    """The contexts of one process."""

    def __init__(self, conversations: Conversations | None = None) -> None:
        self._conversations = conversations or Conversations()

    async def turns(self, conversation: str | None) -> tuple[Turn, ...]:
        """The turns that still count."""
        return self._conversations.turns(conversation)

    async def add(self, conversation: str | None, turn: Turn) -> None:
        """Remembers a turn."""
        self._conversations.add(conversation, turn)


# A pronoun that is written as a title is one: the film "Her".
_TITLE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b|[\"“][^\"“”]{1,40}[\"”]|\b(?:film|movie)s? (?:her|him|it|them)\b")
_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|himself|herself)\b")
_NEUTRAL = re.compile(r"\b(?:it|its|that|this|those|these|that one|this one)\b")
_PLACE = re.compile(r"\b(?:there|then)\b")
_LINKED = re.compile(r"^(?:and|but|also|so|ok and|what about|how about|what of|same for|or)\b[\s,]*")
_CONTRAST = re.compile(
    r"^(?:and |but |ok |so )*(?:what about|how about|what of|same for|and|in|at|for|the one|the other)\b[\s,]*"
    r"(?P<rest>.+)$"
)
_OTHER = re.compile(r"\b(?:the )?other (?:one|event|talk|festival|article|q&a|screening|city)\b")
_BARE = re.compile(
    r"^(?:(?:and|but|ok|so) )*(?:why|how|when|where|who|what|which|which one|who else|what else|how come|how so|"
    r"why not|how long|how many|how much|since when|by whom|with whom|what for|really|where was that|when was that|"
    r"who was it|why is that|why was that|what happened next|and then|what next|then what|what then)$"
)
_MORE = re.compile(
    r"^(?:and |ok |so |but )*(?:(?:can|could) you )?(?:please )?"
    r"(?:(?:(?:tell|give|show) (?:me|us)|say|go on|got|any)(?: (?:a (?:bit|little)|some|any))? more|more|go on|"
    r"keep going|continue|elaborate|(?:i )?want to (?:know|hear) more|(?:any |some )?(?:more )?details)"
    r"(?: (?:about|on|of) (?:it|that|this|them|him|her))?(?: please| pls)?$"
)
_FEW = 4  # words
_ASKING_ON = frozenset("who whom whose what when where why how which really other others second third last".split())
_TO_THE_BOT = frozenset("you your yours u ur ya yourself bot herald".split())


def leans_back(raw: str) -> bool:
    """Whether a question may need the turns before: a pronoun, a linking word, a contrast, or a bare question word."""
    folded, untitled = text.past_reaction(raw), text.past_reaction(_TITLE.sub("X", raw))
    pronoun = any(way.search(untitled) for way in (_PERSONAL, _NEUTRAL, _PLACE))
    return pronoun or any(way.search(folded) for way in (_BARE, _LINKED, _OTHER))


def empty(raw: str) -> bool:
    """Whether a question is nothing but a question word, and means nothing without the turns before."""
    return bool(_BARE.match(text.past_reaction(raw)))


def more(raw: str) -> bool:
    """Whether a text asks for more about what was told, and says nothing else."""
    return bool(_MORE.match(text.past_reaction(raw)))


def goes_on(raw: str) -> bool:
    """Whether a question goes on with what was told, as small talk with a bot doesn't.

    It speaks of a person by a pronoun, begins with a linking word, or is as short as "from what?" and not to the bot.
    """
    folded = text.past_reaction(raw)
    said = folded.split()
    elliptic = len(said) <= _FEW and bool(_ASKING_ON.intersection(said)) and not _TO_THE_BOT.intersection(said)
    return elliptic or any(way.search(folded) for way in (_PERSONAL, _LINKED))


def readings(raw: str, turns: Sequence[Turn], knowledge: KnowledgeBase) -> Mapping[Way, Sequence[str]]:
    """Ways to read a follow-up question in the light of the turns before, each with its readings.

    "alone" is the question as it stands, "named" has the names of the last turns for its pronouns (or after it),
    "contrasted" is the last question with one name exchanged, "joined" the last question with this one after it.
    """
    folded = text.past_reaction(raw)
    if not turns:
        return {"alone": [raw]}
    last, bare = turns[-1], _LINKED.sub("", folded)
    if _BARE.match(folded):
        named = [f"{bare} {name}" for name in _antecedents(turns, knowledge)]
        return {"alone": [raw], "joined": [f"{bare} {_body(last.asked)}"], "named": named}
    contrast = _CONTRAST.match(folded)
    contrasted = list(_contrasted(contrast.group("rest"), last, knowledge)) if contrast else []
    named = list(_with_names(bare, turns, knowledge))
    return {"alone": [raw], "joined": [f"{last.asked} {bare}"], "named": named, "contrasted": contrasted}


def _with_names(bare: str, turns: Sequence[Turn], knowledge: KnowledgeBase) -> Iterator[str]:
    """The question with names for its pronouns: people for "he" and "she", anything for "it", else after it."""
    for name in _antecedents(turns, knowledge, _PERSONS if _PERSONAL.search(bare) else ()):
        named = _named(bare, name)
        yield named if named != bare else f"{bare} {name}"


def _named(bare: str, name: str) -> str:
    """A question with a name in place of its pronouns; as a function, for a name is no template."""
    if _PERSONAL.search(bare):
        return _PERSONAL.sub(lambda pronoun: _inflected(pronoun.group(), name), bare, count=2)
    return _NEUTRAL.sub(lambda _: name, bare, count=1)


def _contrasted(rest: str, last: Turn, knowledge: KnowledgeBase) -> Iterator[str]:
    """The last question with a name exchanged for the contrasted one of the same section (an event for an event)."""
    sections = {_section(name, knowledge) for name in knowledge.names if spelled_in(name, rest, knowledge)}
    for name in filter(knowledge.names.__contains__, last.names):  # a reload may have dropped some
        spelled = spelled_in(name, last.asked, knowledge)
        if spelled and _section(name, knowledge) in sections:
            yield re.sub(rf"\b{re.escape(spelled)}\b", rest, last.asked)
    yield f"{last.asked} {rest}"


def spelled_in(name: str, words: str, knowledge: KnowledgeBase) -> str:
    """The longest way to write a name that stands in a text, or nothing."""
    named = knowledge.names[name]
    ways = {_spelling(written) for written in (named.name, *named.aliases)}
    # Most don't stand there at all, which is told without a pattern made for each of a thousand.
    found = [way for way in ways if way and way in words and re.search(rf"\b{re.escape(way)}\b", words)]
    return max(found, key=len, default="")


@lru_cache(maxsize=4096)
def _spelling(written: str) -> str:
    """A name as a plain text has it; kept, as each contrast is compared with all."""
    return text.plain(written)


def _section(name: str, knowledge: KnowledgeBase) -> str:
    return next((s for s in ("people", "characters", "events", "works") if name in knowledge.section(s)), "things")


def _body(asked: str) -> str:
    """A question without its question word, to hang another one before it."""
    return re.sub(r"^(?:who|what|when|where|why|how|which)\b\s*", "", asked)


def _inflected(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun in ("his", "hers", "their", "theirs") else name


def _antecedents(turns: Sequence[Turn], knowledge: KnowledgeBase, sections: Sequence[str] = ()) -> list[str]:
    """Names that a pronoun may stand for, the latest first, of some sections or of any."""
    ids = dict.fromkeys(name for turn in reversed(turns[-2:]) for name in turn.names if name in knowledge.names)
    fitting = [name for name in ids if not sections or _section(name, knowledge) in sections]
    return [knowledge.names[name].name for name in fitting[:_ANTECEDENTS]]
