"""Curators on Discord: from the inbox to what is in service, over a real store."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest

from adapters.discord.admin import WHY_THIS
from bot import notices
from bot.curation.teaching import Taught, Teacher
from tests.adapters.discord.keeping import ODD, Bureau, parts, said
from tests.adapters.discord.support import Clock
from tests.support import write_knowledge
from tests.town import town


class TestTeaching:
    async def test_a_question_is_taught(self, bureau: Bureau) -> None:
        """To an entry found by words; it is answered at once. Undone, it isn't any more, and waits again."""
        await bureau.asks()
        panel = await bureau.group()
        found = await bureau.fills(panel, "Another entry …", words="camera")
        done = await bureau.picks(found, _first(found, "s1:teach:"), "camera")
        assert done.content.startswith("**Taught**")
        assert "what camera was used" in done.content
        assert (await bureau.asks()).content.startswith("It was shot on")
        back = await bureau.presses(done, "Undo")
        assert "is in the inbox again" in back.content
        assert ODD in (await bureau.commands("inbox")).content

    async def test_words_that_no_entry_has(self, bureau: Bureau) -> None:
        """Other ones may be tried."""
        await bureau.asks()
        none = await bureau.fills(await bureau.group(), "Another entry …", words="xyzzy")
        assert "No entry has" in none.content
        found = await bureau.fills(none, "Other words …", words="camera")
        assert _first(found, "s1:teach:")

    async def test_the_command_completes_question_and_entry(self, bureau: Bureau) -> None:
        """Both may be picked, or the question typed."""
        await bureau.asks()
        world = bureau.world
        (question,) = await bureau.boss.autocomplete(world.channel, "herald teach", "question", "QUARTZ")
        (entry, *_) = await bureau.boss.autocomplete(world.channel, "herald teach", "entry", "what camera")
        done = await bureau.commands("teach", question=question["value"], entry=entry["value"])
        assert done.content.startswith("**Taught**")
        assert (await bureau.asks()).content.startswith("It was shot on")
        gone = await bureau.commands("teach", question=ODD, entry="camera")
        assert "doesn't wait" in gone.content

    async def test_an_entry_that_a_reload_took_out_is_not_taught(self, bureau: Bureau, tmp_path: Path) -> None:
        """Nor another one in its place, in whose phrasings its id is a word; the menu is older than the reload."""
        await bureau.asks()
        found = await bureau.fills(await bureau.group(), "Another entry …", words="camera")
        data = town()
        data["entries"] = [entry for entry in data["entries"] if entry["id"] != "camera"]
        data["entries"][0]["questions"].append("who carried the camera")
        write_knowledge(tmp_path / "kb", data)
        await bureau.commands("reload")
        told = await bureau.picks(found, _first(found, "s1:teach:"), "camera")
        assert "There is no entry 'camera'" in told.content
        assert ODD in (await bureau.presses(told, "Back to the inbox")).content

    async def test_a_conflict_is_shown_with_its_phrasing_and_entry(self, bureau: Bureau) -> None:
        """And nothing changes."""
        answer = await bureau.world.asks("who edited Low Tide")
        await bureau.world.ada.click(answer, label=notices.TELL_ME)  # a known gap waits for more
        await bureau.written()
        panel = await bureau.group()
        before = bureau.office.publisher.version
        told = await bureau.picks(panel, _first(panel, "s1:teach:"), _value(panel, "s1:teach:"))
        assert "That can't be done" in told.content
        assert "the gap 'editor'" in told.content
        assert bureau.office.publisher.version == before
        assert (await bureau.presses(told, "Back to the question")).content.startswith("**“who edited Low Tide”**")


class TestOtherWays:
    async def test_a_new_entry(self, bureau: Bureau) -> None:
        """Question, answer and source; the question asked becomes a phrasing of it."""
        await bureau.asks()
        values = {"question": "", "answer": "An umbrella made of quartz.", "source": ["hill-report"]}
        done = await bureau.fills(await bureau.group(), "New entry …", **values)
        assert done.content.startswith("**Taught**")
        answer = await bureau.asks()
        assert answer.content.startswith("An umbrella made of quartz.")
        assert "Morning on the hill" in answer.content

    async def test_an_entry_that_is_not_valid_is_refused_and_kept_to_copy(self, bureau: Bureau) -> None:
        """Here as its question is another entry's."""
        await bureau.asks()
        values = {"question": "who directed Low Tide", "answer": "x" * 200, "source": ["hill-report"]}
        told = await bureau.fills(await bureau.group(), "New entry …", **values)
        assert "That can't be done" in told.content
        assert "x" * 100 in told.content
        assert ODD in (await bureau.commands("inbox")).content

    async def test_not_in_the_sources(self, bureau: Bureau) -> None:
        """With a line of its own."""
        await bureau.asks()
        done = await bureau.fills(await bureau.group(), "Not in the sources …", line="Umbrellas aren't mentioned.")
        assert "Umbrellas aren't mentioned." in done.content
        assert (await bureau.asks()).content.startswith("Umbrellas aren't mentioned.")

    async def test_a_known_gap(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        """Picked from the menu of those with words in common."""
        teacher = create_autospec(Teacher, instance=True)
        teacher.gap.return_value = Taught(ODD, "tickets", 1, 0, "abcdef012345")
        await bureau.asks(f"{ODD} tickets")
        panel = await bureau.group()
        monkeypatch.setattr(bureau.office, "teacher", teacher)
        done = await bureau.picks(panel, _first(panel, "s1:gap:"), "tickets")
        assert "belongs to the gap tickets" in done.content
        assert teacher.gap.await_args.kwargs == {"line": "", "of": "tickets"}

    async def test_dismissing(self, bureau: Bureau) -> None:
        """It doesn't wait any more; taken back it does."""
        await bureau.asks()
        done = await bureau.presses(await bureau.group(), "Dismiss")
        assert "out of the inbox for good" in done.content
        assert "Nothing waits" in (await bureau.commands("inbox")).content
        await bureau.presses(done, "Undo")
        assert ODD in (await bureau.commands("inbox")).content

    async def test_what_another_admin_settled_is_told(self, bureau: Bureau) -> None:
        """By whichever button of the old panel, in one line with a way on."""
        await bureau.asks()
        old, older = await bureau.group(), await bureau.group()
        await bureau.presses(old, "Dismiss")
        told = await bureau.presses(older, "Dismiss")
        assert "doesn't wait any more" in told.content
        assert "Nothing waits" in (await bureau.presses(told, "Back to the inbox")).content


class TestPages:
    async def test_many_questions_are_paged(self, bureau: Bureau, clock: Clock) -> None:
        """Five on a page; a button turns it."""
        for word in ("arbiter", "bobbin", "cuckoo", "doorbell", "eyelash", "flagon"):
            clock.now += 60  # no cooldown
            await bureau.asks(f"{word}{word} {word}zz")
        panel = await bureau.commands("inbox")
        assert "page 1 of 2" in panel.content
        panel = await bureau.presses(panel, "Next")
        assert "page 2 of 2" in panel.content
        assert len(parts(panel)["s1:asked:2"]["options"]) == 1


class TestVersions:
    async def test_history_and_rollback(self, bureau: Bureau) -> None:
        """What was taught is gone after going back, and there again after going back to that."""
        await bureau.asks()
        await bureau.commands("teach", question=ODD, entry="camera")
        listed = await bureau.commands("history")
        assert "in service" in listed.content.splitlines()[1]
        assert f"teach by <@{bureau.boss.id}>" in listed.content
        version = await bureau.picks(listed, "s1:version:1", "1")
        preview = await bureau.presses(version, "Go back to version 1 …")
        assert ODD in preview.content
        done = await bureau.presses(preview, "Yes, go back to version 1")
        assert done.content.startswith("**Done**")
        assert not (await bureau.asks()).content.startswith("It was shot on")
        preview = await bureau.commands("rollback", number=2)
        done = await bureau.presses(preview, "Yes, go back to version 2")
        assert (await bureau.asks()).content.startswith("It was shot on")

    async def test_a_version_that_never_was(self, bureau: Bureau) -> None:
        """Is told in one line."""
        assert "There is no version 99" in (await bureau.commands("rollback", number=99)).content


class TestReports:
    async def test_statistics_with_a_picture(self, bureau: Bureau) -> None:
        """Counts, and a chart."""
        await bureau.asks()
        panel = await bureau.commands("stats", days=7)
        assert "1 question in the last 7 days" in panel.content
        assert [file.filename for file in panel.attachments] == ["chart.png"]

    async def test_why_a_past_answer(self, bureau: Bureau) -> None:
        """By the message's link, its id, and the message's menu."""
        answer = await bureau.asks("who moderated the harbor talk")
        link = f"https://discord.com/channels/{bureau.world.guild.id}/{bureau.world.channel.id}/{answer.id}"
        for text in (link, str(answer.id)):
            panel = await bureau.commands("why", text=text)
            assert "answer (harbor-host)" in panel.content
            assert "Version 1" in panel.content
        menu = await bureau.boss.context_menu(bureau.world.channel, WHY_THIS, answer)
        assert "answer (harbor-host)" in said(menu)
        question = await bureau.world.ada.send(bureau.world.channel, "hello all")
        assert said(await bureau.boss.context_menu(bureau.world.channel, WHY_THIS, question)) == notices.NO_ANSWER

    async def test_why_of_a_question_is_as_before(self, bureau: Bureau) -> None:
        """Words are no link."""
        assert "harbor-host" in (await bureau.commands("why", text="who moderated the harbor talk")).content


def _first(panel: Any, beginning: str) -> str:
    return next(custom_id for custom_id in parts(panel) if custom_id.startswith(beginning))


def _value(panel: Any, beginning: str) -> str:
    return str(parts(panel)[_first(panel, beginning)]["options"][0]["value"])
