"""Another process died over a question, or is at it: what Slack delivers to one of several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from adapters.slack.desk import PLATFORM
from adapters.slack.questions import Questions
from adapters.slack.render import notice
from bot.claims import LEASE, Claim, Job
from bot.host import Host
from bot.store.breaker import Breaker
from bot.store.claims import SharedClaims
from bot.store.database import Database, address
from tests.adapters.slack.support import World
from tests.slack_server.model import Message
from tests.support import Clock

HOST = "who moderated the harbor talk"
HOST_ANSWER = "Ada Stone moderated the harbor talk."


@pytest.fixture
def host(one_of_several: Host) -> Host:
    """Herald in one of several processes."""
    return one_of_several


async def claimed(world: World, dead: SharedClaims) -> tuple[Message, dict[str, Any]]:
    """A question that only the other process was told of, and claimed; with what it was told."""
    told: list[dict[str, Any]] = []
    tell, world.server.world.tell = world.server.world.tell, told.append
    question = world.ada.mentions(world.general, HOST)
    world.server.world.tell = tell
    job = Job(PLATFORM, {"team": world.server.team.id, "key": [None, world.server.team.id], "event": told[0]["event"]})
    assert await dead.take(Claim(f"message:{asked(world, question)}", job))
    return question, told[0]


def asked(world: World, question: Message) -> str:
    """How a question is named."""
    return f"{world.server.team.id}:{world.general.id}:{question.ts}"


async def swept(world: World) -> int:
    """Looks for what was left, once; how much there was."""
    questions = Questions(world.desk, frozenset())
    left = partial(questions.left, me=world.server.team.bot.id, client=world.desk_client)
    jobs = await world.desk.claims.stranded(PLATFORM)
    for job in jobs:
        await left(job.payload)
    await world.settled()
    return len(jobs)


async def test_what_a_process_died_over_is_answered(world: World, dead: SharedClaims, clock: Clock) -> None:
    """As soon as its lease has run out, and once."""
    question, _ = await claimed(world, dead)
    assert await swept(world) == 0
    clock.now += LEASE + 0.1
    assert await swept(world) == 1
    assert await swept(world) == 0
    (answer,) = world.server.answers(question)
    assert answer.text.startswith(HOST_ANSWER)


async def test_what_it_posted_is_not_posted_again(world: World, dead: SharedClaims, clock: Clock) -> None:
    """It died before it could say so, which the message itself tells."""
    question, _ = await claimed(world, dead)
    name = asked(world, question)
    await world.desk.outbox.post(world.desk_client, world.general.id, notice(HOST_ANSWER), question.ts, name)
    clock.now += LEASE + 0.1
    assert await swept(world) == 1
    assert len(world.server.answers(question)) == 1
    assert await swept(world) == 0


async def test_what_another_process_is_at_is_left_to_it(world: World, dead: SharedClaims) -> None:
    """Though Slack tells both."""
    question, told = await claimed(world, dead)
    await world.server.deliveries.acked(world.server.deliveries.send("events_api", told))
    await world.settled()
    assert world.server.answers(question) == []


async def test_it_is_answered_though_the_member_asks_too_fast(world: World, dead: SharedClaims, clock: Clock) -> None:
    """The process that died had counted the question."""
    question, _ = await claimed(world, dead)
    clock.now += LEASE + 0.1
    for _ in range(5):
        assert await world.desk.host.limits.take((world.server.team.id, world.ada.user.id), "room") is None
    assert await swept(world) == 1
    assert len(world.server.answers(question)) == 1


class TestUntold:
    """While the database is down nobody else knows what this process has taken."""

    @pytest.fixture
    async def breaker(self, clock: Clock) -> AsyncIterator[Breaker]:
        """Of a database that is away."""
        away = Database(address("postgresql://u@127.0.0.1:1/name"))
        yield Breaker(away, clock)
        await away.close()

    async def test_slack_is_told_when_it_is_answered(self, world: World) -> None:
        """Should this process die before, Slack tells another."""
        question = world.ada.mentions(world.general, HOST)
        told = world.server.told(question)
        for delivery in told:
            await world.server.deliveries.acked(delivery)
        (answer,) = world.server.answers(question)
        assert answer.text.startswith(HOST_ANSWER)

    async def test_two_that_answer_at_once_leave_one_answer(self, world: World, breaker: Breaker, clock: Clock) -> None:
        """Whose came later takes it away."""
        other = SharedClaims(breaker, clock)
        question, told = await claimed(world, other)
        name = asked(world, question)
        client, outbox = world.desk_client, world.desk.outbox
        posts = [
            outbox.post(client, world.general.id, notice(HOST_ANSWER), question.ts, name, doubt=lambda: True)
            for _ in range(2)
        ]
        first, second = await asyncio.gather(*posts)
        assert first == second
        await world.server.deliveries.acked(world.server.deliveries.send("events_api", told))
        await world.settled()
        left = [message for message in world.server.answers(question) if not message.deleted]
        assert [message.ts for message in left] == [first]
