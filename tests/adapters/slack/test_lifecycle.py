"""From start to end: what is wrong in one clear line, and nothing lost at the end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest
from pydantic import SecretStr

from adapters.slack.lifecycle import Slack
from bot.errors import PlatformError
from bot.host import Host
from bot.settings import Settings
from tests.slack_server import SlackServer
from tests.slack_server.exchange import held, refused
from tests.slack_server.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

HOST = "who moderated the hill talk"


def settings(server: SlackServer, **more: object) -> Settings:
    """For Socket Mode at the loopback Slack."""
    tokens = {"slack_bot_token": SecretStr(BOT_TOKEN), "slack_app_token": SecretStr(APP_TOKEN)}
    return Settings.model_validate({**tokens, "slack_api_url": server.api_url, **more})


class TestStart:
    @pytest.mark.parametrize(
        ("method", "error", "line"),
        [
            ("auth.test", "invalid_auth", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
            ("apps.connections.open", "not_allowed_token_type", "Slack refuses SLACK_APP_TOKEN"),
        ],
    )
    async def test_a_refusal_is_one_clear_line(
        self, server: SlackServer, host: Host, method: str, error: str, line: str
    ) -> None:
        """Without the token."""
        server.api.faults.plan(method, refused(error))
        with pytest.raises(PlatformError) as raised:
            await Slack(host, settings(server)).serve(asyncio.Event())
        assert str(raised.value).startswith(line)
        assert "xoxb" not in str(raised.value)

    async def test_nobody_there_is_one_clear_line(self, server: SlackServer, host: Host, port: int) -> None:
        """After some tries."""
        nowhere = settings(server, slack_api_url=f"http://127.0.0.1:{port}/api/")
        with pytest.raises(PlatformError, match="can't be reached"):
            await Slack(host, nowhere).serve(asyncio.Event())

    async def test_a_port_in_use_is_one_clear_line(self, server: SlackServer, host: Host, port: int) -> None:
        """With the variable that names it."""
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("", port))
            taken.listen()
            chosen = settings(server, slack_app_token=None, slack_signing_secret=SIGNING_SECRET, slack_port=port)
            with pytest.raises(PlatformError, match="HERALD_SLACK_PORT"):
                await Slack(host, chosen).serve(asyncio.Event())


class TestServing:
    async def test_socket_mode(self, server: SlackServer, host: Host) -> None:
        """Until it is told to stop."""
        ada, general, stop = server.member("ada"), server.world.channel(server.team, "general"), asyncio.Event()
        serving = asyncio.create_task(Slack(host, settings(server)).serve(stop))
        await server.ready()
        assert "Tom Quill" in (await server.answer(ada.mentions(general, HOST))).shown
        stop.set()
        await asyncio.wait_for(serving, 10)

    async def test_signed_http(self, server: SlackServer, host: Host, port: int) -> None:
        """At a port of one's own."""
        ada, general, stop = server.member("ada"), server.world.channel(server.team, "general"), asyncio.Event()
        chosen = settings(server, slack_app_token=None, slack_signing_secret=SIGNING_SECRET, slack_port=port)
        serving = asyncio.create_task(Slack(host, chosen).serve(stop))
        await listening(port)
        server.post_to(f"http://127.0.0.1:{port}/slack/events")
        assert "Tom Quill" in (await server.answer(ada.mentions(general, HOST))).shown
        assert "Mira Holt" in (await ada.slash(general, "/ask", "who directed Low Tide").reply()).text
        stop.set()
        await asyncio.wait_for(serving, 10)

    async def test_by_http_the_end_waits_too(self, server: SlackServer, host: Host, port: int) -> None:
        """And what comes meanwhile finds nobody, so that Slack gives it to another process, or later."""
        ada, general, stop = server.member("ada"), server.world.channel(server.team, "general"), asyncio.Event()
        chosen = settings(server, slack_app_token=None, slack_signing_secret=SIGNING_SECRET, slack_port=port)
        serving = asyncio.create_task(Slack(host, chosen).serve(stop))
        await listening(port)
        server.post_to(f"http://127.0.0.1:{port}/slack/events")
        gate = asyncio.Event()
        server.api.faults.plan("chat.postMessage", held(gate))
        question = ada.mentions(general, HOST)
        await server.requests.next(lambda request: request.is_("chat.postMessage"))
        stop.set()
        await closed(port)
        assert not serving.done()
        gate.set()
        assert "Tom Quill" in (await server.answer(question)).shown
        await asyncio.wait_for(serving, 10)

    async def test_the_end_waits_for_answers_under_way(self, server: SlackServer, host: Host) -> None:
        """And takes nothing new meanwhile."""
        ada, general, stop = server.member("ada"), server.world.channel(server.team, "general"), asyncio.Event()
        serving = asyncio.create_task(Slack(host, settings(server)).serve(stop))
        await server.ready()
        gate = asyncio.Event()
        server.api.faults.plan("chat.postMessage", held(gate))
        question = ada.mentions(general, HOST)
        await server.requests.next(lambda request: request.is_("chat.postMessage"))
        stop.set()
        await server.sockets.ended.next()
        assert not serving.done()
        gate.set()
        assert "Tom Quill" in (await server.answer(question)).shown
        await asyncio.wait_for(serving, 10)
        assert len(server.answers(question)) == 1


async def listening(port: int) -> None:
    """Returns as soon as somebody listens there."""
    async with asyncio.timeout(10):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.01)


async def closed(port: int) -> None:
    """Returns as soon as nobody listens there."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            await asyncio.sleep(0.01)
