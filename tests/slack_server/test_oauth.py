"""Installing and removing the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_server import CLIENT_ID, CLIENT_SECRET, SlackServer, Team, Visitor, browser
from tests.slack_server.plain import MANIFEST

BACK = "http://127.0.0.1:1/back"
APP = {**MANIFEST, "oauth_config": {**MANIFEST["oauth_config"], "redirect_urls": [BACK]}}


class Clock:
    """Seconds since 1970 that pass when a test says so."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Time."""
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[SlackServer]:
    """A Slack with an app that may be installed."""
    async with SlackServer(APP) as made:
        made.oauth.now = made.api.now = clock
        yield made


@pytest.fixture
def team(server: SlackServer) -> Team:
    """A workspace without the app, whose owner is at the browser."""
    made = server.world.team("harbor", installed=False)
    server.oauth.visitor = Visitor("U1", made)
    return made


async def sent_back(server: SlackServer, **more: str) -> dict[str, str]:
    """What stands in the address that the browser is sent back to."""
    origin = server.api_url.removesuffix("/api/")
    asked = {"client_id": CLIENT_ID, "scope": "chat:write", "state": "s", "redirect_uri": BACK, **more}
    async with browser(origin) as opened:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        page = await opened.opens(f"{origin}/oauth/v2/authorize?{query}", follows=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(page.sent_to).query).items()} or {"page": page.text}


async def refusal(server: SlackServer, **asked: str) -> str:
    """Slack's word for why it gives no token."""
    given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **asked}
    with pytest.raises(SlackApiError) as refused:
        await AsyncWebClient(base_url=server.api_url).oauth_v2_access(**given)
    return str(refused.value.response["error"])


@pytest.mark.filterwarnings("ignore:BasicAuth")
class TestInstalling:
    async def test_a_code_is_good_for_once(self, server: SlackServer, team: Team) -> None:
        """And gives a token with the scopes that were asked for."""
        back = await sent_back(server)
        assert back["state"] == "s"
        client = AsyncWebClient(base_url=server.api_url)
        given = await client.oauth_v2_access(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code=back["code"], redirect_uri=BACK
        )
        assert (given["team"]["id"], given["scope"], team.installed) == (team.id, "chat:write", True)
        assert (await client.auth_test(token=given["access_token"]))["team_id"] == team.id
        assert await refusal(server, code=back["code"], redirect_uri=BACK) == "code_already_used"

    async def test_what_is_wrong_is_refused(self, server: SlackServer, team: Team, clock: Clock) -> None:
        """By the words of the method's page."""
        code = (await sent_back(server))["code"]
        assert await refusal(server, code="x") == "invalid_code"
        assert await refusal(server, code=code, client_secret="x") == "bad_client_secret"  # noqa: S106
        assert await refusal(server, code=code, client_id="x") == "invalid_client_id"
        assert await refusal(server, code=code) == "bad_redirect_uri"
        assert await refusal(server, grant_type="refresh_token", refresh_token="x") == "invalid_refresh_token"  # noqa: S106
        clock.now += 601
        assert await refusal(server, code=code, redirect_uri=BACK) == "invalid_code"

    async def test_who_asks_must_be_known(self, server: SlackServer, team: Team) -> None:
        """And be sent back to where the manifest says."""
        assert await sent_back(server, client_id="x") == {"page": "invalid_client_id"}
        assert await sent_back(server, redirect_uri="http://evil") == {"page": "bad_redirect_uri"}
        server.oauth.visitor = None
        assert await sent_back(server) == {"error": "access_denied", "state": "s"}
        assert server.problems == []
        await sent_back(server, scope="admin")
        assert server.problems == ["scopes that the manifest lacks: ['admin']"]

    async def test_tokens_expire_where_they_rotate(self, server: SlackServer, team: Team, clock: Clock) -> None:
        """After twelve hours, also where they were renewed before; a refresh token is good for once."""
        server.oauth.rotation = True
        client = AsyncWebClient(base_url=server.api_url)
        whose = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        code = (await sent_back(server))["code"]
        given = await client.oauth_v2_access(**whose, code=code, redirect_uri=BACK)
        clock.now += given["expires_in"] - 1
        again = await client.oauth_v2_access(**whose, grant_type="refresh_token", refresh_token=given["refresh_token"])
        for token in (given["access_token"], again["access_token"]):
            assert (await client.auth_test(token=token))["ok"]
        clock.now += 1
        with pytest.raises(SlackApiError, match="token_expired"):
            await client.auth_test(token=given["access_token"])
        assert (await client.auth_test(token=again["access_token"]))["ok"]
        used = await refusal(server, grant_type="refresh_token", refresh_token=given["refresh_token"])
        assert used == "invalid_refresh_token"
