"""``herald setup`` against the loopback Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.setup import envfile
from adapters.slack.checks import check_app, check_bot, check_client, check_secret
from adapters.slack.manifest import manifest
from adapters.slack.sealing import new_key
from adapters.slack.setup import SlackStep
from tests.adapters.setup.scripted import setting_up
from tests.slack_server import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, Fault, SlackServer, dropped, refused

SECRET = "0123456789abcdef" * 2
SCOPES = manifest()["oauth_config"]["scopes"]["bot"]


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    """A Slack; what no client should do fails the test."""
    async with SlackServer(manifest()) as running:
        yield running
        assert not running.problems, running.problems


@pytest.fixture
def environment(server: SlackServer) -> dict[str, str]:
    """Where it is."""
    return {"HERALD_SLACK_API_URL": server.api_url}


class TestSettingUp:
    async def test_tokens_are_checked_and_written(self, environment: dict[str, str], tmp_path: Path) -> None:
        """The manifest is shown before they are asked for; ids of members and channels are kept."""
        answers = {
            "Bot token": [BOT_TOKEN], "App-level token": [APP_TOKEN],
            "Ids of further members": ["U012AB3CD"], "Ids of channels": ["general", "C012AB3CD, C99999999"],
        }  # fmt: skip
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        text = (tmp_path / ".env").read_text("utf-8")
        assert envfile.values(text) == {
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "HERALD_SLACK_ADMINS": "U012AB3CD",
            "HERALD_SLACK_EXPLICIT_CHANNELS": "C012AB3CD,C99999999",
        }  # fmt: skip
        shown = next(place for place, line in enumerate(person.said) if '"socket_mode_enabled": true' in line)
        assert shown < next(place for place, line in enumerate(person.said) if line.startswith("Bot token"))
        assert any("must be ids such as C012AB3CD, with commas between" in said for said in person.said)
        assert "This is herald in town." in person.told
        assert "Slack opens Socket Mode for it." in person.told
        assert BOT_TOKEN not in person.told
        assert APP_TOKEN not in person.told

    async def test_http_takes_a_signing_secret_in_place_of_the_app_s_token(
        self, environment: dict[str, str], tmp_path: Path
    ) -> None:
        """The manifest carries the address; an app-level token, which would go before, is emptied."""
        (tmp_path / ".env").write_text(f"SLACK_APP_TOKEN={APP_TOKEN}\n", "utf-8")
        answers = {
            "How shall Slack's": ["2"], "Address": ["http://x", "https://herald.example.org"],
            "Bot token": [BOT_TOKEN], "Signing secret": ["nonsense", SECRET],
        }  # fmt: skip
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert envfile.values((tmp_path / ".env").read_text("utf-8")) == {
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET
        }  # fmt: skip
        assert "https://herald.example.org/slack/events" in person.told
        assert "It must begin with https://" in person.told
        assert SECRET not in person.told

    async def test_an_example_is_no_answer(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Enter doesn't take the address that is shown as one: it is asked for until one is given."""
        answers = {"How shall Slack's": ["2"], "Address": ["", "https://herald.harbor.town"]}
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert person.said.count("Address, such as https://herald.example.org []") == 2
        assert "https://herald.harbor.town/slack/events" in person.told
        assert "https://herald.example.org/slack" not in person.told

    async def test_a_group_of_admins_is_in_the_manifest(self, environment: dict[str, str], tmp_path: Path) -> None:
        """It takes a scope more, which the token then lacks."""
        answers = {
            "Bot token": [BOT_TOKEN], "App-level token": [APP_TOKEN],
            "Id of a user group": ["S012AB3CD"],
        }  # fmt: skip
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert "It lacks usergroups:read: put the manifest into App Manifest" in person.told

    async def test_many_workspaces(self, environment: dict[str, str], tmp_path: Path) -> None:
        """What the app's own credentials are; a key is made, and whatever was for one workspace goes."""
        (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}\n", "utf-8")
        answers = {
            "How shall Slack's": ["3"], "Address": ["https://a b", "https://herald.example.org/"],
            "Port": ["99999", "3333"], "Ids of your own": ["town", "T012AB3CD"], "Client id": ["herald", CLIENT_ID],
            "Client secret": ["other", CLIENT_SECRET], "Signing secret": [SECRET],
        }  # fmt: skip
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        written = envfile.values((tmp_path / ".env").read_text("utf-8"))
        key = written.pop("HERALD_TOKEN_KEY")
        assert written == {
            "SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET, "SLACK_SIGNING_SECRET": SECRET,
            "HERALD_SLACK_PUBLIC_URL": "https://herald.example.org", "HERALD_SLACK_HOME": "T012AB3CD",
            "HERALD_SLACK_PORT": "3333",
        }  # fmt: skip
        assert "Once Herald runs, install it: https://herald.example.org/slack/install" in person.said
        assert "Then start it: herald run" in person.said
        assert not [secret for secret in (CLIENT_SECRET, SECRET, key) if secret in person.told]

    async def test_many_workspaces_again(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Enter throughout changes nothing: above all not the key."""
        (tmp_path / ".env").write_text(
            f"SLACK_CLIENT_ID={CLIENT_ID}\nSLACK_CLIENT_SECRET={CLIENT_SECRET}\nSLACK_SIGNING_SECRET={SECRET}\n"
            f"HERALD_SLACK_PUBLIC_URL=https://herald.example.org\nHERALD_TOKEN_KEY={new_key()}\n", "utf-8",
        )  # fmt: skip
        before = (tmp_path / ".env").read_text("utf-8")
        await setting_up(tmp_path / ".env", [SlackStep()], {}, environment)
        assert (tmp_path / ".env").read_text("utf-8") == before

    async def test_back_to_one_workspace(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Herald takes either; the key stays, as the tokens in the database need it."""
        key = new_key()
        (tmp_path / ".env").write_text(
            f"SLACK_CLIENT_ID={CLIENT_ID}\nSLACK_CLIENT_SECRET={CLIENT_SECRET}\nHERALD_TOKEN_KEY={key}\n", "utf-8"
        )
        answers = {"How shall Slack's": ["1"], "Bot token": [BOT_TOKEN], "App-level token": [APP_TOKEN]}
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert envfile.values((tmp_path / ".env").read_text("utf-8")) == {
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "HERALD_TOKEN_KEY": key
        }  # fmt: skip
        assert "Then start it: herald run" in person.said

    async def test_many_workspaces_without_the_secret(self, environment: dict[str, str], tmp_path: Path) -> None:
        """Slack is left out, and what there was for one workspace stays."""
        (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}\n", "utf-8")
        answers = {"How shall Slack's": ["3"], "Address": ["https://herald.example.org"], "Client id": [CLIENT_ID]}
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert envfile.values((tmp_path / ".env").read_text("utf-8")) == {
            "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN
        }  # fmt: skip
        assert "Slack is left out." in person.said

    async def test_without_its_second_token_it_is_told(self, environment: dict[str, str], tmp_path: Path) -> None:
        """As Herald would not start."""
        answers = {"Bot token": [BOT_TOKEN]}
        person = await setting_up(tmp_path / ".env", [SlackStep()], answers, environment)
        assert "Without it Slack can't reach Herald, which doesn't start then." in person.said
        assert "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN" in person.said[-1]


class TestChecking:
    async def test_scopes_are_compared(self, server: SlackServer) -> None:
        """Those that are missing, and those that are too many."""
        server.team.scopes = frozenset({*SCOPES, "files:read"} - {"users:read"})
        found = await check_bot(BOT_TOKEN, server.api_url, SCOPES)
        assert found.verdict == "good"
        assert found.lines[1].startswith("It lacks users:read:")
        assert found.lines[2] == "It has files:read, which Herald doesn't need."

    @pytest.mark.parametrize("token", ["xapp-1", "xoxp-1", "xoxb-other"])
    async def test_another_token_is_refused(self, server: SlackServer, token: str) -> None:
        """It is told where the right one is."""
        found = await check_bot(token, server.api_url, SCOPES)
        assert found.verdict == "refused"
        assert "OAuth & Permissions" in found.lines[0]

    async def test_an_app_s_token_without_its_scope(self, server: SlackServer) -> None:
        """The scope is named."""
        server.api.faults.plan(r"apps\.connections\.open", refused("missing_scope"))
        found = await check_app(APP_TOKEN, server.api_url)
        assert (found.verdict, "connections:write" in found.lines[0]) == ("refused", True)
        assert (await check_app(BOT_TOKEN, server.api_url)).verdict == "refused"
        assert (await check_app("xapp-other", server.api_url)).verdict == "refused"

    @pytest.mark.parametrize("fault", [dropped(), Fault(503), refused("internal_error")])
    async def test_a_slack_that_is_away_refuses_nothing(self, server: SlackServer, fault: Fault) -> None:
        """The line says so."""
        server.api.faults.plan(r"auth\.test", fault)
        found = await check_bot(BOT_TOKEN, server.api_url, SCOPES)
        assert found.verdict == "unknown"
        assert found.lines[0].startswith("Slack can't be asked now: ")

    async def test_the_app_s_own_credentials(self, server: SlackServer) -> None:
        """Slack tells whether it knows them by what it refuses; where it is away, nothing is known."""
        assert (await check_client(CLIENT_SECRET, server.api_url, CLIENT_ID)).verdict == "good"
        assert "bad_client_secret" in (await check_client("other", server.api_url, CLIENT_ID)).lines[0]
        assert (await check_client(CLIENT_SECRET, server.api_url, "9.9")).verdict == "refused"
        server.api.faults.plan(r"oauth\.v2\.access", Fault(503))
        assert (await check_client(CLIENT_SECRET, server.api_url, CLIENT_ID)).verdict == "unknown"

    async def test_a_signing_secret_has_a_form(self) -> None:
        """No call could tell more."""
        assert (await check_secret(SECRET)).verdict == "good"
        assert (await check_secret("xapp-1")).verdict == "refused"
