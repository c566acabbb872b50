"""The outbox: messages on their way to Slack, one a second into each channel, in the order in which they were said."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.components import blocks_of
from adapters.slack.endpoints import FAILED, hook, word_of
from adapters.slack.line import Lines
from adapters.slack.render import Payload
from bot.cooldown import Clock

__all__ = ["Outbox", "ResponseError"]

_Sent = TypeVar("_Sent")
# With each message: citations would flood a channel with previews.
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}

_PAUSE = 1.0  # seconds; docs.slack.dev/apis/web-api/rate-limits: one message a second into a channel
_PAUSES = (0.2, 1.0, 2.0, 4.0)  # seconds before a message is sent again
_HELD = 1000
_ASKED = "herald_answer"
_LOOKED_AT = 100  # messages
_OWN = uuid.UUID("6f0b3a52-9c0e-5d57-9d1c-2f6f9c7c0a11")  # the name space of what is asked
_UNKNOWN = ("duplicate_message_not_found", "duplicate_channel_not_found")  # posted before, and gone since


class ResponseError(aiohttp.ClientError):
    """A response address took no message: it was used up, is over half an hour old, or refuses the message."""


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next: float = 0.0
    waiting: int = 0


class Outbox:
    """Sends messages.

    Attributes:
        lines: where a question takes its place as it comes.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        pause: float = _PAUSE,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session = session
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._turns: dict[str, _Turn] = {}
        self.lines = Lines()

    def depth(self) -> int:
        """How many messages wait for their turn, or are on their way."""
        return sum(turn.waiting for turn in self._turns.values())

    async def post(
        self,
        client: AsyncWebClient,
        channel: str,
        payload: Payload,
        thread: str | None,
        asked: str = "",
        *,
        doubt: Callable[[], bool] = lambda: False,
    ) -> str:
        """Posts a message, and returns its id (``ts``).

        Args:
            asked: what it answers. It goes along unseen, so that a message that was posted, though the connection was
                lost before Slack said so, is found where Herald may read, and counts as the same to Slack elsewhere.
            doubt: whether another process may have posted it: then it is looked for first.
        """
        more: dict[str, Any] = {**_QUIET, "client_msg_id": str(uuid.uuid5(_OWN, asked) if asked else uuid.uuid4())}
        if asked:
            more["metadata"] = {"event_type": _ASKED, "event_payload": {"asked": asked}}

        async def send(blocks: list[dict[str, Any]]) -> str:
            try:
                sent = await client.chat_postMessage(
                    channel=channel, text=payload.text, blocks=blocks, thread_ts=thread, **more
                )
            except SlackApiError as error:
                if word_of(error) not in _UNKNOWN or not more.pop("client_msg_id", None):
                    raise
                return await send(blocks)
            return str(sent["ts"])

        async def posted() -> str | None:
            return await self.find(client, channel, thread, asked) if asked else None

        async with self._turn(channel):
            unsure = doubt()
            if unsure and (found := await posted()):
                return found
            sent = await self._sent(payload, send, posted)
            first = await posted() if unsure else None
        if first is None or first == sent:
            return sent
        with suppress(SlackApiError):  # both looked before either had posted: what came first stays
            await client.chat_delete(channel=channel, ts=sent)
        return first

    async def _sent(
        self,
        payload: Payload,
        send: Callable[[list[dict[str, Any]]], Awaitable[str]],
        posted: Callable[[], Awaitable[str | None]],
    ) -> str:
        """The id of a message that was sent, however often that had to be tried."""
        for pause in _PAUSES:
            try:
                return await _with_feedback(payload, send)
            except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
                if not _perhaps_posted(error):
                    raise
            await self._sleep(pause)
            if found := await posted():
                return found
        return await _with_feedback(payload, send)

    async def find(self, client: AsyncWebClient, channel: str, thread: str | None, asked: str) -> str | None:
        """The id of the first message that answers something; None where there is none, or it can't be known."""
        common: dict[str, Any] = {"channel": channel, "limit": _LOOKED_AT, "include_all_metadata": True}
        try:
            found = await (
                client.conversations_replies(ts=thread, **common) if thread else client.conversations_history(**common)
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError):  # channels are read only where they may be
            return None
        answers = [str(message["ts"]) for message in found.get("messages") or [] if _asked(message) == asked]
        return min(answers, default=None)

    async def whisper(
        self, client: AsyncWebClient, channel: str, member: str, payload: Payload, thread: str | None
    ) -> None:
        """Shows a message to one member alone."""

        async def send(blocks: list[dict[str, Any]]) -> None:
            await client.chat_postEphemeral(
                channel=channel, user=member, text=payload.text, blocks=blocks, thread_ts=thread
            )

        await _with_feedback(payload, send)

    async def update(self, client: AsyncWebClient, channel: str, message: str, payload: Payload) -> None:
        """Puts another message in the place of one of Herald's."""

        async def send(blocks: list[dict[str, Any]]) -> None:
            await client.chat_update(channel=channel, ts=message, text=payload.text, blocks=blocks)

        await _with_feedback(payload, send)

    async def respond(self, url: str, payload: Payload | None, **how: Any) -> None:
        """Sends to a response address, without a payload to have a message deleted.

        Raises:
            ResponseError: the address took nothing.
        """

        async def send(blocks: list[dict[str, Any]]) -> None:
            said = {"text": payload.text, "blocks": blocks, **_QUIET} if payload else {}
            done = await hook(url, self._session).send_dict({**said, **how})
            if done.status_code != 200:  # noqa: PLR2004 - the one that says so
                raise ResponseError(done.body.strip()[:100])

        if payload is None:
            await send([])
        else:
            await _with_feedback(payload, send)

    @asynccontextmanager
    async def _turn(self, channel: str) -> AsyncIterator[None]:
        """Waits until a message may go into a channel; whoever came first goes first."""
        turn = self._turns.setdefault(channel, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                if (wait := turn.next - self._clock()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    turn.next = self._clock() + self._pause
        finally:
            turn.waiting -= 1
            self._tidy()

    def _tidy(self) -> None:
        if len(self._turns) > _HELD:
            now = self._clock()
            self._turns = {name: turn for name, turn in self._turns.items() if turn.waiting or turn.next > now}


async def _with_feedback(payload: Payload, send: Callable[[list[dict[str, Any]]], Awaitable[_Sent]]) -> _Sent:
    """Sends with Slack's own feedback buttons, or with plain ones where it doesn't take them."""
    try:
        return await send(blocks_of(payload))
    except (SlackApiError, ResponseError) as error:
        if "invalid_blocks" not in str(error):
            raise
    return await send(blocks_of(payload, plain_feedback=True))


def _perhaps_posted(error: Exception) -> bool:
    """Whether a message may have been posted though Slack did not say so: it is looked for, and sent again."""
    if not isinstance(error, SlackApiError):
        return True
    response: Any = error.response
    return (getattr(response, "status_code", None) or getattr(response, "status", 0)) in FAILED


def _asked(message: dict[str, Any]) -> str | None:
    """What one of Herald's messages answers."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("asked")
