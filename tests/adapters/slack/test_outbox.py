"""The outbox: one message a second into each channel, in order."""

from __future__ import annotations

import asyncio

import aiohttp

from adapters.slack.endpoints import web_client
from adapters.slack.outbox import Outbox
from adapters.slack.render import notice
from tests.slack_server import SlackServer
from tests.slack_server.exchange import rate_limited
from tests.slack_server.server import BOT_TOKEN
from tests.support import Clock


async def test_a_burst_keeps_its_order_and_pace(server: SlackServer) -> None:
    """Even where one of it is refused at first; another channel doesn't wait for it."""
    clock, slept = Clock(), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds
        await asyncio.sleep(0)

    server.rules.burst = 100
    server.api.faults.plan("chat.postMessage", rate_limited(1))
    one, two = (server.world.channel(server.team, name) for name in ("one", "two"))
    async with aiohttp.ClientSession() as session:
        client, outbox = web_client(server.api_url, session, BOT_TOKEN), Outbox(session, 1.0, clock, sleep)
        posts = [outbox.post(client, one.id, notice(f"n{number}"), None) for number in range(4)]
        await asyncio.gather(*posts, outbox.post(client, two.id, notice("other"), None))
    assert [sent.text for sent in server.sent.all() if sent.channel is one] == ["n0", "n1", "n2", "n3"]
    assert len(slept) == 3
    assert all(0.9 < seconds <= 1.0 for seconds in slept)
