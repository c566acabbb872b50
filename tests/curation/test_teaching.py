"""Teaching: in service at once, refused where it would do harm, and taken back whole."""

from __future__ import annotations

import asyncio

import pytest

from bot.curation.inbox import Inbox
from bot.curation.teaching import Teacher
from bot.curation.waits import Waits
from bot.errors import CurationError
from bot.host import Host
from bot.knowledge.model import ANSWER_LIMIT
from bot.replies import NOT_SAID
from bot.store.database import Database
from bot.store.schema import audit, questions
from bot.versions.publisher import Publisher
from tests.curation.rows import rows
from tests.curation.support import ODD, Asking

OTHER = "quartz umbrella zebulon"
WHO = "discord:17"


async def grouped(asking: Asking, inbox: Inbox, *texts: str) -> str:
    """Asks, the first most often; the id of the group that it leads."""
    for number, text in enumerate(texts):
        await asking.ask(text, times=2 if number == 0 else 1)
    page = await inbox.page(1, 50)
    return next(group.id for group in page.groups if group.question == texts[0])


class TestTeach:
    async def test_the_questions_of_a_group_are_answered_at_once(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host
    ) -> None:
        """All of them, by the entry; and they leave the inbox."""
        group = await grouped(asking, inbox, ODD, OTHER)
        done = await teacher.teach(group, "camera", WHO)
        assert (done.question, done.target, done.phrasings, done.told) == (ODD, "camera", 2, 0)
        assert done.version == host.knowledge.version
        for text in (ODD, OTHER):
            assert (await host.ask(text, None, age_restricted=False)).entry == "camera"
        assert not (await inbox.page()).groups

    async def test_it_says_how_many_will_be_told(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, database: Database, host: Host
    ) -> None:
        """Those who wait for any question of the group; they are due then."""
        waits = Waits(database, asking.writer, host, teacher._clock)
        for member, text in (("ada", ODD), ("ben", OTHER), ("ben", "gondola velvet")):
            answer, _ = await asking.ask(text)
            await waits.add(answer, "discord", member, {})
        group = await grouped(asking, inbox, ODD)
        assert (await teacher.teach(group, "camera", WHO)).told == 2
        assert [notice.reply.entry for notice in await waits.due("discord")] == ["camera", "camera"]

    async def test_an_entry_that_is_not_there_is_refused(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """With the one that may be meant."""
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError, match="no entry 'camra'; did you mean 'camera'"):
            await teacher.teach(group, "camra", WHO)
        assert (await inbox.page()).waiting == 1

    async def test_of_two_who_teach_at_once_one_is_told(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host
    ) -> None:
        """No question is a phrasing of two entries."""
        group = await grouped(asking, inbox, ODD)
        work = (teacher.teach(group, entry, WHO) for entry in ("camera", "music"))
        done = await asyncio.gather(*work, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["CurationError", "Taught"]
        holders = [entry.id for entry in host.knowledge.entries.values() if ODD in entry.questions]
        assert len(holders) == 1

    async def test_each_action_is_in_the_audit_log(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, database: Database
    ) -> None:
        """Who did what, on which version."""
        group = await grouped(asking, inbox, ODD)
        await teacher.teach(group, "camera", WHO)
        await teacher.undo(group, "slack:U1")
        await teacher.dismiss(group, "terminal")
        await teacher.undo(group, "terminal")
        log = [(row["who"], row["action"]) for row in await rows(database, audit)]
        assert log == [(WHO, "teach"), ("slack:U1", "undo"), ("terminal", "dismiss"), ("terminal", "undo")]


class TestConflicts:
    @pytest.mark.parametrize(
        ("question", "owner"),
        [("who moderated a harbor talk", "hill-host"), ("who moderates the harbor talk", "director")],
    )
    async def test_what_would_take_a_phrasing_of_another_entry_is_refused(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, question: str, owner: str
    ) -> None:
        """The message shows that phrasing, and whose it is; nothing has changed."""
        group = await forced(asking, inbox, question)
        with pytest.raises(CurationError) as refused:
            await teacher.teach(group, owner, WHO)
        assert '"who moderated the harbor talk"' in str(refused.value)
        assert "the entry 'harbor-host'" in str(refused.value)
        assert (await inbox.page()).waiting == 1

    async def test_its_own_entry_may_have_it(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """However alike they are."""
        group = await forced(asking, inbox, "who moderated a harbor talk")
        assert (await teacher.teach(group, "harbor-host", WHO)).phrasings == 1

    async def test_gaps_and_small_talk_are_guarded_too(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """Whatever has phrasings."""
        for question, owner in (("who edits Low Tide", "the gap 'editor'"), ("are you robots", "small talk")):
            group = await forced(asking, inbox, question)
            with pytest.raises(CurationError, match=owner):
                await teacher.teach(group, "camera", WHO)

    async def test_what_only_the_rest_of_a_group_would_take_stays_in_the_inbox(
        self, teacher: Teacher, asking: Asking, inbox: Inbox
    ) -> None:
        """The leading question is taught without it."""
        leading = "who was it that moderated a talk held by the harbor"
        await forced(asking, inbox, "who moderated a harbor talk")
        group = await forced(asking, inbox, leading, times=3)
        assert (await inbox.group(group)).others == ("who moderated a harbor talk",)
        assert (await teacher.teach(group, "director", WHO)).phrasings == 1
        assert [group.question for group in (await inbox.page()).groups] == ["who moderated a harbor talk"]


async def forced(asking: Asking, inbox: Inbox, text: str, times: int = 1) -> str:
    """Puts a question into the inbox that Herald would answer; the id of its group."""
    from bot.curation.asked import Asked, group_id, key_of
    from bot.reply import Reply

    for _ in range(times):
        asking.journal.answered(Asked(text, "discord"), Reply("unknown", NOT_SAID, "v1"), 0.01)
    await asking.writer.flushed()
    return group_id(key_of(text))


class TestNewEntry:
    async def test_it_answers_under_its_own_question(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host
    ) -> None:
        """With an id of its own, its source by title or id, and the group's questions as phrasings."""
        group = await grouped(asking, inbox, ODD, OTHER)
        done = await teacher.new_entry(group, "What is a Zebulon?", " A kind of umbrella. ", "night at the HARBOR", WHO)
        assert (done.target, done.phrasings) == ("what-is-a-zebulon", 3)
        entry = host.knowledge.entries[done.target]
        assert entry.questions == ("What is a Zebulon?", ODD, OTHER)
        assert (entry.answer, entry.sources) == ("A kind of umbrella.", ("harbor-report",))
        assert (await host.ask(OTHER, None, age_restricted=False)).text == "A kind of umbrella."

    async def test_ids_are_unique(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """Among all that checks may name; a question that leaves no slug gets one, too."""
        wanted = []
        for text, question in ((ODD, "Hill place?"), ("gondola velvet", "这是什么"), ("brass lizard", "tpl age")):
            group = await grouped(asking, inbox, text)
            wanted.append((await teacher.new_entry(group, question, "So.", "harbor-report", WHO)).target)
        assert wanted == ["hill-place-2", "question", "tpl-age-2"]

    @pytest.mark.parametrize(
        ("answer", "source", "told"),
        [
            ("", "harbor-report", "answer"),
            ("x" * (ANSWER_LIMIT + 1), "harbor-report", "1,200"),
            ("So.", "harbour-report", "did you mean 'harbor-report'"),
            ("So.", "", "source is missing"),
        ],
    )
    async def test_it_is_checked_as_yaml_is(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, answer: str, source: str, told: str
    ) -> None:
        """In words for somebody who has no file before them; nothing has changed."""
        before = asking.host.knowledge.version
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError) as refused:
            await teacher.new_entry(group, "", answer, source, WHO)
        assert told in str(refused.value)
        assert "taught:" not in str(refused.value)
        assert (asking.host.knowledge.version, (await inbox.page()).waiting) == (before, 1)

    async def test_its_question_is_guarded_too(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """It would be a phrasing like any other."""
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError, match="'director' already"):
            await teacher.new_entry(group, "who directed Low Tide?", "So.", "harbor-report", WHO)

    async def test_a_question_too_long_for_a_phrasing_is_refused(
        self, teacher: Teacher, asking: Asking, inbox: Inbox
    ) -> None:
        """With its beginning."""
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError, match="too long"):
            await teacher.new_entry(group, "zebulon " * 60, "So.", "harbor-report", WHO)


class TestGap:
    async def test_a_gap_of_its_own_has_its_line(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host
    ) -> None:
        """The plain one, or what the curator writes."""
        for text, line, told in ((ODD, "", NOT_SAID), ("gondola velvet", "No velvet is named.", "No velvet is named.")):
            done = await teacher.gap(await grouped(asking, inbox, text), WHO, line=line)
            reply = await host.ask(text, None, age_restricted=False)
            assert (reply.kind, reply.gap) == ("unknown", done.target)
            assert reply.text.startswith(told)
        assert not (await inbox.page()).groups

    async def test_it_may_be_a_phrasing_of_one(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host
    ) -> None:
        """Of a gap that is there."""
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError, match="did you mean 'editor'"):
            await teacher.gap(group, WHO, of="editro")
        assert (await teacher.gap(group, WHO, of="editor")).target == "editor"
        assert (await host.ask(ODD, None, age_restricted=False)).gap == "editor"

    async def test_asked_again_it_does_not_come_back(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """Though it still isn't answered."""
        await teacher.gap(await grouped(asking, inbox, ODD), WHO)
        assert (await asking.ask(ODD))[1].kind == "unknown"
        assert not (await inbox.page()).groups


class TestUndo:
    async def test_whatever_was_done_is_taken_back_whole(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, host: Host, database: Database
    ) -> None:
        """The knowledge base is what it was, to the digest, and the group waits as before."""
        before, first = host.knowledge.version, await rows_sorted(database)
        group = await grouped(asking, inbox, ODD, OTHER)
        first, page = await rows_sorted(database), await inbox.page()
        for work in (
            lambda: teacher.teach(group, "camera", WHO),
            lambda: teacher.new_entry(group, "Zebulon?", "So.", "harbor-report", WHO),
            lambda: teacher.gap(group, WHO),
            lambda: teacher.gap(group, WHO, of="editor"),
            lambda: teacher.dismiss(group, WHO),
        ):
            await work()
            assert not (await inbox.page()).groups
            assert await teacher.undo(group, WHO) == ODD
            assert host.knowledge.version == before
            assert await rows_sorted(database) == first
            assert await inbox.page() == page

    async def test_there_may_be_nothing_to_undo(self, teacher: Teacher, asking: Asking, inbox: Inbox) -> None:
        """As after another undo."""
        group = await grouped(asking, inbox, ODD)
        with pytest.raises(CurationError, match="Nothing was done"):
            await teacher.undo(group, WHO)

    async def test_a_rollback_puts_questions_back_as_well(
        self, teacher: Teacher, asking: Asking, inbox: Inbox, publisher: Publisher
    ) -> None:
        """They can be taught again."""
        group = await grouped(asking, inbox, ODD)
        await teacher.teach(group, "camera", WHO)
        await publisher.rollback(1, WHO)
        assert [waiting.question for waiting in (await inbox.page()).groups] == [ODD]
        assert (await teacher.teach(group, "music", WHO)).target == "music"


async def rows_sorted(database: Database) -> list[dict[str, object]]:
    """The questions by key."""
    return sorted(await rows(database, questions), key=lambda row: str(row["key"]))
