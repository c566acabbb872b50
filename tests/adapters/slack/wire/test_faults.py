"""What goes wrong on the way to Slack and back: one bot process on Socket Mode for all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from tests.adapters.slack.wire.stage import POST, Stage, staged
from tests.slack_server import Delivery, Rules, dropped, rate_limited, refused, server_error

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIRECTOR = "Mira Holt directed Low Tide."
ASKED = "who directed Low Tide?"
SOON = Rules(ack=1.0, retries=(0.0, 0.5, 0.5), ping=1.0)
"""Slack, in more of a hurry: what isn't acknowledged is sent again soon."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(wire_folder: Path, wire_settings: Mapping[str, str]) -> AsyncIterator[Stage]:
    """The workspace with the bot in it, which may read channels."""
    async with staged(wire_folder, wire_settings, SOON, auto_answer=True) as set_up, set_up.bot():
        yield set_up


async def settled(stage: Stage, told: list[Delivery]) -> None:
    """Waits until events are acknowledged, and another question after them is answered."""
    for delivery in told:
        await stage.server.deliveries.acked(delivery)
    await stage.asked("who plays Corwin?")


class TestSending:
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    async def test_a_server_error_loses_no_answer(self, stage: Stage, status: int) -> None:
        """It is sent again."""
        stage.server.api.faults.plan(POST, server_error(status))
        question = stage.ada.mentions(stage.channel(), ASKED)
        assert (await stage.server.answer(question, patience=20)).shown.startswith(DIRECTOR)

    async def test_a_rate_limit_is_waited_for(self, stage: Stage) -> None:
        """As long as Slack says."""
        stage.server.api.faults.plan(POST, rate_limited(1), times=2)
        question = stage.ada.mentions(stage.channel(), ASKED)
        answer = await stage.server.answer(question, patience=20)
        refusals = stage.server.requests.all(lambda request: request.status == 429)
        assert len(refusals) == 2
        assert stage.server.answers(question) == [answer]

    @pytest.mark.parametrize("applied", [False, True])
    async def test_a_line_lost_on_sending_loses_and_doubles_nothing(self, stage: Stage, applied: bool) -> None:  # noqa: FBT001
        """Whether the answer arrived can't be known, so it is looked up before it is sent again."""
        stage.server.api.faults.plan(POST, dropped(applied=applied))
        question = stage.ada.mentions(stage.channel(), ASKED)
        assert (await stage.server.answer(question, patience=20)).shown.startswith(DIRECTOR)
        await settled(stage, stage.server.told(question))
        assert len(stage.server.answers(question)) == 1

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    async def test_a_server_error_after_posting_doubles_nothing(self, stage: Stage, status: int) -> None:
        """The message is there already, and is found."""
        stage.server.api.faults.plan(POST, server_error(status, applied=True))
        question = stage.ada.mentions(stage.channel(), ASKED)
        assert (await stage.server.answer(question, patience=20)).shown.startswith(DIRECTOR)
        await settled(stage, stage.server.told(question))
        assert len(stage.server.answers(question)) == 1

    async def test_an_address_that_fails_loses_no_answer(self, stage: Stage) -> None:
        """Nor the thanks to a press."""
        answer = await stage.asked(ASKED)
        stage.server.api.faults.plan("response_url", server_error(502))
        thanks = await stage.ada.clicks(answer, "Helpful").reply(patience=20)
        assert thanks.viewer is stage.ada.user

    async def test_feedback_falls_back_to_plain_buttons(self, stage: Stage) -> None:
        """Where Slack does not take its own."""
        stage.server.api.faults.plan(POST, refused("invalid_blocks"))
        answer = await stage.asked(ASKED)
        assert {"Helpful", "Not helpful"} <= set(answer.labels)
        assert "feedback_buttons" not in str(answer.blocks)

    async def test_a_burst_is_answered_in_order(self, stage: Stage) -> None:
        """One a second into a channel, each once."""
        channel = stage.channel()
        asked = [ASKED, "who plays Corwin?", "who wrote the music?", "release date"]
        questions = [stage.ada.mentions(channel, text) for text in asked]
        answers = [await stage.server.answer(question, patience=30) for question in questions]
        assert [answer.ts for answer in answers] == sorted(answer.ts for answer in answers)
        assert [len(stage.server.answers(question)) for question in questions] == [1] * len(questions)


class TestHearing:
    async def test_an_event_delivered_again_is_answered_once(self, stage: Stage) -> None:
        """In a new envelope, during the work and after it."""
        question = stage.ada.mentions(stage.channel(), ASKED)
        told = stage.server.told(question)
        for delivery in told:
            stage.server.deliveries.again(delivery)
        await stage.server.answer(question)
        for delivery in told:
            stage.server.deliveries.again(delivery)
        await stage.server.deliveries.log.until(
            lambda: all(sum(a.took is not None for a in delivery.attempts) == 3 for delivery in told)
        )
        await settled(stage, told)
        assert len(stage.server.answers(question)) == 1

    async def test_a_mention_that_comes_as_a_message_too_is_answered_once(self, stage: Stage) -> None:
        """The app may read channels here, so that both come."""
        question = stage.ada.mentions(stage.channel(), ASKED)
        told = stage.server.told(question)
        assert len(told) == 2
        await stage.server.answer(question)
        await settled(stage, told)
        assert len(stage.server.answers(question)) == 1

    @pytest.mark.parametrize("how", ["warning", "refresh_requested", "drop"])
    async def test_a_socket_that_ends_is_opened_anew(self, stage: Stage, how: str) -> None:
        """What was asked before and meanwhile is answered once."""
        last = stage.server.sockets.last
        before = stage.ada.mentions(stage.channel(), ASKED)
        if how == "drop":
            await stage.server.sockets.drop()
        else:
            await stage.server.sockets.disconnect(how, close=how != "warning")
        meanwhile = stage.ada.mentions(stage.channel(), ASKED)
        await stage.server.sockets.renewed(last, patience=30)
        for question in (before, meanwhile):
            await stage.server.answer(question, patience=30)
        await settled(stage, [])
        assert [len(stage.server.answers(question)) for question in (before, meanwhile)] == [1, 1]

    async def test_a_refused_address_is_asked_for_anew(self, stage: Stage) -> None:
        """Slack is away for a moment."""
        sockets = stage.server.sockets
        last, turned_away = sockets.last, len(sockets.turned_away)
        sockets.down = True
        await sockets.drop()
        await sockets.turned_away.until(lambda: len(sockets.turned_away) > turned_away)
        sockets.down = False
        await sockets.renewed(last, patience=60)
        assert (await stage.asked(ASKED)).shown.startswith(DIRECTOR)

    async def test_a_half_open_socket_is_noticed(self, stage: Stage) -> None:
        """Nobody tells the bot; no pong comes."""
        last = stage.server.sockets.last
        for connection in stage.server.sockets.connected:
            connection.half_open = True
        await stage.server.sockets.renewed(last, patience=60)
        assert (await stage.asked(ASKED)).shown.startswith(DIRECTOR)
