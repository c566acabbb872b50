"""One shard identifies every five seconds, whatever its process."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

import pytest

from adapters.discord.app import HeraldClient
from adapters.discord.gate import FileGate
from bot.host import Host
from bot.settings import Settings
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
