"""Whose token a request is served with: that of one workspace, or of each that installed Herald."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot

from adapters.slack.places import Body
from adapters.slack.refreshing import Refresher
from adapters.slack.remembered import Key, Remembered
from adapters.slack.sealing import UnsealedError

__all__ = ["Authorize", "Installed", "Voice", "Whose", "Workspaces", "key_of"]

_ROUNDING = 1.0  # seconds by which Slack's whole seconds may be early

Authorize = Callable[..., Awaitable[AuthorizeResult | None]]


@dataclass(frozen=True, slots=True)
class Voice:
    """What Herald speaks with in a workspace; ``me`` is the id of its own user there."""

    token: SecretStr
    me: str


class Whose(Protocol):
    """Whose token requests are served with."""

    @property
    def home(self) -> Collection[str]:
        """Ids of the workspaces whose members may look after Herald."""

    def authorizer(self) -> Authorize:
        """Tells bolt whose token a request is served with; asks nobody, as no request should wait for that."""

    async def voice(self, key: Key) -> Voice | None:
        """What to speak with where nobody asks just now; None where Herald isn't installed any more."""

    async def keys_at_home(self) -> Sequence[Key]:
        """Which of the workspaces whose members may look after Herald it is installed in."""

    async def removed(self, body: Body, context: Any) -> None:
        """Slack tells that Herald was removed, or that tokens were."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The one workspace that Herald is installed in, as Slack tells of it at the start.

    Attributes:
        me: id of Herald's own user.
        bot: id that its messages carry.
        team: id of the workspace, or of the organization where the token is for all of its workspaces.
    """

    token: SecretStr
    me: str
    bot: str
    team: str

    @property
    def home(self) -> Collection[str]:
        """That workspace."""
        return (self.team,)

    def authorizer(self) -> Authorize:
        """The same token for all."""

        # bolt looks at the names of the arguments, and takes no methods.
        async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                user_id=user_id,
                bot_user_id=self.me,
                bot_id=self.bot,
                bot_token=self.token.get_secret_value(),
            )

        return authorize

    async def voice(self, key: Key) -> Voice | None:
        """The same for all."""
        del key
        return Voice(self.token, self.me)

    async def keys_at_home(self) -> Sequence[Key]:
        """That workspace."""
        return ((None, self.team),)

    async def removed(self, body: Body, context: Any) -> None:
        """Says so: only another token helps."""
        del context
        if _is_removal(body):
            structlog.get_logger().error("removed from the workspace: install the app, and set SLACK_BOT_TOKEN anew")


@dataclass(frozen=True, slots=True)
class Workspaces:
    """All workspaces, and organizations, that installed Herald.

    Attributes:
        home: ids of those whose members may look after it, as the settings name them.
    """

    store: Remembered
    refresher: Refresher
    home: Collection[str] = ()

    def authorizer(self) -> Authorize:
        """The token that a workspace gave; what isn't known has none."""

        async def authorize(
            context: Any, enterprise_id: str | None, team_id: str | None, user_id: str | None
        ) -> AuthorizeResult | None:
            bot = await self.bot(key_of(context))
            if bot is None:
                return None
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                user_id=user_id,
                bot_user_id=bot.bot_user_id,
                bot_id=bot.bot_id,
                bot_token=bot.bot_token,
            )

        return authorize

    async def bot(self, key: Key) -> Bot | None:
        """A workspace's bot with a token that works; None where Herald isn't installed.

        Raises:
            PlatformError: its token has expired, and Slack gives no other one.
            UnsealedError: its token was sealed with a key that isn't there any more.
            any of FAILURES: the database is down, and this workspace not known yet.
        """
        bot = await self.store.bot(key)
        return await self.refresher.working(key, bot) if bot else None

    async def voice(self, key: Key) -> Voice | None:
        """The workspace's bot."""
        bot = await self.bot(key)
        return Voice(SecretStr(bot.bot_token), bot.bot_user_id) if bot else None

    async def keys_at_home(self) -> Sequence[Key]:
        """Those of the home that are installed.

        Raises:
            any of FAILURES: the database is down.
        """
        return await self.store.among(self.home)

    async def removed(self, body: Body, context: Any) -> None:
        """Forgets the workspace, unless it has installed Herald again since."""
        if not _is_removal(body):
            return
        key = key_of(context)
        try:
            bot = await self.store.anew(key)
        except UnsealedError:
            bot = None
        if bot and bot.installed_at > float(body.get("event_time") or bot.installed_at) + _ROUNDING:
            return
        await self.store.remove(key)
        structlog.get_logger().info("removed", platform="slack", workspace=key[1] or key[0])


def key_of(context: Any) -> Key:
    """Where Herald is installed that a request is for."""
    return context.enterprise_id or None, None if context.is_enterprise_install else context.team_id


def _is_removal(body: Body) -> bool:
    """Whether Herald is gone: also where its bot's token was revoked, but not for a member's own."""
    event = body["event"]
    return event["type"] == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))
