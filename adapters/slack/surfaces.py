"""Surfaces: how an answer reaches a member, depending on where it was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.components import modal_of
from adapters.slack.line import Line
from adapters.slack.outbox import Outbox, ResponseError
from adapters.slack.places import Place
from adapters.slack.render import Payload
from bot.claims import Claim

__all__ = ["Message", "Modal", "Response", "Surface"]

_TITLE = "Herald"


class Surface(Protocol):
    """Where something is answered."""

    async def answer(self, payload: Payload) -> str | None:
        """Answers for all to see where that can be; returns the message's id where it is known."""

    async def whisper(self, payload: Payload) -> None:
        """Answers the member alone."""


@dataclass(frozen=True)
class Message:
    """A question in a message: answered by a message of Herald's.

    Attributes:
        asked: names the question, for :meth:`Outbox.post`.
        line: where the question stands among those of its channel, if it was asked in a message.
        claim: on the question, if it was asked in a message; notes what is posted.
    """

    outbox: Outbox
    client: AsyncWebClient
    place: Place
    asked: str = ""
    line: Line | None = None
    claim: Claim = field(default_factory=lambda: Claim(""))

    async def answer(self, payload: Payload) -> str | None:
        """In the same thread, unless another process has taken it over."""
        if self.line:
            await self.line.first()
        if self.claim.lost:
            return None
        place, claim = self.place, self.claim
        claim.message = await self.outbox.post(
            self.client, place.channel, payload, place.thread, self.asked, doubt=lambda: claim.doubt
        )
        return claim.message

    async def answered(self) -> bool:
        """Whether another process has answered it, which it can't say any more."""
        if self.claim.doubt and not self.claim.message:
            found = await self.outbox.find(self.client, self.place.channel, self.place.thread, self.asked)
            self.claim.message = found or ""
        return bool(self.claim.message)

    async def whisper(self, payload: Payload) -> None:
        """In a channel for the member alone; where nobody else is, an ordinary message lasts longer."""
        if self.place.direct:
            await self.answer(payload)
            return
        if await self.answered():
            return
        place = self.place
        await self.outbox.whisper(self.client, place.channel, place.member, payload, place.thread)


@dataclass(frozen=True)
class Response:
    """A command, or a press in a message: it comes with an address to respond to, wherever it was."""

    fallback: Message
    url: str

    async def answer(self, payload: Payload) -> str | None:
        """For the whole channel, in the thread that the press was in."""
        await self._respond(payload, response_type="in_channel", replace_original=False)
        return None

    async def whisper(self, payload: Payload) -> None:
        """For the member alone."""
        try:
            await self._respond(payload, response_type="ephemeral", replace_original=False)
        except ResponseError:
            await self.fallback.whisper(payload)

    async def replace(self, payload: Payload) -> None:
        """In place of the message that was pressed."""
        await self.fallback.outbox.respond(self.url, payload, replace_original=True)

    async def delete(self) -> None:
        """Takes the message away that was pressed."""
        await self.fallback.outbox.respond(self.url, None, delete_original=True)

    async def _respond(self, payload: Payload, **how: Any) -> None:
        thread = {"thread_ts": self.fallback.place.thread} if self.fallback.place.thread else {}
        await self.fallback.outbox.respond(self.url, payload, **how, **thread)


@dataclass(frozen=True)
class Modal:
    """A press in the Home tab or in a modal, where there are no messages: a modal is opened, or put upon the other.

    Attributes:
        trigger: lets one modal be opened, within three seconds.
        view: what was pressed in, as Slack sent it.
    """

    client: AsyncWebClient
    trigger: str
    view: dict[str, Any]

    async def answer(self, payload: Payload) -> str | None:
        """In a modal of its own."""
        await self.whisper(payload)
        return None

    async def whisper(self, payload: Payload) -> None:
        """In a modal; one upon another, and the third takes the place of what it was pressed in."""
        made = modal_of(payload, _TITLE)
        if self.view.get("type") != "modal":
            await self.client.views_open(trigger_id=self.trigger, view=made)
        elif self.view.get("previous_view_id"):
            await self.client.views_update(view_id=self.view["id"], view=made)
        else:
            await self.client.views_push(trigger_id=self.trigger, view=made)
