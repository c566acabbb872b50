"""A plain bolt app, to show that the server enforces what it says."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.log import Log
from tests.slack_server.model import Payload
from tests.slack_server.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer

__all__ = ["MANIFEST", "Plain", "connected", "listening"]

MANIFEST: Payload = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": [{"command": "/plain", "description": "Does what a test says"}],
        "shortcuts": [{"name": "Look at this", "type": "message", "callback_id": "look", "description": "Looks"}],
    },
    "oauth_config": {
        "scopes": {"bot": "app_mentions:read channels:history channels:read chat:write commands im:history".split()}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "message.channels", "message.im", "app_home_opened"]}
    },
}

Doing = Callable[..., Awaitable[object]]
_ANYTHING = re.compile("")


class Plain:
    """Does what a test says, and keeps the refusals that it gets.

    Attributes:
        on_event: what it does with an event; it is given the event and a client.
        on_use: what it does with anything that members do; it is given ack, the body, respond and a client.
        errors: refusals by Slack's words.
    """

    def __init__(self, server: SlackServer) -> None:
        self.client = AsyncWebClient(BOT_TOKEN, base_url=server.api_url)
        logger = logging.getLogger("plain")
        logger.setLevel(logging.CRITICAL)
        self.app = AsyncApp(client=self.client, signing_secret=SIGNING_SECRET, logger=logger)
        self.on_event: Doing = _nothing
        self.on_use: Doing = _acked
        self.errors: Log[str] = Log("refusal")
        self.heard: Log[Payload] = Log("event")
        self.app.event(_ANYTHING)(self._event)
        self.app.event("message")(self._event)
        for listening in (self.app.action, self.app.options, self.app.view, self.app.shortcut, self.app.command):
            listening(_ANYTHING)(self._use)
        self.app.view_closed(_ANYTHING)(self._use)

    async def _event(self, body: Payload) -> None:
        self.heard.add(body)
        await self._caught(self.on_event(body["event"], self.client))

    async def _use(self, ack: Any, body: Payload, respond: Any) -> None:
        await self._caught(self.on_use(ack, body, respond, self.client))

    async def _caught(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        except SlackApiError as error:
            self.errors.add(str(error.response["error"]))


async def _nothing(event: Payload, client: AsyncWebClient) -> None:
    """What a bot does that was told nothing."""


async def _acked(ack: Any, body: Payload, respond: Any, client: AsyncWebClient) -> None:
    await ack()


@asynccontextmanager
async def connected(server: SlackServer, bot: Plain) -> AsyncIterator[None]:
    """Runs a bot over Socket Mode until the end of the block."""
    handler = AsyncSocketModeHandler(bot.app, APP_TOKEN, web_client=bot.client, ping_interval=1, logger=bot.app.logger)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await server.ready()
        yield
    finally:
        await _closed(handler)


async def _closed(handler: AsyncSocketModeHandler) -> None:
    """Closes what the library leaves open, and lets its tasks end."""
    await handler.close_async()  # type: ignore[no-untyped-call]
    pending = [task for task in asyncio.all_tasks() if "slack_sdk" in str(task.get_coro())]
    await asyncio.gather(*pending, return_exceptions=True)


@asynccontextmanager
async def listening(server: SlackServer, bot: Plain) -> AsyncIterator[None]:
    """Runs a bot at an address of its own until the end of the block."""
    runner = web.AppRunner(bot.app.server(port=0).web_app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.post_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()
