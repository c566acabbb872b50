"""Surfaces: what is sent to Herald's address for Slack, signed or not, and its pages for browsers."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import create_autospec
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from adapters.slack.app import make_app
from adapters.slack.desk import Desk
from adapters.slack.endpoints import web_client
from adapters.slack.http import MOST, sign, verified, web_app
from adapters.slack.install import Asking, Install
from adapters.slack.installations import Installations, States
from adapters.slack.manifest import EVENTS, INSTALL, REDIRECT
from adapters.slack.outbox import Outbox
from adapters.slack.places import Places
from adapters.slack.remembered import Remembered
from adapters.slack.sealing import cipher_of, new_key
from adapters.slack.workspaces import Installed
from bot.flight import Flight
from bot.host import Host
from bot.settings import Settings
from bot.store.database import Database, address
from tests.fuzz.harness import Feed, Ground, Stage, Surface
from tests.fuzz.peer import Peer
from tests.fuzz.slack_seeds import ADMIN, API, ME, bodies

__all__ = ["EVENT", "PAGES", "SIGNATURE"]

_SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - nobody's
_NOW = 1_700_000_000
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def _granted(url: str) -> Any:
    """What Slack says to whatever it is asked."""
    method = url.rpartition("/")[2]
    if not url.startswith(API):
        return "ok"
    more: Mapping[str, Any] = {
        "users.info": {"user": {"id": ADMIN, "is_admin": True}},
        "chat.postMessage": {"ts": "1700000000.000900", "channel": "C0GENERAL"},
        "chat.getPermalink": {"permalink": "https://town.slack.com/archives/C1/p1"},
        "conversations.replies": {"messages": []},
        "oauth.v2.access": {"access_token": "xoxb-1", "bot_user_id": ME, "team": {"id": "T1"}, "app_id": "A1"},
    }
    return {"ok": True, **more.get(method, {})}


@contextmanager
def _signature(ground: Ground) -> Iterator[Feed]:
    """Only what was signed with the secret, and just now, is taken."""
    del ground

    def feed(data: bytes) -> None:
        found = _parsed(data)
        found = found if isinstance(found, dict) else {}
        headers = {"X-Slack-Request-Timestamp": str(found.get("at", "")), "X-Slack-Signature": str(found.get("by", ""))}
        body = str(found.get("body", "")).encode("utf-8", "replace")
        if verified(_SECRET, headers, body, _NOW):
            at = headers["X-Slack-Request-Timestamp"]
            assert abs(int(at) - _NOW) <= 300
            assert headers["X-Slack-Signature"] == sign(_SECRET, at, body)

    yield feed


@contextmanager
def _event(ground: Ground) -> Iterator[Feed]:
    """Each request is signed, and goes the whole way: read, looked at, served."""
    with Stage.opened() as stage, ground.host(stage.clock) as host:
        made = stage.do(_app(host))
        stage.keep()
        yield lambda data: stage.feed(_deliver(made, data))


async def _app(host: Host) -> web.Application:
    session: Any = Peer(_granted)
    settings = Settings(slack_auto_channels=("C0AUTO",), slack_explicit_channels=("C0LOUD",))
    desk = Desk(host, Outbox(session, pause=0.0, sleep=_at_once), Places(settings.slack_explicit_channels))
    me = Installed(SecretStr("xoxb-1"), ME, "B0HERALD", "T0TOWN")
    app = make_app(desk, settings, web_client(API, session), me)
    return web_app(app, _SECRET, Flight(), lambda: _NOW)


async def _at_once(seconds: float) -> None:
    del seconds


async def _deliver(made: web.Application, data: bytes) -> None:
    body, kind = _body(_parsed(data), data)
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": str(_NOW),
        "X-Slack-Signature": sign(_SECRET, str(_NOW), body),
    }
    response = await _asked(made, "POST", EVENTS, headers, body)
    assert response.status in (200, 400, 404), response.status


def _body(found: Any, raw: bytes) -> tuple[bytes, str]:
    """A request as Slack would send it: commands and interactions are forms."""
    if not isinstance(found, dict):
        return raw, _JSON if raw[:1] in b"[{" else _FORM
    if "command" in found or "ssl_check" in found:
        return urlencode({key: str(value) for key, value in found.items()}, errors="replace").encode(), _FORM
    if found.get("type") in ("event_callback", "url_verification", "app_rate_limited"):
        return json.dumps(found).encode(), _JSON
    return urlencode({"payload": json.dumps(found)}).encode(), _FORM


@functools.cache
def _connection() -> tuple[web.Request, Any]:
    """A request to make others from, and what a stream asks to pause; both take longer to make than to serve."""
    return make_mocked_request("GET", "/"), create_autospec(BaseProtocol, instance=True)


async def _asked(
    made: web.Application, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> web.StreamResponse:
    """What the application says to a request that never was on a wire."""
    first, protocol = _connection()
    stream = StreamReader(protocol, 2**16)
    stream.feed_data(body)
    stream.feed_eof()
    request = first.clone(method=method, rel_url=path, headers=headers, client_max_size=MOST)
    request._payload = stream
    match = await made.router.resolve(request)
    try:
        return await match.handler(request)
    except web.HTTPException as said:
        return said


@contextmanager
def _pages(ground: Ground) -> Iterator[Feed]:
    """Anybody may ask for these."""
    with Stage.opened() as stage:
        database = Database(address(f"sqlite:///{ground.scratch / 'pages.db'}"))
        made = stage.do(_installing(database))
        stage.keep()
        try:
            yield lambda data: stage.feed(_browse(made, data))
        finally:
            stage.do(database.close())


async def _installing(database: Database) -> web.Application:
    await database.upgrade()
    session: Any = Peer(_granted)
    settings = Settings(
        slack_client_id="1.2", slack_client_secret=SecretStr("s"), slack_signing_secret=SecretStr(_SECRET),
        token_key=SecretStr(new_key()), slack_public_url="https://herald.example.org",
    )  # fmt: skip
    assert settings.token_key
    store = Remembered(Installations("1.2", database, cipher_of(settings.token_key)))
    install = Install(settings, web_client(API, session, kind=Asking), store, States(database))
    app = AsyncApp(signing_secret="", client=web_client(API, session, "xoxb-1"))
    return web_app(app, _SECRET, Flight(), lambda: _NOW, install)


async def _browse(made: web.Application, data: bytes) -> None:
    found = _parsed(data)
    found = found if isinstance(found, dict) else {"query": data.decode("utf-8", "replace")}
    query = (
        "".join(c for c in str(found.get("query", "")) if c.isprintable() and c not in "# ")
        .encode("utf-8", "replace")
        .decode()
    )
    cookie = "".join(c for c in str(found.get("cookie", "")) if c.isprintable()).encode("utf-8", "replace").decode()
    path = INSTALL if found.get("path") == INSTALL else REDIRECT
    response = await _asked(made, "GET", f"{path}?{query}", {"Cookie": cookie, "Host": "herald.example.org"})
    assert response.status in (200, 302, 400, 401, 404, 500, 503), response.status


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _signed() -> tuple[bytes, ...]:
    body = '{"type": "url_verification"}'
    good = {"at": str(_NOW), "by": sign(_SECRET, str(_NOW), body.encode()), "body": body}
    return tuple(
        json.dumps(item).encode() for item in (good, {**good, "at": str(_NOW - 300)}, {**good, "by": "v0=" + "0" * 64})
    )


_VISITS = (
    {"path": INSTALL, "query": "team=T1", "cookie": ""},
    {"path": REDIRECT, "query": "code=1.2.3&state=abc", "cookie": "slack-app-oauth-state=abc"},
    {"path": REDIRECT, "query": "error=access_denied&state=", "cookie": "a=b; c"},
)
SIGNATURE = Surface("signatures", "headers that say who sent a request", _signed, _signature)
EVENT = Surface("slack", "events, commands, presses and forms of Slack", bodies, _event, most=16_384)
PAGES = Surface(
    "pages", "the pages that install Herald on Slack", lambda: tuple(json.dumps(v).encode() for v in _VISITS), _pages
)
