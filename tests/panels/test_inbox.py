"""The inbox as panels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import ids
from bot.curation.inbox import Group, Page
from bot.curation.teaching import Taught
from bot.knowledge import KnowledgeBase
from bot.panels import inbox
from bot.panels.forms import form_of
from bot.panels.inbox import Seat
from bot.panels.model import Action, Menu, Panel
from bot.reply import Choice
from tests.panels.support import GROUP, pressable


def page(*groups: Group, number: int = 1, pages: int = 1) -> Panel:
    return inbox.page_panel(Page(groups, number, pages, len(groups)))


def shown(knowledge: KnowledgeBase, group: Group = GROUP, *, age_restricted: bool = False) -> Panel:
    return inbox.group_panel(group, 2, knowledge, age_restricted=age_restricted)


class TestPage:
    def test_questions_are_numbered_with_how_often_they_were_asked(self) -> None:
        """On from the page before; the menu leads to each."""
        panel = page(GROUP, replace(GROUP, id="b" * 10, question="where are the boats", asked=1), number=2, pages=3)
        assert panel.title == "Inbox: 2 questions wait — page 2 of 3"
        assert panel.text.splitlines()[0] == "6. who paints the boats"
        assert "asked 12 times, 2 picks, 2 ways, last on slack 2026-11-18 11:06 UTC" in panel.text
        menu, before, after = pressable(panel).values()
        assert isinstance(menu, Menu)
        assert (menu.options[0].value, menu.options[0].label) == (GROUP.id, "who paints the boats")
        assert (before.id, after.id) == ("h1:inbox:1", "h1:inbox:3")

    def test_an_empty_inbox_says_so(self) -> None:
        """In one line, with nothing to press."""
        assert page() == Panel("Nothing waits: every question that was asked is answered, or was settled.", "Inbox")

    def test_one_page_needs_no_turning(self) -> None:
        """Only the menu is there."""
        assert len(page(GROUP).rows) == 1


class TestGroup:
    def test_what_can_be_done_is_there(self, knowledge: KnowledgeBase) -> None:
        """Near entries to teach, and a button for all else."""
        panel = shown(knowledge)
        assert panel.title == "“who paints the boats”"
        assert "• boat painter" in panel.text
        (menu,) = panel.rows[0]
        assert isinstance(menu, Menu)
        assert (menu.id, menu.options[0].value) == ("s1:teach:0123456789.2", "talk-host")
        labels = [part.label for part in panel.rows[-1] if isinstance(part, Action)]
        assert labels == ["Another entry …", "New entry …", "Not in the sources …", "Dismiss", "Back to the inbox"]

    def test_explicit_entries_are_not_offered_where_they_may_not_be_shown(self, knowledge: KnowledgeBase) -> None:
        """Nor named."""
        explicit = knowledge.entries["talk-host"].model_copy(update={"rating": "explicit"})
        rude = replace(knowledge, entries={**knowledge.entries, "talk-host": explicit})
        assert "talk-host" not in str(shown(rude))
        assert "talk-host" in str(shown(rude, age_restricted=True))

    def test_a_gap_with_words_in_common_is_offered(self, knowledge: KnowledgeBase) -> None:
        """To take the question as its phrasing."""
        panel = shown(knowledge, replace(GROUP, question="what did the tide cost"))
        assert [option.value for option in pressable(panel)["s1:gap:0123456789.2"].options] == ["tide-cost"]
        assert "s1:gap:0123456789.2" not in pressable(shown(knowledge))

    def test_an_entry_that_is_gone_is_not_offered(self, knowledge: KnowledgeBase) -> None:
        """A reload may come between."""
        assert "s1:teach:0123456789.2" not in pressable(
            shown(knowledge, replace(GROUP, near=(Choice("gone", "gone"),)))
        )

    def test_whatever_is_asked_fits(self, knowledge: KnowledgeBase) -> None:
        """Within what Discord takes of a message."""
        long = "x y " * 125
        panel = shown(knowledge, replace(GROUP, question=long, others=(long,) * 300))
        assert len(panel.title) + len(panel.text) < 1800
        assert "• and 295 more" in panel.text


class TestOutcome:
    DONE = Taught("who paints the boats", "talk-host", 3, 1, "abcdef012345")

    def test_taught(self, knowledge: KnowledgeBase) -> None:
        """Which entry answers, what came along, who will be told; and a way back."""
        panel = inbox.taught(self.DONE, knowledge, Seat("0123456789", 2))
        assert panel.text == (
            "“who paints the boats” is answered by “who hosted the harbor talk” (talk-host) from now on. "
            "2 other ways of asking it came along. 1 member who wanted to know will be told.\n"
            "Knowledge base abcdef012345."
        )
        assert [*pressable(panel)] == ["h1:undo:0123456789.2", "h1:inbox:2"]

    def test_not_in_the_sources(self, knowledge: KnowledgeBase) -> None:
        """With the line that members get."""
        panel = inbox.settled(replace(self.DONE, target="tide-cost"), knowledge, Seat("0123456789"))
        assert "belongs to the gap tide-cost from now on. It gets: “No budget is named.”" in panel.text


class TestSeat:
    @pytest.mark.parametrize(
        ("rest", "group", "number"), [("0123456789.3", "0123456789", 3), ("0123456789", "0123456789", 1), (".x", "", 1)]
    )
    def test_what_a_button_carries_is_read(self, rest: str, group: str, number: int) -> None:
        """Of any age, and whoever made it up."""
        seat = Seat.read(rest)
        assert (seat.group, seat.page) == (group, number)


class TestForms:
    def test_an_entry_needs_question_answer_and_source(self, knowledge: KnowledgeBase) -> None:
        """The source is chosen where there are few."""
        form = form_of(ids.press("h1:entry:0123456789.2"), knowledge)
        assert form
        assert form.id == "f1:entry:0123456789.2"
        assert [(field.name, field.kind, field.required) for field in form.fields] == [
            ("question", "line", False),
            ("answer", "lines", True),
            ("source", "choice", True),
        ]
        assert [option.value for option in form.fields[2].options] == ["harbor-report", "hill-report"]

    def test_a_source_of_many_is_written(self, knowledge: KnowledgeBase) -> None:
        """As a menu takes 25."""
        source = knowledge.sources["hill-report"]
        many = replace(knowledge, sources={f"s{n}": source.model_copy(update={"id": f"s{n}"}) for n in range(26)})
        form = form_of(ids.press("h1:entry:0123456789.2"), many)
        assert form
        assert form.fields[2].kind == "line"

    @pytest.mark.parametrize("written", ["h1:drop:0123456789.2", "h1:inbox:2"])
    def test_other_buttons_open_none(self, knowledge: KnowledgeBase, written: str) -> None:
        """They act at once."""
        assert form_of(ids.press(written), knowledge) is None

    def test_a_gap_that_was_chosen_needs_none(self, knowledge: KnowledgeBase) -> None:
        """The menu and the button share their action."""
        assert form_of(ids.press("s1:gap:0123456789.2", "tide-cost"), knowledge) is None
        form = form_of(ids.press("h1:gap:0123456789.2"), knowledge)
        assert form
        assert [field.required for field in form.fields] == [False]

    def test_labels_fit(self, knowledge: KnowledgeBase) -> None:
        """Discord takes 45 and 100 characters, Slack a title of 24."""
        for action in ("find", "entry", "gap"):
            form = form_of(ids.press(f"h1:{action}:0123456789.2"), knowledge)
            assert form
            assert len(form.title) <= 24
            assert all(len(field.label) <= 45 and len(field.hint) <= 100 for field in form.fields)
