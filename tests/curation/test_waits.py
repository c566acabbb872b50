"""Waiting to be told: once, by one process, and nothing is kept afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.curation.inbox import Inbox
from bot.curation.telling import Telling
from bot.curation.waits import LEASE, Notice, Waits
from bot.errors import CurationError
from bot.host import Host
from bot.store.database import Database
from bot.store.schema import waits as table
from bot.store.writer import Writer
from tests.curation.rows import rows, settled
from tests.curation.support import ODD, Asking
from tests.support import Clock


@pytest.fixture
def waits(database: Database, writer: Writer, host: Host, now: Clock) -> Waits:
    """Waits over the same database."""
    return Waits(database, writer, host, now)


async def waiting(asking: Asking, waits: Waits, text: str, member: str = "ada") -> bool:
    """Asks, and wants to be told."""
    answer, _ = await asking.ask(text)
    return await waits.add(answer, "discord", member, {"channel": 8})


async def answered(database: Database, key: str = "who directed low tide") -> None:
    """As if what they wait for had been taught: it is a phrasing of the town's."""
    async with database.begin() as connection:
        await connection.execute(update(table).values(key=key, text=key))


class TestAdd:
    async def test_a_member_waits_once_for_a_question(self, waits: Waits, asking: Asking, database: Database) -> None:
        """However often they ask; the row has what it takes to tell them, and no more."""
        assert await waiting(asking, waits, ODD)
        assert not await waiting(asking, waits, f"{ODD}!")
        (row,) = await rows(database, table)
        assert (row["key"], row["member"], row["address"]) == (ODD, "ada", {"channel": 8})

    async def test_the_button_may_be_quicker_than_the_writer(self, waits: Waits, asking: Asking, host: Host) -> None:
        """What waits to be written is written first."""
        reply = await host.ask(ODD, None, age_restricted=False)
        from bot.curation.asked import Asked

        answer = asking.journal.answered(Asked(ODD, "discord"), reply, 0.01)
        assert await waits.add(answer, "discord", "ada", {})

    async def test_an_answer_that_is_gone_is_refused(self, waits: Waits) -> None:
        """With what to do."""
        with pytest.raises(CurationError, match="ask it again"):
            await waits.add("0" * 16, "discord", "ada", {})

    async def test_questions_that_are_not_kept_cannot_be_waited_for(
        self, waits: Waits, asking: Asking, journal: object
    ) -> None:
        """HERALD_RECORD_QUESTIONS=0."""
        asking.journal.records = False
        with pytest.raises(CurationError, match="aren't kept"):
            await waiting(asking, waits, ODD)

    async def test_a_known_gap_comes_into_the_inbox_when_somebody_waits(
        self, waits: Waits, asking: Asking, inbox: Inbox
    ) -> None:
        """Its line didn't help them."""
        await asking.ask("who edited Low Tide")
        assert not (await inbox.page()).groups
        await waiting(asking, waits, "who edited Low Tide")
        (group,) = (await inbox.page()).groups
        assert (group.question, group.waits) == ("who edited Low Tide", 1)


class TestDue:
    async def test_nothing_is_due_before_it_is_taught(self, waits: Waits, asking: Asking) -> None:
        """Nor is a gap that was known before they asked."""
        await waiting(asking, waits, ODD)
        await waiting(asking, waits, "who edited Low Tide")
        assert await waits.due("discord") == []

    async def test_what_was_taught_is_due_with_its_answer(
        self, waits: Waits, asking: Asking, database: Database
    ) -> None:
        """On the platform where they asked."""
        await waiting(asking, waits, ODD)
        await answered(database)
        assert await waits.due("slack") == []
        (notice,) = await waits.due("discord")
        assert (notice.member, notice.address, notice.reply.entry) == ("ada", {"channel": 8}, "director")

    async def test_a_gap_is_due_once_a_curator_made_it_one(
        self, waits: Waits, asking: Asking, database: Database, now: Clock
    ) -> None:
        """Its line is what there is to tell."""
        await waiting(asking, waits, "who edited Low Tide")
        await settled(database, "gap", "editor", ["Who edited Low Tide?"], now.now + 1)
        (notice,) = await waits.due("discord")
        assert notice.reply.text.startswith("The editor isn't named.")

    async def test_one_process_has_it_until_its_lease_ends(
        self, waits: Waits, asking: Asking, database: Database, now: Clock
    ) -> None:
        """Of several that look at once, too."""
        await waiting(asking, waits, ODD)
        await answered(database)
        found = await asyncio.gather(*(waits.due("discord") for _ in range(4)))
        assert sum(map(len, found)) == 1
        now.now += LEASE + 1
        assert len(await waits.due("discord")) == 1

    async def test_who_was_told_is_forgotten(self, waits: Waits, asking: Asking, database: Database) -> None:
        """At once."""
        await waiting(asking, waits, ODD)
        await answered(database)
        (notice,) = await waits.due("discord")
        await waits.told(notice)
        assert not await rows(database, table)

    async def test_after_some_tries_it_is_given_up(
        self, waits: Waits, asking: Asking, database: Database, now: Clock
    ) -> None:
        """Somebody who can't be reached is forgotten, too."""
        await waiting(asking, waits, ODD)
        await answered(database)
        tries = 0
        while await waits.due("discord"):
            tries += 1
            now.now += LEASE * 2**tries
        assert tries == 5
        assert not await rows(database, table)


class Told:
    """A platform that tells, or fails to."""

    def __init__(self, outcomes: Sequence[bool | Exception]) -> None:
        self.outcomes = list(outcomes)
        self.notices: list[Notice] = []

    async def __call__(self, notice: Notice) -> bool:
        self.notices.append(notice)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @property
    def members(self) -> Sequence[str]:
        return [notice.member for notice in self.notices]


class TestTelling:
    async def test_each_is_told_once(self, waits: Waits, asking: Asking, database: Database, host: Host) -> None:
        """And another round tells nobody."""
        for member in ("ada", "ben"):
            await waiting(asking, waits, ODD, member)
        await answered(database)
        tell = Told([True, True])
        for _ in range(2):
            await Telling(waits, host).round("discord", tell)
        assert tell.members == ["ada", "ben"]
        assert not await rows(database, table)

    async def test_one_that_fails_holds_no_other_up(
        self, waits: Waits, asking: Asking, database: Database, host: Host, now: Clock
    ) -> None:
        """It is tried again later; the log has no word of the question."""
        for member in ("ada", "ben", "cy"):
            await waiting(asking, waits, ODD, member)
        await answered(database)
        tell = Told([RuntimeError("who directed"), False, True, True, True])
        with capture_logs() as log:
            await Telling(waits, host).round("discord", tell)
        assert tell.members == ["ada", "ben", "cy"]
        assert "directed" not in str(log)
        now.now += LEASE + 1
        await Telling(waits, host).round("discord", tell)
        assert tell.members == ["ada", "ben", "cy", "ada", "ben"]

    async def test_members_are_told_while_herald_runs(
        self, waits: Waits, asking: Asking, database: Database, host: Host
    ) -> None:
        """From the moment that their platform is there."""
        await waiting(asking, waits, ODD)
        await answered(database)
        told = asyncio.Event()

        async def tell(notice: Notice) -> bool:
            told.set()
            return True

        telling = Telling(waits, host)
        stop = asyncio.Event()
        running = asyncio.create_task(telling.run(stop))
        telling.notify("discord", tell)
        await asyncio.wait_for(told.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
        assert not await rows(database, table)
