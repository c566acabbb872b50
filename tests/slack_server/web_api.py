"""The Web API's door: who may call, what goes wrong by plan, what is recorded.

Follows docs.slack.dev/apis/web-api (arguments in a form, in the address or as JSON; errors with status 200),
docs.slack.dev/authentication/tokens and .../rate-limits. Unlike Slack, it refuses arguments that a method doesn't know.
"""

from __future__ import annotations

import base64
import inspect
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.log import Log
from tests.slack_server.errors import ApiError, invalid_arguments, missing_scope
from tests.slack_server.exchange import Exchange, Fault, Faults
from tests.slack_server.model import Payload, Team
from tests.slack_server.world import World

__all__ = ["BASE", "Call", "Handler", "RateLimited", "WebApi"]

BASE = "/api/"
_JSON = ("attachments", "blocks", "metadata", "prompts", "view", "loading_messages", "files")
_ALWAYS = frozenset({"team_id"})  # bolt sends it with every call


class RateLimited(Exception):  # noqa: N818 - what happens, and no mistake
    """Too much at once.

    Attributes:
        seconds: whole ones to wait.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method by a bot that may call it."""

    team: Team
    args: Mapping[str, Any]

    def text(self, name: str) -> str:
        """An argument as a string; empty where it is missing."""
        return str(self.args.get(name) or "")

    def scope(self, needed: str) -> None:
        """Asks for a scope; of several with commas between, one is enough.

        Raises:
            ApiError: ``missing_scope``.
        """
        if not self.team.scopes & set(needed.split(",")):
            raise missing_scope(needed, self.team.scopes)


Handler = Callable[[Call], Payload]
Aiohttp = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _Method:
    handler: Handler
    scope: str
    needs: tuple[str, ...]
    knows: frozenset[str]
    caller: str


class WebApi:
    """Methods with what all of them share.

    Attributes:
        requests: every request, whatever was answered.
        problems: what no bot should do: unknown methods and arguments.
        faults: what is planned to go wrong.
        app_token: opens sockets, and nothing else.
        now: the clock by which tokens expire.
    """

    def __init__(self, world: World, app_token: str) -> None:
        self.requests: Log[Exchange] = Log("request")
        self.problems: list[str] = []
        self.faults = Faults()
        self.app_token = app_token
        self.now: Callable[[], float] = time.time
        self._world = world
        self._methods: dict[str, _Method] = {}

    def add(
        self, name: str, handler: Handler, *, scope: str = "", needs: str = "", caller: str = "bot", also: str = ""
    ) -> None:
        """Adds a method.

        Args:
            scope: that the token needs; of several with commas between, one is enough.
            needs: arguments that it can't do without.
            caller: whose token may call it: "bot", "app" or "nobody".
            also: arguments that it knows besides those of the library.
        """
        function = getattr(AsyncWebClient, name.replace(".", "_"))
        knows = set(inspect.signature(function).parameters) - {"self", "kwargs"}
        known = frozenset(knows) | _ALWAYS | set(also.split())
        self._methods[name] = _Method(handler, scope, tuple(needs.split()), known, caller)

    def add_to(self, app: web.Application) -> None:
        """Serves the methods."""
        app.router.add_route("*", f"{BASE}{{method}}", self.served(self._called))
        app.router.add_route("*", "/{anything:.*}", self.served(self._unknown))

    async def _unknown(self, exchange: Exchange) -> Any:
        self.problems.append(f"unknown address: {exchange.method}")
        raise ApiError("not_found")

    async def _called(self, exchange: Exchange) -> Any:
        method = self._methods.get(exchange.method)
        if method is None:
            self.problems.append(f"unknown method: {exchange.method}")
            raise ApiError("unknown_method")
        team = self._caller(exchange, method)
        call = Call(team, exchange.args)
        if method.scope:
            call.scope(method.scope)
        self._check(exchange, method)
        return {"ok": True, **method.handler(call)}

    def _caller(self, exchange: Exchange, method: _Method) -> Team:
        token, teams = exchange.token, list(self._world.teams.values())
        if method.caller == "nobody":
            return teams[0]
        if not token:
            raise ApiError("not_authed")
        found = _meant([team for team in teams if token == team.token or token in team.earlier], exchange)
        if token != self.app_token and found is None:
            raise ApiError("invalid_auth")
        if (token == self.app_token) != (method.caller == "app"):
            raise ApiError("not_allowed_token_type")
        if found and not found.installed:
            raise ApiError("token_revoked")
        expires = found.earlier.get(token, found.expires) if found else None
        if expires is not None and self.now() >= expires:
            raise ApiError("token_expired")
        return found or teams[0]

    def _check(self, exchange: Exchange, method: _Method) -> None:
        unknown = sorted(set(exchange.args) - method.knows)
        if unknown:
            self.problems.append(f"{exchange.method} does not know {unknown}")
            raise invalid_arguments(f"unknown arguments: {unknown}")
        missing = [name for name in method.needs if exchange.args.get(name) in (None, "")]
        if missing:
            raise invalid_arguments(f"missing required field: {missing[0]}")

    def served(self, handler: Callable[[Exchange], Awaitable[Any]], method: str = "") -> Aiohttp:
        """Wraps a handler into what every request meets.

        Args:
            method: what the request is recorded as; the method called by default.
        """

        async def serve(request: web.Request) -> web.StreamResponse:
            exchange = await _read(request, method)
            self.requests.add(exchange)
            try:
                return await self._served(request, exchange, handler)
            finally:
                self.requests.touch()

        return serve

    async def _served(
        self, request: web.Request, exchange: Exchange, handler: Callable[[Exchange], Awaitable[Any]]
    ) -> web.StreamResponse:
        fault = self.faults.take(exchange)
        if fault and fault.until:
            await fault.until.wait()
        if fault is None or fault.status < 0 or fault.applied:
            response = await self._answer(exchange, handler)
            if fault is None or fault.status < 0:
                return response
        return _failed(request, exchange, fault)

    async def _answer(self, exchange: Exchange, handler: Callable[[Exchange], Awaitable[Any]]) -> web.Response:
        try:
            return _response(exchange, 200, await handler(exchange), self._scopes(exchange))
        except RateLimited as limit:
            body = {"ok": False, "error": "ratelimited"}
            return _response(exchange, 429, body, {"Retry-After": str(limit.seconds)})
        except ApiError as error:
            return _response(exchange, 404 if exchange.method == "response_url" else 200, error.payload())

    def _scopes(self, exchange: Exchange) -> Mapping[str, str]:
        team = next((team for team in self._world.teams.values() if team.token == exchange.token), None)
        return {"X-OAuth-Scopes": ",".join(sorted(team.scopes))} if team else {}


def _meant(teams: list[Team], exchange: Exchange) -> Team | None:
    """The workspace of a token; of an organization's the one that the call names."""
    return next((team for team in teams if team.id == exchange.args.get("team_id")), teams[0] if teams else None)


async def _read(request: web.Request, method: str) -> Exchange:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in _JSON:
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        args["client_id"], _, args["client_secret"] = base64.b64decode(token).decode().partition(":")
        token = ""
    name = method or request.match_info.get("method") or request.path
    return Exchange(
        name, args, args.pop("token", None) or token or None, time.perf_counter(), request.match_info.get("key", "")
    )


def _response(exchange: Exchange, status: int, answer: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    exchange.status, exchange.answer = status, answer
    if isinstance(answer, str):
        return web.Response(status=status, text=answer)
    exchange.error = str((answer or {}).get("error", ""))
    return web.json_response(answer, status=status, headers=headers)


def _failed(request: web.Request, exchange: Exchange, fault: Fault) -> web.StreamResponse:
    if fault.status and fault.body:
        return _response(exchange, fault.status, dict(fault.body), fault.headers)
    if fault.status:
        exchange.status = fault.status
        return web.Response(status=fault.status, text="upstream error", headers=fault.headers)
    exchange.status = -1
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)  # goes nowhere: the line is cut
