"""Addresses, errors of the connection, the log and the end; over the wire it is tested in ``wire``."""

from __future__ import annotations

import asyncio
import logging
from unittest.mock import create_autospec

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.discord import lifecycle
from adapters.discord.app import HeraldClient
from adapters.discord.endpoints import endpoints
from adapters.discord.invite import links
from adapters.library_logs import one_line
from bot.errors import HeraldError, PlatformError, SettingsError
from bot.host import Host
from bot.settings import Settings


class TestEndpoints:
    def test_they_are_put_back(self) -> None:
        """Even after an error."""
        before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, DiscordWebSocket.__dict__["from_client"])
        exchanged = endpoints("http://127.0.0.1:1/api/", "ws://127.0.0.1:2/")
        with exchanged:
            assert Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/users/@me"
            assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:2/"
        with pytest.raises(KeyError), endpoints("http://127.0.0.1:1/api/", "ws://127.0.0.1:2/"):
            raise KeyError("x")
        assert (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, DiscordWebSocket.__dict__["from_client"]) == before

    async def test_a_resumed_connection_goes_there_too(self, client: HeraldClient) -> None:
        """Whatever address Discord names; the token goes nowhere else."""
        tried: list[str] = []

        async def connect(url: str) -> object:
            tried.append(url)
            raise OSError("nobody there")

        client.http.ws_connect = connect  # type: ignore[assignment]
        with endpoints("http://127.0.0.1:1/", "ws://127.0.0.1:2/"), pytest.raises(OSError, match="nobody"):
            await DiscordWebSocket.from_client(client, gateway=DiscordWebSocket.DEFAULT_GATEWAY.with_host("evil"))
        assert [url.partition("?")[0] for url in tried] == ["ws://127.0.0.1:2/"]


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "line"),
        [
            (discord.LoginFailure("x"), "Discord refuses DISCORD_TOKEN"),
            (discord.PrivilegedIntentsRequired(None), "refuses the bot"),
            (aiohttp.ClientConnectionError("refused\nby host"), "can't be reached or refuses the bot: refused by host"),
            (TimeoutError(), "TimeoutError"),
        ],
    )  # fmt: skip
    async def test_each_is_one_clear_line(
        self, host: Host, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
    ) -> None:
        """What is wrong, and without a traceback."""
        start = create_autospec(HeraldClient.start, side_effect=error)
        monkeypatch.setattr(HeraldClient, "start", start)
        chosen = settings.model_copy(update={"discord_token": SecretStr("a.b.c")})
        with pytest.raises(PlatformError) as raised:
            await lifecycle.Discord(host, chosen).serve(asyncio.Event())
        assert line in str(raised.value)
        assert "\n" not in str(raised.value)

    async def test_what_nobody_expected_is_raised_as_it_is(
        self, host: Host, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A mistake of ours is no error of Discord's."""
        monkeypatch.setattr(HeraldClient, "start", create_autospec(HeraldClient.start, side_effect=KeyError("x")))
        chosen = settings.model_copy(update={"discord_token": SecretStr("a.b.c")})
        with pytest.raises(KeyError):
            await lifecycle.Discord(host, chosen).serve(asyncio.Event())

    async def test_a_start_under_way_ends_with_it(
        self, host: Host, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Closing alone would leave it running for ever."""
        started = asyncio.Event()

        async def forever(self: HeraldClient, token: str) -> None:
            del self, token
            started.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(HeraldClient, "start", forever)
        stop = asyncio.Event()
        chosen = settings.model_copy(update={"discord_token": SecretStr("a.b.c")})
        serving = asyncio.create_task(lifecycle.Discord(host, chosen).serve(stop))
        await started.wait()
        stop.set()
        await asyncio.wait_for(serving, 5)


def test_the_library_s_log_is_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """The kind of an exception instead of its traceback; nothing below a warning."""
    logger = logging.getLogger("discord.client")
    with one_line("discord"):
        logger.error("Attempting a\nreconnect", exc_info=OSError("no"))
        logger.info("hello")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "Attempting a reconnect" in lines[0]
    assert "OSError" in lines[0]


class TestInvite:
    def test_it_asks_for_the_least(self) -> None:
        """To see, to write, also in threads, and what replies need."""
        server, member = links(Settings(discord_token=SecretStr("MTIzNDU2.x.y")))
        assert "client_id=123456&" in server
        assert "scope=bot+applications.commands" in server
        granted = discord.Permissions(int(server.partition("permissions=")[2].partition("&")[0]))
        assert granted == discord.Permissions(
            view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
        )
        assert "integration_type=1" in member
        assert "permissions" not in member

    @pytest.mark.parametrize("token", [None, "", "nonsense", "bm8.x.y"])
    def test_without_a_token_it_says_what_to_set(self, token: str | None) -> None:
        """And shows nothing of a wrong one."""
        with pytest.raises(SettingsError, match="DISCORD_TOKEN") as error:
            links(Settings(discord_token=SecretStr(token) if token is not None else None))
        assert "nonsense" not in str(error.value)
        assert isinstance(error.value, HeraldError)
