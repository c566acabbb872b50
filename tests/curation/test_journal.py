"""The journal: what was asked is kept, who asked isn't."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.curation.asked import Asked
from bot.curation.journal import Journal
from bot.host import Host
from bot.reply import Candidate, Choice, Reply
from bot.store.database import Database
from bot.store.schema import answers, questions
from bot.store.writer import Writer
from tests.curation.rows import rows
from tests.curation.support import ODD, Asking
from tests.support import Clock


class TestAnswers:
    async def test_an_answer_is_kept_with_what_decided_it(self, asking: Asking, database: Database, now: Clock) -> None:
        """Question, entry, score, threshold, candidates and version; the place, not the member."""
        answer, reply = await asking.ask("who directed Low Tide")
        (row,) = await rows(database, answers)
        assert (row["id"], row["at"], row["kind"], row["entry"]) == (answer, now.now, "answer", "director")
        assert (row["text"], row["key"]) == ("who directed Low Tide", "who directed low tide")
        assert (row["platform"], row["place"], row["knowledge"]) == ("discord", "7/8", reply.knowledge)
        assert row["candidates"][0] == ["director", reply.score]
        assert 0 < row["threshold"] <= row["score"]
        assert not await rows(database, questions)

    async def test_the_log_has_the_id_and_no_word_of_the_question(self, asking: Asking) -> None:
        """So that what a member reports can be found."""
        with capture_logs() as log:
            answer, _ = await asking.ask(ODD)
        assert [line["answer"] for line in log if "answer" in line] == [answer]
        assert "zebulon" not in str(log)

    @pytest.mark.parametrize("text", ["", "who\0 is\ud800 it", "x" * 501, "\u202e", "这是什么", "?" * 400, "ß" * 500])
    async def test_any_text_can_be_kept(self, journal: Journal, writer: Writer, database: Database, text: str) -> None:
        """Whatever members type, no database refuses it."""
        reply = Reply("unknown", "The sources don't say.", "v1")
        journal.answered(Asked(text, "discord", "7/8"), reply, 0.01)
        await writer.flushed()
        assert len(await rows(database, answers)) == 1

    async def test_what_was_rejected_is_not_kept(self, asking: Asking, database: Database) -> None:
        """It was no question."""
        assert (await asking.ask("..."))[1].kind == "rejected"
        assert not await rows(database, answers)

    async def test_an_answer_that_is_written_twice_counts_once(
        self, journal: Journal, database: Database, asking: Asking
    ) -> None:
        """As after a connection that was lost while it was being committed."""
        await asking.ask(ODD)
        (row,), (question,) = await rows(database, answers), await rows(database, questions)
        async with database.begin() as connection:
            await journal._note(connection, row, question)
        assert [row["asked"] for row in await rows(database, questions)] == [1]


class TestQuestions:
    async def test_what_was_not_answered_is_counted(self, asking: Asking, database: Database, now: Clock) -> None:
        """However it is written; the last wording stays, with the time of the first and the last."""
        await asking.ask(f"{ODD}?")
        now.now += 60
        _, reply = await asking.ask(f"hey herald, {ODD.upper()}!!", platform="slack")
        (row,) = await rows(database, questions)
        assert (row["key"], row["asked"], row["state"]) == (ODD, 2, "open")
        assert (row["first"], row["last"]) == (now.now - 60, now.now)
        assert (row["text"], row["platform"]) == (f"hey herald, {ODD.upper()}!!", "slack")
        assert row["near"] == [[candidate.entry, candidate.score] for candidate in reply.candidates]

    @pytest.mark.parametrize(
        ("kind", "kept"), [("unknown", 1), ("choices", 1), ("smalltalk", 0), ("withheld", 0), ("answer", 0)]
    )
    async def test_only_what_stays_open_is_a_question(
        self, journal: Journal, writer: Writer, database: Database, kind: Any, kept: int
    ) -> None:
        """Small talk, what was withheld and what was answered leave nothing to teach."""
        reply = Reply(kind, "...", "v1", choices=(Choice("a", "A?"),), candidates=(Candidate("a", 0.5),), score=0.5)
        journal.answered(Asked(ODD, "discord"), reply, 0.01)
        await writer.flushed()
        assert (len(await rows(database, answers)), len(await rows(database, questions))) == (1, kept)

    async def test_a_known_gap_in_its_own_words_is_none(self, asking: Asking, database: Database) -> None:
        """Curators have dealt with it; it still counts as not answered."""
        _, reply = await asking.ask("who edited Low Tide")
        assert reply.gap == "editor"
        assert not await rows(database, questions)
        assert [row["gap"] for row in await rows(database, answers)] == ["editor"]

    async def test_without_questions_only_counts_are_kept(
        self, database: Database, writer: Writer, host: Host, now: Clock
    ) -> None:
        """HERALD_RECORD_QUESTIONS=0: no word of any question is written."""
        journal = Journal(database, writer, host, records=False, clock=now)
        reply = await host.ask(ODD, None, age_restricted=False)
        journal.answered(Asked(ODD, "discord", "7/8"), reply, 0.01)
        await writer.flushed()
        (row,) = await rows(database, answers)
        assert (row["kind"], row["key"], row["text"]) == (reply.kind, None, None)
        assert not await rows(database, questions)


class TestPicks:
    async def test_a_pick_marks_the_answer_and_counts(self, asking: Asking, database: Database) -> None:
        """By the message that offered it; only the first pick of each message."""
        message = await asking.pick(ODD, "director")
        asking.journal.picked(message, "music")
        await asking.pick(ODD, "director")
        assert [row["picked"] for row in await rows(database, answers)] == ["director", "director"]
        assert [row["picks"] for row in await rows(database, questions)] == [{"director": 2}]

    async def test_a_pick_on_an_unknown_message_is_nothing(self, asking: Asking, database: Database) -> None:
        """Such as one that was purged."""
        asking.journal.picked("8/none", "director")
        await asking.writer.flushed()
        assert not await rows(database, answers)
