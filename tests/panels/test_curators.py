"""What admins do, and that nobody else can."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot import ids, notices
from bot.curation.inbox import Page
from bot.curation.statistics import Day, Stats
from bot.curation.teaching import Taught
from bot.errors import CurationError, KnowledgeError, Problem, StoreError
from bot.host import Host
from bot.panels.curators import ACTIONS, Curators, group_named, press
from tests.panels.support import GROUP, caller, office, pressable

SEAT = "0123456789.2"
DONE = Taught("who paints the boats", "director", 1, 0, "abcdef012345")


@pytest.fixture
def kept() -> Any:
    """An office whose parts are doubles."""
    return office()


@pytest.fixture
def curators(host: Host, kept: Any) -> Curators:
    """Over that office."""
    return Curators(host, kept)


class TestRights:
    @pytest.mark.parametrize("action", ACTIONS)
    async def test_nobody_else_may(self, curators: Curators, kept: Any, action: str) -> None:
        """By whatever button, menu or form; nothing is touched."""
        panel = await curators.open(caller(admin=False), press(action, SEAT, "director"), {"line": "x"})
        assert panel.text == notices.FORBIDDEN
        parts = (kept.inbox, kept.teacher, kept.statistics, kept.past, kept.publisher, kept.publisher.versions)
        assert not [part.mock_calls for part in parts if part.mock_calls]

    async def test_nobody_else_sees_what_waits(self, curators: Curators) -> None:
        """Questions of members are completed for admins alone."""
        assert await curators.waiting(caller(admin=False), "") == []
        assert [option.value for option in await curators.waiting(caller(), "Boats PAINTS")] == [GROUP.id]
        assert await curators.waiting(caller(), "harbor") == []

    @pytest.mark.parametrize("action", ACTIONS)
    async def test_without_a_store_one_line_says_so(self, host: Host, action: str) -> None:
        """Whatever is wanted."""
        without = Curators(host, None)
        assert (await without.open(caller(), press(action, "1"))).text == notices.STORE_OFF
        assert without.form(press("entry", SEAT)) is None
        assert await without.waiting(caller(), "") == []

    @pytest.mark.parametrize("written", ["h0:inbox:1", "h2:inbox:1", "h1:zzz:1", "nonsense"])
    async def test_another_version_s_button_is_told_kindly(self, curators: Curators, written: str) -> None:
        """Older, newer, or none of Herald's."""
        assert (await curators.open(caller(), ids.press(written))).text == notices.OUTDATED


class TestTrouble:
    async def test_a_group_that_another_admin_settled(self, curators: Curators, kept: Any) -> None:
        """Says so, with the way back to the page."""
        kept.inbox.group.side_effect = CurationError("That question doesn't wait any more.")
        panel = await curators.open(caller(), press("asked", SEAT))
        assert panel.text == "That question doesn't wait any more."
        assert [*pressable(panel)] == ["h1:inbox:2"]

    async def test_a_conflict_leads_back_to_the_question(self, curators: Curators, kept: Any) -> None:
        """With its phrasing and entry in the text."""
        kept.teacher.teach.side_effect = CurationError("“x” is a phrasing of the entry 'camera' already.")
        panel = await curators.open(caller(), press("teach", SEAT, "director"))
        assert "phrasing of the entry 'camera'" in panel.text
        assert [*pressable(panel)] == ["h1:asked:0123456789.2", "h1:inbox:2"]

    async def test_what_was_typed_is_not_lost(self, curators: Curators, kept: Any) -> None:
        """It stands in the report, to be copied."""
        kept.teacher.new_entry.side_effect = KnowledgeError([Problem("taught", 0, "answer: too long", "shorten it")])
        typed = {"question": "", "answer": "A long story.", "source": "harbor-report"}
        panel = await curators.open(caller(), press("entry", SEAT), typed)
        assert panel.report.splitlines() == [
            "taught:0: answer: too long; shorten it",
            "answer: A long story.",
            "source: harbor-report",
        ]

    @pytest.mark.parametrize("action", ["inbox", "asked", "teach", "drop", "undo", "gap", "entry"])
    async def test_a_store_that_is_down_is_one_line(self, curators: Curators, kept: Any, action: str) -> None:
        """Without the database's own words."""
        for part in (kept.inbox, kept.teacher):
            for name in ("page", "group", "teach", "new_entry", "gap", "dismiss", "undo"):
                if hasattr(part, name):
                    getattr(part, name).side_effect = StoreError("postgresql://secret")
        panel = await curators.open(caller(), press(action, SEAT, "director" if action == "teach" else ""))
        assert (panel.text, panel.report) == (notices.STORE_DOWN, "")
        assert await curators.waiting(caller(), "") == []

    async def test_a_store_that_is_down_loses_nothing(self, curators: Curators, kept: Any) -> None:
        """What was typed stands there to be copied, and there is a way back to the question for when it is up again."""
        kept.teacher.new_entry.side_effect = StoreError("postgresql://secret")
        typed = {"question": "", "answer": "A long story.", "source": "harbor-report"}
        panel = await curators.open(caller(), press("entry", SEAT), typed)
        assert panel.text == notices.STORE_DOWN
        assert panel.report.splitlines() == ["answer: A long story.", "source: harbor-report"]
        assert [*pressable(panel)] == ["h1:asked:0123456789.2", "h1:inbox:2"]


class TestWork:
    async def test_a_question_is_picked_from_its_page(self, curators: Curators, kept: Any) -> None:
        """The menu carries the page, its value the group."""
        panel = await curators.open(caller(), ids.press("s1:asked:3", GROUP.id))
        kept.inbox.group.assert_awaited_once_with(GROUP.id)
        assert "h1:inbox:3" in pressable(panel)

    async def test_teaching(self, curators: Curators, kept: Any) -> None:
        """By who does it."""
        kept.teacher.teach.return_value = DONE
        panel = await curators.open(caller(), ids.press(f"s1:teach:{SEAT}", "director"))
        kept.teacher.teach.assert_awaited_once_with(GROUP.id, "director", "discord:7")
        assert panel.title == "Taught"

    async def test_an_entry_may_be_meant_by_its_words(self, curators: Curators, kept: Any) -> None:
        """Where they fit one alone."""
        kept.teacher.teach.return_value = DONE
        await curators.open(caller(), press("teach", GROUP.id, "which actor is Corwin"))
        assert kept.teacher.teach.await_args.args[1] == "pilot-actor"
        panel = await curators.open(caller(), press("teach", GROUP.id, "who"))
        assert panel.text.startswith("Which entry?")

    async def test_other_entries_are_found_by_words(self, curators: Curators) -> None:
        """As they are completed elsewhere; explicit ones only where they may be shown."""
        panel = await curators.open(caller(), press("find", SEAT), {"words": "lighthouse"})
        assert {"lighthouse-voice", "audience-ghost"} <= {o.value for o in pressable(panel)[f"s1:teach:{SEAT}"].options}
        rude = {"words": "gull"}
        assert "shouting" not in str(await curators.open(caller(), press("find", SEAT), rude))
        assert "shouting" in str(await curators.open(caller(age_restricted=True), press("find", SEAT), rude))

    async def test_a_gap_of_its_own_or_a_known_one(self, curators: Curators, kept: Any) -> None:
        """By the form, or by the menu."""
        kept.teacher.gap.return_value = DONE
        await curators.open(caller(), press("gap", SEAT), {"line": " Nobody says. "})
        kept.teacher.gap.assert_awaited_with(GROUP.id, "discord:7", line="Nobody says.", of="")
        await curators.open(caller(), ids.press(f"s1:gap:{SEAT}", "editor"))
        kept.teacher.gap.assert_awaited_with(GROUP.id, "discord:7", line="", of="editor")

    async def test_dismissing_and_taking_back(self, curators: Curators, kept: Any) -> None:
        """Each names the question."""
        kept.teacher.dismiss.return_value = kept.teacher.undo.return_value = GROUP.question
        assert GROUP.question in (await curators.open(caller(), press("drop", SEAT))).text
        back = await curators.open(caller(), press("undo", SEAT))
        assert GROUP.question in back.text
        assert [*pressable(back)] == ["h1:asked:0123456789.2", "h1:inbox:2"]

    async def test_where_no_questions_are_kept_the_inbox_says_so(self, curators: Curators, kept: Any) -> None:
        """Instead of being empty."""
        kept.journal.records = False
        assert (await curators.open(caller(), press("inbox"))).text == notices.NOT_KEPT

    async def test_an_empty_page(self, curators: Curators, kept: Any) -> None:
        """Has nothing to press."""
        kept.inbox.page.return_value = Page((), 1, 1, 0)
        assert (await curators.open(caller(), press("inbox"))).rows == ()

    @pytest.mark.parametrize(("rest", "days"), [("", 30), ("7", 7), ("9999", 365), ("0", 1)])
    async def test_statistics_with_a_picture(self, curators: Curators, kept: Any, rest: str, days: int) -> None:
        """Of 1 to 365 days, 30 where none are given."""
        kept.statistics.last.return_value = Stats((Day(date(2026, 11, 1), 1, 0, 0),), (), (), 0, 0, 0)
        kept.statistics.chart.return_value = b"PNG"
        panel = await curators.open(caller(), press("stats", rest))
        kept.statistics.last.assert_awaited_once_with(days)
        assert panel.picture == b"PNG"
        assert panel.report

    async def test_without_what_draws_there_is_no_picture(
        self, curators: Curators, kept: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The counts are there all the same."""
        monkeypatch.setattr("bot.panels.curators.there", lambda module: module != "matplotlib")
        kept.statistics.last.return_value = Stats((Day(date(2026, 11, 1), 1, 0, 0),), (), (), 0, 0, 0)
        panel = await curators.open(caller(), press("stats"))
        assert (panel.picture, panel.report != "") == (b"", True)
        kept.statistics.chart.assert_not_called()

    async def test_an_answer_that_is_not_kept(self, curators: Curators, kept: Any) -> None:
        """Says so."""
        kept.past.find.return_value = None
        assert (await curators.open(caller(), press("past", "123"))).text == notices.NO_ANSWER


def test_a_group_is_named_by_its_id_or_a_question() -> None:
    """However the question is written."""
    assert group_named("0123456789") == "0123456789"
    assert group_named("Who paints the boats?") == group_named("who paints the boats")
