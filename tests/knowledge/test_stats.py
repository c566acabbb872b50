"""A knowledge base in figures."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import KnowledgeBase
from bot.knowledge.stats import Stats, render, stats
from tests.support import Data, build


def test_counts(tmp_path: Path, data: Data) -> None:
    """Each figure counts what its name says."""
    data["entries"][0]["questions"] += ["who led it", "who was in charge", "the boss"]
    data["quotes"] += [{**data["quotes"][0], "id": f"more-{i}", "speaker": "the-pilot"} for i in range(2)]
    data["entries"][0]["follow_ups"] = {"tide-story": ["what was it about", "why"], "tide-cost": ["did it cost much"]}
    data["people"].append({"id": "cy-lake", "name": "Cy Lake"})
    knowledge = build(tmp_path, data)
    assert stats(knowledge) == Stats(
        version=knowledge.version,
        entries=2,
        phrasings=7,
        fewest=2,
        median=3.5,
        most=5,
        follow_ups=3,
        followed=1,
        gaps=1,
        gap_phrasings=1,
        templates=1,
        expanded=4,
        smalltalk=1,
        quotes=3,
        quotes_by_speaker=(("the-pilot", 2), ("ada-stone", 1)),
        names=7,
        sources=2,
        checks=2,
    )


def test_knowledge_base_without_entries(tmp_path: Path, data: Data) -> None:
    """Without entries the figures about them are zero."""
    counts = stats(build(tmp_path, {"smalltalk": data["smalltalk"]}))
    assert (counts.entries, counts.phrasings, counts.fewest, counts.median, counts.most) == (0, 0, 0, 0, 0)


def test_rendering(knowledge: KnowledgeBase) -> None:
    """A person reads a line for each figure."""
    lines = render(stats(knowledge)).splitlines()
    assert "phrasings      4 (2 to 2 an entry, median 2)" in lines
    assert "follow-ups     0 after 0 entries" in lines
    assert "gap templates  1 that make 2 phrasings" in lines
    assert "  ada-stone    1" in lines
