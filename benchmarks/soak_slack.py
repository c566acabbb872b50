"""``make soak``: Herald under load on a loopback Slack, while its knowledge base is edited and reloaded.

The bot runs in a process of its own on Socket Mode; this one is Slack and its members. A tenth of the events is
delivered twice, and every ten seconds the line is cut. A latency is the time from the first attempt to deliver a
question to the arrival of the request that answers it; questions that wait for a new line and for their channel's turn
are among them. Slack's pauses between retries, a minute and five, are shortened. Ends with status 1 where a target is
missed.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from adapters.slack.manifest import manifest
from benchmarks import soak_knowledge
from benchmarks.soaking import RATE, SEED, Reloads, arguments, ended, paced, percentiles, variables
from tests.adapters.slack.wire.process import bot_process
from tests.slack_server import Channel, Delivery, Member, Rules, SlackServer

__all__ = ["main"]

CHANNELS, MEMBERS = 60, 40  # each channel takes an answer a second
AGAIN = 0.1  # share of events that are delivered twice
AGAIN_WITHIN = 3.0
DROP_EVERY = 10.0
DROP_FIRST = 7.5  # between two reloads, as a command that finds no line is not sent again
RELOAD_MOST = 120.0  # seconds; it gives way to everything else, so that a busy machine makes it slow
RETRIES = (0.0, 2.0, 5.0)
ACK_P99_MS = 200.0
DRAIN = 30.0  # seconds to wait for answers after the last question


@dataclass
class Load:
    """What was done, and what it took.

    Attributes:
        asked: when each question was sent, and how it was told, by the time of its message.
        repeated: events that were delivered twice.
        drops: how often the line was cut.
    """

    asked: dict[str, tuple[float, Delivery]] = field(default_factory=dict)
    repeated: int = 0
    drops: int = 0
    reloads: Reloads = field(default_factory=Reloads)


@dataclass
class Stage:
    """The loopback Slack with its members."""

    server: SlackServer
    channels: list[Channel]
    members: list[Member]
    admin: Member
    folder: Path


def main() -> None:
    """Soaks and prints."""
    given = arguments("Puts Herald on a loopback Slack under load.").parse_args()
    sys.exit(asyncio.run(soak(given.seconds, encoder=not given.no_encoder)))


async def soak(seconds: float, *, encoder: bool) -> int:
    """Runs the whole; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="herald-soak-") as folder:
        async with SlackServer(manifest(), rules=Rules(retries=RETRIES)) as server:
            stage = _staged(server, soak_knowledge.write(Path(folder) / "kb"))
            settings = variables(stage.folder, Path(folder) / "cache", encoder=encoder)
            async with bot_process(server, Path(folder), settings) as bot:
                load = await _loaded(stage, seconds)
                met = _report(stage, load, seconds)
                met &= await ended(bot)
    return 0 if met else 1


def _staged(server: SlackServer, folder: Path) -> Stage:
    members = [server.member(f"member{number}") for number in range(MEMBERS)]
    admin = server.member("admin", admin=True)
    channels = [server.world.channel(server.team, f"room-{number}") for number in range(CHANNELS)]
    return Stage(server, channels, members, admin, folder)


async def _loaded(stage: Stage, seconds: float) -> Load:
    load = Load()
    for channel in stage.channels[:5]:  # the first answers load what is loaded late, and are not counted
        await stage.server.answer(stage.members[0].mentions(channel, "hello"), patience=60)
    until = time.perf_counter() + seconds
    reloading = load.reloads.go_on(stage.folder, until, partial(_reloaded, stage))
    await asyncio.gather(_ask(stage, load, seconds), reloading, _drop(stage, load, until))
    await _drained(stage, load)
    return load


async def _ask(stage: Stage, load: Load, seconds: float) -> None:
    choice = random.Random(SEED)
    async for _ in paced(seconds):
        member, channel = choice.choice(stage.members), choice.choice(stage.channels)
        sent = time.perf_counter()
        message = member.mentions(channel, choice.choice(soak_knowledge.QUESTIONS))
        (delivery,) = stage.server.told(message)
        load.asked[message.ts] = (sent, delivery)
        if choice.random() < AGAIN:
            load.repeated += 1
            stage.server.deliveries.spawn(_again(stage, delivery, choice.uniform(0, AGAIN_WITHIN)))


async def _again(stage: Stage, delivery: Delivery, pause: float) -> None:
    await asyncio.sleep(pause)
    stage.server.deliveries.again(delivery)


async def _drop(stage: Stage, load: Load, until: float) -> None:
    """Cuts the line every ten seconds."""
    await asyncio.sleep(DROP_FIRST)
    while time.perf_counter() < until:
        await stage.server.sockets.drop()
        load.drops += 1
        await asyncio.sleep(DROP_EVERY)


async def _reloaded(stage: Stage) -> str:
    """Uses the command as soon as there is a line, and gives what it says."""
    sockets = stage.server.sockets
    while not sockets.connected:
        await sockets.renewed(sockets.last, patience=60)
    try:
        return (await stage.admin.slash(stage.admin.dm, "/herald", "reload").reply(RELOAD_MOST)).shown
    except AssertionError as error:
        return str(error)


async def _drained(stage: Stage, load: Load) -> None:
    """Waits until every question is answered and everything delivered, or long enough."""
    told = [delivery for _, delivery in load.asked.values()]
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            await stage.server.deliveries.log.until(lambda: all(delivery.over for delivery in told))
            await stage.server.sent.until(lambda: len(_replies(stage, load)) == len(load.asked))
            await asyncio.sleep(AGAIN_WITHIN)  # what is answered twice is answered late


def _replies(stage: Stage, load: Load) -> Counter[str]:
    """How often each question was answered."""
    return Counter(sent.thread for sent in stage.server.sent if sent.thread in load.asked)


def _latencies(stage: Stage, load: Load) -> list[float]:
    """Milliseconds to the first request that answers each question, in order."""
    arrived: dict[str, float] = {}
    for request in stage.server.requests:
        if request.is_(r"chat\.post(Message|Ephemeral)"):
            arrived.setdefault(str(request.args.get("thread_ts")), request.at)
    return sorted((arrived[ts] - sent) * 1000 for ts, (sent, _) in load.asked.items() if ts in arrived)


def _report(stage: Stage, load: Load, seconds: float) -> bool:
    """Prints the figures; whether they are good enough."""
    replies, spent = _replies(stage, load), _latencies(stage, load)
    attempts = [attempt for _, delivery in load.asked.values() for attempt in delivery.attempts]
    acks = sorted(attempt.took * 1000 for attempt in attempts if attempt.took is not None)
    lost, doubled = len(load.asked) - len(replies), sum(count > 1 for count in replies.values())
    failed = Counter(request.error or request.status for request in stage.server.requests if not request.ok)
    print(f"{seconds:g} s, {RATE} questions a second, {CHANNELS} channels, {MEMBERS} members")
    print(f"asked {len(load.asked)}  answered {len(replies)}  lost {lost}  doubled {doubled}")
    print(f"delivered twice {load.repeated}  line cut {load.drops}  not acknowledged {len(attempts) - len(acks)}")
    (p50, p99), (ack50, ack99) = percentiles(spent), percentiles(acks)
    print(f"ms to the acknowledgement: p50 {ack50:.1f}  p99 {ack99:.1f}  most {acks[-1] if acks else 0:.1f}")
    print(f"ms from event to answer: p50 {p50:.1f}  p99 {p99:.1f}  most {spent[-1] if spent else 0:.1f}")
    print(f"{load.reloads}  API errors {dict(failed)}")
    for line in [*load.reloads.refused, *stage.server.problems][:5]:
        print(f"  {line}")
    return bool(spent) and not (
        lost or doubled or failed or load.reloads.refused or stage.server.problems or ack99 > ACK_P99_MS
    )


if __name__ == "__main__":
    main()
