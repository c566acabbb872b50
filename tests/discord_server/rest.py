"""The HTTP side: who may call, what goes wrong by plan, what is recorded."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from tests.discord_server.errors import ApiError, not_found, unauthorized
from tests.discord_server.exchange import Exchange, Fault, Faults
from tests.discord_server.openapi import OpenApi
from tests.log import Log

__all__ = ["BASE", "Handler", "Rest"]

BASE = "/api/v10"

Handler = Callable[[Exchange], Awaitable[Any]]
Aiohttp = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Routes with what all of them share.

    Attributes:
        requests: every request, whatever was answered.
        problems: what no bot should do: unknown routes, bodies that break Discord's description.
        faults: what is planned to go wrong.
        judge: Discord's description; None judges nothing.
    """

    def __init__(self, token: str, judge: OpenApi | None) -> None:
        self.requests: Log[Exchange] = Log("request")
        self.problems: list[str] = []
        self.faults = Faults()
        self.judge = judge
        self._token = token

    def add(self, app: web.Application, method: str, path: str, handler: Handler, *, token: bool = True) -> None:
        """Adds a route.

        Args:
            token: whether the bot must show its token.
        """
        app.router.add_route(method, f"{BASE}{path}", self._wrapped(handler, token=token))

    def add_rest(self, app: web.Application) -> None:
        """Answers whatever has no route, and notes it; to be added last."""
        app.router.add_route("*", "/{anything:.*}", self._wrapped(self._unknown, token=False))

    async def _unknown(self, exchange: Exchange) -> Any:
        self.problems.append(f"unknown route: {exchange.method} {exchange.path}")
        raise not_found()

    def _wrapped(self, handler: Handler, *, token: bool) -> Aiohttp:
        async def serve(request: web.Request) -> web.StreamResponse:
            exchange = await _read(request)
            self.requests.add(exchange)
            self._judge(exchange)
            try:
                return await self._served(request, exchange, handler, token=token)
            finally:
                self.requests.touch()

        return serve

    async def _served(
        self, request: web.Request, exchange: Exchange, handler: Handler, *, token: bool
    ) -> web.StreamResponse:
        fault = self.faults.take(exchange)
        if fault and fault.until:
            await fault.until.wait()
        if fault is None or fault.status < 0 or fault.applied:
            status, answer = await self._answer(exchange, handler, token=token)
            if fault is None or fault.status < 0:
                return _response(exchange, status, answer)
        return _failed(request, exchange, fault)

    async def _answer(self, exchange: Exchange, handler: Handler, *, token: bool) -> tuple[int, Any]:
        try:
            if token and exchange.token != self._token:
                raise unauthorized()
            found = await handler(exchange)
        except ApiError as error:
            exchange.code = error.code
            return error.status, error.payload()
        return (204, None) if found is None else (200, found)

    def _judge(self, exchange: Exchange) -> None:
        if self.judge and (problem := self.judge.problem(exchange.method, exchange.path, exchange.body)):
            self.problems.append(problem)


async def _read(request: web.Request) -> Exchange:
    body, files = await _body(request)
    _, _, token = request.headers.get("Authorization", "").partition("Bot ")
    path = request.rel_url.path.removeprefix(BASE)
    parts: Mapping[str, str] = dict(request.match_info)
    query: Mapping[str, str] = dict(request.query)
    return Exchange(request.method, path, query, parts, body, files, token or None, time.perf_counter())


async def _body(request: web.Request) -> tuple[Any, tuple[str, ...]]:
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        files = tuple(field.filename for field in form.values() if isinstance(field, web.FileField))
        return json.loads(str(form.get("payload_json", "{}"))), files
    raw = await request.read()
    return (json.loads(raw) if raw else None), ()


def _response(exchange: Exchange, status: int, answer: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    exchange.status, exchange.answer = status, answer
    if answer is None:
        return web.Response(status=status, headers=headers)
    # As bytes: with a charset in its type, discord.py would take the body for text.
    return web.Response(
        status=status, body=json.dumps(answer).encode(), content_type="application/json", headers=headers
    )


def _failed(request: web.Request, exchange: Exchange, fault: Fault) -> web.StreamResponse:
    if fault.status:
        return _response(exchange, fault.status, dict(fault.body) or None, fault.headers)
    exchange.status = -1
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)  # goes nowhere: the line is cut
