"""The shared scenarios on Discord."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.knowledge import KnowledgeBase
from tests.adapters.discord.support import Clock, World, labels
from tests.scenario import SCENARIOS, Scenario, Shown, play
from tests.support import small_knowledge, write_knowledge

_BUTTONS = {"Source", "Dismiss", "Reveal", "Another", "👍", "👎"}
_ESCAPE = re.compile(r"\\([\\*_~|`<#>\-])")


class Channel:
    """A member in a channel, who mentions Herald and presses buttons."""

    hides = True

    def __init__(self, world: World, clock: Clock, folder: Path) -> None:
        self._world = world
        self._clock = clock
        self._folder = folder
        self._last: Any = None

    @property
    def knowledge(self) -> KnowledgeBase:
        return self._world.client.desk.host.knowledge

    async def ask(self, text: str) -> Shown:
        self._later()
        self._last = await self._world.asks(text)
        return seen(self._last)

    async def pick(self, number: int) -> Shown:
        self._later()
        await self._world.ada.click(self._last, label=labels(self._last)[number - 1])
        self._last = self._world.answers()[-1]
        return seen(self._last)

    async def quote(self, speaker: str | None, about: str | None) -> Shown:
        self._later()
        given = {name: value for name, value in {"speaker": speaker, "about": about}.items() if value}
        result = await self._world.ada.slash(self._world.channel, "quote", **given)
        self._last = result.response
        return seen(self._last)

    async def reveal(self) -> Shown:
        self._later()
        result = await self._world.ada.click(self._last, label="Reveal")
        assert result.ephemeral
        return seen(result.response)

    async def reload(self, base: str) -> Shown:
        assert base == "small"
        write_knowledge(self._folder, small_knowledge())
        role = self._world.guild.create_role("bosses", permissions=discord.Permissions(manage_guild=True))
        boss = self._world.guild.add_member(self._world.env.create_user("boss"), roles=[role])
        result = await boss.slash(self._world.channel, "herald reload")
        assert isinstance(result, simcord.InteractionResult)
        assert result.response
        files = [await file.read() for file in result.response.attachments]
        return Shown(files[0].decode() if files else result.response.content)

    def _later(self) -> None:
        """So that no cooldown matters, nor that the same was answered just before."""
        self._clock.now += 61


def seen(message: Any) -> Shown:
    """What stands where in a message, without its markup."""
    lines = [_ESCAPE.sub(r"\1", line) for line in message.content.splitlines()]
    small = [line.partition(": ")[2].split(" · ") for line in lines if line.startswith("-# Source")]
    quoted = [line.removeprefix("> ").replace("**", "") for line in lines if line.startswith("> ")]
    words = [line for line in lines if not line.startswith(("-# ", "> "))]
    quotes = [" ".join(quoted[at : at + 2]) for at in range(0, len(quoted), 2)]
    buttons = labels(message)
    choices = [label for label in buttons if label not in _BUTTONS]
    return Shown(" ".join(words), quotes, choices, small[0] if small else [], "Reveal" in buttons)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_scenario(scenario: Scenario, world: World, clock: Clock, tmp_path: Path) -> None:
    """What a member sees is what the scenario wants."""
    world.live.nsfw = scenario.age_restricted
    await play(scenario, Channel(world, clock, tmp_path / "kb"))
