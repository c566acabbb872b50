"""The inbox: groups, pages, and what waits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.curation.asked import group_id, key_of
from bot.curation.grouping import Asks, Grouper
from bot.curation.inbox import Inbox
from bot.errors import CurationError, StoreError
from bot.herald import Snapshot
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder
from bot.store.database import Database, address
from bot.store.schema import questions
from tests.curation.support import ODD, Asking
from tests.examples import often
from tests.support import Clock


def asks(text: str, asked: int = 1, last: float = 0.0) -> Asks:
    """A question that waits."""
    return Asks(key_of(text), text, "discord", last, asked, {}, (), "open")


def texts(groups: Sequence[Sequence[Asks]]) -> list[list[str]]:
    return [[asks.text for asks in group] for group in groups]


WORDS = "who what harbor hill tide lantern pilot ghost film sequel phone costume mira ada ticket".split()


class TestGrouping:
    @given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), unique=True, max_size=25))
    @settings(deadline=None, max_examples=often(60))
    def test_groups_are_a_partition(self, lexical_snapshot: Snapshot, questions: list[str]) -> None:
        """Every question is in exactly one group, led by one that was asked as often as any other in it."""
        given = [asks(text, asked=1 + number % 4) for number, text in enumerate(questions)]
        groups = Grouper(None).groups(lexical_snapshot, given)
        assert sorted(text for group in texts(groups) for text in group) == sorted(questions)
        assert all(group[0].asked == max(asks.asked for asks in group) for group in groups)
        weights = [sum(asks.asked for asks in group) for group in groups]
        assert weights == sorted(weights, reverse=True)

    def test_the_same_asks_come_together(self, hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
        """In other words, too; what asks something else stays by itself."""
        grouper = Grouper(encoder)
        given = [
            asks("will there be a sequel", 5),
            asks("is there going to be a sequel"),
            asks("are they making a sequel"),
            asks("who designed the costumes", 2),
            asks("who did the costume design"),
            asks("where was the after party"),
        ]
        found = texts(grouper.groups(hybrid_snapshot, given))
        assert [group[0] for group in found] == [given[0].text, given[3].text, given[5].text]
        assert [len(group) for group in found] == [3, 2, 1]

    def test_other_names_are_other_questions(self, hybrid_snapshot: Snapshot, encoder: Encoder) -> None:
        """However alike the rest is."""
        given = [
            asks("what did the tickets for the harbor talk cost"),
            asks("what did the tickets for the hill talk cost"),
        ]
        assert len(Grouper(encoder).groups(hybrid_snapshot, given)) == 2

    def test_they_are_grouped_anew_only_where_something_changed(self, lexical_snapshot: Snapshot) -> None:
        """A question, or how often it was asked, or what is in service."""
        grouper, given = Grouper(None), [asks("one harbor", 2), asks("two hills")]
        first = grouper.groups(lexical_snapshot, given)
        assert grouper.groups(lexical_snapshot, [*given]) is first
        assert texts(grouper.groups(lexical_snapshot, [given[0], asks("two hills", 3)])) == [
            ["two hills"],
            ["one harbor"],
        ]
        again = grouper.groups(lexical_snapshot, given)
        assert (again, again is first) == (first, False)
        compiled = replace(lexical_snapshot.matcher.compiled)
        assert grouper.groups(replace(lexical_snapshot, matcher=Matcher(compiled, None)), given) is not again


class TestPage:
    async def test_an_empty_inbox_is_one_page(self, inbox: Inbox) -> None:
        """With nothing on it."""
        page = await inbox.page()
        assert (page.groups, page.number, page.pages, page.waiting) == ((), 1, 1, 0)

    async def test_groups_come_by_how_often_they_were_asked(self, inbox: Inbox, asking: Asking, now: Clock) -> None:
        """Each with its other wordings, its near entries, and where it was asked."""
        await asking.ask("quartz umbrella zebulon", times=2, platform="slack")
        await asking.ask("gondola velvet", times=1)
        now.now += 5
        await asking.ask(ODD, times=3)
        page = await inbox.page()
        assert [(group.question, group.asked, group.others) for group in page.groups] == [
            (ODD, 5, ("quartz umbrella zebulon",)),
            ("gondola velvet", 1, ()),
        ]
        assert (page.groups[0].platform, page.groups[0].last, page.waiting) == ("discord", now.now, 2)

    async def test_pages_turn(self, inbox: Inbox, asking: Asking) -> None:
        """One beyond the last is the last."""
        for text in ("zebulon", "quartz", "umbrella", "gondola", "velvet"):
            await asking.ask(text)
        first, last = await inbox.page(1, 2), await inbox.page(9, 2)
        assert (first.number, first.pages, first.waiting, len(first.groups)) == (1, 3, 5, 2)
        assert (last.number, len(last.groups)) == (3, 1)
        seen = [group.id for number in (1, 2, 3) for group in (await inbox.page(number, 2)).groups]
        assert len(set(seen)) == 5

    async def test_what_was_picked_is_near(self, inbox: Inbox, asking: Asking) -> None:
        """Before all that only came near."""
        await asking.pick(ODD, "camera")
        await asking.ask(ODD)
        (group,) = (await inbox.page()).groups
        assert (group.asked, group.picks, group.near[0].entry) == (2, 1, "camera")
        assert group.near[0].question == "what camera was used"

    async def test_what_was_always_picked_waits_below_the_others(self, inbox: Inbox, asking: Asking) -> None:
        """However often: it is a phrasing worth learning, but whoever asked was helped."""
        for _ in range(3):
            await asking.pick(ODD, "camera")
        await asking.ask("gondola velvet")
        page = await inbox.page()
        assert [(group.question, group.asked, group.picks) for group in page.groups] == [
            ("gondola velvet", 1, 0),
            (ODD, 3, 3),
        ]
        assert page.groups[1].near[0].entry == "camera"

    async def test_where_different_choices_were_picked_offering_them_is_right(
        self, inbox: Inbox, asking: Asking
    ) -> None:
        """Until somebody picks none of them."""
        await asking.pick(ODD, "camera")
        await asking.pick(ODD, "director")
        assert not (await inbox.page()).groups
        await asking.ask(ODD)
        assert (await inbox.page()).waiting == 1

    async def test_what_was_dismissed_stays_away(self, inbox: Inbox, asking: Asking, database: Database) -> None:
        """However often it is asked again."""
        await asking.ask(ODD)
        await _set(database, state="dismissed")
        await asking.ask(ODD)
        assert not (await inbox.page()).groups

    async def test_what_was_taught_and_is_gone_again_waits_again(
        self, inbox: Inbox, asking: Asking, database: Database
    ) -> None:
        """As after a rollback: what is in service decides."""
        await asking.ask(ODD)
        await _set(database, state="taught")
        assert [group.question for group in (await inbox.page()).groups] == [ODD]

    async def test_what_the_knowledge_base_has_meanwhile_is_gone(
        self, inbox: Inbox, asking: Asking, database: Database
    ) -> None:
        """Whoever wrote it there."""
        await asking.ask(ODD)
        await _set(database, key=key_of("who directed Low Tide"))
        assert not (await inbox.page()).groups


class TestGroup:
    async def test_any_of_its_questions_names_it(self, inbox: Inbox, asking: Asking) -> None:
        """A button keeps working when another question has come to lead the group."""
        await asking.ask(ODD)
        (before,) = (await inbox.page()).groups
        await asking.ask("quartz umbrella zebulon", times=2)
        group = await inbox.group(before.id)
        assert (group.question, group.others) == ("quartz umbrella zebulon", (ODD,))
        assert group.id == group_id(key_of("quartz umbrella zebulon")) != before.id

    async def test_one_that_waits_no_more_is_refused(self, inbox: Inbox) -> None:
        """With a line on what to do."""
        with pytest.raises(CurationError, match="anew"):
            await inbox.group("0123456789")

    async def test_a_store_that_is_away_is_one_line(self, host: Any) -> None:
        """Without any word of what was asked."""
        missing = Database(address("postgresql://herald@127.0.0.1:1/none"))
        with pytest.raises(StoreError, match="just now"):
            await Inbox(missing, host).page()
        await missing.close()


async def _set(database: Database, **values: str) -> None:
    async with database.begin() as connection:
        await connection.execute(update(questions).values(**values))
