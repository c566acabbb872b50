"""The stage: a loopback Discord and Slack, a PostgreSQL, and three processes between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from adapters.slack.manifest import manifest
from benchmarks.many import knowledge
from benchmarks.many.processes import Runner
from benchmarks.soaking import variables
from tests import discord_server, postgres, slack_server
from tests.adapters.process import START
from tests.discord_server import DiscordServer, Permission
from tests.slack_server import SlackServer

__all__ = ["PROCESSES", "SHARDS", "Stage", "staged"]

PROCESSES = 3
SHARDS = 3
CHANNELS, MEMBERS = 24, 20  # on each platform
_HELD_BY = ("0,1", "1,2", "2,0")  # each shard by two processes, so that one of them may die


@dataclass
class Stage:
    """All that takes part."""

    discord: DiscordServer
    slack: SlackServer
    rooms: list[discord_server.Channel]
    guests: list[discord_server.Member]
    office: discord_server.Channel
    admin: discord_server.Member
    channels: list[slack_server.Channel]
    members: list[slack_server.Member]
    database: postgres.Server
    url: URL
    runners: list[Runner]
    folder: Path

    async def connected(self) -> None:
        """Waits until each shard is held twice: with both processes gone, Discord tells nobody of a question."""
        gateway = self.discord.gateway
        wanted = {(number, SHARDS) for number in range(SHARDS)}
        async with asyncio.timeout(START):
            await gateway.ready.until(
                lambda: all([session.shard for session in gateway.connected].count(shard) > 1 for shard in wanted)
            )


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Sets the stage, with all processes answering.

    The Slack app may read its channels, by which a process that takes over a question sees whether it was answered, and
    Slack doesn't look at ``client_msg_id``. Its pauses between retries, a minute and five, are shortened.
    """
    with postgres.server(folder / "postgresql") as database:
        url = await asyncio.to_thread(database.database)
        await postgres.upgraded(url)
        discord = DiscordServer(rules=discord_server.Rules(concurrency=SHARDS, identify_pause=5.0))
        slack = SlackServer(
            manifest(auto_answer=True), rules=slack_server.Rules(retries=(0.0, 1.0, 3.0), repeats=False)
        )
        async with discord, slack, AsyncExitStack() as ending:
            stage = _stage(discord, slack, database, url, folder)
            for runner in stage.runners:
                await runner.start()
                ending.push_async_callback(_stopped, runner)
                await runner.ready()  # the first compiles for all
            await stage.connected()
            yield stage


async def _stopped(runner: Runner) -> None:
    if runner.bot and not runner.bot.ended:
        await runner.kill()


def _stage(discord: DiscordServer, slack: SlackServer, database: postgres.Server, url: URL, folder: Path) -> Stage:
    guilds = [discord.world.guild(f"town {number}", shard=(number, SHARDS)) for number in range(SHARDS)]
    rooms = [discord.world.channel(guilds[number % SHARDS], f"room-{number}") for number in range(CHANNELS)]
    members = [slack.member(f"member{number}") for number in range(MEMBERS)]  # before the channels that they are in
    knowledge.write(folder / "kb", 0)
    return Stage(
        discord,
        slack,
        rooms,
        [discord.member(f"guest{number}", *guilds) for number in range(MEMBERS)],
        discord.world.channel(guilds[0], "office"),
        discord.member("admin", *guilds, permissions=Permission.MANAGE_GUILD),
        [slack.world.channel(slack.team, f"room-{number}") for number in range(CHANNELS)],
        members,
        database,
        url,
        [_runner(number, discord, slack, url, folder) for number in range(PROCESSES)],
        folder,
    )


def _runner(number: int, discord: DiscordServer, slack: SlackServer, url: URL, folder: Path) -> Runner:
    settings = {
        **variables(folder / "kb", folder / "cache", encoder=False),
        "HERALD_LOG_LEVEL": "INFO",
        "HERALD_DATABASE_URL": url.render_as_string(hide_password=False),
        "DISCORD_TOKEN": discord_server.TOKEN,
        "HERALD_DISCORD_API_URL": discord.api_url,
        "HERALD_DISCORD_GATEWAY_URL": discord.gateway_url,
        "HERALD_DISCORD_SHARD_IDS": _HELD_BY[number],
        "HERALD_DISCORD_SHARD_COUNT": str(SHARDS),
        "SLACK_BOT_TOKEN": slack_server.BOT_TOKEN,
        "SLACK_APP_TOKEN": slack_server.APP_TOKEN,
        "HERALD_SLACK_API_URL": slack.api_url,
    }
    return Runner(f"process {number}", folder / f"process-{number}", settings)
