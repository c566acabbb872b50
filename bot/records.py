"""What a button asks of a record, an entry or a quote: to show it, its sources, another one, or to note a vote.

A button may be older than the knowledge base in service, so that any record may have been taken out since.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from bot import citations, ids, notices
from bot.citations import Citation
from bot.host import Host
from bot.ids import RecordId
from bot.reply import QuoteRequest, Reply

__all__ = ["another", "note_vote", "shown", "sources"]


async def shown(host: Host, record: RecordId, conversation: str, *, age_restricted: bool) -> Reply | None:
    """A record as if it had been asked for; None where it has been taken out."""
    if record.kind == "entry":
        reply = await host.entry(record.id, conversation, age_restricted=age_restricted)
    else:
        reply = await host.line(record.id, age_restricted=age_restricted)
    return None if reply.kind == "rejected" else reply


async def sources(host: Host, record: RecordId, *, age_restricted: bool) -> Citation | str:
    """Where a record comes from; else a line on why that can't be told: it was taken out, or isn't for this place."""
    find = citations.of_entry if record.kind == "entry" else citations.of_quote
    citation = find(host.knowledge, record.id)
    if citation is None:
        return notices.RETIRED
    if citation.quote:
        reply = await host.line(record.id, age_restricted=age_restricted)
        if reply.kind == "withheld":
            return reply.text
    return citation


async def another(
    host: Host, wanted: QuoteRequest, conversation: str, *, age_restricted: bool, buttons: Iterable[str] = ()
) -> Reply | None:
    """Another quote of the same request; None where its speaker has been taken out.

    Args:
        buttons: ids of those beside the one that was pressed: they tell which quote the message shows, as whoever
            presses need not be whom it was shown to.
    """
    if wanted.speaker and wanted.speaker not in host.knowledge.names:
        return None
    return await host.quote(
        wanted.speaker, wanted.about, conversation, age_restricted=age_restricted, besides=ids.quotes_of(buttons)
    )


def note_vote(host: Host, record: RecordId, vote: str) -> str:
    """Logs what somebody thinks of a record, not who; returns the line for them."""
    kb = host.knowledge
    if record.id not in (kb.entries if record.kind == "entry" else kb.quotes):
        return notices.RETIRED
    structlog.get_logger().info("feedback", vote=vote, record=str(record), knowledge=kb.version)
    return notices.THANKS
