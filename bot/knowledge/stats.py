"""A knowledge base in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bot.knowledge.model import KnowledgeBase

__all__ = ["Stats", "render", "stats"]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of one knowledge base.

    Attributes:
        phrasings: of all entries; ``fewest``, ``median`` and ``most`` are those of one entry (0 without entries).
        gap_phrasings: of all gaps, those of templates not among them.
        follow_ups: of all entries; ``followed`` entries have any.
        templates, expanded: gap templates, and the phrasings they make with every name in their slots.
        quotes_by_speaker: speaker's id and number of quotes, most quoted first.
    """

    version: str
    entries: int
    phrasings: int
    fewest: int
    median: float
    most: int
    follow_ups: int
    followed: int
    gaps: int
    gap_phrasings: int
    templates: int
    expanded: int
    smalltalk: int
    quotes: int
    quotes_by_speaker: tuple[tuple[str, int], ...]
    names: int
    sources: int
    checks: int


def stats(knowledge: KnowledgeBase) -> Stats:
    """Counts what a knowledge base holds."""
    sizes = [len(entry.questions) for entry in knowledge.entries.values()]
    speakers = Counter(quote.speaker for quote in knowledge.quotes.values())
    return Stats(
        version=knowledge.version,
        entries=len(sizes),
        phrasings=sum(sizes),
        fewest=min(sizes, default=0),
        median=float(median(sizes)) if sizes else 0.0,
        most=max(sizes, default=0),
        follow_ups=sum(
            len(phrasings) for entry in knowledge.entries.values() for phrasings in entry.follow_ups.values()
        ),
        followed=sum(bool(entry.follow_ups) for entry in knowledge.entries.values()),
        gaps=len(knowledge.gaps),
        gap_phrasings=sum(len(gap.questions) for gap in knowledge.gaps.values()),
        templates=len(knowledge.gap_templates),
        expanded=_expanded(knowledge),
        smalltalk=len(knowledge.smalltalk),
        quotes=len(knowledge.quotes),
        quotes_by_speaker=tuple(sorted(speakers.items(), key=lambda item: (-item[1], item[0]))),
        names=len(knowledge.names),
        sources=len(knowledge.sources),
        checks=len(knowledge.checks),
    )


def _expanded(kb: KnowledgeBase) -> int:
    return sum(
        len(template.questions) * len(list(kb.template_slots(template))) for template in kb.gap_templates.values()
    )


def render(counts: Stats) -> str:
    """The counts as plain text, a line each."""
    return "\n".join(f"{name:<14} {value}" for name, value in _rows(counts))


def _rows(counts: Stats) -> Iterator[tuple[str, str]]:
    spread = f"{counts.fewest} to {counts.most} an entry, median {counts.median:g}"
    yield "version", counts.version
    yield "sources", f"{counts.sources:,}"
    yield "names", f"{counts.names:,}"
    yield "entries", f"{counts.entries:,}"
    yield "phrasings", f"{counts.phrasings:,} ({spread})"
    yield "follow-ups", f"{counts.follow_ups:,} after {counts.followed:,} entries"
    yield "gaps", f"{counts.gaps:,} with {counts.gap_phrasings:,} phrasings"
    yield "gap templates", f"{counts.templates:,} that make {counts.expanded:,} phrasings"
    yield "small talk", f"{counts.smalltalk:,}"
    yield "quotes", f"{counts.quotes:,}"
    yield from ((f"  {speaker}", f"{number:,}") for speaker, number in counts.quotes_by_speaker)
    yield "checks", f"{counts.checks:,}"
