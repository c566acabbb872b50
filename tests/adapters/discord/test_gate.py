"""One shard identifies every five seconds, whatever its process."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

import discord
import pytest

from adapters.discord.app import HeraldClient
from adapters.discord.gate import FileGate, SharedGate, StartLimit
from bot.errors import StoreDownError
from bot.host import Host
from bot.settings import Settings
from bot.store.turns import SharedTurns
from tests.adapters.discord.support import Clock


def test_processes_take_turns(tmp_path: Path) -> None:
    """Each gate is one process; their turns are five seconds apart."""
    clock = Clock()
    gates = [FileGate(tmp_path / "turn", clock=clock) for _ in range(3)]
    assert [gate.reserve() for gate in gates] == [0.0, 5.0, 10.0]
    clock.now += 12
    assert gates[0].reserve() == 3.0
    clock.now += 100
    assert gates[1].reserve() == 0.0


@pytest.mark.parametrize("content", [b"nonsense", b"\xff", b"9e99"])
async def test_a_file_that_is_no_turn_is_no_error(tmp_path: Path, content: bytes) -> None:
    """A pause is waited, and no longer."""
    (tmp_path / "turn").write_bytes(content)
    await FileGate(tmp_path / "turn", pause=0.0, clock=Clock()).wait(0)


async def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A pause is waited."""
    (tmp_path / "file").touch()
    await FileGate(tmp_path / "file" / "turn", pause=0.0).wait(0)


async def test_only_shards_of_several_processes_wait_at_it(host: Host, settings: Settings) -> None:
    """The first shard of the only process identifies at once."""
    gate = create_autospec(FileGate, instance=True)
    await HeraldClient(host, settings, gate=gate).before_identify_hook(0, initial=True)
    gate.wait.assert_not_awaited()
    several = settings.model_copy(update={"discord_shard_ids": (1,), "discord_shard_count": 2})
    await HeraldClient(host, several, gate=gate).before_identify_hook(1, initial=True)
    gate.wait.assert_awaited_once_with(1)


class TestShared:
    """Over what the processes share, also of several machines."""

    @staticmethod
    async def limit() -> StartLimit:
        return StartLimit(7, 2)

    async def test_each_bucket_takes_turns_by_itself(self) -> None:
        """As Discord counts them: by the shard's number and how many may identify at once."""
        turns, here = create_autospec(SharedTurns, instance=True), create_autospec(FileGate, instance=True)
        turns.reserve.return_value = 0.0
        gate = SharedGate(turns, self.limit, here)
        for shard in (0, 1, 2):
            await gate.wait(shard)
        names = [call.args for call in turns.reserve.await_args_list]
        assert names == [("identify:7:0", 5.0), ("identify:7:1", 5.0), ("identify:7:0", 5.0)]
        here.wait.assert_not_awaited()

    async def test_while_nothing_can_be_shared_the_file_does(self) -> None:
        """Nor where Discord doesn't say how many may."""
        turns, here = create_autospec(SharedTurns, instance=True), create_autospec(FileGate, instance=True)
        turns.reserve.side_effect = StoreDownError("down")
        await SharedGate(turns, self.limit, here).wait(3)

        async def unknown() -> StartLimit:
            raise discord.GatewayNotFound

        await SharedGate(turns, unknown, here).wait(4)
        assert [call.args for call in here.wait.await_args_list] == [(3,), (4,)]

    async def test_it_is_used_where_processes_share_something(self, one_of_several: Host, settings: Settings) -> None:
        """Whether the shards are divided or not: a new version may take the place of an old one."""
        client = HeraldClient(one_of_several, settings)
        assert isinstance(client._gate, SharedGate)
