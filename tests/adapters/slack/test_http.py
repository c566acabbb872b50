"""Events by HTTP: what Slack signed is served, and anything else is refused without being read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from adapters.slack.app import make_app
from adapters.slack.desk import Desk
from adapters.slack.endpoints import web_client
from adapters.slack.http import MOST, sign, verified, web_app
from adapters.slack.manifest import EVENTS
from adapters.slack.outbox import Outbox
from adapters.slack.places import Places
from adapters.slack.workspaces import Installed
from bot.flight import Flight
from bot.host import Host
from bot.settings import Settings
from tests.slack_server import SlackServer
from tests.slack_server.server import BOT_TOKEN, SIGNING_SECRET

NOW = 1_700_000_000
CHALLENGE = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()


@pytest.fixture
def flight() -> Flight:
    """What is under way."""
    return Flight()


@pytest.fixture
async def http(server: SlackServer, host: Host, flight: Flight) -> AsyncIterator[TestClient[Any, Any]]:
    """Herald's web application."""
    async with aiohttp.ClientSession() as session:
        me = Installed(SecretStr(BOT_TOKEN), server.team.bot.id, server.team.bot_id, server.team.id)
        app = make_app(Desk(host, Outbox(session), Places()), Settings(), web_client(server.api_url, session), me)
        made = web_app(app, SIGNING_SECRET, flight, lambda: NOW)
        async with TestClient(TestServer(made)) as peer:
            yield peer


def signed(body: bytes, timestamp: str = str(NOW), **more: str) -> dict[str, str]:
    """The headers of a request by Slack."""
    found = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(SIGNING_SECRET, timestamp, body)}
    return {"Content-Type": "application/json", **found, **more}


async def status(http: TestClient[Any, Any], body: bytes, headers: dict[str, str]) -> int:
    """What Herald says to a request."""
    async with http.post(EVENTS, data=body, headers=headers) as response:
        return response.status


class TestSigned:
    async def test_what_slack_signed_is_served(self, http: TestClient[Any, Any]) -> None:
        """Such as the question whether the address is Herald's."""
        async with http.post(EVENTS, data=CHALLENGE, headers=signed(CHALLENGE)) as response:
            assert response.status == 200
            assert "c1" in await response.text()

    @pytest.mark.parametrize("body", [b"{nonsense", b"\xff\xfe", b"", b"[]", b"null", b"payload=%7Bx", b'{"a": 1}'])
    async def test_what_can_not_be_read_is_refused(self, http: TestClient[Any, Any], body: bytes) -> None:
        """Or isn't known; never an error of Herald's."""
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            headers = {**signed(body), "Content-Type": kind}
            assert await status(http, body, headers) in (400, 404)

    async def test_while_closing_slack_is_asked_to_come_again(self, http: TestClient[Any, Any], flight: Flight) -> None:
        """As another process may serve it."""
        flight.close()
        assert await status(http, CHALLENGE, signed(CHALLENGE)) == 503


class TestUnsigned:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Slack-Request-Timestamp": str(NOW)},
            {"X-Slack-Signature": sign(SIGNING_SECRET, str(NOW), CHALLENGE)},
            {**signed(CHALLENGE), "X-Slack-Signature": "v0=" + "0" * 64},
            {**signed(CHALLENGE), "X-Slack-Signature": "v0=ü"},
            {**signed(CHALLENGE), "X-Slack-Signature": ""},
            signed(CHALLENGE, str(NOW - 301)),
            signed(CHALLENGE, str(NOW + 301)),
            {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "soon"},
            {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "1e9"},
            {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "9" * 400},
            {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "-1"},
            signed(CHALLENGE + b" "),
        ],
        ids=str,
    )
    async def test_it_is_refused(self, http: TestClient[Any, Any], headers: dict[str, str]) -> None:
        """Wrong, stale, of the future, missing, and whatever else may stand in a header."""
        assert await status(http, CHALLENGE, headers) == 401

    @pytest.mark.parametrize("body", [b"{nonsense", b"\xff", b""])
    async def test_it_is_not_read(self, http: TestClient[Any, Any], body: bytes) -> None:
        """Whatever it is."""
        assert await status(http, body, {"Content-Type": "application/json"}) == 401

    async def test_a_huge_one_is_refused(self, http: TestClient[Any, Any]) -> None:
        """Before all of it is there."""
        body = b" " * (MOST + 1)
        assert await status(http, body, signed(body)) == 413

    async def test_nothing_else_is_there(self, http: TestClient[Any, Any]) -> None:
        """No other address, and no page to look at."""
        for path, method in ((EVENTS, "GET"), ("/", "POST"), ("/slack/install", "GET")):
            async with http.request(method, path) as response:
                assert response.status in (404, 405)


def test_the_window_is_five_minutes() -> None:
    """Both ways, to the second."""
    for second, taken in ((-301, False), (-300, True), (300, True), (301, False)):
        assert verified(SIGNING_SECRET, signed(b"x"), b"x", NOW + second) is taken
