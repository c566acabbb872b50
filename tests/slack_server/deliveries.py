"""What Slack tells the bot, and whether the bot acknowledged it in time.

Follows docs.slack.dev/apis/events-api ("Responding to events", "Retries"): an event that isn't acknowledged within
three seconds is sent again up to three times, saying which retry it is and why; what members do is sent once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.log import PATIENCE, Log
from tests.slack_server.model import Payload
from tests.slack_server.rules import Rules

__all__ = ["Attempt", "Carrier", "Deliveries", "Delivery", "NotAcked"]


class NotAcked(Exception):  # noqa: N818 - what happens, and no mistake
    """An attempt that failed.

    Attributes:
        reason: as Slack names it: "timeout", "http_error" ...
        final: the bot asked for no retries.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


@dataclass(eq=False)
class Attempt:
    """One sending.

    Attributes:
        number: 0 for the first, then that of the retry.
        why: why the attempt before had failed.
        sent: when, by ``time.perf_counter``.
        took: seconds to the acknowledgement; None without one.
        way: the number of the socket that it went over, or None.
    """

    number: int
    why: str
    sent: float
    took: float | None = None
    way: int | None = None


@dataclass(eq=False)
class Delivery:
    """Something told to the bot.

    Attributes:
        kind: of the envelope: "events_api", "slash_commands", "interactive".
        answer: what the acknowledgement carried.
        failed: why it was given up; empty while it goes on.
    """

    kind: str
    payload: Payload
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    answer: Any = None
    failed: str = ""

    def __str__(self) -> str:
        state = "acked" if self.acked else self.failed or "open"
        return f"{self.kind} {self.name} ({state} after {len(self.attempts)})"

    @property
    def name(self) -> str:
        """Type of the event or of the interaction, or the command."""
        event = self.payload.get("event") or {}
        return str(event.get("type") or self.payload.get("command") or self.payload.get("type"))

    @property
    def took(self) -> float:
        """Seconds of the attempt that was acknowledged; infinite where none was."""
        return next((item.took for item in self.attempts if item.took is not None), float("inf"))

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.acked or bool(self.failed)


class Carrier(Protocol):
    """A way to the bot."""

    async def carry(self, delivery: Delivery, attempt: Attempt) -> Any:
        """Sends and waits for the acknowledgement, which it returns; raises NotAcked."""


class Deliveries:
    """Sends, waits, sends again.

    Attributes:
        log: everything that the bot was told.
        carrier: the way to the bot; None drops everything, as for an app that isn't set up.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.log: Log[Delivery] = Log("delivery")
        self.carrier: Carrier | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    def send(self, kind: str, payload: Payload) -> Delivery:
        """Begins to deliver; events are sent again where they have to be."""
        delivery = Delivery(kind, payload)
        self.log.add(delivery)
        self.spawn(self._deliver(delivery, self.rules.retries if kind == "events_api" else ()))
        return delivery

    def again(self, delivery: Delivery) -> None:
        """Sends an event once more as if its acknowledgement had been lost."""
        self.spawn(self._attempt(delivery, 1, "timeout"))

    async def acked(self, delivery: Delivery, patience: float = PATIENCE) -> Any:
        """Waits for the acknowledgement, and returns what it carried.

        Raises:
            AssertionError: it was given up, or takes longer than ``patience`` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                await self.log.until(lambda: delivery.over)
        except TimeoutError:
            raise AssertionError(f"not acknowledged in {patience:g} s: {delivery}") from None
        assert delivery.acked, f"never acknowledged: {delivery}"
        return delivery.answer

    async def close(self) -> None:
        """Gives up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs something in the background until the server ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery, pauses: tuple[float, ...]) -> None:
        why = ""
        for number, pause in enumerate((0.0, *pauses)):
            await asyncio.sleep(pause)
            why, final = await self._attempt(delivery, number, why)
            if not why or final:
                break
        if why:
            delivery.failed = why
        self.log.touch()

    async def _attempt(self, delivery: Delivery, number: int, why: str) -> tuple[str, bool]:
        attempt = Attempt(number, why, time.perf_counter())
        delivery.attempts.append(attempt)
        self.log.touch()
        if self.carrier is None:
            return "nobody", True
        try:
            answer = await self.carrier.carry(delivery, attempt)
        except NotAcked as failure:
            return failure.reason, failure.final
        attempt.took = time.perf_counter() - attempt.sent
        if not delivery.acked:
            delivery.acked, delivery.answer = True, answer
        self.log.touch()
        return "", True
