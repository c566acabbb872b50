"""Start, end and restart of the bot's process, and several side by side."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.adapters.process import START
from tests.adapters.slack.wire.stage import POST, staged
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, held

WRONG = "xoxb-wrong-secret"
HOST = "Ada Stone moderated the harbor talk."
ASKED = "who moderated the harbor talk?"


class TestStart:
    @pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
    async def test_a_wrong_token_ends_with_one_line(
        self, wire_folder: Path, wire_settings: Mapping[str, str], variable: str
    ) -> None:
        """It names the variable and does not show the token."""
        async with staged(wire_folder, wire_settings) as stage:
            async with stage.bot(ready=False, fresh=True, settings={variable: WRONG}) as bot:
                assert await bot.status() == 1
            assert variable in bot.lines.items[-1]
            assert WRONG not in bot.output
            assert "Traceback" not in bot.output

    async def test_at_debug_the_log_has_neither_token_nor_question(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """Whatever the library would say."""
        settings = {**wire_settings, "HERALD_LOG_LEVEL": "DEBUG", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
        async with staged(wire_folder, settings) as stage:
            async with stage.bot() as bot:
                assert (await stage.asked("who moderated the harbor talk?")).text
                bot.tell(signal.SIGTERM)
                assert await bot.status() == 0
            assert "replied" in bot.output
            for hidden in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "who moderated"):
                assert hidden not in bot.output

    async def test_slack_out_of_reach_ends_with_one_line(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """At the start there is nothing to go on with."""
        nowhere = {"HERALD_SLACK_API_URL": "http://127.0.0.1:9/api/"}
        async with staged(wire_folder, wire_settings) as stage, stage.bot(ready=False, settings=nowhere) as bot:
            assert await bot.status() == 1
            assert "Slack" in bot.lines.items[-1]
            assert "Traceback" not in bot.output

    async def test_a_port_in_use_ends_with_one_line(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """It names the variable."""
        async with staged(wire_folder, wire_settings) as stage:
            port = stage.server.api_url.split(":")[2].partition("/")[0]
            settings = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "x", "HERALD_SLACK_PORT": port}
            async with stage.bot(ready=False, settings=settings) as bot:
                assert await bot.status() == 1
            assert "HERALD_SLACK_PORT" in bot.lines.items[-1]


class TestEnd:
    @pytest.mark.parametrize("http", [False, True])
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_an_answer_in_flight_is_delivered(
        self,
        wire_folder: Path,
        wire_settings: Mapping[str, str],
        number: signal.Signals,
        http: bool,  # noqa: FBT001
    ) -> None:
        """Nothing new is taken meanwhile, and the exit status is 0."""
        async with (
            staged(wire_folder, wire_settings) as stage,
            stage.bot(http=http, fresh=number is signal.SIGTERM) as bot,
        ):
            release = asyncio.Event()
            stage.server.api.faults.plan(POST, held(release))
            question = stage.ada.mentions(stage.general, ASKED)
            await stage.server.requests.next(lambda request: request.is_(POST))
            bot.tell(number)
            if not http:
                await stage.server.sockets.ended.next()
            release.set()
            assert (await stage.server.answer(question)).shown.startswith(HOST)
            assert await bot.status() == 0
            assert "Traceback" not in bot.output

    async def test_an_idle_bot_ends_at_once(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """Well before the ten seconds that answers in flight would get."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot() as bot:
            bot.tell(signal.SIGTERM)
            assert await bot.status(patience=8) == 0

    async def test_a_start_under_way_can_be_ended(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """While the first call waits for Slack."""
        async with staged(wire_folder, wire_settings) as stage:
            stage.server.api.faults.plan(r"auth\.test", held(asyncio.Event()))
            async with stage.bot(ready=False) as bot:
                await stage.server.requests.next(lambda request: request.method == "auth.test", patience=START)
                bot.tell(signal.SIGTERM)
                assert await bot.status(patience=12) == 0


class TestRestart:
    async def test_buttons_of_the_life_before_work(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """All they need is in their ids."""
        async with staged(wire_folder, wire_settings) as stage:
            async with stage.bot() as bot:
                answer = await stage.asked(ASKED)
                bot.tell(signal.SIGTERM)
                await bot.status()
            async with stage.bot():
                source = await stage.ben.clicks(answer, "Source").reply()
                assert "Night at the harbor" in source.shown
                stage.ada.clicks(answer, "Dismiss")
                await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_what_comes_while_it_is_away_is_answered_later(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """Slack sends it again."""
        async with staged(wire_folder, wire_settings) as stage:
            stage.server.rules.retries = (0.5,) * 20
            question = stage.ada.mentions(stage.general, ASKED)
            async with stage.bot():
                assert (await stage.server.answer(question, patience=30)).shown.startswith(HOST)


class TestSideBySide:
    async def test_two_processes_share_the_work(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """Each question comes to one of them, and is answered once."""
        async with staged(wire_folder, wire_settings) as stage, AsyncExitStack() as stack:
            bots = [await stack.enter_async_context(stage.bot()) for _ in range(2)]
            assert len(stage.server.sockets.connected) == 2
            questions = [stage.ada.mentions(stage.channel(), ASKED) for _ in range(8)]
            for question in questions:
                said = (await stage.server.answer(question)).shown
                assert said.startswith(HOST), "\n".join([said, *(bot.output for bot in bots)])
            assert [len(stage.server.answers(question)) for question in questions] == [1] * 8
            ways = {stage.server.told(question)[0].attempts[0].way for question in questions}
            assert len(ways) == 2

    async def test_one_ends_and_the_other_goes_on(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """What the first did not take any more, the second gets again."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot() as first, stage.bot():
            questions = [stage.ada.mentions(stage.channel(), ASKED) for _ in range(4)]
            first.tell(signal.SIGTERM)
            questions += [stage.ada.mentions(stage.channel(), ASKED) for _ in range(4)]
            for question in questions:
                await stage.server.answer(question, patience=20)
            assert await first.status() == 0
            assert [len(stage.server.answers(question)) for question in questions] == [1] * 8
