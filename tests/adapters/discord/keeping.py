"""What tests share of curators and members who use the store on Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from adapters.discord.telling import Telling
from bot.curation.waits import Notice
from bot.office import Office
from tests.adapters.discord.support import World

__all__ = ["MANAGE", "ODD", "Bureau", "boss_of", "parts", "said"]

MANAGE = discord.Permissions(manage_guild=True, view_channel=True)
ODD = "zebulon quartz umbrella"
"""Words that nothing in the town has."""


def boss_of(world: World) -> simcord.MemberActor:
    """A member who manages the server."""
    role = world.guild.create_role("bosses", permissions=MANAGE)
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


def shown(result: simcord.InteractionResult) -> Any:
    """The message that somebody sees in the end."""
    return result.followups[-1] if result.followups else result.response


def said(result: simcord.InteractionResult) -> str:
    """What they read in the end; for nobody else to see."""
    assert result.ephemeral
    return str(shown(result).content)


def parts(message: Any) -> dict[str, dict[str, Any]]:
    """All buttons and menus of a message by their ids."""
    rows = [row if isinstance(row, dict) else row.to_dict() for row in message.components]
    return {part["custom_id"]: part for row in rows for part in row["components"]}


@dataclass
class Bureau:
    """A world with an office, and an admin in it."""

    world: World
    office: Office
    boss: simcord.MemberActor

    async def written(self) -> None:
        """Waits until all that was noted stands in the database."""
        await self.office.journal._writer.flushed()

    async def tell(self, notice: Notice) -> bool:
        """Has a member told as the office does."""
        reached = await Telling(self.world.client)(notice)
        await self.world.env.settle()
        return reached

    def listens(self) -> asyncio.Event:
        """Is set as soon as the office has had somebody told."""
        done = asyncio.Event()

        async def tell(notice: Notice) -> bool:
            reached = await Telling(self.world.client)(notice)
            done.set()
            return reached

        self.office.notify("discord", tell)
        return done

    async def asks(self, text: str = ODD) -> discord.Message:
        """Ada asks, and the journal has it."""
        answer = await self.world.asks(text)
        await self.written()
        return answer

    async def commands(self, name: str, **options: Any) -> discord.Message:
        """The panel that a command shows the admin."""
        result = await self.boss.slash(self.world.channel, f"herald {name}", **options)
        assert result.ephemeral
        return shown(result)  # type: ignore[no-any-return]

    async def picks(self, panel: Any, custom_id: str, value: str) -> discord.Message:
        """Picks from a menu; the panel afterwards."""
        return await self._after(panel, await self.boss.select(panel, [value], custom_id=custom_id))

    async def presses(self, panel: Any, label: str) -> discord.Message:
        """Presses a button; the panel afterwards."""
        return await self._after(panel, await self.boss.click(panel, label=label))

    async def fills(self, panel: Any, label: str, **values: str | Sequence[str]) -> discord.Message:
        """Presses a button that opens a form, and sends it; the panel afterwards."""
        asked = await self.boss.click(panel, label=label)
        return await self._after(panel, await self.boss.submit_modal(asked, values))

    async def _after(self, panel: Any, result: simcord.InteractionResult) -> discord.Message:
        await self.written()
        found = shown(result)
        return found or panel  # type: ignore[no-any-return]

    def demote(self) -> None:
        """The admin is none any more."""
        self.world.guild.roles["bosses"]._role.permissions = 0

    async def group(self) -> discord.Message:
        """Opens the first question of the inbox."""
        panel = await self.commands("inbox")
        first = parts(panel)["s1:asked:1"]["options"][0]["value"]
        return await self.picks(panel, "s1:asked:1", first)
