"""``make soak``: Herald under load on a loopback Discord, while its knowledge base is edited and reloaded.

The bot runs in a process of its own; this one is Discord and its members. A latency is the time from the moment that
the gateway sends a question to the arrival of the request that answers it. Ends with status 1 where a target is missed.
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

from benchmarks import soak_knowledge
from benchmarks.soaking import RATE, SEED, Reloads, arguments, ended, paced, percentiles, variables
from tests.adapters.discord.wire.process import bot_process
from tests.discord_server import Channel, DiscordServer, Member, Message, Permission

__all__ = ["main"]

CHANNELS, MEMBERS = 8, 40
RELOAD_MOST = 120.0  # seconds; it gives way to everything else, so that a busy machine makes it slow
P99_MS = 60.0
DRAIN = 15.0  # seconds to wait for answers after the last question


@dataclass
class Load:
    """What was done, and what it took.

    Attributes:
        asked: when each question was sent, by the id of its message.
    """

    asked: dict[int, float] = field(default_factory=dict)
    reloads: Reloads = field(default_factory=Reloads)


@dataclass
class Stage:
    """The loopback Discord with its members."""

    server: DiscordServer
    channels: list[Channel]
    members: list[Member]
    admin: Member
    folder: Path


def main() -> None:
    """Soaks and prints."""
    parser = arguments("Puts Herald on a loopback Discord under load.")
    parser.add_argument("--no-reload", action="store_true", help="leave the knowledge base alone")
    given = parser.parse_args()
    sys.exit(asyncio.run(soak(given.seconds, encoder=not given.no_encoder, reloads=not given.no_reload)))


async def soak(seconds: float, *, encoder: bool, reloads: bool) -> int:
    """Runs the whole; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="herald-soak-") as folder:
        async with DiscordServer() as server:
            stage = _staged(server, soak_knowledge.write(Path(folder) / "kb"))
            settings = variables(stage.folder, Path(folder) / "cache", encoder=encoder)
            async with bot_process(server, Path(folder), settings) as bot:
                load = await _loaded(stage, seconds, reloads=reloads)
                met = _report(stage, load, seconds)
                met &= await ended(bot)
    return 0 if met else 1


def _staged(server: DiscordServer, folder: Path) -> Stage:
    guild = server.world.guild("Soak")
    channels = [server.world.channel(guild, f"room-{number}") for number in range(CHANNELS)]
    members = [server.member(f"member{number}", guild) for number in range(MEMBERS)]
    return Stage(server, channels, members, server.member("admin", guild, permissions=Permission.MANAGE_GUILD), folder)


async def _loaded(stage: Stage, seconds: float, *, reloads: bool) -> Load:
    load = Load()
    for channel in stage.channels:  # the first answers load what is loaded late, and are not counted
        await stage.server.answer(await stage.members[0].mentions(channel, "hello"), patience=60)
    until = time.perf_counter() + seconds
    reloading = load.reloads.go_on(stage.folder, until, partial(_reloaded, stage)) if reloads else None
    await asyncio.gather(_ask(stage, load, seconds), *filter(None, [reloading]))
    await _drained(stage, load)
    return load


async def _ask(stage: Stage, load: Load, seconds: float) -> None:
    choice = random.Random(SEED)
    async for _ in paced(seconds):
        member, channel = choice.choice(stage.members), choice.choice(stage.channels)
        sent = time.perf_counter()
        message = await member.mentions(channel, choice.choice(soak_knowledge.QUESTIONS))
        load.asked[message.id] = sent


async def _reloaded(stage: Stage) -> str:
    """Uses the command, and gives what it says."""
    used = await stage.admin.slash(stage.channels[0], "herald reload")
    try:
        return (await used.reply(RELOAD_MOST)).content
    except AssertionError as error:
        return str(error)


async def _drained(stage: Stage, load: Load) -> None:
    """Waits until every question is answered, or long enough."""
    replies = _replies(stage, load)
    with suppress(TimeoutError, AssertionError):
        async with asyncio.timeout(DRAIN):
            for number in load.asked.keys() - replies.keys():
                await stage.server.sent.next(partial(_is_reply, number), DRAIN)


def _is_reply(question: int, sent: Message) -> bool:
    return sent.reply_to == question


def _replies(stage: Stage, load: Load) -> Counter[int]:
    """How often each question was answered."""
    return Counter(sent.reply_to for sent in stage.server.sent if sent.reply_to in load.asked)


def _latencies(stage: Stage, load: Load) -> list[float]:
    """Milliseconds to the first request that answers each question, in order."""
    arrived: dict[int, float] = {}
    for request in stage.server.requests:
        if request.is_("POST", r"/channels/\d+/messages"):
            question = int((request.body.get("message_reference") or {}).get("message_id", 0))
            arrived.setdefault(question, request.at)
    return sorted((arrived[number] - sent) * 1000 for number, sent in load.asked.items() if number in arrived)


def _report(stage: Stage, load: Load, seconds: float) -> bool:
    """Prints the figures; whether they are good enough."""
    replies, spent = _replies(stage, load), _latencies(stage, load)
    links = sum("/channels/" in sent.content for sent in stage.server.sent if sent.reply_to in load.asked)
    lost, doubled = len(load.asked) - len(replies), sum(count > 1 for count in replies.values())
    failed = Counter(request.status for request in stage.server.requests if request.status >= 400)
    print(f"{seconds:g} s, {RATE} questions a second, {CHANNELS} channels, {MEMBERS} members")
    print(f"sent {len(load.asked)}  answered {len(replies)} ({links} by a link)  lost {lost}  doubled {doubled}")
    p50, p99 = percentiles(spent)
    print(f"ms from gateway message to REST send: p50 {p50:.1f}  p99 {p99:.1f}  most {spent[-1] if spent else 0:.1f}")
    print(f"{load.reloads}  REST errors {dict(failed)}")
    for line in [*load.reloads.refused, *stage.server.problems][:5]:
        print(f"  {line}")
    return bool(spent) and not (lost or doubled or failed or load.reloads.refused or p99 > P99_MS)


if __name__ == "__main__":
    main()
