"""The admins' commands."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

import discord
import pytest
import simcord

from adapters.discord.app import HeraldClient
from adapters.discord.rights import owner_of
from bot import notices
from bot.host import Host
from bot.settings import Settings
from tests.adapters.discord.support import HOME, World
from tests.support import small_knowledge, write_knowledge
from tests.town import town

HOST = "who moderated the harbor talk"
MANAGE = discord.Permissions(manage_guild=True, view_channel=True)


@pytest.fixture
def boss(world: World) -> simcord.MemberActor:
    """A member who manages the server."""
    role = world.guild.create_role("bosses", permissions=MANAGE)
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


def said(result: simcord.InteractionResult) -> str:
    """What the admin reads in the end; for nobody else to see."""
    assert result.ephemeral
    message = result.followups[-1] if result.followups else result.response
    assert message
    return message.content


class TestReload:
    async def test_what_changed_is_told(self, world: World, boss: simcord.MemberActor, tmp_path: Path) -> None:
        """Added, changed and removed; and it answers so at once."""
        data = small_knowledge()
        data["quotes"] += [quote for quote in town()["quotes"] if quote["id"] == "on-ferries"]
        data["people"] += [person for person in town()["people"] if person["id"] == "mira-holt"]
        write_knowledge(tmp_path / "kb", data)
        report = said(await boss.slash(world.channel, "herald reload"))
        assert "  + tide-story\n" in report
        assert "  - camera\n" in report
        assert "  ~ on-light: text" in report
        assert (await world.asks("who hosted the harbor talk")).content.startswith("Ada Stone hosted it.")

    async def test_every_problem_is_told_and_the_old_version_stays(
        self, world: World, boss: simcord.MemberActor, tmp_path: Path
    ) -> None:
        """With file and line."""
        data = town()
        data["entries"][0]["sources"] = ["harbour-report"]
        data["quotes"][0]["speaker"] = "nobody"
        write_knowledge(tmp_path / "kb", data)
        report = said(await boss.slash(world.channel, "herald reload"))
        assert report.count("entries.yaml:11: ") == report.count("quotes.yaml:3: ") == 1
        assert "did you mean 'harbor-report'?" in report
        assert f"version {world.client.desk.host.knowledge.version} stays in service" in report
        assert (await world.asks(HOST)).content.startswith("Ada Stone")

    async def test_nothing_changed(self, world: World, boss: simcord.MemberActor) -> None:
        """Said plainly."""
        assert "no differences" in said(await boss.slash(world.channel, "herald reload"))

    async def test_a_long_report_comes_as_a_file(self, world: World, boss: simcord.MemberActor, tmp_path: Path) -> None:
        """With its beginning to read at once."""
        data = small_knowledge()
        data["background"] += [f"what is the number of boats in the harbor number {n} of the town" for n in range(60)]
        write_knowledge(tmp_path / "kb", data)
        result = await boss.slash(world.channel, "herald reload")
        assert said(result).endswith("…\n```")
        assert result.response
        (file,) = result.response.attachments
        assert file.filename == "report.txt"

    async def test_a_button_of_a_removed_entry_is_told_kindly(
        self, world: World, boss: simcord.MemberActor, tmp_path: Path
    ) -> None:
        """After the reload that took it away."""
        answer = await world.asks(HOST)
        write_knowledge(tmp_path / "kb", small_knowledge())
        await boss.slash(world.channel, "herald reload")
        result = await world.ben.click(answer, label="Source")
        assert result.response
        assert result.response.content == notices.RETIRED


class TestReports:
    async def test_status(self, world: World, boss: simcord.MemberActor) -> None:
        """Version, entries, uptime, calibration and latency."""
        await world.asks(HOST)
        report = said(await boss.slash(world.channel, "herald status"))
        assert f"Knowledge base {world.client.desk.host.knowledge.version}: 18 entries" in report
        for part in ("Up for", "Answers from", "expected to be right", "Last 1 questions", "(p99)"):
            assert part in report

    async def test_why(self, world: World, boss: simcord.MemberActor) -> None:
        """The candidates with their evidence."""
        report = said(await boss.slash(world.channel, "herald why", text=HOST))
        assert report.splitlines()[1].startswith("answer (entry 'harbor-host')")
        assert "harbor-host" in report.splitlines()[2]


class TestRights:
    async def test_a_member_without_the_right_does_not_get_so_far(self, world: World) -> None:
        """Discord itself hides the commands."""
        assert not [name for name in world.ada.available_commands(world.channel) if name.startswith("herald")]

    @pytest.mark.parametrize("command", ["herald reload", "herald status", "herald why"])
    async def test_who_is_let_through_by_the_server_is_checked_again(self, world: World, command: str) -> None:
        """A server may have changed the default permission."""
        await _let_everyone(world)
        options = {"text": "x"} if command.endswith("why") else {}
        result = await world.ada.slash(world.channel, command, **options)
        assert said(result) == notices.FORBIDDEN

    async def test_a_role_of_the_settings_is_enough(self, world: World, host: Host, settings: Settings) -> None:
        """Without the right to manage the server."""
        role = world.guild.create_role("curators")
        chosen = settings.model_copy(update={"discord_admin_roles": (role.id,)})
        await world.env.restart_bot(HeraldClient(host, chosen, shard_count=1))
        await _let_everyone(world)
        curator = world.guild.add_member(world.env.create_user("curator"), roles=[role])
        assert "Up for" in said(await curator.slash(world.channel, "herald status"))


class TestHome:
    async def manager(
        self, world: World, chosen: tuple[int, ...], host: Host, settings: Settings
    ) -> simcord.MemberActor:
        """Somebody who manages a server, after a start with other servers in the settings."""
        changed = settings.model_copy(update={"discord_home": chosen})
        await world.env.restart_bot(HeraldClient(host, changed, shard_count=1))
        role = world.guild.create_role("managers", permissions=MANAGE)
        return world.guild.add_member(world.env.create_user("eve"), roles=[role])

    async def test_managers_of_other_servers_are_refused(self, world: World, host: Host, settings: Settings) -> None:
        """Anybody may invite a public bot to a server of theirs; that changes nothing for all others."""
        manager = await self.manager(world, (HOME + 1,), host, settings)
        assert said(await manager.slash(world.channel, "herald status")) == notices.NOT_HOME

    async def test_without_a_home_it_is_where_the_bot_s_owner_is_at_home(
        self, world: World, host: Host, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In the servers that belong to the same person."""
        manager = await self.manager(world, (), host, settings)
        assert said(await manager.slash(world.channel, "herald status")) == notices.NOT_HOME
        owner = world.live.guild.owner_id
        assert owner
        monkeypatch.setattr(world.client.application, "owner", discord.Object(owner))
        assert "Up for" in said(await manager.slash(world.channel, "herald status"))


@pytest.mark.parametrize("team", [None, 7])
def test_a_team_s_application_is_of_who_owns_the_team(team: int | None) -> None:
    """Else of the one person; of nobody before Discord has told."""
    info = create_autospec(discord.AppInfo, instance=True)
    info.owner = discord.Object(3)
    info.team = team and create_autospec(discord.Team, instance=True, owner_id=team)
    assert (owner_of(info), owner_of(None)) == (team or 3, None)


async def _let_everyone(world: World) -> None:
    """As an admin of the server may: the command is there for all of its members."""
    (command,) = [found for found in await world.client.tree.fetch_commands() if found.name == "herald"]
    world.guild.set_command_permissions(command.id, {world.guild.default_role: True})
