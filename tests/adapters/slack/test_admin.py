"""The admins' command."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack.admins import Admins
from bot import notices
from tests.adapters.slack.support import World
from tests.slack_server import Member
from tests.slack_server.exchange import refused
from tests.support import small_knowledge, write_knowledge
from tests.town import town

HOST = "who moderated the harbor talk"


async def said(world: World, text: str) -> str:
    """What an admin reads; for nobody else to see."""
    told = await world.boss.slash(world.general, "/herald", text).reply()
    assert told.viewer is world.boss.user
    return told.text


def admins(world: World, *members: str, group: str | None = None) -> Admins:
    """Of the one workspace."""
    return Admins([world.server.team.id], members, group)


async def allow(world: World, asked: Admins, member: Member) -> bool:
    """Whether somebody may."""
    return await asked.allow(world.desk_client, member.user.id, world.server.team.id)


class TestReports:
    async def test_a_reload_tells_what_changed(self, world: World, tmp_path: Path) -> None:
        """And Home shows what is new."""
        write_knowledge(tmp_path / "kb", small_knowledge())
        report = await said(world, "reload")
        assert "  + tide-story\n" in report
        assert "  - camera\n" in report

    async def test_every_problem_is_told_and_the_old_version_stays(self, world: World, tmp_path: Path) -> None:
        """With file and line."""
        data = town()
        data["entries"][0]["sources"] = ["harbour-report"]
        write_knowledge(tmp_path / "kb", data)
        report = await said(world, "reload")
        assert "entries.yaml:11: " in report
        assert "Nothing was changed" in report

    @pytest.mark.parametrize(
        ("text", "told"),
        [("status", "Up for"), (f"why {HOST}", "harbor-host"), ("help", "/herald reload"), ("", "/herald why"),
         ("why", "/herald why"), ("dance", "/herald status"), ("STATUS", "Up for")],
    )  # fmt: skip
    async def test_each_is_answered(self, world: World, text: str, told: str) -> None:
        """And anything else with help."""
        assert told in await said(world, text)


class TestRights:
    @pytest.mark.parametrize("text", ["reload", "status", "why x", "help"])
    async def test_others_are_refused(self, world: World, text: str) -> None:
        """At each call."""
        told = await world.ada.slash(world.general, "/herald", text).reply()
        assert told.text == notices.FORBIDDEN

    async def test_it_fails_closed(self, world: World) -> None:
        """Where Slack doesn't say who somebody is."""
        world.server.api.faults.plan("users.info", refused("missing_scope"))
        assert await said(world, "status") == notices.FORBIDDEN

    async def test_whom_the_settings_name_may(self, world: World) -> None:
        """By id, or by group; as of now."""
        group = world.server.world.group(world.server.team, world.ben.user)
        named, grouped = admins(world, world.ada.user.id), admins(world, group=group)
        assert await allow(world, named, world.ada)
        assert not await allow(world, named, world.ben)
        assert await allow(world, grouped, world.ben)
        assert not await allow(world, grouped, world.ada)
        world.server.team.groups[group].clear()
        assert not await allow(world, grouped, world.ben)
        assert not await allow(world, admins(world, group="S404"), world.ben)

    async def test_a_deleted_admin_may_not(self, world: World) -> None:
        """Whatever they were."""
        world.boss.user.deleted = True
        assert not await allow(world, admins(world), world.boss)
        assert not await allow(world, admins(world, world.boss.user.id), world.boss)

    @pytest.mark.parametrize("member", ["boss", "ada"])
    async def test_admins_of_others_may_not(self, world: World, member: str) -> None:
        """Slack Connect brings them into shared channels; what they are elsewhere is nothing here."""
        guest: Member = getattr(world, member)
        assert await allow(world, admins(world, world.ada.user.id), guest)
        guest.user.team = "T404"
        assert not await allow(world, admins(world, world.ada.user.id), guest)
