"""The admins' command: /herald reload, status, why and help. Who may use it is checked at each call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.desk import Desk
from adapters.slack.endpoints import word_of
from adapters.slack.places import Body
from adapters.slack.surfaces import Message, Response
from bot import admin, notices
from bot.claims import Claim
from bot.herald import MAX_QUESTION

__all__ = ["AdminCommand", "Admins"]

_HELP = (
    "/herald reload – read the knowledge base anew, and tell what changed\n"
    "/herald status – how I am doing\n"
    "/herald why question – what I weigh for a question\n"
    "/herald help – this"
)
_BOSSES = ("is_admin", "is_owner", "is_primary_owner")


class Admins:
    """Who looks after Herald: admins and owners of the workspace, and whom the settings name."""

    def __init__(self, members: Collection[str] = (), group: str | None = None) -> None:
        """Takes ids of members, and of a user group."""
        self._members = frozenset(members)
        self._group = group

    async def allow(self, client: AsyncWebClient, member: str) -> bool:
        """Whether a member may, as of now; not where Slack doesn't say."""
        if member in self._members:
            return True
        return await self._is_boss(client, member) or await self._in_group(client, member)

    async def _is_boss(self, client: AsyncWebClient, member: str) -> bool:
        try:
            user = (await client.users_info(user=member))["user"]
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            return _unknown("users.info", error)
        alive = not user.get("deleted") and not user.get("is_bot")
        return alive and any(user.get(right) is True for right in _BOSSES)

    async def _in_group(self, client: AsyncWebClient, member: str) -> bool:
        if not self._group:
            return False
        try:
            found = await client.usergroups_users_list(usergroup=self._group)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            return _unknown("usergroups.users.list", error)
        return member in (found.get("users") or [])


def _unknown(what: str, error: Exception) -> bool:
    structlog.get_logger().warning("admins can't be told", method=what, error=word_of(error))
    return False


class AdminCommand:
    """Serves /herald."""

    def __init__(self, desk: Desk, admins: Admins) -> None:
        self._desk = desk
        self._admins = admins

    async def herald(self, ack: Callable[..., Awaitable[Any]], body: Body, client: AsyncWebClient) -> None:
        """``/herald reload|status|why|help``, answered for the admin alone."""
        await ack()
        place = self._desk.places.of_command(body)
        surface = Response(self._desk.outbox, body["response_url"], Message(self._desk.outbox, client, place))
        work = partial(self._obey, surface, body.get("text") or "")
        await self._desk.serve(Claim(f"trigger:{body['trigger_id']}"), surface, work)

    async def _obey(self, surface: Response, text: str) -> None:
        if not await self._admins.allow(surface.fallback.client, surface.fallback.place.member):
            await surface.whisper(render.notice(notices.FORBIDDEN))
            return
        word, _, rest = text.strip().partition(" ")
        told = await self._told(word.casefold(), rest.strip(), f"slack:{surface.fallback.place.member}")
        await surface.whisper(render.report(told) if told else render.notice(_HELP))

    async def _told(self, word: str, rest: str, who: str) -> str | None:
        host = self._desk.host
        if word == "reload":
            return await admin.reload(host, who)
        if word == "status":
            return admin.status(host)
        if word == "why" and rest:
            return await admin.why(host, rest[:MAX_QUESTION])
        return None
