"""Privacy: members are forgotten when they wish, questions in time, and nothing that is younger."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

from bot.curation.asked import group_id, key_of
from bot.curation.privacy import Forgotten, Privacy
from bot.curation.teaching import Teacher
from bot.curation.votes import Votes
from bot.curation.waits import Waits
from bot.host import Host
from bot.ids import RecordId
from bot.store import schema
from bot.store.database import Database, address
from bot.store.writer import Writer
from tests.curation.rows import put, rows
from tests.curation.support import ODD, Asking
from tests.examples import often
from tests.support import Clock

DAY, HOUR = 86400.0, 3600.0
DIRECTOR = RecordId("entry", "director")


@pytest.fixture
def privacy(database: Database, now: Clock) -> Privacy:
    """Over the same database, with the days that are the default."""
    return Privacy(database, 180, now)


class TestForget:
    async def test_a_member_is_forgotten_and_no_other(
        self, privacy: Privacy, database: Database, writer: Writer, host: Host, asking: Asking
    ) -> None:
        """Votes and waits go; so does nothing of somebody with the same id elsewhere."""
        votes, waits = Votes(database, writer, host), Waits(database, writer, host)
        answer, _ = await asking.ask(ODD)
        for platform, member in (("discord", "17"), ("slack", "17"), ("discord", "18")):
            votes.vote(DIRECTOR, "up", platform, member)
            await waits.add(answer, platform, member, {})
        assert await privacy.forget("discord", "17") == Forgotten(1, 1)
        assert await privacy.forget("discord", "17") == Forgotten(0, 0)
        left = [(row["platform"], row["member"]) for row in await rows(database, schema.waits)]
        assert left == [("slack", "17"), ("discord", "18")]
        assert len(await rows(database, schema.votes)) == 2

    def test_members_are_told_what_went(self) -> None:
        """In one line."""
        assert Forgotten(0, 0).line == "I keep nothing about you."
        assert Forgotten(1, 0).line == "Deleted: 1 vote. I keep nothing else about you."
        assert "2 votes and 3 questions that you wanted" in Forgotten(2, 3).line


def aged(age: float, number: int, now: float) -> list[tuple[Table, dict[str, Any]]]:
    """A row of each table that is purged, so old."""
    at, name = now - age, str(number)
    wait = {"key": name, "text": "", "platform": "discord", "member": "17", "address": {}, "until": 0.0, "tried": 0}
    asked = {"key": name, "text": "", "platform": "discord", "first": 0.0, "last": at, "asked": 1, "picks": {}}
    vote = {"platform": "discord", "record": "e.a", "vote": "up", "member": name, "knowledge": "v1"}
    answer = {"platform": "", "place": "", "kind": "answer", "score": 1.0, "threshold": 0.5, "knowledge": "v1"}
    key = number.to_bytes(16, "big")
    return [
        (schema.answers, {"id": name, "at": at, "candidates": [], "near": [], "seconds": 0.1, **answer}),
        (schema.questions, {**asked, "near": [], "state": "open"}),
        (schema.votes, {"at": at, **vote}),
        (schema.waits, {"at": at, **wait}),
        (schema.claims, {"key": key, "at": at, "owner": "", "until": None, "tries": 1}),
        (schema.contexts, {"conversation": key, "at": at, "turn": b"{}"}),
        (schema.links, {"question": name, "at": at, "channel": "", "digest": b""}),
        (schema.paces, {"key": key, "tokens": 1.0, "at": at, "refused": 0}),
    ]


class TestPurge:
    async def test_what_is_old_goes(self, privacy: Privacy, database: Database, now: Clock) -> None:
        """What was asked after the days that are set, what only events need after 25 hours."""
        for number, age in enumerate((0.0, 24 * HOUR, 26 * HOUR, 179 * DAY, 181 * DAY)):
            for table, row in aged(age, number, now.now):
                await put(database, table, row)
        assert await privacy.purge() == 4 + 4 * 3
        left = {table.name: len(await rows(database, table)) for table, _ in aged(0, 0, 0)}
        assert left == {
            **dict.fromkeys(("answers", "questions", "votes", "waits"), 4),
            **dict.fromkeys(("claims", "contexts", "links", "paces"), 2),
        }
        assert await privacy.purge() == 0

    async def test_what_was_taught_stays(self, privacy: Privacy, database: Database) -> None:
        """Lines, versions and the audit log are the knowledge base's, not the members'."""
        line = {"at": 0.0, "who": "terminal", "kind": "phrasing", "target": "a", "content": {}, "active": 1}
        await put(database, schema.lines, line)
        assert await privacy.purge() == 0

    async def test_a_question_that_was_dismissed_goes_too(
        self, privacy: Privacy, database: Database, now: Clock, asking: Asking, teacher: Teacher
    ) -> None:
        """Also from the audit log, which keeps who dismissed it or took that back; what changed the base stays."""
        await asking.ask(ODD)
        group = group_id(key_of(ODD))
        await teacher.dismiss(group, "discord:1")
        await teacher.undo(group, "discord:1")
        taught = {"at": now.now, "who": "discord:1", "action": "teach", "what": "dismissed: x", "knowledge": "v1"}
        await put(database, schema.audit, taught)
        now.now += 179 * DAY
        await privacy.purge()
        assert sorted(ODD in row["what"] for row in await rows(database, schema.audit)) == [False, True, True]
        now.now += 2 * DAY
        await privacy.purge()
        left = {(row["who"], row["action"], row["what"]) for row in await rows(database, schema.audit)}
        assert left == {("discord:1", "dismiss", ""), ("discord:1", "undo", ""), ("discord:1", "teach", "dismissed: x")}
        assert await privacy.purge() == 0

    @given(days=st.integers(1, 400), ages=st.lists(st.floats(0, 500 * DAY), max_size=8))
    @settings(deadline=None, max_examples=often(25))
    def test_nothing_younger_ever_goes(
        self, tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path, days: int, ages: list[float]
    ) -> None:
        """Whatever the setting and the ages: exactly what is older is gone."""
        asyncio.run(self._purged(Path(shutil.copy(sqlite_file, tmp_path_factory.mktemp("purge"))), days, ages))

    @staticmethod
    async def _purged(file: Path, days: int, ages: list[float]) -> None:
        database, now = Database(address(f"sqlite:///{file}")), 1_795_000_000.0
        for number, age in enumerate(ages):
            table, row = aged(age, number, now)[0]
            await put(database, table, row)
        await Privacy(database, days, lambda: now).purge()
        kept = {row["id"] for row in await rows(database, schema.answers)}
        await database.close()
        assert kept == {str(number) for number, age in enumerate(ages) if not now - age < now - days * DAY}
