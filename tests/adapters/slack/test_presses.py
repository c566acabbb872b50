"""Buttons and selects."""

from __future__ import annotations

import pytest

from bot import ids, notices
from tests.adapters.slack.support import World
from tests.slack_server.model import Payload
from tests.support import Clock

CHOICES = "interview at the talk"
HOST = "who moderated the harbor talk"


def row(action_id: str, label: str = "Press") -> list[Payload]:
    """Blocks with one button."""
    button = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}}
    return [{"type": "actions", "block_id": "b", "elements": [button]}]


class TestPick:
    async def test_the_asker_s_pick_takes_the_place_of_the_choices(self, world: World) -> None:
        """With its buttons."""
        choices = await world.asks(CHOICES)
        await world.replaced(world.ada.clicks(choices, "who moderated the hill talk"))
        assert "Tom Quill" in choices.shown
        assert "Source" in choices.labels

    async def test_another_s_pick_is_for_their_eyes(self, world: World) -> None:
        """And leaves the choices alone."""
        choices = await world.asks(CHOICES)
        shown = await world.ben.clicks(choices, "who moderated the hill talk").reply()
        assert shown.viewer is world.ben.user
        assert "Tom Quill" in shown.shown
        assert "Tom Quill" not in choices.shown

    @pytest.mark.parametrize("action_id", ["h0:pick:hill-host", "h2:pick:hill-host", "h1:fly:x", "nonsense"])
    async def test_another_version_s_button_is_told_kindly(self, world: World, action_id: str) -> None:
        """Whatever it meant."""
        old = world.server.plant(world.general, "old", row(action_id))
        assert (await world.ada.clicks(old, "Press").reply()).text == notices.OUTDATED

    @pytest.mark.parametrize(
        "action_id",
        ["h1:pick:gone", "h1:reveal:e.gone", "h1:reveal:q.gone", "h1:source:q.gone", "h1:up:e.gone", "h1:more:gone|"],
    )
    async def test_what_is_gone_is_told_kindly(self, world: World, action_id: str) -> None:
        """As a reload took it out."""
        old = world.server.plant(world.general, "old", row(action_id))
        assert (await world.ada.clicks(old, "Press").reply()).text == notices.RETIRED

    async def test_a_message_of_a_life_before_works(self, world: World) -> None:
        """All that a button needs is in its id."""
        old = world.server.plant(world.general, "old", row(ids.button("reveal", "e.premise")))
        assert "A pilot waits" in (await world.ben.clicks(old, "Press").reply()).shown


class TestOthers:
    async def test_the_source_in_full(self, world: World) -> None:
        """For whoever asks, in the thread."""
        answer = await world.asks(HOST)
        shown = await world.ben.clicks(answer, "Source").reply()
        assert shown.viewer is world.ben.user
        assert shown.thread == answer.thread
        assert "On the harbor talk:" in shown.shown
        assert "harbor-host, knowledge base" in shown.shown

    async def test_another_quote_of_the_same_request(self, world: World) -> None:
        """For all to see."""
        first = await world.ada.slash(world.general, "/quote", "mira holt").reply()
        second = await world.ada.clicks(first, "Another").reply()
        assert second.viewer is None
        assert "Mira Holt" in second.shown
        assert second.shown != first.shown

    async def test_another_quote_than_one_that_gives_away_plot(self, world: World) -> None:
        """Nobody need read that one to get on."""
        stub = await world.ada.slash(world.general, "/quote", "about fog").reply()
        assert stub.labels == ["Reveal", "Another", "Dismiss"]
        assert (await world.ada.clicks(stub, "Another").reply()).viewer is None

    async def test_another_member_gets_another_quote_too(self, world: World) -> None:
        """Though they weren't shown the first one in a conversation of their own."""
        for number in range(8):
            asks, presses = (world.server.member(f"{name}-{number}") for name in ("asks", "presses"))
            world.general.members |= {asks.user.id, presses.user.id}
            first = await asks.slash(world.general, "/quote", "mira holt").reply()
            second = await presses.clicks(first, "Another").reply()
            assert "Mira Holt" in second.shown
            assert second.shown != first.shown

    @pytest.mark.parametrize("label", ["Helpful", "Not helpful"])
    async def test_feedback_is_thanked_for(self, world: World, label: str) -> None:
        """By Slack's own buttons."""
        answer = await world.asks(HOST)
        assert answer.blocks[-1]["type"] == "context_actions"
        assert (await world.ben.clicks(answer, label).reply()).text == notices.THANKS

    async def test_the_asker_dismisses(self, world: World) -> None:
        """And an admin does; nobody else."""
        answer = await world.asks(HOST)
        assert (await world.ben.clicks(answer, "Dismiss").reply()).text == notices.DISMISS_REFUSED
        await world.replaced(world.ada.clicks(answer, "Dismiss"))
        assert answer.deleted
        other = await world.asks("who directed Low Tide")
        await world.replaced(world.boss.clicks(other, "Dismiss"))
        assert other.deleted

    async def test_explicit_quotes_stay_where_they_may_be(self, world: World) -> None:
        """Also behind a button that was copied elsewhere."""
        old = world.server.plant(world.general, "old", row("h1:reveal:q.on-gulls"))
        assert "beak" not in (await world.ada.clicks(old, "Press").reply()).shown
        loud = world.server.plant(world.loud, "old", row("h1:reveal:q.on-gulls"))
        assert "beak" in (await world.ada.clicks(loud, "Press").reply()).shown

    async def test_who_presses_too_fast_is_told(self, world: World, clock: Clock) -> None:
        """Each time, as they await something."""
        old = world.server.plant(world.general, "old", row("h1:reveal:e.premise"))
        told = [(await world.ada.clicks(old, "Press").reply()).text for _ in range(7)]
        assert ["faster" in text for text in told] == [False] * 5 + [True] * 2
