"""Events by HTTP: each request is verified on its raw body before anything reads it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.listening import listening
from bot.flight import Flight

__all__ = ["EVENTS", "MOST", "sign", "verified", "web_app", "web_server"]

EVENTS = "/slack/events"
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


def web_app(app: AsyncApp, secret: str, flight: Flight, clock: Callable[[], float] = time.time) -> web.Application:
    """The web application that Slack sends to."""

    async def receive(request: web.Request) -> web.Response:
        if flight.closing:
            return web.Response(status=503, text="closing")  # Slack sends events again
        body = await request.read()  # over the limit: 413
        if not verified(secret, request.headers, body, clock()):
            return web.Response(status=401, text="not signed by Slack")
        try:
            bolt = AsyncBoltRequest(
                body=body.decode("utf-8"), query=request.query_string, headers=dict(request.headers)
            )
        except (ValueError, AttributeError, TypeError):  # neither text, nor an object in JSON, nor a form
            return web.Response(status=400, text="not readable")
        return await to_aiohttp_response(await app.async_dispatch(bolt))

    made = web.Application(client_max_size=MOST)
    made.router.add_post(EVENTS, receive)
    return made


@asynccontextmanager
async def web_server(made: web.Application, port: int) -> AsyncIterator[None]:
    """Listens at a port.

    Raises:
        PlatformError: the port can't be used.
    """
    async with listening(made, None, port, "HERALD_SLACK_PORT"):
        yield
