"""Where an answer or a quote comes from: its sources in full."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.model import KnowledgeBase
from bot.replies import card
from bot.reply import QuoteCard, SourceRef

__all__ = ["Citation", "of_entry", "of_quote"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The sources of a record.

    Attributes:
        record: id of the entry or quote.
        events: the event that each source reports, in order of ``sources``; empty where it reports none.
        quote: who said it, where, and how the words came down; for a quote only.
    """

    record: str
    sources: tuple[SourceRef, ...]
    events: tuple[str, ...]
    knowledge: str
    quote: QuoteCard | None = None


def of_entry(kb: KnowledgeBase, entry: str) -> Citation | None:
    """The sources of an entry; None where it is no longer there."""
    found = kb.entries.get(entry)
    return _citation(kb, entry, found.sources) if found else None


def of_quote(kb: KnowledgeBase, quote: str) -> Citation | None:
    """The source of a quote; None where it is no longer there."""
    found = kb.quotes.get(quote)
    return _citation(kb, quote, (found.source,), card(kb, found)) if found else None


def _citation(kb: KnowledgeBase, record: str, ids: tuple[str, ...], quote: QuoteCard | None = None) -> Citation:
    sources = [kb.sources[name] for name in ids]
    events = tuple(kb.events[source.event].name if source.event else "" for source in sources)
    return Citation(record, tuple(SourceRef(s.id, s.title, s.url) for s in sources), events, kb.version, quote)
