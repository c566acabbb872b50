"""What tests of many workspaces play on: Herald at an address of its own, and nobody who has installed it yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import MetaData, select, update
from sqlalchemy.engine import URL

from adapters.slack.lifecycle import Slack
from adapters.slack.manifest import manifest
from adapters.slack.sealing import new_key
from bot.host import Host
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import slack_bots, slack_states
from tests.adapters.ports import held_port
from tests.adapters.slack.wire.process import EVENTS
from tests.slack_server import (
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    BlockKit,
    Member,
    Page,
    SlackServer,
    Team,
    Visitor,
    browser,
)

__all__ = ["Many", "app_of", "dump", "end_in", "expire", "staged"]

_PUBLIC = "https://herald.example.org"


@dataclass
class Many:
    """A Slack, and Herald's address.

    Attributes:
        url: of the database.
        key: what tokens are sealed with at first.
        home: ids of the workspaces that Herald is looked after from.
    """

    server: SlackServer
    host: Host
    port: int
    url: URL
    key: str
    home: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Herald's."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self, key: str = "") -> Settings:
        """For many workspaces."""
        return Settings.model_validate(
            {
                "slack_client_id": CLIENT_ID,
                "slack_client_secret": CLIENT_SECRET,
                "slack_signing_secret": SIGNING_SECRET,
                "slack_public_url": self.address,
                "slack_api_url": self.server.api_url,
                "slack_port": self.port,
                "slack_home": self.home,
                "token_key": key or self.key,
                "database_url": self.url.render_as_string(hide_password=False),
            }
        )

    @asynccontextmanager
    async def running(self, key: str = "") -> AsyncIterator[None]:
        """Herald, from start to end."""
        stop = asyncio.Event()
        serving = asyncio.create_task(Slack(self.host, self.settings(key)).serve(stop))
        try:
            await self._listening(serving)
            way = self.server.post_to(f"{self.address}{EVENTS}")
            yield
            await way.close()
        finally:
            stop.set()
            await asyncio.wait_for(serving, 15)

    async def _listening(self, serving: asyncio.Task[None]) -> None:
        async with asyncio.timeout(15):
            while not serving.done():
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    await writer.wait_closed()
                    return
                await asyncio.sleep(0.01)
        await serving  # it ended before it began: what it says goes to the test

    def workspace(self, name: str, enterprise: str = "") -> tuple[Team, Member]:
        """A workspace without Herald, with somebody in it."""
        team = self.server.world.team(name, installed=False, enterprise=enterprise)
        return team, self.server.member(f"{name}-ada", team=team)

    async def install(self, member: Member, path: str = "/slack/install", *, whole: bool = False) -> Page:
        """Somebody installs Herald."""
        self.server.oauth.visitor = Visitor(member.user.id, member.team, whole=whole)
        async with browser(self.address) as opened:
            return await opened.opens(f"{self.address}{path}")

    async def asked(self, member: Member, text: str) -> str:
        """The answer to a mention in a new channel, and by whose token it came."""
        channel = self.server.world.channel(member.team, f"c-{self.server.world.ids.new('x')}")
        question = member.mentions(channel, text)
        answer = await self.server.answer(question)
        sent = self.server.requests.all(lambda request: request.is_("chat.postMessage") and request.ok)[-1]
        assert sent.token == member.team.token
        return answer.shown

    def tokens(self) -> list[str]:
        """All that Slack gave so far and that opens something."""
        teams = self.server.world.teams.values()
        return [secret for team in teams for secret in (team.token, team.refresh) if secret and team.installed]


@asynccontextmanager
async def staged(host: Host, url: URL, schema: BlockKit) -> AsyncIterator[Many]:
    """The stage without Herald; what no bot should do fails the test at the end."""
    with held_port() as port:
        async with SlackServer(app_of(port), schema=schema) as server:
            server.team.installed = False
            yield Many(server, host, port, url, new_key())
            assert not server.problems, "\n".join(server.problems)


def app_of(port: int) -> dict[str, Any]:
    """The manifest of an app at a port of this machine, which Slack itself wouldn't take."""
    made = manifest(_PUBLIC)
    oauth = made["oauth_config"]
    local = [address.replace(_PUBLIC, f"http://127.0.0.1:{port}") for address in oauth["redirect_urls"]]
    return {**made, "oauth_config": {**oauth, "redirect_urls": local}}


async def dump(url: URL, tables: Iterable[str] = ()) -> str:
    """All that is in a database, as text."""
    found = MetaData()
    async with Database(url) as database, database.begin() as connection:
        await connection.run_sync(found.reflect)
        wanted = [table for table in found.sorted_tables if not tables or table.name in tables]
        return "\n".join([str((await connection.execute(select(table))).all()) for table in wanted])


async def expire(many: Many) -> None:
    """Lets an hour go by for installations under way."""
    async with Database(many.url) as database, database.begin() as connection:
        past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
        await connection.execute(update(slack_states).values(expire_at=past))


async def end_in(many: Many, seconds: float) -> None:
    """Lets all tokens end that soon, and Herald look at them anew."""
    async with Database(many.url) as database, database.begin() as connection:
        at = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=seconds)
        await connection.execute(update(slack_bots).values(bot_token_expires_at=at))
