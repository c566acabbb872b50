"""The outbox: one message a second into each channel, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.endpoints import web_client
from adapters.slack.manifest import manifest
from adapters.slack.outbox import Outbox
from adapters.slack.render import notice
from tests.slack_server import BlockKit, SlackServer
from tests.slack_server.exchange import Fault, dropped, rate_limited, refused, server_error
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


class TestLostReplies:
    """In a channel that Herald may not read, as with the least scopes."""

    @pytest.fixture
    async def least(self, schema: BlockKit) -> AsyncIterator[SlackServer]:
        """A Slack in which Herald may read direct messages alone."""
        async with SlackServer(manifest(), schema=schema) as made:
            yield made
            assert made.problems == []

    async def posted(self, server: SlackServer, *asked: str) -> list[str]:
        """What stands in a channel after Herald posted an answer to each."""
        channel = server.world.channel(server.team, "general")
        async with aiohttp.ClientSession() as session:
            client, outbox = web_client(server.api_url, session, BOT_TOKEN), Outbox(session, 0.0, sleep=at_once)
            for number, name in enumerate(asked):
                ts = await outbox.post(client, channel.id, notice(f"n{number}"), None, name)
                assert ts in channel.messages
        return [message.text for message in channel.messages.values()]

    @pytest.mark.parametrize("fault", [dropped(applied=True), server_error(502, applied=True)], ids=["dropped", "502"])
    @pytest.mark.parametrize("asked", ["T1:C1:1.1", ""], ids=["a question", "anything"])
    async def test_a_message_sent_again_is_the_same(self, least: SlackServer, fault: Fault, asked: str) -> None:
        """Slack knows it by its id; nothing of the channel is read."""
        least.api.faults.plan("chat.postMessage", fault)
        assert await self.posted(least, asked, "") == ["n0", "n1"]

    async def test_two_processes_that_answer_one_question_post_one_answer(self, least: SlackServer) -> None:
        """Such as the second that takes over from one that ended in between."""
        assert await self.posted(least, "T1:C1:1.1", "T1:C1:1.1") == ["n0"]

    async def test_where_slack_does_not_heed_the_id_nothing_is_lost(self, least: SlackServer) -> None:
        """It stands there twice, as docs/slack.md says."""
        least.rules.repeats = False
        least.api.faults.plan("chat.postMessage", dropped(applied=True))
        assert await self.posted(least, "T1:C1:1.1") == ["n0", "n0"]

    @pytest.mark.parametrize("word", ["duplicate_message_not_found", "duplicate_channel_not_found"])
    async def test_what_was_taken_away_meanwhile_is_posted_anew(self, least: SlackServer, word: str) -> None:
        """Slack says that there is no such message any more."""
        least.api.faults.plan("chat.postMessage", refused(word))
        assert await self.posted(least, "T1:C1:1.1") == ["n0"]


async def at_once(seconds: float) -> None:
    """Doesn't wait."""
