"""Which quotes an entry tells: those linked to it, and those that its answer has between quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.knowledge.model import Entry, KnowledgeBase
from bot.matching import text

__all__ = ["quoted_in"]

_SPOKEN = re.compile(r"[\"“](.{2,400}?)[\"”]", re.S)
_LEAST_WORDS = 2


def quoted_in(knowledge: KnowledgeBase) -> Mapping[str, frozenset[str]]:
    """Entry to the quotes it tells; entries without any are left out."""
    words = {quote.id: f" {text.key(quote.text)} " for quote in knowledge.quotes.values()}
    told = {entry.id: frozenset((*entry.quotes, *_spoken_in(entry, words))) for entry in knowledge.entries.values()}
    return {entry: quotes for entry, quotes in told.items() if quotes}


def _spoken_in(entry: Entry, words: Mapping[str, str]) -> Iterator[str]:
    for part in _parts(_SPOKEN.findall(entry.answer)):
        yield from (quote for quote, spoken in words.items() if f" {part} " in spoken)


def _parts(spoken: Iterable[str]) -> Iterator[str]:
    """The words of each quoted part that has enough of them to be told by."""
    for part in map(text.key, spoken):
        if len(part.split()) >= _LEAST_WORDS:
            yield part
