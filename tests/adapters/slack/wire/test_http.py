"""Signed requests over the wire: one bot process at an address of its own for all tests here."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from tests.adapters.slack.wire.stage import Stage, staged
from tests.slack_server import SIGNING_SECRET, Answer, Webhooks, signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "Ada Stone moderated the harbor talk."
ASKED = "who moderated the harbor talk?"
BODY = json.dumps({"type": "event_callback", "event": {"type": "app_mention"}}).encode()
JSON = {"Content-Type": "application/json"}
HUGE = 1_000_001


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(wire_folder: Path, wire_settings: Mapping[str, str]) -> AsyncIterator[Stage]:
    """The workspace with the bot in it."""
    async with staged(wire_folder, wire_settings) as set_up, set_up.bot(http=True):
        yield set_up


async def sent(stage: Stage, body: bytes, headers: Mapping[str, str]) -> Answer:
    """What the bot answers to a request."""
    way = stage.server.webhooks
    assert isinstance(way, Webhooks)
    return await way.send(body, {**JSON, **headers})


class TestService:
    async def test_a_mention_is_answered(self, stage: Stage) -> None:
        """And acknowledged at once."""
        question = stage.ada.mentions(stage.channel(), ASKED)
        assert (await stage.server.answer(question)).shown.startswith(HOST)
        (delivery,) = stage.server.told(question)
        assert delivery.took < 1

    async def test_commands_and_presses_come_as_forms(self, stage: Stage) -> None:
        """And modals, with what completes them."""
        reply = await stage.ada.slash(stage.channel(), "/ask", ASKED).reply()
        assert reply.shown.startswith(HOST)
        assert "Night at the harbor" in (await stage.ben.clicks(reply, "Source").reply()).shown
        view = await stage.ada.slash(stage.channel(), "/quote").shown()
        assert ("Tom Quill", "tom-quill") in await stage.ada.completes(view, "speaker", "qui")

    async def test_the_address_is_verified(self, stage: Stage) -> None:
        """Slack's challenge is answered."""
        assert stage.server.webhooks
        answer = await stage.server.webhooks.verify()
        assert (answer.status, "a challenge" in answer.body) == (200, True)

    async def test_a_retry_is_answered_once(self, stage: Stage) -> None:
        """The acknowledgement of the first was lost."""
        question = stage.ada.mentions(stage.channel(), ASKED)
        (delivery,) = stage.server.told(question)
        stage.server.deliveries.again(delivery)
        await stage.server.answer(question)
        await stage.server.deliveries.log.until(
            lambda: [attempt.took is not None for attempt in delivery.attempts] == [True, True]
        )
        await stage.asked("who plays Corwin?")
        assert len(stage.server.answers(question)) == 1


class TestSignature:
    @pytest.mark.parametrize(
        "headers",
        [
            dict,
            lambda: {"X-Slack-Signature": signed(SIGNING_SECRET, BODY)["X-Slack-Signature"]},
            lambda: {"X-Slack-Request-Timestamp": signed(SIGNING_SECRET, BODY)["X-Slack-Request-Timestamp"]},
            lambda: signed("wrong", BODY),
            lambda: signed(SIGNING_SECRET, BODY + b" "),
            lambda: signed(SIGNING_SECRET, BODY, str(int(time.time()) - 600)),
            lambda: signed(SIGNING_SECRET, BODY, str(int(time.time()) + 600)),
            lambda: signed(SIGNING_SECRET, BODY, "soon"),
            lambda: signed(SIGNING_SECRET, BODY, "²"),
            lambda: signed(SIGNING_SECRET, BODY, ""),
            lambda: signed(SIGNING_SECRET, BODY) | {"X-Slack-Signature": "v0=é"},
            lambda: signed(SIGNING_SECRET, BODY) | {"X-Slack-Signature": "v0="},
        ],
        ids=[
            "unsigned", "no time", "no signature", "wrong secret", "other body", "stale", "future", "no number",
            "no digit", "empty time", "not ASCII", "empty",
        ],
    )  # fmt: skip
    async def test_what_slack_did_not_sign_is_refused(
        self, stage: Stage, headers: Callable[[], Mapping[str, str]]
    ) -> None:
        """With 401, whatever comes."""
        assert (await sent(stage, BODY, headers())).status == 401

    async def test_a_challenge_without_a_signature_is_refused(self, stage: Stage) -> None:
        """Though it would be harmless to answer."""
        body = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
        assert (await sent(stage, body, {})).status == 401

    @pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[]", b"null"], ids=repr)
    async def test_a_broken_body_is_never_an_error_of_the_bot(self, stage: Stage, body: bytes) -> None:
        """Signed or not."""
        assert (await sent(stage, body, {})).status in (400, 401)
        assert (await sent(stage, body, signed(SIGNING_SECRET, body))).status in (400, 404)

    async def test_a_huge_body_is_refused_unread(self, stage: Stage) -> None:
        """Over a megabyte."""
        body = b"x" * HUGE
        assert (await sent(stage, body, signed(SIGNING_SECRET, body))).status in (400, 413)

    async def test_all_went_on_working(self, stage: Stage) -> None:
        """After all that."""
        assert (await stage.asked(ASKED)).shown.startswith(HOST)
