"""What a running Herald shows to whoever watches it, on either platform: its port and its log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.adapters.discord.wire.stage import staged as on_discord
from tests.adapters.process import BotProcess
from tests.adapters.slack.wire.stage import staged as on_slack
from tests.discord_server import TOKEN
from tests.slack_server import APP_TOKEN, BOT_TOKEN

SAID = "who moderated the harbor talk, zanzibar?"  # the last word is in no knowledge base


def watched(settings: Mapping[str, str], port: int) -> dict[str, str]:
    """With the port open, and all that can be logged."""
    return {**settings, "HERALD_HTTP_PORT": str(port), "HERALD_LOG_FORMAT": "json", "HERALD_LOG_LEVEL": "DEBUG"}


async def got(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


def logged(bot: BotProcess) -> list[dict[str, str]]:
    """The lines of the log; the few for the operator stand beside it."""
    return [json.loads(line) for line in bot.lines if line.startswith("{")]


async def shown(bot: BotProcess, port: int, platform: str) -> None:
    """What holds on each platform once a question was answered."""
    for path in ("/livez", "/readyz"):
        status, body = await got(port, path)
        assert status == 200, body
        assert json.loads(body)["platforms"][platform]["silent_seconds"] < 60
    _, figures = await got(port, "/metrics")
    assert f'herald_questions_total{{kind="answer",platform="{platform}"}} 1.0' in figures
    assert f'herald_connected{{platform="{platform}"}} 1.0' in figures
    assert f'herald_request_seconds_count{{platform="{platform}"}} 1.0' in figures
    assert "zanzibar" not in bot.output + figures
    (line,) = [line for line in logged(bot) if line["event"] == "replied"]
    assert (line["platform"], line["kind"], len(line["request"])) == (platform, "answer", 8)


async def test_discord(wire_folder: Path, wire_settings: Mapping[str, str], port: int) -> None:
    """Ready once it is connected; nothing shows what a member wrote, nor the token."""
    async with on_discord(wire_folder, watched(wire_settings, port)) as stage, stage.bot() as bot:
        await stage.asked(SAID)
        await shown(bot, port, "discord")
        assert TOKEN not in bot.output


async def test_slack(wire_folder: Path, wire_settings: Mapping[str, str], port: int) -> None:
    """The same by Socket Mode."""
    async with on_slack(wire_folder, watched(wire_settings, port)) as stage, stage.bot() as bot:
        await stage.asked(SAID)
        await shown(bot, port, "slack")
        assert not [token for token in (APP_TOKEN, BOT_TOKEN) if token in bot.output]
