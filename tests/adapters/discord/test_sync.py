"""Commands are sent when they changed, and not at every start."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

from adapters.discord.app import HeraldClient
from adapters.discord.sync import digest, sync
from bot.host import Host
from bot.settings import Settings
from tests.adapters.discord.support import World

API = "https://discord.com/api/v10"


def puts(world: World) -> int:
    return sum(request.method == "PUT" for request in world.env.http_requests)


async def test_a_restart_sends_nothing(world: World, host: Host, settings: Settings) -> None:
    """The digest of what was sent last is kept."""
    assert puts(world) == 1
    await world.env.restart_bot(HeraldClient(host, settings, shard_count=1))
    assert puts(world) == 1


async def test_a_lost_digest_sends_again(world: World, host: Host, settings: Settings) -> None:
    """As does a file that is no digest."""
    (path,) = settings.cache_folder.glob("discord-commands-*.sha256")
    path.write_bytes(b"\xff")
    await world.env.restart_bot(HeraldClient(host, settings, shard_count=1))
    assert puts(world) == 2


async def test_what_changed_is_sent(client: HeraldClient, tmp_path: Path) -> None:
    """To each address and for each bot by itself."""
    tree = client.tree
    tree.sync = create_autospec(tree.sync)  # type: ignore[method-assign]
    assert [await sync(tree, 1, tmp_path, API) for _ in range(2)] == [True, False]
    assert await sync(tree, 2, tmp_path, API)
    assert await sync(tree, 1, tmp_path, "http://localhost")
    before = digest(tree, API)
    tree.remove_command("about")
    assert digest(tree, API) != before


async def test_a_folder_that_cannot_be_written_is_no_error(client: HeraldClient, tmp_path: Path) -> None:
    """They are sent at each start then."""
    (tmp_path / "file").touch()
    client.tree.sync = create_autospec(client.tree.sync)  # type: ignore[method-assign]
    folder = tmp_path / "file" / "no"
    assert [await sync(client.tree, 1, folder, API) for _ in range(2)] == [True, True]


async def test_of_several_processes_one_sends(host: Host, settings: Settings) -> None:
    """The one that has shard 0."""
    for ids, sent in (((1, 2), 0), ((0,), 1)):
        chosen = settings.model_copy(update={"discord_shard_ids": ids, "discord_shard_count": 3})
        client = HeraldClient(host, chosen)
        client.tree.sync = calls = create_autospec(client.tree.sync)  # type: ignore[method-assign]
        client._connection.application_id = 1
        await client.setup_hook()
        assert calls.await_count == sent
