"""The questions, on both platforms, a tenth of them delivered twice; and what came of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from benchmarks.many import knowledge
from benchmarks.many.stage import Stage
from benchmarks.soaking import SEED
from bot.claims import Claim
from tests import discord_server, slack_server
from tests.discord_server import DiscordServer
from tests.discord_server.model import Intent
from tests.log import Log
from tests.slack_server import SlackServer

__all__ = ["RATE", "Asked", "Asking", "Reply"]

Place = discord_server.Channel | slack_server.Channel

RATE = 4
"""Questions a second, half of them on each platform."""

_AGAIN = 0.1  # share of the events that are delivered twice
_WITHIN = 3.0  # seconds between both


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as a member sees it, and when it was taken, by ``time.perf_counter``."""

    at: float
    shown: str


@dataclass(eq=False)
class Asked:
    """A question.

    Attributes:
        message: as the platform has it.
        expected: how the answer begins.
        at: when it was asked, by ``time.perf_counter``.
    """

    message: discord_server.Message | slack_server.Message
    expected: str
    at: float

    @property
    def key(self) -> bytes:
        """What its claim is kept under."""
        if isinstance(self.message, discord_server.Message):
            return Claim(f"message:{self.message.id}").digest
        place = self.message.channel
        return Claim(f"message:{place.team.id}:{place.id}:{self.message.ts}").digest


class Asking:
    """Asks, and reads the replies.

    Attributes:
        asked: every question.
        repeated: how many were delivered twice.
        began: when the first was asked.
    """

    def __init__(self, stage: Stage) -> None:
        self.asked: list[Asked] = []
        self.repeated = 0
        self.began = time.perf_counter()
        self._stage = stage
        self._choice = random.Random(SEED)
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken: dict[int, float] = {}
        stage.discord.sent.listeners.append(self._note)
        stage.slack.sent.listeners.append(self._note)

    async def go_on(self, until: float) -> None:
        """Asks at a steady rate."""
        began, turns = time.perf_counter(), self._turns()
        number = 0
        while time.perf_counter() < until:
            place, (question, answer) = next(turns)
            await self.ask(place, question, answer)
            number += 1
            await asyncio.sleep(max(began + number / RATE - time.perf_counter(), 0))

    async def ask(self, place: Place, question: str, answer: str) -> Asked:
        """Has somebody ask something somewhere."""
        again = self._choice.random() < _AGAIN
        self.repeated += again
        asked = await (
            self._on_discord(place, question, answer, again=again)
            if isinstance(place, discord_server.Channel)
            else self._on_slack(place, question, answer, again=again)
        )
        self.asked.append(asked)
        return asked

    def replies(self, asked: Asked) -> list[Reply]:
        """All replies to a question."""
        if isinstance(asked.message, discord_server.Message):
            found = [sent for sent in self._stage.discord.sent if sent.reply_to == asked.message.id]
            return [Reply(self._taken[id(sent)], sent.content) for sent in found]
        answers = self._stage.slack.answers(asked.message)
        return [Reply(self._taken[id(sent)], sent.shown) for sent in answers if not sent.deleted]

    async def drain(self, patience: float) -> None:
        """Waits until every question has a reply, or long enough; and for a second one that would be too many."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for asked in self.asked:
                    log: Log[Any] = self._platform(asked).sent
                    await log.until(lambda asked=asked: bool(self.replies(asked)))  # type: ignore[misc]
        await asyncio.sleep(_WITHIN)

    def _note(self, sent: object) -> None:
        self._taken[id(sent)] = time.perf_counter()

    def _platform(self, asked: Asked) -> DiscordServer | SlackServer:
        return self._stage.discord if isinstance(asked.message, discord_server.Message) else self._stage.slack

    def _turns(self) -> Iterator[tuple[Place, tuple[str, str]]]:
        """Both platforms by turns; in one channel the same answer comes again only after all others have."""
        answers = list({answer: (question, answer) for question, answer in knowledge.QUESTIONS}.values())
        for offset in cycle(range(len(answers))):
            for number, places in enumerate(zip(self._stage.rooms, self._stage.channels, strict=True)):
                for place in places:
                    yield place, answers[(offset + number) % len(answers)]

    async def _on_discord(self, place: discord_server.Channel, question: str, answer: str, *, again: bool) -> Asked:
        stage, at = self._stage, time.perf_counter()
        message = await self._choice.choice(stage.guests).mentions(place, question)
        if again:
            self._later(self._discord_again(message))
        return Asked(message, answer, at)

    async def _on_slack(self, place: slack_server.Channel, question: str, answer: str, *, again: bool) -> Asked:
        stage, at = self._stage, time.perf_counter()
        message = self._choice.choice(stage.members).mentions(place, question)
        if again:
            self._later(self._slack_again(message))
        return Asked(message, answer, at)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _discord_again(self, message: discord_server.Message) -> None:
        await asyncio.sleep(self._choice.uniform(0, _WITHIN))
        world = self._stage.discord.world
        await world.dispatch(
            "MESSAGE_CREATE",
            lambda intents: world.event(message, intents),
            message.channel.guild,
            Intent.GUILD_MESSAGES,
        )

    async def _slack_again(self, message: slack_server.Message) -> None:
        await asyncio.sleep(self._choice.uniform(0, _WITHIN))
        for delivery in self._stage.slack.told(message):
            self._stage.slack.deliveries.again(delivery)
