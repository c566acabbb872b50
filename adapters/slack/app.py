"""Herald on Slack: the app that hears what Slack delivers and hands it on.

Each listener acknowledges as soon as what was delivered is claimed, and leaves the work to a task that the desk keeps
track of: bolt itself lets go of work that it has acknowledged, and would lose it at the end.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import autocomplete
from adapters.slack.admin import AdminCommand
from adapters.slack.admins import Admins
from adapters.slack.commands import ASK_HERALD, QUOTE_VIEW, Commands
from adapters.slack.curating import FORM, Curating
from adapters.slack.desk import Desk
from adapters.slack.endpoints import LOGGER
from adapters.slack.home import Home
from adapters.slack.manifest import COMMANDS, EVENTS_HEARD, REMOVALS, SHORTCUTS
from adapters.slack.places import Body, team_of
from adapters.slack.presses import Presses
from adapters.slack.questions import Questions
from adapters.slack.workspaces import Whose, key_of
from bot.settings import Settings

__all__ = ["Handlers", "make_app"]

Ack = Callable[..., Awaitable[Any]]


class Handlers:
    """All that Herald does on Slack.

    Attributes:
        events: what serves each event of the manifest.
        listeners: what serves each command and shortcut of it.
    """

    def __init__(self, desk: Desk, settings: Settings, home: Collection[str]) -> None:
        """Takes the workspaces that Herald is looked after from."""
        named = settings.slack_admins, settings.slack_admin_group
        self.curating = Curating(desk, Admins(home, *named, many=bool(settings.slack_client_id)))
        self.desk = desk
        self.questions = Questions(desk, frozenset(settings.slack_auto_channels))
        self.commands = Commands(desk, self.questions)
        self.presses = Presses(self.curating)
        self.admin = AdminCommand(self.curating)
        self.home = Home(desk)
        self.events = {"app_mention": self.message, "message": self.message, "app_home_opened": self.home_opened}
        self.listeners = {
            "/ask": self.commands.ask,
            "/quote": self.commands.quote,
            "/herald": self.admin.herald,
            ASK_HERALD: self.commands.ask_herald,
        }

    async def message(self, body: Body, context: Any, client: AsyncWebClient) -> None:
        """A message, an edit or a deletion."""
        event, team = body["event"], team_of(body)
        subtype = event.get("subtype")
        if subtype == "message_changed":
            await self.questions.edited(event, team, client)
        elif subtype == "message_deleted":
            await self.questions.deleted(event, team, client)
        else:
            await self.questions.asked(event, team, str(context.bot_user_id or ""), client, key_of(context))

    async def home_opened(self, body: Body, client: AsyncWebClient) -> None:
        """A member opened a tab of the app."""
        await self.home.opened(body["event"], body.get("event_id") or "", team_of(body), client)

    async def speakers(self, ack: Ack, body: Body) -> None:
        """Completes a speaker."""
        await ack(options=autocomplete.speakers(self.desk, body))

    async def topics(self, ack: Ack, body: Body) -> None:
        """Completes a topic."""
        await ack(options=autocomplete.topics(self.desk, body))


def make_app(desk: Desk, settings: Settings, client: AsyncWebClient, whose: Whose) -> AsyncApp:
    """The app, not connected yet. Whoever hands it requests by HTTP must have verified them.

    Args:
        client: knows where Slack is, but no token.
        whose: has the token of the workspace that a request is from.
    """
    LOGGER.setLevel(logging.ERROR)  # bolt warns of variables that the settings have read already
    app = AsyncApp(
        logger=LOGGER,
        name="herald",
        client=client,
        authorize=whose.authorizer(),  # type: ignore[arg-type]  # bolt takes None for whom it doesn't know
        signing_secret="",
        request_verification_enabled=False,  # done before, on the raw body: adapters.slack.http
        process_before_response=True,  # listeners only start the work
        raise_error_for_unhandled_request=True,  # or the log would get the request with what a member typed
    )
    LOGGER.setLevel(logging.WARNING)  # below that there is what members type
    handlers = Handlers(desk, settings, whose.home)
    for event in {name.partition(".")[0] for name in EVENTS_HEARD}:
        app.event(event)(handlers.events[event])
    for event in REMOVALS:
        app.event(event)(_told(whose.removed))
    for command, _, _ in COMMANDS:
        app.command(command)(handlers.listeners[command])
    for shortcut, _, _ in SHORTCUTS:
        app.message_shortcut(shortcut)(handlers.listeners[shortcut])
    app.view(QUOTE_VIEW)(handlers.commands.quote_picked)
    app.view(re.compile(FORM))(handlers.curating.submitted)
    app.options(autocomplete.SPEAKER)(handlers.speakers)
    app.options(autocomplete.TOPIC)(handlers.topics)
    app.action(re.compile(r".*", re.S))(handlers.presses.pressed)
    app.error(_failed)
    return app


def _told(removed: Callable[[Body, Any], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """As bolt wants it, which takes no methods."""

    async def tell(body: Body, context: Any) -> None:
        await removed(body, context)

    return tell


async def _failed(error: Exception) -> BoltResponse:
    """What no listener is for, or what a listener failed at: a line without what a member typed."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="")
    structlog.get_logger().error("request failed", platform="slack", error=type(error).__name__)
    return BoltResponse(status=500, body="")
