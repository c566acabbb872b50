"""The questions, on both platforms, a tenth of them delivered twice; and what came of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.many import knowledge
from benchmarks.many.stage import Stage
from benchmarks.soaking import SEED
from bot.claims import Claim
from tests import discord_server, slack_server
from tests.discord_server.model import Intent

__all__ = ["RATE", "Asked", "Asking", "Reply"]

RATE = 8
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


@dataclass
class Asking:
    """Asks, and reads the replies."""

    stage: Stage
    asked: list[Asked] = field(default_factory=list)
    repeated: int = 0
    _choice: random.Random = field(default_factory=lambda: random.Random(SEED))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def go_on(self, until: float) -> None:
        """Asks at a steady rate."""
        began, turns = time.perf_counter(), self._turns()
        number = 0
        while time.perf_counter() < until:
            place, (question, answer) = next(turns)
            await self.ask(place, question, answer)
            number += 1
            await asyncio.sleep(max(began + number / RATE - time.perf_counter(), 0))

    async def ask(self, place: discord_server.Channel | slack_server.Channel, question: str, answer: str) -> Asked:
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
            found = [sent for sent in self.stage.discord.sent if sent.reply_to == asked.message.id]
            return [Reply(self._taken[id(sent)], sent.content) for sent in found]
        answers = self.stage.slack.answers(asked.message)
        return [Reply(self._taken[id(sent)], sent.shown) for sent in answers]

    async def drain(self, patience: float) -> None:
        """Waits until every question has a reply, or long enough; and for a second one that would be too many."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until and not all(self.replies(asked) for asked in self.asked):
            await asyncio.sleep(0.2)
        await asyncio.sleep(_WITHIN)

    def __post_init__(self) -> None:
        self._taken: dict[int, float] = {}
        for log in (self.stage.discord.sent, self.stage.slack.sent):
            log.listeners.append(self._note)

    def _note(self, sent: object) -> None:
        self._taken[id(sent)] = time.perf_counter()

    def _turns(
        self,
    ) -> Iterator[tuple[discord_server.Channel | slack_server.Channel, tuple[str, str]]]:
        """Both platforms by turns; in one channel the same answer comes again only after all others have."""
        rooms, channels = self._mixed(self.stage.rooms), self._mixed(self.stage.channels)
        while True:
            yield next(rooms)
            yield next(channels)

    def _mixed(self, places: list) -> Iterator:  # type: ignore[type-arg]
        answers = list({answer: (question, answer) for question, answer in knowledge.QUESTIONS}.values())
        for offset in cycle(range(len(answers))):
            for number, place in enumerate(places):
                yield place, answers[(offset + number) % len(answers)]

    async def _on_discord(self, place: discord_server.Channel, question: str, answer: str, *, again: bool) -> Asked:
        stage, at = self.stage, time.perf_counter()
        message = await self._choice.choice(stage.guests).mentions(place, question)
        if again:
            self._later(self._discord_again(message))
        return Asked(message, answer, at)

    async def _on_slack(self, place: slack_server.Channel, question: str, answer: str, *, again: bool) -> Asked:
        stage, at = self.stage, time.perf_counter()
        message = self._choice.choice(stage.members).mentions(place, question)
        if again:
            self._later(self._slack_again(message))
        return Asked(message, answer, at)

    def _later(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _discord_again(self, message: discord_server.Message) -> None:
        await asyncio.sleep(self._choice.uniform(0, _WITHIN))
        world = self.stage.discord.world
        await world.dispatch(
            "MESSAGE_CREATE",
            lambda intents: world.event(message, intents),
            message.channel.guild,
            Intent.GUILD_MESSAGES,
        )

    async def _slack_again(self, message: slack_server.Message) -> None:
        await asyncio.sleep(self._choice.uniform(0, _WITHIN))
        for delivery in self.stage.slack.told(message):
            self.stage.slack.deliveries.again(delivery)
