"""Statistics: days, tops, votes, and their picture."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.curation.inbox import Inbox
from bot.curation.statistics import Day, Statistics, Stats, render
from bot.host import Host
from bot.store.database import Database
from bot.store.schema import answers, votes, waits
from tests.curation.rows import put
from tests.curation.support import Asking
from tests.support import Clock

DAY = 86400.0
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def statistics(database: Database, host: Host, now: Clock, tmp_path: Path) -> Statistics:
    """Over the same database."""
    return Statistics(database, lambda: host.knowledge, lambda: tmp_path, now)


def answer(number: int, at: float, kind: str, **more: Any) -> dict[str, Any]:
    """A row of answers."""
    row = {"id": str(number), "at": at, "platform": "discord", "place": "", "kind": kind, "key": None, "text": None}
    decided: dict[str, Any] = {"entry": None, "score": 0.5, "threshold": 0.4, "candidates": [], "near": []}
    return {**row, **decided, "knowledge": "v1", "seconds": 0.01, **more}


async def test_without_questions_there_are_empty_days(statistics: Statistics, now: Clock) -> None:
    """As many as were asked for, up to today."""
    now.now = 20_000 * DAY + 5
    stats = await statistics.last(3)
    assert stats.days == tuple(Day(date(2024, 10, 2 + number), 0, 0, 0) for number in range(3))
    assert (stats.entries, stats.unknown, stats.share, stats.waiting) == ((), (), None, 0)
    assert render(stats) == "0 questions in the last 3 days (UTC)."


@pytest.mark.parametrize(("days", "shown"), [(0, 1), (1, 1), (365, 365), (9999, 365)])
async def test_days_are_bounded(statistics: Statistics, days: int, shown: int) -> None:
    """From one to a year."""
    assert len((await statistics.last(days)).days) == shown


async def test_a_known_gap_in_its_own_words_counts(statistics: Statistics, asking: Asking, inbox: Inbox) -> None:
    """As unknown, however often: curators should know what is missed, though nothing waits for them to decide."""
    await asking.ask("Who edited Low Tide?", times=4)
    stats = await statistics.last(1)
    assert (stats.days[0].unknown, stats.unknown) == (4, (("Who edited Low Tide?", 4),))
    assert (await inbox.page()).waiting == 0


async def test_questions_count_on_their_day(statistics: Statistics, database: Database, now: Clock) -> None:
    """From midnight to midnight; small talk is no question, and what is older isn't counted."""
    midnight = 20_000 * DAY
    now.now = midnight + 5
    kinds = ["answer", "quote", "withheld", "choices", "unknown", "smalltalk"]
    rows = [answer(number, midnight, kind) for number, kind in enumerate(kinds)]
    rows += [answer(10, midnight - 0.001, "unknown"), answer(11, midnight - DAY - 0.001, "answer")]
    await put(database, answers, *rows)
    stats = await statistics.last(2)
    assert [(day.answered, day.offered, day.unknown) for day in stats.days] == [(0, 0, 1), (3, 1, 1)]


async def test_the_top_and_the_votes(statistics: Statistics, database: Database, now: Clock) -> None:
    """Entries by their question, a gone one by its id; the same question in two wordings is one."""
    at = now.now - DAY
    rows = [answer(number, at, "answer", entry="director") for number in range(3)]
    rows += [answer(10, at, "answer", entry="gone")]
    rows += [answer(20 + n, at, "unknown", key="zebulon", text=text) for n, text in enumerate(["Zebulon?", "zebulon"])]
    rows += [answer(30, at, "unknown"), answer(31, at, "unknown", key="", text="")]
    await put(database, answers, *rows)
    vote = {"at": at, "platform": "discord", "record": "e.director", "knowledge": "v1"}
    await put(
        database, votes, *({**vote, "vote": v, "member": str(n)} for n, v in enumerate(["up", "up", "up", "down"]))
    )
    wait = {"at": at, "key": "zebulon", "text": "zebulon", "platform": "discord", "member": "17", "address": {}}
    await put(database, waits, {**wait, "until": 0.0, "tried": 0})
    stats = await statistics.last(7)
    assert stats.entries == (("who directed Low Tide", 3), ("gone", 1))
    assert [(text.lower().rstrip("?"), count) for text, count in stats.unknown] == [("zebulon", 2)]
    assert (stats.up, stats.down, stats.share, stats.waiting) == (3, 1, 0.75, 1)
    told = render(stats)
    for line in ("8 questions in the last 7 days", "3 👍 and 1 👎: 75% of", "1 member waiting", "    3  who directed"):
        assert line in told


class TestChart:
    async def test_it_is_a_picture(self, statistics: Statistics) -> None:
        """Also of nothing, and of characters that its font hasn't got."""
        nothing = Stats((Day(date(2026, 11, 22), 0, 0, 0),), (), (), 0, 0, 0)
        days = tuple(Day(date(2026, 11, 1 + number), number, 2, 1) for number in range(28))
        much = Stats(days, (("what is the $5 film? $x^", 9),) * 8, (("🎬 这是 " * 40, 3),), 3, 1, 0)
        pictures = [await statistics.chart(stats) for stats in (nothing, much)]
        assert all(picture.startswith(PNG) for picture in pictures)
        assert len(pictures[1]) > len(pictures[0])
