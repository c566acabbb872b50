"""Who looks after Herald on Slack: asked anew each time, and denied where Slack doesn't say."""

from __future__ import annotations

from collections.abc import Collection

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.endpoints import word_of

__all__ = ["Admins"]

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
