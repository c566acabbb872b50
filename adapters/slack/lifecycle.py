"""From start to end: connecting, what can go wrong with it in one clear line, and closing with nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.library_logs import one_line
from adapters.listening import listening
from adapters.slack.alerting import Alerting
from adapters.slack.app import make_app
from adapters.slack.desk import PLATFORM, Desk
from adapters.slack.endpoints import LOGGER, web_client, word_of
from adapters.slack.http import web_app
from adapters.slack.install import Install
from adapters.slack.many import many
from adapters.slack.outbox import Outbox
from adapters.slack.places import Body, Places
from adapters.slack.questions import Questions
from adapters.slack.remembered import Key
from adapters.slack.socket import Socket
from adapters.slack.telling import Telling
from adapters.slack.workspaces import Installed, Whose
from bot.claims import sweep
from bot.errors import PlatformError, in_words
from bot.health import Connection
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
        settings = self._settings
        with one_line(LOGGER.name):
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
                if settings.slack_client_id:
                    async with many(settings, session) as (workspaces, install):
                        await self._serve(session, workspaces, stop, install)
                    return
                with suppress(_StoppedError):
                    await self._serve(session, await _one(settings, session, stop), stop)

    async def _serve(
        self, session: aiohttp.ClientSession, whose: Whose, stop: asyncio.Event, install: Install | None = None
    ) -> None:
        settings = self._settings
        places = Places(settings.slack_explicit_channels)
        desk = Desk(self._host, Outbox(session), places, office=self._office)
        app = make_app(desk, settings, web_client(settings.slack_api_url, session), whose)
        self._host.health.watch("slack", lambda: Connection(connected=True))  # by HTTP nothing more is known
        async with self._delivery(app, desk, stop, install):
            structlog.get_logger().info("connected", platform="slack")
            sweeping = asyncio.create_task(self._sweep(desk, session, whose), name="slack-sweep")
            with self._telling(desk, session, whose):
                await stop.wait()
            desk.flight.close()
            sweeping.cancel()
            finishing = asyncio.create_task(desk.flight.finish("slack"))  # in the time that requests have for it, too
        await finishing

    @contextmanager
    def _telling(self, desk: Desk, session: aiohttp.ClientSession, whose: Whose) -> Iterator[None]:
        """Members are told what they waited for meanwhile, and admins what is wrong."""

        async def client_of(key: Key) -> AsyncWebClient | None:
            voice = await whose.voice(key)
            return web_client(self._settings.slack_api_url, session, voice.token.get_secret_value()) if voice else None

        if self._office is None:
            yield
            return
        self._office.notify(PLATFORM, Telling(desk.outbox, client_of))
        if channel := self._settings.slack_admin_channel:
            self._office.alerts.post_by(PLATFORM, Alerting(desk.outbox, whose, client_of, channel))
        try:
            yield
        finally:
            self._office.notify(PLATFORM, None)
            self._office.alerts.post_by(PLATFORM, None)

    async def _sweep(self, desk: Desk, session: aiohttp.ClientSession, whose: Whose) -> None:
        """Answers what other processes died over."""
        questions = Questions(desk, frozenset(self._settings.slack_auto_channels))

        async def left(payload: Body) -> None:
            enterprise, team = payload["key"]
            if voice := await whose.voice((enterprise, team)):
                client = web_client(self._settings.slack_api_url, session, voice.token.get_secret_value())
                await questions.left(payload, voice.me, client)

        await sweep(desk.claims, PLATFORM, desk.flight, left)

    def _delivery(
        self, app: AsyncApp, desk: Desk, stop: asyncio.Event, install: Install | None
    ) -> AbstractAsyncContextManager[object]:
        """Socket Mode where there is a token for it, else HTTP; left while the answers under way are waited for."""
        settings = self._settings
        if settings.slack_app_token:
            return _socket(app, settings.slack_app_token, desk, stop)
        assert settings.slack_signing_secret
        made = web_app(app, settings.slack_signing_secret.get_secret_value(), desk.flight, install=install)
        return listening(made, None, settings.slack_port, "HERALD_SLACK_PORT")


async def _one(settings: Settings, session: aiohttp.ClientSession, stop: asyncio.Event) -> Installed:
    """The workspace of the bot's token."""
    token = settings.slack_bot_token
    assert token
    asking = web_client(settings.slack_api_url, session).auth_test(token=token.get_secret_value())
    me = await _asked(asking, "SLACK_BOT_TOKEN", stop)
    team = me.get("enterprise_id") if me.get("is_enterprise_install") else me.get("team_id")
    return Installed(token, str(me["user_id"]), str(me.get("bot_id") or ""), str(team or ""))


@asynccontextmanager
async def _socket(app: AsyncApp, token: SecretStr, desk: Desk, stop: asyncio.Event) -> AsyncIterator[None]:
    opening = app.client.apps_connections_open(app_token=token.get_secret_value())
    opened = await _asked(opening, "SLACK_APP_TOKEN", stop)
    socket = Socket(app, token.get_secret_value(), desk.flight)
    desk.host.health.watch("slack", socket.connection)
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
        raise PlatformError(f"Slack refuses {variable} ({word_of(error)}): copy it anew from the app's page") from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformError(f"Slack can't be reached: {in_words(error)}") from None
    finally:
        for task in (asking, stopping):
            task.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)
