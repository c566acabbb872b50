"""Signed requests to a bot's own address."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.slack_server import SIGNING_SECRET, Payload, Webhooks, signed
from tests.slack_server.plain import listening
from tests.slack_server.stage import Stage

BODY = json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode()


@pytest.fixture
async def posted(idle: Stage) -> AsyncIterator[Stage]:
    """The stage with the bot at an address of its own."""
    async with listening(idle.server, idle.bot):
        yield idle


def way(stage: Stage) -> Webhooks:
    assert stage.server.webhooks
    return stage.server.webhooks


async def test_everything_comes_through_the_address(posted: Stage) -> None:
    """Events as JSON, commands and interactions as forms, and answers go back."""
    posted.ada.says(posted.general, "hello")
    assert (await posted.bot.heard.next())["event"]["text"] == "hello"

    async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
        await ack(text=f"you said {body['text']}")

    posted.bot.on_use = use
    assert (await posted.ada.slash(posted.general, "/plain", "this & that").reply()).text == "you said this &amp; that"
    assert (await way(posted).verify()).status == 200


async def test_a_failure_is_sent_again(posted: Stage) -> None:
    """With the headers that say so, until the bot asks for no more."""
    way(posted).url += "/nowhere"
    (delivery,) = posted.server.told(posted.ada.says(posted.general, "hello"))
    await posted.server.deliveries.log.until(lambda: delivery.over)
    assert [attempt.why for attempt in delivery.attempts] == ["", "error", "error", "error"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed("wrong", BODY),
        signed(SIGNING_SECRET, BODY + b" "),
        signed(SIGNING_SECRET, BODY, str(int(time.time()) - 400)),
    ],
    ids=["none", "wrong", "of another body", "stale"],
)
async def test_what_is_not_signed_is_refused(posted: Stage, headers: dict[str, str]) -> None:
    """By bolt, to show that the signature is the one that it wants."""
    answer = await way(posted).send(BODY, {**headers, "Content-Type": "application/json"})
    assert answer.status == 401
    right = await way(posted).send(BODY, {**signed(SIGNING_SECRET, BODY), "Content-Type": "application/json"})
    assert right.status == 200
