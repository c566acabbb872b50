"""What is longer than a message: found when a knowledge base loads, so that nothing has to be cut when it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from bot.errors import Problem
from bot.knowledge.model import MESSAGE_LIMIT, KnowledgeBase, Quote

__all__ = ["check"]

_AROUND_QUOTE = 20  # quotation marks, dash, line breaks and the like
_CONTEXT = 50  # the note that a speaker is named by context only
_AROUND_SOURCE = 20


def check(kb: KnowledgeBase) -> Iterator[Problem]:
    """Yields a problem for each entry and quote that doesn't fit one message with its quotes, speakers and sources.

    What mentions an id that isn't there can't be measured, and is passed over.
    """
    for entry in kb.entries.values():
        with suppress(KeyError):
            quotes = [kb.quotes[name] for name in entry.quotes]
            size = len(entry.answer) + sum(_quote(kb, quote) for quote in quotes) + _sources(kb, entry.sources)
            hint = "shorten the answer, or list fewer quotes or sources"
            yield from _too_long(kb, "entries", entry.id, "answer, quotes and sources", size, hint)
    for quote in kb.quotes.values():
        with suppress(KeyError):
            size = _quote(kb, quote) + _sources(kb, [quote.source])
            yield from _too_long(kb, "quotes", quote.id, "text, speaker and source", size, "shorten the quote")


def _too_long(kb: KnowledgeBase, section: str, record: str, what: str, size: int, hint: str) -> Iterator[Problem]:
    if size > MESSAGE_LIMIT:
        file, line = kb.places[section, record]
        message = f"{section}: '{record}': {what} have {size:,} characters together, over {MESSAGE_LIMIT:,}"
        yield Problem(file, line, message, hint)


def _quote(kb: KnowledgeBase, quote: Quote) -> int:
    """Characters of a quote with its attribution."""
    names = [kb.names[quote.speaker].name, kb.events[quote.event].name]
    if character := kb.characters.get(quote.speaker):
        names += [kb.works[character.work].name, kb.people[character.actor].name if character.actor else ""]
    if quote.via:
        names.append(kb.names[quote.via].name)
    context = _CONTEXT if quote.attribution == "context" else 0
    return len(quote.text) + sum(map(len, names)) + context + _AROUND_QUOTE


def _sources(kb: KnowledgeBase, ids: Iterable[str]) -> int:
    sources = [kb.sources[name] for name in ids]
    return sum(len(source.title) + len(source.url) + _AROUND_SOURCE for source in sources)
