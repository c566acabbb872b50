"""What members do around replies."""

from __future__ import annotations

from typing import Any

import pytest

from bot import notices
from bot.curation.votes import REASONS
from bot.errors import CurationError, StoreError
from bot.host import Host
from bot.ids import RecordId
from bot.panels import members
from tests.panels.support import office, pressable

RECORD = RecordId("entry", "harbor-host")


@pytest.fixture
def kept() -> Any:
    """An office whose parts are doubles."""
    return office()


class TestVotes:
    def test_a_thumb_down_is_asked_why(self, host: Host, kept: Any) -> None:
        """The vote counts at once; each reason is a button."""
        kept.votes.vote.return_value = notices.THANKS
        panel = members.vote(host, kept, RECORD, "down", "discord", "7")
        kept.votes.vote.assert_called_once_with(RECORD, "down", "discord", "7")
        assert [*pressable(panel)] == [f"h1:reason:{reason}.e.harbor-host" for reason in REASONS]

    def test_a_thumb_up_is_thanked(self, host: Host, kept: Any) -> None:
        """And asked nothing."""
        kept.votes.vote.return_value = "Thanks."
        panel = members.vote(host, kept, RECORD, "up", "discord", "7")
        assert (panel.text, panel.rows) == ("Thanks.", ())

    def test_a_record_that_is_gone_gets_no_vote(self, host: Host, kept: Any) -> None:
        """It was taken out since."""
        kept.votes.vote.return_value = notices.RETIRED
        for made in (kept, None):
            panel = members.vote(host, made, RecordId("entry", "gone"), "down", "discord", "7")
            assert (panel.text, panel.rows) == (notices.RETIRED, ())

    def test_without_a_store_it_is_only_logged(self, host: Host) -> None:
        """And no reason is asked for."""
        panel = members.vote(host, None, RECORD, "down", "discord", "7")
        assert (panel.text, panel.rows) == (notices.THANKS, ())

    def test_a_reason(self, kept: Any) -> None:
        """Reaches the vote; one that is none of these is told kindly."""
        kept.votes.reason.return_value = "Noted."
        assert members.gave_reason(kept, "outdated.q.on-light", "discord", "7") == "Noted."
        kept.votes.reason.assert_called_once_with(RecordId("quote", "on-light"), "outdated", "discord", "7")
        assert members.gave_reason(kept, "ugly.q.on-light", "discord", "7") == notices.OUTDATED
        assert members.gave_reason(None, "wrong.q.on-light", "discord", "7") == notices.STORE_OFF


class TestWaiting:
    @pytest.mark.parametrize(("added", "line"), [(True, notices.WILL_TELL), (False, notices.WAITING)])
    async def test_once_is_enough(self, kept: Any, added: bool, line: str) -> None:  # noqa: FBT001 - a parameter
        """A second press changes nothing."""
        kept.waits.add.return_value = added
        assert await members.wait(kept, "a1", "discord", "7", {"channel": 1}) == line
        kept.waits.add.assert_awaited_once_with("a1", "discord", "7", {"channel": 1})

    @pytest.mark.parametrize(
        ("error", "line"), [(CurationError("Ask again."), "Ask again."), (StoreError("x"), notices.STORE_DOWN)]
    )
    async def test_what_goes_wrong_is_one_line(self, kept: Any, error: Exception, line: str) -> None:
        """A question that isn't kept, a store that is down."""
        kept.waits.add.side_effect = error
        assert await members.wait(kept, "a1", "discord", "7", {}) == line
        assert await members.wait(None, "a1", "discord", "7", {}) == notices.STORE_OFF


class TestForgetting:
    async def test_without_a_store_there_is_nothing(self) -> None:
        """And nothing is said of databases."""
        assert await members.forget(None, "discord", "7") == notices.NOTHING_KEPT

    async def test_a_store_that_is_down(self, kept: Any) -> None:
        """Nobody is told that they are forgotten."""
        kept.privacy.forget.side_effect = StoreError("x")
        assert await members.forget(kept, "discord", "7") == notices.STORE_DOWN
