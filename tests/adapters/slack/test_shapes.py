"""Signed bodies of any shape: answered, refused or not known, and never an error of Herald's."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.slack.app import make_app
from adapters.slack.desk import Desk
from adapters.slack.endpoints import web_client
from adapters.slack.http import sign, web_app
from adapters.slack.manifest import EVENTS, manifest
from adapters.slack.outbox import Outbox
from adapters.slack.places import Places
from adapters.slack.shapes import fits
from adapters.slack.workspaces import Installed
from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.reload import build_here
from bot.service import open_service
from bot.settings import Settings
from tests.examples import often
from tests.slack_server import BOT_TOKEN, SIGNING_SECRET, SlackServer

NOW = 1_700_000_000
USER = {"id": "U1", "username": "ada", "name": "ada", "team_id": "T1"}
TEAM = {"id": "T1", "domain": "town"}
VIEW = {
    "id": "V1",
    "type": "modal",
    "callback_id": "quote",
    "private_metadata": '{"url": "", "channel": "C1"}',
    "hash": "1.a",
    "state": {"values": {"speaker": {"speaker": {"type": "external_select", "selected_option": {"value": "x"}}}}},
}
MESSAGE = {
    "ts": "1.1",
    "text": "hello",
    "user": "U2",
    "blocks": [{"type": "actions", "elements": [{"type": "button", "action_id": "h1:source:q.x"}]}],
}
COMMAND = {
    "command": "/ask", "text": "who", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": "1.1",
    "response_url": "",
}  # fmt: skip


def event(**inner: Any) -> dict[str, Any]:
    """An event in its wrapper."""
    granted = {"enterprise_id": None, "team_id": "T1", "user_id": "U9", "is_bot": True, "is_enterprise_install": False}
    wrapper = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event_time": NOW}
    return {**wrapper, "authorizations": [granted], "event": inner}


def interaction(kind: str, **more: Any) -> dict[str, Any]:
    """What members do."""
    return {
        "type": kind,
        "team": TEAM,
        "user": USER,
        "enterprise": None,
        "trigger_id": "1.1",
        "response_url": "",
        **more,
    }


PRESS = {"type": "button", "action_id": "h1:more:x|", "block_id": "b", "action_ts": "1.1", "value": "v"}
WHOLE: dict[str, dict[str, Any]] = {
    "mention": event(type="app_mention", channel="C1", ts="1.1", user="U1", text="<@U9> who", event_ts="1.1"),
    "direct": event(type="message", channel="D1", channel_type="im", ts="1.1", user="U1", text="who", event_ts="1.1"),
    "edit": event(type="message", subtype="message_changed", channel="D1", ts="2.1", message=MESSAGE, event_ts="2.1"),
    "deletion": event(type="message", subtype="message_deleted", channel="D1", ts="2.1", deleted_ts="1.1"),
    "home": event(type="app_home_opened", user="U1", channel="D1", tab="home"),
    "prompts": event(type="app_home_opened", user="U1", channel="D1", tab="messages"),
    "removal": event(type="app_uninstalled"),
    "revocation": event(type="tokens_revoked", tokens={"oauth": ["U1"], "bot": ["U9"]}),
    "press": interaction("block_actions", actions=[PRESS], message=MESSAGE, channel={"id": "C1", "name": "c"},
                         container={"type": "message", "message_ts": "1.1", "channel_id": "C1"}),
    "press in a view": interaction("block_actions", actions=[PRESS], view=VIEW, container={"type": "view"}),
    "typing": interaction("block_suggestion", action_id="speaker", block_id="b", value="q", view=VIEW),
    "sending": interaction("view_submission", view=VIEW, response_urls=[]),
    "shortcut": interaction("message_action", callback_id="ask_herald", message=MESSAGE, message_ts="1.1",
                            channel={"id": "C1", "name": "c"}),
    "challenge": {"type": "url_verification", "challenge": "c", "token": "t"},
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def paths(body: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of a body."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, part in inside:
        yield (*at, name)
        yield from paths(part, (*at, name))


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """A body of Slack's in which some parts are anything, or missing."""
    body: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(list(WHOLE.values()))))
    for _ in range(draw(st.integers(1, 3))):
        found = list(paths(body))
        if not found:
            break
        *way, last = draw(st.sampled_from(found))
        part: Any = body
        for name in way:
            part = part[name]
        if draw(st.booleans()):
            part[last] = draw(ANYTHING)
        else:
            del part[last]
    return body


class Wire:
    """Herald's web application, for tests that run their loop themselves."""

    def __init__(self, host: Host) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._peer = self._runner.run(self._opened(host))

    async def _opened(self, host: Host) -> TestClient[Any, Any]:
        server = await self._stack.enter_async_context(SlackServer(manifest(auto_answer=True)))
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        me = Installed(SecretStr(BOT_TOKEN), server.team.bot.id, server.team.bot_id, server.team.id)
        self.desk = Desk(host, Outbox(session, 0.0), Places())
        app = make_app(self.desk, Settings(), web_client(server.api_url, session), me)
        made = web_app(app, SIGNING_SECRET, self.desk.flight, lambda: NOW)
        return await self._stack.enter_async_context(TestClient(TestServer(made)))

    def status(self, body: bytes, kind: str = "application/json") -> int:
        """What is answered to a signed request."""
        return self._runner.run(self._sent(body, kind))

    async def _sent(self, body: bytes, kind: str) -> int:
        signed = {"X-Slack-Request-Timestamp": str(NOW), "X-Slack-Signature": sign(SIGNING_SECRET, str(NOW), body)}
        async with self._peer.post(EVENTS, data=body, headers={"Content-Type": kind, **signed}) as response:
            await response.read()
            return response.status

    def close(self) -> None:
        """Ends all, whatever is under way."""
        self._runner.run(self.desk.flight.abandon())
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def module_host(lexical_snapshot: Snapshot, lasting: Path) -> Iterator[Host]:
    """Herald over the town, for all tests here."""
    service = open_service(Settings(knowledge_dir=lasting / "kb", cache_dir=lasting / "cache", encoder=False))
    made = Host(Herald(lexical_snapshot), service, build_here)
    yield made
    made.close()


@pytest.fixture(scope="module")
def wire(module_host: Host) -> Iterator[Wire]:
    """Herald's address."""
    made = Wire(module_host)
    yield made
    made.close()


OFTEN = settings(max_examples=often(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestSigned:
    @OFTEN
    @given(body=ANYTHING)
    def test_any_json_is_refused_or_not_known(self, wire: Wire, body: Any) -> None:
        """Whatever it is."""
        assert wire.status(json.dumps(body).encode()) in (400, 404)

    @OFTEN
    @given(body=broken())
    def test_what_slack_would_never_send_is_no_error(self, wire: Wire, body: Any) -> None:
        """Parts of another shape, or missing, in what members do and what happens."""
        if body.get("type") in ("event_callback", "url_verification"):
            assert wire.status(json.dumps(body).encode()) in (200, 400, 404)
        else:
            form = urlencode({"payload": json.dumps(body)}).encode()
            assert wire.status(form, "application/x-www-form-urlencoded") in (200, 400, 404)

    @OFTEN
    @given(
        change=st.dictionaries(st.sampled_from(list(COMMAND)), st.text(max_size=10)),
        gone=st.sets(st.sampled_from(list(COMMAND))),
    )
    def test_commands_of_any_form(self, wire: Wire, change: dict[str, str], gone: set[str]) -> None:
        """With fields that hold anything, or that are missing."""
        form = {name: value for name, value in {**COMMAND, **change}.items() if name not in gone}
        status = wire.status(urlencode(form, errors="replace").encode(), "application/x-www-form-urlencoded")
        assert status in (200, 400, 404)

    @pytest.mark.parametrize(
        "body",
        [b'{"event": 1}', b'{"type": "event_callback"}', b'{"type": "event_callback", "event": {}}', b"[" * 100_000,
         b'{"a":' * 100_000, b'{"type": 1}', b'{"team": 1}', b'{"response_urls": {"a": 1}, "type": "x"}',
         b'{"type": "url_verification"}', b"1" * 5000, b'"' + b"a" * 500 + b'"'],
        ids=lambda body: body[:40].decode(),
    )  # fmt: skip
    def test_known_faults(self, wire: Wire, body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
        """Each is refused, and the log has a line without a word of it."""
        assert wire.status(body) == 400
        lines = capsys.readouterr().out.splitlines()  # answers to what other tests sent may still be on their way
        assert len([line for line in lines if "request not readable" in line]) == 1
        assert "Traceback" not in str(lines)

    @pytest.mark.parametrize(
        ("name", "change", "status"),
        [
            ("mention", {"event": {**WHOLE["mention"]["event"], "text": None}}, 200),
            ("press", {"event": 1}, 400),
            ("press", {"message": {**MESSAGE, "blocks": [{"type": "actions", "elements": [1]}]}}, 400),
            ("shortcut", {"message": {**MESSAGE, "text": None}}, 200),
        ],
        ids=["no text", "a form with an event", "an element that is none", "a message without text"],
    )
    def test_faults_that_fuzzing_found(self, wire: Wire, name: str, change: dict[str, Any], status: int) -> None:
        """Text may be missing; of what the library would stumble over, nothing gets to it."""
        body = json.dumps({**WHOLE[name], **change})
        sent = body if name == "mention" else urlencode({"payload": body})
        kind = "application/json" if name == "mention" else "application/x-www-form-urlencoded"
        assert wire.status(sent.encode(), kind) == status

    @pytest.mark.parametrize("name", WHOLE)
    def test_what_slack_does_send_is_taken(self, wire: Wire, name: str) -> None:
        """All kinds that Herald serves."""
        assert fits(WHOLE[name])
        body = WHOLE[name]
        if body["type"] in ("event_callback", "url_verification"):
            assert wire.status(json.dumps(body).encode()) == 200
        else:
            form = urlencode({"payload": json.dumps(body)}).encode()
            assert wire.status(form, "application/x-www-form-urlencoded") == 200
