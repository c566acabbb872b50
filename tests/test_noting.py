"""What is noted for the journal."""

from __future__ import annotations

from typing import Any

import pytest

from bot.curation.asked import Asked
from bot.noting import Noted, Notes
from bot.reply import Kind, Reply
from tests.panels.support import office
from tests.support import Clock

ASKED = Asked("who paints the boats", "discord", "1/2")


@pytest.fixture
def kept() -> Any:
    """An office whose parts are doubles."""
    made = office()
    made.journal.answered.return_value = "a1"
    return made


async def reply(kind: Kind = "unknown") -> Reply:
    return Reply(kind, "x", "abc")


class TestAnswered:
    async def test_a_reply_is_noted_with_the_time_it_took(self, kept: Any) -> None:
        """From before it was begun."""
        clock = Clock()

        async def slow() -> Reply:
            clock.now += 2
            return await reply()

        noted = await Notes(kept, clock).answered(ASKED, slow())
        kept.journal.answered.assert_called_once_with(ASKED, noted.reply, 2)
        assert (noted.answer, noted.wait) == ("a1", "a1")

    @pytest.mark.parametrize("kind", ["answer", "choices", "rejected", "withheld", "smalltalk", "quote"])
    async def test_only_what_is_unknown_can_be_waited_for(self, kept: Any, kind: Kind) -> None:
        """All else is noted too."""
        assert (await Notes(kept).answered(ASKED, reply(kind))).wait == ""
        kept.journal.answered.assert_called_once()

    async def test_without_words_there_is_nothing_to_wait_for(self, kept: Any) -> None:
        """As of the quote command."""
        assert (await Notes(kept).answered(Asked("", "discord"), reply())).wait == ""

    async def test_where_no_questions_are_kept_nobody_can_wait(self, kept: Any) -> None:
        """Counts are kept nevertheless."""
        kept.journal.records = False
        assert await Notes(kept).answered(ASKED, reply()) == Noted(await reply(), "a1")

    async def test_what_has_no_reply_is_not_noted(self, kept: Any) -> None:
        """As its record is gone."""

        async def gone() -> None:
            return None

        assert await Notes(kept).answered_if(ASKED, gone()) is None
        kept.journal.answered.assert_not_called()
        assert await Notes(kept).answered_if(ASKED, reply()) == Noted(await reply(), "a1", "a1")

    async def test_without_an_office_nothing_is_noted(self) -> None:
        """Nor fails."""
        notes = Notes(None)
        noted = await notes.answered(ASKED, reply())
        assert noted == Noted(await reply())
        notes.posted(noted, "1")
        notes.picked("1", "director")


async def test_messages_and_picks_are_handed_on(kept: Any) -> None:
    """By the names that the platform gives."""
    notes = Notes(kept)
    noted = await notes.answered(ASKED, reply("choices"))
    notes.posted(noted, "99")
    notes.picked("99", "director")
    kept.journal.posted.assert_called_once_with("a1", "99")
    kept.journal.picked.assert_called_once_with("99", "director")
