"""Starting, ending and restarting over the wire: a process of its own for each test."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot import notices
from tests.adapters.discord.wire.stage import MESSAGES, Stage, staged
from tests.adapters.process import START
from tests.discord_server import Intent, Rules, held
from tests.discord_server.server import TOKEN

WRONG = "wrong-secret"
HOST = "Ada Stone moderated the harbor talk."


class TestStart:
    async def test_no_intent_is_privileged(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """Those of guilds and of messages there and in private are enough."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot():
            (session,) = stage.server.gateway.connected
            assert session.intents & (Intent.MESSAGE_CONTENT | Intent.GUILD_MEMBERS | Intent.PRESENCES) == 0

    async def test_a_wrong_token_ends_with_one_line(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """It names the variable and does not show the token."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot(token=WRONG, ready=False, fresh=True) as bot:
            assert await bot.status() == 1
            last = bot.lines.items[-1]
            assert "DISCORD_TOKEN" in last
            assert WRONG not in bot.output
            assert "Traceback" not in bot.output

    async def test_at_debug_the_log_has_neither_token_nor_question(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """Whatever the library would say."""
        async with staged(wire_folder, {**wire_settings, "HERALD_LOG_LEVEL": "DEBUG"}) as stage:
            async with stage.bot() as bot:
                assert (await stage.asked("who moderated the harbor talk?")).content
                bot.tell(signal.SIGTERM)
                assert await bot.status() == 0
            assert "replied" in bot.output
            assert TOKEN not in bot.output
            assert "who moderated" not in bot.output

    async def test_commands_are_registered_when_they_changed(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """Not by a second start; but by one for another application."""
        for application in range(2):
            async with staged(wire_folder, wire_settings) as stage:
                for _ in range(2):
                    async with stage.bot() as bot:
                        assert (await stage.asked("who moderated the harbor talk?")).content
                        bot.tell(signal.SIGTERM)
                        assert await bot.status() == 0
                puts = stage.server.requests.all(lambda request: request.is_("PUT", r"/applications/\d+/commands"))
                assert len(puts) == 1, f"application {application}"


class TestEnd:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_an_answer_in_flight_is_delivered(
        self, wire_folder: Path, wire_settings: Mapping[str, str], number: signal.Signals
    ) -> None:
        """Nothing new is taken meanwhile, and the exit status is 0."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot(fresh=number is signal.SIGTERM) as bot:
            release = asyncio.Event()
            stage.server.rest.faults.plan("POST", MESSAGES, held(release))
            question = await stage.ada.mentions(stage.general, "who moderated the harbor talk?")
            await stage.server.requests.next(lambda request: request.is_("POST", MESSAGES))
            bot.tell(number)
            await _closing(stage)
            release.set()
            assert (await stage.server.answer(question)).content.startswith(HOST)
            assert await bot.status() == 0
            assert "Traceback" not in bot.output

    async def test_an_idle_bot_ends_at_once(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """Well before the ten seconds that answers in flight would get."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot() as bot:
            bot.tell(signal.SIGTERM)
            assert await bot.status(patience=8) == 0

    async def test_a_start_under_way_can_be_ended(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """While the login waits for Discord."""
        async with staged(wire_folder, wire_settings) as stage, AsyncExitStack() as stack:
            stage.server.rest.faults.plan("GET", "/users/@me", held(asyncio.Event()))
            bot = await stack.enter_async_context(stage.bot(ready=False))
            await stage.server.requests.next(lambda request: request.path == "/users/@me", patience=START)
            bot.tell(signal.SIGTERM)
            assert await bot.status(patience=12) == 0


class TestRestart:
    async def test_buttons_of_the_life_before_work(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """All they need is in their ids."""
        async with staged(wire_folder, wire_settings) as stage:
            async with stage.bot() as bot:
                answer = await stage.asked("who moderated the harbor talk?")
                bot.tell(signal.SIGTERM)
                await bot.status()
            async with stage.bot():
                source = await (await stage.ben.clicks(answer, "Source")).reply()
                assert "Night at the harbor" in source.content
                await stage.ada.clicks(answer, "Dismiss")
                await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_two_that_overlap_answer_once(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """While one takes the other's place, Discord tells both of a question."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot(), stage.bot():
            assert len(stage.server.gateway.connected) == 2
            question = await stage.ada.mentions(stage.general, "who moderated the harbor talk?")
            for _ in range(2):
                await stage.server.requests.next(
                    lambda request: request.is_("POST", MESSAGES) and request.status == 200
                )
            (answer,) = stage.server.answers(question)
            assert answer.content.startswith(HOST)


class TestShards:
    async def test_two_processes_share_the_guilds(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """Each answers those of its shard, direct messages come to shard 0 alone; they identify one after the other."""
        async with staged(wire_folder, wire_settings, Rules(identify_pause=4)) as stage, AsyncExitStack() as stack:
            guilds = [stage.server.world.guild(f"Town {shard}", shard=(shard, 2)) for shard in range(2)]
            rooms = [stage.server.world.channel(guild, "general") for guild in guilds]
            for guild in guilds:
                stage.server.world.join(guild, stage.ada.user)
            for shard in "01":
                more = {"HERALD_DISCORD_SHARD_IDS": shard, "HERALD_DISCORD_SHARD_COUNT": "2"}
                await stack.enter_async_context(stage.bot(settings=more))
            assert [session.shard for session in stage.server.gateway.connected] == [(0, 2), (1, 2)]
            assert len(stage.server.gateway.refused) == 0
            questions = [await stage.ada.mentions(room, "who moderated the harbor talk?") for room in rooms]
            questions.append(await stage.ada.dms("who moderated the harbor talk?"))
            for question in questions:
                assert (await stage.server.answer(question)).content.startswith(HOST)
            assert len(stage.server.sent) == 3


async def _closing(stage: Stage) -> None:
    """Asks until the bot says that it is being ended."""
    while True:
        used = await stage.ben.slash(stage.general, "about")
        if (await used.reply()).content == notices.CLOSING:
            return
