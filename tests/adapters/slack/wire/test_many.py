"""Many workspaces over the wire: ``herald run`` and ``herald slack rotate-keys`` as an operator uses them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.slack.sealing import new_key
from tests.adapters.process import START, BotProcess, connected, herald_run
from tests.adapters.slack.many import app_of
from tests.adapters.slack.wire.process import EVENTS
from tests.slack_server import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, BlockKit, Member, SlackServer, Visitor, browser

ASKED = "who moderated the harbor talk?"
HOST = "Ada Stone moderated the harbor talk."


def variables(server: SlackServer, port: int, folder: Path, keys: str) -> dict[str, str]:
    """What an operator sets."""
    return {
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "HERALD_SLACK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HERALD_SLACK_PORT": str(port),
        "HERALD_SLACK_API_URL": server.api_url,
        "HERALD_TOKEN_KEY": keys,
        "HERALD_DATA_DIR": str(folder / "data"),
    }


@asynccontextmanager
async def running(server: SlackServer, folder: Path, settings: Mapping[str, str]) -> AsyncIterator[BotProcess]:
    """Herald as a process, which Slack tells everything."""
    async with herald_run(folder, settings, fresh=False) as bot:
        await connected(bot, bot.lines.next(lambda line: "connected" in line, patience=START))
        way = server.post_to(f"{settings['HERALD_SLACK_PUBLIC_URL']}{EVENTS}")
        yield bot
        await way.close()


async def rotate(settings: Mapping[str, str], folder: Path) -> str:
    """What ``herald slack rotate-keys`` says."""
    herald = Path(sys.executable).with_name("herald")
    made = await asyncio.create_subprocess_exec(
        herald, "slack", "rotate-keys", cwd=folder, env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await made.communicate()
    assert made.returncode == 0
    return out.decode()


async def asks(server: SlackServer, member: Member, name: str) -> str:
    """The answer to a mention in a new channel."""
    return (await server.answer(member.mentions(server.world.channel(member.team, name), ASKED), patience=30)).shown


async def test_from_installing_to_another_key(
    tmp_path: Path, wire_settings: Mapping[str, str], schema: BlockKit, port: int
) -> None:
    """Two workspaces install Herald and go on while the key changes, one removes it; no token is told."""
    old, new = new_key(), new_key()
    async with SlackServer(app_of(port), schema=schema) as server:
        server.team.installed = False
        members = [server.member(name, team=server.world.team(name, installed=False)) for name in ("east", "west")]
        address = f"http://127.0.0.1:{port}"
        settings = {**wire_settings, **variables(server, port, tmp_path, old)}
        async with running(server, tmp_path, settings) as bot:
            for member in members:
                server.oauth.visitor = Visitor(member.user.id, member.team)
                async with browser(address) as opened:
                    assert "Herald is installed" in (await opened.opens(f"{address}/slack/install")).text
            for member in members:
                assert (await asks(server, member, "one")).startswith(HOST)
        said = bot.output
        settings["HERALD_TOKEN_KEY"] = f"{new},{old}"
        async with running(server, tmp_path, settings) as bot:
            assert "4 tokens" in await rotate(settings, tmp_path)
            for member in members:
                assert (await asks(server, member, "two")).startswith(HOST)
        settings["HERALD_TOKEN_KEY"] = new
        async with running(server, tmp_path, settings) as last:
            server.oauth.uninstall(members[0].team)
            for delivery in server.deliveries.log.items[-2:]:
                await server.deliveries.acked(delivery)
            assert (await asks(server, members[1], "three")).startswith(HOST)
        kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("herald.db*"))
        written = kept + said.encode() + bot.output.encode()
        for secret in (old, new, CLIENT_SECRET, *(member.team.token for member in members)):
            assert secret.encode() not in written + last.output.encode()
        assert not server.problems
