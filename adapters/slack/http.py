"""Events by HTTP: each request is verified on its raw body before anything reads it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.install import unavailable
from adapters.slack.manifest import EVENTS
from adapters.slack.shapes import fits
from bot.flight import Flight

__all__ = ["MOST", "sign", "verified", "web_app"]

MOST = 1_000_000
"""Bytes of a request; none of Slack's is near that."""

_WINDOW = 300.0  # seconds; docs.slack.dev/authentication/verifying-requests-from-slack
_DIGITS = 12


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request."""
    base = b"v0:" + timestamp.encode("ascii") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def verified(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether Slack signed these very bytes within the last five minutes; anything at all may come as headers."""
    timestamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS and signature.isascii()):
        return False
    if abs(now - int(timestamp)) > _WINDOW:
        return False
    return hmac.compare_digest(sign(secret, timestamp, body), signature)


def web_app(
    app: AsyncApp,
    secret: str,
    flight: Flight,
    clock: Callable[[], float] = time.time,
    install: AsyncOAuthFlow | None = None,
) -> web.Application:
    """The web application that Slack sends to, and by which browsers install Herald."""

    async def receive(request: web.Request) -> web.Response:
        if flight.closing:
            return web.Response(status=503, text="closing")  # Slack sends events again
        body = await request.read()  # over the limit: 413
        if not verified(secret, request.headers, body, clock()):
            return web.Response(status=401, text="not signed by Slack")
        bolt = _read(body, request)
        fit = fits(bolt.body) if bolt else False
        if bolt is None or fit is False:
            structlog.get_logger().warning("request not readable", platform="slack", bytes=len(body))
            return web.Response(status=400, text="not readable")
        if fit is None:
            return web.Response(status=404, text="not served")
        if bolt.body.get("type") == "app_rate_limited":
            structlog.get_logger().warning("Slack holds events back: too many an hour", platform="slack")
            return web.Response()
        return await to_aiohttp_response(await app.async_dispatch(bolt))

    made = web.Application(client_max_size=MOST)
    made.router.add_post(EVENTS, receive)
    if install:
        made.router.add_get(install.install_path, _page(install.handle_installation, flight), allow_head=False)
        made.router.add_get(install.redirect_uri_path, _page(install.handle_callback, flight), allow_head=False)
    return made


def _read(body: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """A request as bolt has it; None where it is neither text nor an object in JSON nor a form."""
    try:
        return AsyncBoltRequest(body=body.decode("utf-8"), query=request.query_string, headers=dict(request.headers))
    except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
        return None


def _page(
    serve: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], flight: Flight
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serves a page to a browser."""

    async def show(request: web.Request) -> web.Response:
        if flight.closing:
            return await to_aiohttp_response(unavailable())
        bolt = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
        try:
            with flight.aboard():
                return await to_aiohttp_response(await serve(bolt))
        except Exception as error:  # noqa: BLE001 - whatever it is, a browser gets a page, and the log no address
            structlog.get_logger().error("can't install", platform="slack", error=type(error).__name__)
            return await to_aiohttp_response(unavailable())

    return show
