"""Interactions from the click of a member to the last followup, with Discord's deadlines."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_server.errors import ApiError, already_acknowledged, invalid_form, invalid_webhook_token, unknown
from tests.discord_server.model import Channel, Message, Payload, User
from tests.log import PATIENCE

__all__ = ["Answer", "Clock", "Interaction", "InteractionKind", "Interactions"]

DEADLINE, LIFETIME = 3.0, 900.0
_FOLLOWUPS = 5  # where the bot is there by a member's own install alone

Clock = Callable[[], float]


class InteractionKind(IntEnum):
    """Types of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """Types of first response."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_ALLOWED = {
    InteractionKind.COMMAND: {Answer.MESSAGE, Answer.DEFERRED, Answer.MODAL},
    InteractionKind.COMPONENT: {*Answer} - {Answer.CHOICES},
    InteractionKind.AUTOCOMPLETE: {Answer.CHOICES},
    InteractionKind.MODAL: {Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE},
}


@dataclass(eq=False)
class Interaction:
    """What a member did with the bot, and what came of it.

    Attributes:
        installed: the bot is a member of the guild, or it is a DM; otherwise it is there by the user's install alone.
        message: the one that a component or modal belongs to.
        answer: the first response's type, or None as long as there is none.
        data: of the first response.
        original: the message that answers, once it has its text.
        took: seconds to the first response.
    """

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    began: float
    installed: bool = True
    message: Message | None = None
    answer: Answer | None = None
    data: Payload = field(default_factory=dict)
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    took: float = 0.0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __str__(self) -> str:
        return f"{self.kind.name} of {self.user.name} -> {self.answer.name if self.answer else 'nothing yet'}"

    def changed(self) -> None:
        """Makes whoever waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def first(self, patience: float = PATIENCE) -> Interaction:
        """Waits for the first response.

        Raises:
            AssertionError: none came: the member reads "The application did not respond".
        """
        await self._until(lambda: self.answer is not None, patience)
        return self

    async def reply(self, patience: float = PATIENCE) -> Message:
        """Waits for the message that answers, be it deferred first.

        Raises:
            AssertionError: none came.
        """
        await self._until(lambda: self.original is not None, patience)
        assert self.original
        return self.original

    async def choices(self, patience: float = PATIENCE) -> list[tuple[str, str]]:
        """Waits for the choices of an autocomplete, as names and values."""
        await self.first(patience)
        return [(choice["name"], choice["value"]) for choice in self.data.get("choices") or []]

    async def _until(self, met: Callable[[], bool], patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                while not met():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"the application did not respond in {patience:g} s: {self}") from None


class Interactions:
    """All interactions, and the rules by which they are answered."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.by_token: dict[str, Interaction] = {}

    def begin(
        self, number: int, kind: InteractionKind, user: User, channel: Channel, message: Message | None = None
    ) -> Interaction:
        """A new one; the time for its answer runs from now."""
        made = Interaction(number, secrets.token_urlsafe(32), kind, user, channel, self.clock(), message=message)
        made.installed = channel.has_bot
        self.by_token[made.token] = made
        return made

    def respond(self, number: int, token: str, body: Payload) -> Interaction:
        """Takes the first response.

        Raises:
            ApiError: 10062 for one that is unknown or over 3 seconds old, 40060 for a second one, 50035 for a bad type.
        """
        found = self.by_token.get(token)
        if found is None or found.id != number:
            raise unknown("interaction")
        if found.answer is not None:
            raise already_acknowledged()
        took = self.clock() - found.began
        if took > DEADLINE:
            raise unknown("interaction")
        kind = body.get("type")
        if kind not in _ALLOWED[found.kind]:
            raise invalid_form("type", "BASE_TYPE_CHOICES", f"Not a response to this interaction: {kind}.")
        if kind in (Answer.UPDATE, Answer.DEFERRED_UPDATE) and found.message is None:
            raise invalid_form("type", "BASE_TYPE_CHOICES", "There is no message to update.")
        found.took = took
        return found

    def open(self, application: int, token: str, expected: int) -> Interaction:
        """The interaction that a followup belongs to.

        Raises:
            ApiError: 10015 for an unknown one or one not responded to yet, 50027 after 15 minutes.
        """
        found = self.by_token.get(token)
        if found is None or application != expected or found.answer is None:
            raise unknown("webhook")
        if self.clock() - found.began > LIFETIME:
            raise invalid_webhook_token()
        return found

    @staticmethod
    def may_follow(found: Interaction) -> None:
        """Refuses a sixth followup where the bot is by a member's own install.

        Raises:
            ApiError: 40094.
        """
        if not found.installed and len(found.followups) >= _FOLLOWUPS:
            raise ApiError(400, 40094, "Maximum number of follow up messages reached")
