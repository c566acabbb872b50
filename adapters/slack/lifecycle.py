"""From start to end: connecting, what can go wrong with it in one clear line, and closing with nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.library_logs import one_line
from adapters.slack.app import Installed, make_app
from adapters.slack.desk import Desk
from adapters.slack.endpoints import LOGGER, web_client
from adapters.slack.http import web_app, web_server
from adapters.slack.outbox import Outbox
from adapters.slack.places import Places
from adapters.slack.socket import Socket
from bot.errors import PlatformError, in_words
from bot.host import Host
from bot.office import Office
from bot.settings import Settings

__all__ = ["Slack"]

_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Slack:
    """Herald on Slack, as ``herald run`` starts it."""

    name = "Slack"

    def __init__(self, host: Host, settings: Settings, office: Office | None = None) -> None:
        self._host = host
        self._settings = settings
        self._office = office

    async def serve(self, stop: asyncio.Event) -> None:
        """Serves until ``stop`` is set, then finishes what is under way and closes.

        Raises:
            PlatformError: Slack can't be reached, or refuses the app.
        """
        token = self._settings.slack_bot_token
        assert token
        with one_line(LOGGER.name):
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
                client = web_client(self._settings.slack_api_url, session)
                with suppress(_StoppedError):
                    me = await _asked(client.auth_test(token=token.get_secret_value()), "SLACK_BOT_TOKEN", stop)
                    installed = Installed(token, str(me["user_id"]), str(me.get("bot_id") or ""))
                    await self._serve(client, session, installed, stop)

    async def _serve(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, installed: Installed, stop: asyncio.Event
    ) -> None:
        desk = Desk(self._host, Outbox(session), Places(self._settings.slack_explicit_channels))
        app = make_app(desk, self._settings, client, installed)
        async with self._delivery(app, desk, stop):
            structlog.get_logger().info("connected", platform="slack")
            await stop.wait()
            desk.flight.close()
        if await desk.flight.finish("slack"):
            await desk.abandon()

    def _delivery(self, app: AsyncApp, desk: Desk, stop: asyncio.Event) -> AbstractAsyncContextManager[None]:
        """Socket Mode where there is a token for it, else HTTP; left before the answers under way are waited for."""
        settings = self._settings
        if settings.slack_app_token:
            return _socket(app, settings.slack_app_token, desk, stop)
        assert settings.slack_signing_secret
        made = web_app(app, settings.slack_signing_secret.get_secret_value(), desk.flight)
        return web_server(made, settings.slack_port)


@asynccontextmanager
async def _socket(app: AsyncApp, token: SecretStr, desk: Desk, stop: asyncio.Event) -> AsyncIterator[None]:
    opening = app.client.apps_connections_open(app_token=token.get_secret_value())
    opened = await _asked(opening, "SLACK_APP_TOKEN", stop)
    socket = Socket(app, token.get_secret_value(), desk.flight)
    async with socket.connected(str(opened["url"])):
        yield


class _StoppedError(Exception):
    """The start was ended before it was over."""


async def _asked(
    call: Coroutine[Any, Any, AsyncSlackResponse], variable: str, stop: asyncio.Event
) -> AsyncSlackResponse:
    """What Slack says to a first call; what is wrong in one line."""
    asking, stopping = asyncio.create_task(call), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([asking, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            raise _StoppedError
        return asking.result()
    except SlackApiError as error:
        why = error.response.get("error") if error.response else error
        raise PlatformError(f"Slack refuses {variable} ({why}): copy it anew from the app's page") from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformError(f"Slack can't be reached: {in_words(error)}") from None
    finally:
        for task in (asking, stopping):
            task.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)
