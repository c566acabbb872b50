"""``herald setup`` against the loopback Discord."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.setup import DiscordStep, check
from adapters.setup import envfile
from tests.adapters.setup.scripted import setting_up
from tests.discord_server import TOKEN, DiscordServer, Fault, OpenApi, dropped


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord; what no client should do fails the test."""
    async with DiscordServer(judge=OpenApi()) as running:
        yield running
        assert not running.problems, running.problems


@pytest.fixture
def environment(server: DiscordServer) -> dict[str, str]:
    """Where it is."""
    return {"HERALD_DISCORD_API_URL": server.api_url}


class TestSettingUp:
    async def test_a_token_is_checked_and_written(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Then the link that installs Herald is there; the token itself is never shown."""
        answers = {
            "Bot token": [TOKEN], "Ids of servers": ["7"], "Ids of further roles": ["12, 34"], "How shall": ["1"]
        }  # fmt: skip
        person = await setting_up(tmp_path / ".env", [DiscordStep()], answers, environment)
        text = (tmp_path / ".env").read_text("utf-8")
        assert envfile.values(text) == {
            "DISCORD_TOKEN": TOKEN, "HERALD_DISCORD_HOME": "7", "HERALD_DISCORD_ADMIN_ROLES": "12,34",
            "HERALD_PRECISION": "0.98",
        }  # fmt: skip
        assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
        assert "https://discord.com/oauth2/authorize?client_id=" in person.told
        assert "herald run" in person.said[-1]
        assert TOKEN not in person.told

    async def test_it_runs_again_over_what_is_there(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Enter throughout changes nothing, whatever else the file holds."""
        text = f"# mine\nFOO=bar\nHERALD_DISCORD_ADMIN_ROLES=12\nDISCORD_TOKEN={TOKEN}\nHERALD_PRECISION=0.93 # so\n"
        envfile.save(tmp_path / ".env", text)
        person = await setting_up(tmp_path / ".env", [DiscordStep()], {}, environment)
        assert (tmp_path / ".env").read_text("utf-8") == text
        assert "Nothing to change" in person.told
        assert "HERALD_PRECISION=0.93, as it is" in person.told
        assert TOKEN not in person.told

    async def test_a_refused_token_is_asked_for_again(self, environment: dict[str, str], tmp_path: Path) -> None:
        """What is wrong is told; without another one the platform is left out, and the present one stays."""
        (tmp_path / ".env").write_text("DISCORD_TOKEN=old\n", "utf-8")
        person = await setting_up(tmp_path / ".env", [DiscordStep()], {"Bot token": ["a b", "MTIz.x.y"]}, environment)
        assert "A token has no spaces" in person.told
        assert "Discord refuses this token: copy it anew" in person.told
        assert "Discord is left out." in person.told
        assert "DISCORD_TOKEN=old\n" in (tmp_path / ".env").read_text("utf-8")

    async def test_wrong_ids_are_asked_for_again(self, environment: dict[str, str], tmp_path: Path) -> None:
        """A name is no id."""
        answers = {"Bot token": [TOKEN], "Ids of further roles": ["curators", "12"]}
        person = await setting_up(tmp_path / ".env", [DiscordStep()], answers, environment)
        assert any(line.startswith("HERALD_DISCORD_ADMIN_ROLES='curators'") for line in person.said)
        assert envfile.values((tmp_path / ".env").read_text("utf-8"))["HERALD_DISCORD_ADMIN_ROLES"] == "12"

    async def test_a_discord_that_is_away_leaves_the_choice(
        self, server: DiscordServer, environment: dict[str, str], tmp_path: Path
    ) -> None:
        """The token may be kept unchecked."""
        server.rest.faults.plan("GET", "/users/@me", Fault(503), times=2)
        answers = {"Bot token": [TOKEN, TOKEN], "Keep it": ["n", "y"]}
        person = await setting_up(tmp_path / ".env", [DiscordStep()], answers, environment)
        assert "Discord can't be asked now" in person.told
        assert envfile.values((tmp_path / ".env").read_text("utf-8"))["DISCORD_TOKEN"] == TOKEN

    async def test_what_others_wrote_wrongly_is_told(self, environment: dict[str, str], tmp_path: Path) -> None:
        """It stays, but Herald would not start with it."""
        (tmp_path / ".env").write_text("HERALD_PRECISON=0.9\n", "utf-8")
        person = await setting_up(tmp_path / ".env", [DiscordStep()], {"Bot token": [TOKEN]}, environment)
        assert "mend this" in person.said[-1]
        assert "HERALD_PRECISON is unknown" in person.said[-1]

    async def test_the_environment_goes_before_the_file(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Who sets another value is told."""
        held = {**environment, "HERALD_PRECISION": "0.95"}
        answers = {"Bot token": [TOKEN], "How shall": ["3"]}
        person = await setting_up(tmp_path / ".env", [DiscordStep()], answers, held)
        assert "Mind that HERALD_PRECISION of the environment goes before .env." in person.said


class TestChecking:
    @pytest.mark.parametrize(
        ("facts", "line"),
        [
            ({"bot_require_code_grant": True}, "Requires OAuth2 Code Grant"),
            ({"interactions_endpoint_url": "https://example.org"}, "clear 'Interactions Endpoint URL'"),
            ({"integration_types_config": {"0": {}}}, "tick 'User Install'"),
            ({"integration_types_config": {"1": {}}}, "tick 'Guild Install'"),
            ({"bot_public": False}, "only you can install it"),
            ({"flags": 1 << 19}, "privileged intents (message content)"),
        ],
    )
    async def test_what_is_missing_is_told_plainly(
        self, server: DiscordServer, facts: dict[str, object], line: str
    ) -> None:
        """Each setting of the portal that Herald needs otherwise, and no other."""
        sound = {"id": "1", "bot_public": True, "flags": 0, "integration_types_config": {"0": {}, "1": {}}}
        server.rest.faults.plan("GET", "/applications/@me", Fault(200, {**sound, **facts}))
        found = await check(TOKEN, server.api_url)
        assert (found.verdict, len(found.lines)) == ("good", 2)
        assert line in found.lines[1]

    async def test_nothing_is_told_of_a_sound_one(self, server: DiscordServer) -> None:
        """But its name."""
        found = await check(TOKEN, server.api_url)
        assert (found.verdict, len(found.lines)) == ("good", 1)

    async def test_a_busy_discord_refuses_nothing(self, server: DiscordServer) -> None:
        """A 503, or a connection that is lost, says nothing about the token."""
        server.rest.faults.plan("GET", "/users/@me", dropped(), times=2)
        assert (await check(TOKEN, server.api_url)).lines == ("Discord can't be asked now: Server disconnected.",)
        server.rest.faults.plan("GET", "/applications/@me", Fault(503))
        found = await check(TOKEN, server.api_url)
        assert (found.verdict, found.lines) == ("unknown", ("Discord can't be asked now: it answers 503.",))
