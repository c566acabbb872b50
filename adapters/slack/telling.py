"""Telling members what they waited for: where they asked, or else in a direct message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.outbox import Outbox
from adapters.slack.places import Place
from adapters.slack.remembered import Key
from adapters.slack.render import Payload, Pinged, Said
from bot.curation.waits import Notice

__all__ = ["ClientOf", "Telling", "address_of"]

ClientOf = Callable[[Key], Awaitable[AsyncWebClient | None]]
"""A client with the token of a workspace; None where Herald isn't installed any more."""


def address_of(key: Key, place: Place, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the button was pressed; only the workspace where others didn't see it, so that it stays between the two."""
    if place.direct or not place.channel or not message.get("ts"):
        return {"key": key}
    return {"key": key, "channel": place.channel, "thread": message.get("thread_ts") or message["ts"]}


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells members, with the token of their workspace."""

    outbox: Outbox
    client_of: ClientOf

    async def __call__(self, notice: Notice) -> bool:
        """As :class:`bot.curation.waits.Tell`."""
        enterprise, team = notice.address["key"]
        client = await self.client_of((enterprise, team))
        if client is None:
            return False
        if not await self._reply(client, notice):
            await self._post(client, notice, notice.member, None, Said(notice.line))
        return True

    async def _reply(self, client: AsyncWebClient, notice: Notice) -> bool:
        """In the thread where they asked; whether Slack let it through."""
        channel, thread = notice.address.get("channel"), notice.address.get("thread")
        if not channel:
            return False
        try:
            await self._post(client, notice, str(channel), str(thread), Pinged(notice.member, notice.line))
        except SlackApiError:  # Herald was taken out of the channel, or the channel is gone
            return False
        return True

    async def _post(
        self, client: AsyncWebClient, notice: Notice, channel: str, thread: str | None, first: Said | Pinged
    ) -> None:
        shown = render.render(notice.reply)
        payload = replace(shown, text=f"{render.escape(notice.line)}\n{shown.text}", parts=(first, *shown.parts))
        await self.outbox.post(client, channel, _within(payload), thread, f"told:{notice.id}")


def _within(payload: Payload) -> Payload:
    return replace(payload, text=payload.text[: render.SLACK.text])
