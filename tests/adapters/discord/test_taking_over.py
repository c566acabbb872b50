"""Another process died over a question, or is at it: two that get the same events of Discord."""

from __future__ import annotations

from dataclasses import asdict

import discord
import pytest

from adapters.discord import places
from adapters.discord.desk import PLATFORM
from adapters.discord.questions import Question
from bot.claims import LEASE, Claim, Job
from bot.host import Host
from bot.store.claims import SharedClaims
from tests.adapters.discord.support import Clock, World

HOST = "who moderated the harbor talk"
HOST_ANSWER = "Ada Stone moderated the harbor talk."


@pytest.fixture
def host(one_of_several: Host) -> Host:
    """Herald in one of several processes."""
    return one_of_several


async def claimed(world: World, dead: SharedClaims) -> tuple[discord.Message, Job]:
    """A question that only the other process was told of, and claimed."""
    question = await world.ada.send(world.channel, HOST)  # without a mention this one leaves it alone
    asked = Question(places.of_message(question), question.id, question.id, HOST, bare=False, known=True)
    job = Job(PLATFORM, asdict(asked))
    assert await dead.take(Claim(f"message:{question.id}", job))
    return question, job


async def swept(world: World) -> int:
    """Looks for what was left, once; how much there was."""
    jobs = await world.client.desk.claims.stranded(PLATFORM)
    for job in jobs:
        await world.client.questions.left(job.payload)
    return len(jobs)


async def test_what_a_process_died_over_is_answered(world: World, dead: SharedClaims, clock: Clock) -> None:
    """As soon as its lease has run out, and once; as a reply to the question."""
    question, _ = await claimed(world, dead)
    assert await swept(world) == 0
    clock.now += LEASE + 0.1
    assert await swept(world) == 1
    assert await swept(world) == 0
    (answer,) = world.answers()
    assert answer.content.startswith(HOST_ANSWER)
    assert answer.reference
    assert answer.reference.message_id == question.id


async def test_what_it_posted_is_not_posted_again(world: World, dead: SharedClaims, clock: Clock) -> None:
    """The question's id goes along, by which Discord takes an answer once."""
    await claimed(world, dead)
    clock.now += LEASE + 0.1
    await swept(world)
    (sent,) = [r for r in world.env.http_requests if r.method == "POST" and r.path.endswith("/messages")]
    assert sent.json
    assert sent.json["enforce_nonce"]
    assert str(sent.json["nonce"]) == str(sent.json["message_reference"]["message_id"])


async def test_what_is_kept_is_deleted_with_the_answer(world: World, dead: SharedClaims, clock: Clock) -> None:
    """And what is taken over can be read back as it was."""
    _, job = await claimed(world, dead)
    assert asdict(Question.read(job.payload)) == job.payload
    clock.now += LEASE + 0.1
    await swept(world)
    clock.now += LEASE + 0.1
    assert await swept(world) == 0


async def test_an_event_that_both_get_is_served_by_one(world: World, dead: SharedClaims) -> None:
    """A command or a button too, which Discord would refuse the second time."""
    served: list[str] = []

    async def work() -> None:
        served.append("here")

    async def apologize(line: str) -> None:
        served.append(line)

    assert await dead.take(Claim("interaction:1"))
    await world.client.desk.once(Claim("interaction:1"), work, apologize)
    assert served == []
    await world.client.desk.once(Claim("interaction:2"), work, apologize)
    assert served == ["here"]
