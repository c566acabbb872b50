"""Which quotes an entry tells."""

from __future__ import annotations

from dataclasses import replace

from bot.herald import Snapshot
from bot.knowledge.model import Entry
from bot.matching.quoted_in import quoted_in


def told(snapshot: Snapshot, answer: str, *, quotes: tuple[str, ...] = ()) -> frozenset[str]:
    """The quotes of an entry with this answer."""
    entry = Entry(id="new", questions=("new",), answer=answer, sources=("harbor",), quotes=quotes)
    return quoted_in(replace(snapshot.knowledge, entries={"new": entry})).get("new", frozenset())


def test_linked_quotes(lexical_snapshot: Snapshot) -> None:
    """Whatever the answer says."""
    assert told(lexical_snapshot, "She likes storms.", quotes=("on-storms",)) == {"on-storms"}


def test_words_between_quotation_marks(lexical_snapshot: Snapshot) -> None:
    """A part of a quote is enough, in either kind of marks and any case."""
    assert told(lexical_snapshot, 'She said, "a ferry is a room that".') == {"on-ferries"}
    assert told(lexical_snapshot, "She waited “eleven nights” for it.") == {"on-storms"}


def test_what_is_not_told(lexical_snapshot: Snapshot) -> None:
    """Words without marks, a single word, and words that nobody says."""
    assert told(lexical_snapshot, 'Eleven nights for a "storm", says "nobody at all".') == frozenset()
