"""Who looks after Herald on Slack: asked anew each time, and denied where Slack doesn't say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.endpoints import word_of

__all__ = ["Admins"]

_BOSSES = ("is_admin", "is_owner", "is_primary_owner")


class Admins:
    """Who looks after Herald: admins and owners of its home, and whom the settings name, as far as they are there.

    There is one knowledge base for all workspaces: whoever else installs Herald doesn't change it. A member's id is of
    one workspace only, and Slack Connect shows those of others: so whose member somebody is counts for all.
    """

    def __init__(
        self, home: Collection[str], members: Collection[str] = (), group: str | None = None, *, many: bool = False
    ) -> None:
        """Takes the ids of workspaces (or of an organization), of members, and of a user group.

        Args:
            many: whether others may have installed Herald, too; then it counts where something is asked for.
        """
        self._home = frozenset(home)
        self._members = frozenset(members)
        self._group = group
        self._many = many

    def at_home(self, team: str) -> bool:
        """Whether Herald is looked after from a workspace at all."""
        return not self._many or team in self._home

    async def allow(self, client: AsyncWebClient, member: str, team: str) -> bool:
        """Whether a member may look after Herald, as of now; not where Slack doesn't say.

        Args:
            team: the workspace in which they want to.
        """
        if not self.at_home(team):
            return False
        user = await _user(client, member)
        if not _alive(user) or self._home.isdisjoint(_teams(user)):
            return False
        return member in self._members or _is_boss(user) or await self._in_group(client, member)

    async def moderate(self, client: AsyncWebClient, member: str, team: str) -> bool:
        """Whether a member may remove answers of Herald's in a workspace: also one that isn't its home."""
        user, here = await _user(client, member), {team} if self._many else self._home
        if _alive(user) and _is_boss(user) and not _teams(user).isdisjoint(here):
            return True
        return await self.allow(client, member, team)

    async def _in_group(self, client: AsyncWebClient, member: str) -> bool:
        if not self._group:
            return False
        try:
            found = await client.usergroups_users_list(usergroup=self._group)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            _untold("usergroups.users.list", error)
            return False
        return member in (found.get("users") or [])


async def _user(client: AsyncWebClient, member: str) -> Mapping[str, Any]:
    """As Slack has them; nothing where it doesn't say."""
    try:
        return dict((await client.users_info(user=member))["user"])
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        _untold("users.info", error)
        return {}


def _alive(user: Mapping[str, Any]) -> bool:
    return bool(user) and not user.get("deleted") and not user.get("is_bot") and not user.get("is_stranger")


def _is_boss(user: Mapping[str, Any]) -> bool:
    return any(user.get(right) is True for right in _BOSSES)


def _teams(user: Mapping[str, Any]) -> set[str]:
    """The workspaces that somebody is a member of, and their organization."""
    whole = user.get("enterprise_user") or {}
    found = (user.get("team_id"), whole.get("enterprise_id"), *(whole.get("teams") or ()))
    return {team for team in found if team}


def _untold(what: str, error: Exception) -> None:
    structlog.get_logger().warning("admins can't be told", method=what, error=word_of(error))
