"""The server: everything of it on one port of the loopback interface."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.log import PATIENCE, Log
from tests.slack_server.answers import Answers
from tests.slack_server.block_rules import BlockRules
from tests.slack_server.chat_routes import ChatRoutes
from tests.slack_server.deliveries import Deliveries, Delivery
from tests.slack_server.drafts import Drafts
from tests.slack_server.exchange import Exchange
from tests.slack_server.file_routes import FileRoutes
from tests.slack_server.manifest import App
from tests.slack_server.member import Member
from tests.slack_server.model import Channel, Message, Payload, Team
from tests.slack_server.oauth import OAuth
from tests.slack_server.people_routes import PeopleRoutes
from tests.slack_server.rules import Clock, Rules
from tests.slack_server.schema import BlockKit
from tests.slack_server.sockets import Sockets
from tests.slack_server.uses import Uses
from tests.slack_server.view_routes import ViewRoutes
from tests.slack_server.web_api import BASE, WebApi
from tests.slack_server.webhooks import Webhooks
from tests.slack_server.world import World

__all__ = ["APP_TOKEN", "BOT_TOKEN", "SIGNING_SECRET", "SlackServer"]

# They open nothing but this server.
BOT_TOKEN = "xoxb-loopback-of-no-value"  # noqa: S105
APP_TOKEN = "xapp-loopback-of-no-value"  # noqa: S105
SIGNING_SECRET = "loopback-secret-of-no-value"  # noqa: S105


class SlackServer:
    """A Slack to test against, as an asynchronous context manager.

    Attributes:
        world: its workspaces, users, conversations and messages.
        team: the first workspace.
        api: requests, planned faults, and the problems that no bot should make.
        sockets: Socket Mode.
        deliveries: what the bot was told, and whether it acknowledged it.
        uses: what members did with the bot.
        oauth: installs the bot, and removes it.
        files: what the bot uploaded.
        webhooks: the bot's own address, once it is told through that.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        rules: Rules | None = None,
        clock: Clock = time.monotonic,
        schema: BlockKit | None = None,
    ) -> None:
        self.rules = rules or Rules()
        self.world = World(App.read(manifest))
        self.team = self.world.team("town", BOT_TOKEN)
        self.api = WebApi(self.world, APP_TOKEN)
        self.sockets = Sockets(self.world.app_id, self.rules)
        self.deliveries = Deliveries(self.rules)
        self.deliveries.carrier = self.sockets
        self.world.tell = lambda payload: self.deliveries.send("events_api", payload)
        self.uses = Uses(self.world, self.deliveries, self.rules, clock)
        self.webhooks: Webhooks | None = None
        blocks = BlockRules(schema or BlockKit())
        self._drafts = Drafts(self.world, blocks)
        self._views = ViewRoutes(self.world, self.uses, blocks)
        self._answers = Answers(self.world, self.uses, self._drafts, self._views, blocks)
        self._chat = ChatRoutes(self.world, self._drafts, self.rules, clock)
        self.oauth = OAuth(self.world)
        self.files = FileRoutes()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> SlackServer:
        app = web.Application()
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{key}", self.api.served(self._answers.respond, "response_url"))
        PeopleRoutes(self.world, self.sockets).add_to(self.api)
        self._chat.add_to(self.api)
        self._views.add_to(self.api)
        self.oauth.add_to(self.api)
        self.files.add_to(self.api, app)
        app.router.add_get("/oauth/v2/authorize", self.oauth.authorize)
        self.api.add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self.sockets.address = f"ws://127.0.0.1:{self._port}"
        self.uses.base = f"http://127.0.0.1:{self._port}/response"
        self.files.base = f"http://127.0.0.1:{self._port}/upload"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.deliveries.close()
        if self.webhooks:
            await self.webhooks.close()
        if self._runner:
            await self.sockets.drop()
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """Where its Web API is."""
        return f"http://127.0.0.1:{self._port}{BASE}"

    def post_to(self, url: str, secret: str = SIGNING_SECRET) -> Webhooks:
        """Tells the bot everything by signed requests to its own address from now on."""
        self.webhooks = self.deliveries.carrier = Webhooks(url, secret, self.rules)
        return self.webhooks

    def member(self, name: str, *, admin: bool = False, owner: bool = False, team: Team | None = None) -> Member:
        """A new user; of the workspace's channels, those made later have them as a member."""
        home = team or self.team
        user = self.world.user(home, name, admin=admin, owner=owner)
        return Member(user, home, self.world, self.uses, self._answers)

    def plant(self, place: Channel, text: str, blocks: list[Payload], *, thread: str = "") -> Message:
        """A message of the bot from a life before, which no log has."""
        message = Message(self.world.ids.ts(), place, place.team.bot, text, blocks, thread)
        place.messages[message.ts] = message
        return message

    async def answer(self, question: Message, patience: float = PATIENCE) -> Message:
        """Waits for the bot's reply to a message: the next in its thread, or in private the next at all."""
        return await self.world.sent.next(lambda sent: _answers(sent, question), patience)

    def answers(self, question: Message) -> list[Message]:
        """All replies to a message so far."""
        return self.world.sent.all(lambda sent: _answers(sent, question))

    def told(self, message: Message) -> list[Delivery]:
        """The events by which the bot was told of a message."""
        return self.deliveries.log.all(lambda found: (found.payload.get("event") or {}).get("ts") == message.ts)

    @property
    def sent(self) -> Log[Message]:
        """The bot's messages."""
        return self.world.sent

    @property
    def requests(self) -> Log[Exchange]:
        """The bot's requests."""
        return self.api.requests

    @property
    def problems(self) -> list[str]:
        """What no bot should do; a test that ends with any has failed."""
        return [
            *self.api.problems,
            *self.sockets.problems,
            *self._drafts.problems,
            *self._answers.problems,
            *self.oauth.problems,
        ]

    async def ready(self, sockets: int = 1, patience: float = PATIENCE) -> None:
        """Waits until so many more sockets are open."""
        for _ in range(sockets):
            await self.sockets.ready.next(patience=patience)


def _answers(sent: Message, question: Message) -> bool:
    if sent.channel is not question.channel or sent.ts <= question.ts or sent.used:
        return False
    return sent.thread == question.root or (question.channel.kind == "im" and sent.thread in ("", question.root))
