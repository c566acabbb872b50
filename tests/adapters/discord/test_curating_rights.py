"""Who may do what curators do: checked at each press; and what is said without a store."""

from __future__ import annotations

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
import simcord

from adapters.discord.admin import WHY_THIS
from adapters.discord.app import HeraldClient
from adapters.discord.commands import ASK_HERALD
from adapters.discord.components import view_of
from adapters.discord.curating import Curating
from adapters.discord.desk import Desk, respond
from adapters.discord.render import Button, Payload, escape
from adapters.discord.rights import Rights
from bot import notices
from bot.curation.inbox import Inbox
from bot.curation.teaching import Teacher
from bot.errors import StoreError
from bot.host import Host
from bot.panels.curators import ACTIONS
from bot.panels.model import Menu, Option
from tests.adapters.discord.keeping import ODD, Bureau, parts, said
from tests.adapters.discord.support import World
from tests.panels.support import office

COMMANDS: dict[str, dict[str, Any]] = {
    "inbox": {},
    "teach": {"question": ODD, "entry": "camera"},
    "stats": {},
    "history": {},
    "rollback": {"number": 1},
    "why": {"text": "1456074443980800010"},
    "reload": {},
    "status": {},
}

FOR_EVERYONE = {
    "pick", "read", "reveal", "source", "more", "up", "down", "reason", "wait", "dismiss", "group", "sub",
}  # fmt: skip
"""What a press of anybody may do; dismissing is for the asker and moderators, which has its own test."""


async def open_to_all(world: World) -> None:
    """As an admin of the server may: the commands are there for all of its members."""
    for found in await world.client.tree.fetch_commands():
        world.guild.set_command_permissions(found.id, {world.guild.default_role: True})


async def old_message(world: World, part: Button | Menu) -> discord.Message:
    """A message of Herald's from long ago, for all to press."""
    return await world.live.send("long ago", view=view_of(Payload("long ago", ((part,),))))


class TestRights:
    @pytest.mark.parametrize("command", COMMANDS)
    async def test_commands(self, bureau: Bureau, command: str) -> None:
        """Refused to members, though the server shows them."""
        await open_to_all(bureau.world)
        result = await bureau.world.ada.slash(bureau.world.channel, f"herald {command}", **COMMANDS[command])
        assert said(result) == notices.FORBIDDEN

    async def test_the_menu_of_a_message(self, bureau: Bureau) -> None:
        """So is why a message was answered so."""
        answer = await bureau.asks()
        await open_to_all(bureau.world)
        result = await bureau.world.ada.context_menu(bureau.world.channel, WHY_THIS, answer)
        assert said(result) == notices.FORBIDDEN

    @pytest.mark.parametrize("action", ACTIONS)
    async def test_buttons_and_menus(self, bureau: Bureau, action: str) -> None:
        """An old button that a member gets hold of changes nothing, and opens no form."""
        for part in (Button(f"h1:{action}:1.1", "x"), Menu(f"s1:{action}:1.1", "x", (Option("camera", "x"),))):
            message = await old_message(bureau.world, part)
            if isinstance(part, Button):
                result = await bureau.world.ada.click(message, label="x")
            else:
                result = await bureau.world.ada.select(message, ["camera"], custom_id=part.id)
            assert said(result) == notices.FORBIDDEN

    async def test_forms(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        """However somebody comes to send one: one line, and nothing is touched."""
        kept, told = office(), create_autospec(respond)
        monkeypatch.setattr("adapters.discord.curating.respond", told)
        curating = Curating(Desk(host, kept), Rights([1], [5], lambda: None))
        for action in ACTIONS:
            sent = create_autospec(discord.Interaction, instance=True)
            sent.guild_id, sent.permissions = 1, discord.Permissions.none()
            sent.user = create_autospec(discord.Member, instance=True, roles=[discord.Object(4)])
            sent.data = {"custom_id": f"f1:{action}:1.1", "components": []}
            await curating.submitted(sent)
            told.assert_awaited_once_with(sent, Payload(notices.FORBIDDEN), ephemeral=True)
            told.reset_mock()
        assert kept.mock_calls == []

    def test_nothing_is_left_out(self, client: HeraldClient) -> None:
        """Whatever there is to command and to press is for admins and tested above, or known to be for everyone."""
        tree = client.tree
        herald = tree.get_command("herald")
        assert isinstance(herald, discord.app_commands.Group)
        assert {command.name for command in herald.commands} == COMMANDS.keys()
        menus = tree.get_commands(type=discord.AppCommandType.message)
        everyone = [one.name for one in (*tree.get_commands(), *menus) if one.default_permissions is None]
        assert set(everyone) == {"ask", "quote", "topics", "about", "forget-me", ASK_HERALD}
        assert {one.name for one in menus} == {ASK_HERALD, WHY_THIS}
        assert client.presses._actions.keys() - ACTIONS.keys() == FOR_EVERYONE

    async def test_a_form_that_was_open_when_the_right_was_lost(self, bureau: Bureau) -> None:
        """Is refused when it is sent."""
        await bureau.asks()
        asked = await bureau.boss.click(await bureau.group(), label="Not in the sources …")
        bureau.demote()
        result = await bureau.boss.submit_modal(asked, {"line": "x"})
        assert said(result) == notices.FORBIDDEN
        assert ODD in str((await bureau.office.inbox.page()).groups)

    async def test_what_waits_is_completed_for_admins_alone(self, bureau: Bureau) -> None:
        """Questions of members are nobody else's."""
        await bureau.asks()
        await open_to_all(bureau.world)
        assert not await bureau.world.ada.autocomplete(bureau.world.channel, "herald teach", "question", "")
        assert await bureau.boss.autocomplete(bureau.world.channel, "herald teach", "question", "")


class TestLater:
    async def test_buttons_and_forms_outlive_a_restart(self, bureau: Bureau) -> None:
        """All that they need is in their ids."""
        world = bureau.world
        await bureau.asks()
        panel = await bureau.group()
        asked = await bureau.boss.click(panel, label="Another entry …")
        assert asked.modal
        made = HeraldClient(world.client.desk.host, world.client._settings, bureau.office, shard_count=1)
        await world.env.restart_bot(made)
        await bureau.boss.submit_modal(asked, {"words": "camera"})
        assert any(name.startswith("s1:teach:") for name in parts(panel))
        panel = await bureau.presses(panel, "Back")
        assert "Dismissed" in (await bureau.presses(panel, "Dismiss")).content


class TestTrouble:
    async def test_a_store_that_is_down_is_one_line(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        """By command, button and form; answers go on."""
        await bureau.asks()
        panel, older = await bureau.group(), await bureau.group()
        inbox, teacher = create_autospec(Inbox, instance=True), create_autospec(Teacher, instance=True)
        inbox.page.side_effect = teacher.dismiss.side_effect = teacher.gap.side_effect = StoreError("secret")
        monkeypatch.setattr(bureau.office, "inbox", inbox)
        monkeypatch.setattr(bureau.office, "teacher", teacher)
        assert (await bureau.commands("inbox")).content == notices.STORE_DOWN
        assert (await bureau.presses(panel, "Dismiss")).content == notices.STORE_DOWN
        assert (await bureau.fills(older, "Not in the sources …", line="")).content == notices.STORE_DOWN
        assert not await bureau.boss.autocomplete(bureau.world.channel, "herald teach", "question", "")

    @pytest.mark.parametrize("command", ["inbox", "teach", "stats", "history", "rollback"])
    async def test_without_a_store_one_line_says_so(self, world: World, command: str) -> None:
        """And nothing else of /herald needs it."""
        role = world.guild.create_role("bosses", permissions=discord.Permissions(manage_guild=True, view_channel=True))
        boss: simcord.MemberActor = world.guild.add_member(world.env.create_user("boss"), roles=[role])
        result = await boss.slash(world.channel, f"herald {command}", **COMMANDS[command])
        assert said(result) == escape(notices.STORE_OFF)
