"""Socket Mode: events over a connection that Herald opens; up to ten processes may stand side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.endpoints import LOGGER
from bot.flight import Flight
from bot.health import Connection

__all__ = ["Socket"]

_PING = 5.0  # seconds between pings
_PATIENCE = 5.0  # seconds without a connection after which another address is asked for
_LOOK = 1.0  # seconds between two looks at the connection


class Socket(AsyncSocketModeHandler):
    """The connection, which is watched, and takes nothing new once Herald is closing."""

    def __init__(
        self, app: AsyncApp, token: str, flight: Flight, ping: float = _PING, patience: float = _PATIENCE
    ) -> None:
        super().__init__(app, token, logger=LOGGER, web_client=app.client, ping_interval=ping)
        self._flight = flight
        self._patience = patience
        self._heard = time.monotonic()
        self._acking = Flight()

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Hands an envelope on; while closing it isn't acknowledged, so that Slack gives it to another process."""
        if self._flight.closing:
            return
        with self._acking.aboard():
            await super().handle(client, req)

    def connection(self) -> Connection:
        """How the connection is; pings go out each few seconds, and Slack answers each."""
        pong, session = self.client.last_ping_pong_time, self.client.current_session
        silent = max(time.time() - pong, 0.0) if pong else time.monotonic() - self._heard
        return Connection(session is not None and not session.closed, silent)

    @asynccontextmanager
    async def connected(self, address: str) -> AsyncIterator[None]:
        """Connects to an address that Slack gave, and stays connected."""
        self.client.wss_uri = address
        watching = asyncio.create_task(self._watch(), name="slack-watchdog")
        connecting = asyncio.create_task(self.client.connect(), name="slack-connect")  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await self._acking.drain(1.0)
            for task in (watching, connecting):
                task.cancel()
            await asyncio.gather(watching, connecting, return_exceptions=True)
            with suppress(aiohttp.ClientError, OSError, RuntimeError):
                await self.client.close()  # type: ignore[no-untyped-call]

    async def _watch(self) -> None:
        """Makes the connection anew where the library missed that it is gone, or tries an address that is no more."""
        while True:
            await asyncio.sleep(_LOOK)
            if self.client.current_session is None or await self.client.is_connected():
                self._heard = time.monotonic()
                continue
            if time.monotonic() - self._heard > self._patience:
                self.client.wss_uri = None  # an address is good for once: the library asks for another one
            try:
                await self.client.connect_to_new_endpoint()  # where the library is at it already, this does nothing
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
                LOGGER.warning("Slack can't be reached: %s", type(error).__name__)
