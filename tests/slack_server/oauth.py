"""Installing the app, and removing it.

Follows docs.slack.dev/authentication/installing-with-oauth (a person is asked at ``/oauth/v2/authorize`` and sent back
with a code, which is good for ten minutes and for once), docs.slack.dev/reference/methods/oauth.v2.access,
docs.slack.dev/authentication/using-token-rotation (a refresh token is good for once; tokens last for twelve hours, also
those that were renewed before),
docs.slack.dev/reference/events/app_uninstalled and .../tokens_revoked.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from tests.slack_server.errors import ApiError
from tests.slack_server.model import Payload, Team
from tests.slack_server.web_api import Call, WebApi
from tests.slack_server.world import World

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "OAuth", "Visitor"]

CLIENT_ID = "1.2"
CLIENT_SECRET = "loopback-client-secret-of-no-value"  # noqa: S105 - it opens nothing but this server
_CODE = 600.0
_LIFE = 43200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at the browser.

    Attributes:
        team: the workspace that they choose.
        whole: they install for the whole organization.
        allows: whether they allow what is asked.
    """

    user: str
    team: Team
    whole: bool = False
    allows: bool = True


@dataclass(slots=True)
class _Code:
    visitor: Visitor
    redirect: str
    scopes: frozenset[str]
    at: float
    used: bool = False


class OAuth:
    """Gives codes and tokens.

    Attributes:
        visitor: who comes next.
        rotation: whether tokens expire, as the app's settings say.
        now: its clock, in seconds since 1970.
    """

    def __init__(self, world: World, now: Callable[[], float] = time.time) -> None:
        self.visitor: Visitor | None = None
        self.rotation = False
        self.now = now
        self.problems: list[str] = []
        self._world = world
        self._codes: dict[str, _Code] = {}

    def add_to(self, api: WebApi) -> None:
        """Adds the method."""
        api.add("oauth.v2.access", self._access, caller="nobody")

    async def authorize(self, request: web.Request) -> web.Response:
        """Asks the visitor, and sends them back."""
        asked, app = request.query, self._world.app
        if asked.get("client_id") != CLIENT_ID:
            return web.Response(text="invalid_client_id")
        redirect = asked.get("redirect_uri") or next(iter(app.redirects), "")
        if redirect not in app.redirects:
            return web.Response(text="bad_redirect_uri")
        scopes = frozenset(filter(None, asked.get("scope", "").split(",")))
        if not scopes <= app.scopes:
            self.problems.append(f"scopes that the manifest lacks: {sorted(scopes - app.scopes)}")
        visitor, back = self.visitor, {"state": asked.get("state", "")}
        if visitor is None or not visitor.allows:
            raise web.HTTPFound(f"{redirect}?{urlencode({'error': 'access_denied', **back})}")
        code = secrets.token_hex(8)
        self._codes[code] = _Code(visitor, redirect, scopes, self.now())
        raise web.HTTPFound(f"{redirect}?{urlencode({'code': code, **back})}")

    def uninstall(self, team: Team) -> None:
        """An admin removes the app."""
        self._world.hear(
            team, "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        )
        self._world.hear(team, "app_uninstalled", {"type": "app_uninstalled"})
        team.installed = False

    def _access(self, call: Call) -> Payload:
        if call.text("client_id") != CLIENT_ID:
            raise ApiError("invalid_client_id")
        if call.text("client_secret") != CLIENT_SECRET:
            raise ApiError("bad_client_secret")
        if call.text("grant_type") == "refresh_token":
            return self._refreshed(call.text("refresh_token"))
        found = self._codes.get(call.text("code"))
        if found is None or self.now() - found.at > _CODE:
            raise ApiError("invalid_code")
        if found.used:
            raise ApiError("code_already_used")
        if call.text("redirect_uri") != found.redirect:
            raise ApiError("bad_redirect_uri")
        found.used = True
        return self._installed(found)

    def _installed(self, code: _Code) -> Payload:
        visitor, team = code.visitor, code.visitor.team
        teams = [team]
        if visitor.whole:
            teams = [other for other in self._world.teams.values() if other.enterprise == team.enterprise]
        given = self._given(teams)
        for each in teams:
            each.installed, each.scopes, each.whole = True, code.scopes, visitor.whole
        organization = {"id": team.enterprise, "name": "The organization"} if team.enterprise else None
        return given | {
            "scope": ",".join(sorted(code.scopes)),
            "bot_user_id": team.bot.id,
            "app_id": self._world.app_id,
            "team": None if visitor.whole else {"id": team.id, "name": team.domain},
            "enterprise": organization,
            "authed_user": {"id": visitor.user},
            "is_enterprise_install": visitor.whole,
        }

    def _refreshed(self, refresh: str) -> Payload:
        teams = [team for team in self._world.teams.values() if refresh and team.refresh == refresh]
        if not teams:
            raise ApiError("invalid_refresh_token")
        for team in teams:
            team.earlier[team.token] = team.expires or self.now()
        return self._given(teams)

    def _given(self, teams: list[Team]) -> Payload:
        token = f"xoxb-{'1-' if self.rotation else ''}{secrets.token_urlsafe(24 if not self.rotation else 120)}"
        refresh = f"xoxe-1-{secrets.token_urlsafe(100)}" if self.rotation else ""
        for team in teams:
            team.token, team.refresh = token, refresh
            team.expires = self.now() + _LIFE if self.rotation else None
        given: Payload = {"access_token": token, "token_type": "bot"}
        return given | ({"refresh_token": refresh, "expires_in": _LIFE} if self.rotation else {})
