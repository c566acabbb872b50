"""Installing Herald by oneself: two addresses for a browser, and plain pages for what may come of it."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.endpoints import word_of
from adapters.slack.installations import VALID, States
from adapters.slack.manifest import INSTALL, REDIRECT, scopes
from bot.settings import Settings
from bot.store.database import FAILURES

__all__ = ["Asking", "Install", "unavailable"]

_TEAM = re.compile(r"[A-Z0-9]{1,32}")
_DONE = "Herald is installed. Invite it to a channel and mention it, or write to it directly."
_WORDS = {
    "access_denied": "Nothing was installed.",
    "invalid_browser": "This isn't the browser in which the installation was begun, or too much time went by.",
    "invalid_state": "This installation was ended already, or too much time went by.",
    "missing_code": "Slack did not say that it may be installed.",
    "invalid_code": "Slack did not confirm the installation.",
    "storage_error": "The installation could not be kept. Try again in a moment.",
}
_OTHER = "Slack refused the installation."
_HEADERS: dict[str, str | Sequence[str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address of this page holds a code
    "Content-Security-Policy": "default-src 'none'",
}


_SILENT = logging.getLogger("slack.install")
_SILENT.setLevel(logging.CRITICAL)  # what the library says holds the code


class Asking(AsyncWebClient):
    """A client that logs Slack's word for why it refuses an installation."""

    async def oauth_v2_access(self, **asked: Any) -> AsyncSlackResponse:
        """As the library's."""
        try:
            return await super().oauth_v2_access(**asked)
        except SlackApiError as error:
            structlog.get_logger().warning("Slack gives no token", platform="slack", error=word_of(error))
            raise


class Install(AsyncOAuthFlow):
    """The library's installation, with plain pages, and a log in which no code stands."""

    def __init__(
        self, settings: Settings, client: AsyncWebClient, store: AsyncInstallationStore, states: States
    ) -> None:
        """Takes settings that have all that many workspaces take."""
        assert settings.slack_client_secret
        wanted = scopes(auto_answer=bool(settings.slack_auto_channels), admin_group=bool(settings.slack_admin_group))
        self._begin = f"{settings.slack_public_url}{INSTALL}"
        super().__init__(
            client=client,
            logger=_SILENT,
            settings=AsyncOAuthSettings(
                client_id=settings.slack_client_id,
                client_secret=settings.slack_client_secret.get_secret_value(),
                scopes=wanted,
                user_scopes=[],
                redirect_uri=f"{settings.slack_public_url}{REDIRECT}",
                install_page_rendering_enabled=False,
                callback_options=AsyncCallbackOptions(self._succeeded, self._failed),
                authorization_url=_authorize(settings.slack_api_url),
                installation_store=store,
                state_store=states,
                state_expiration_seconds=VALID,
                logger=_SILENT,
            ),
        )

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Where a browser is sent to ask its owner; ``?team=T...`` chooses the workspace."""
        url = await super().build_authorize_url(state, AsyncBoltRequest(body="", mode="http"))
        team = request.query.get("team", [""])[0]
        return f"{url}&team={team}" if _TEAM.fullmatch(team) else url

    async def run_installation(self, code: str) -> Installation | None:
        """Fetches tokens for a code; None where Slack gives none."""
        try:
            return await super().run_installation(code)
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            structlog.get_logger().warning("not installed", platform="slack", error=type(error).__name__)
            return None

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keeps the tokens.

        Raises:
            BoltError: the database is down.
        """
        try:
            await super().store_installation(request, installation)
        except FAILURES as error:
            structlog.get_logger().error("installation not kept", platform="slack", error=type(error).__name__)
            raise BoltError("not kept") from None
        workspace = installation.team_id or installation.enterprise_id
        structlog.get_logger().info("installed", platform="slack", workspace=workspace)

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        del args
        return self._answer(200, _DONE)

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        status = 503 if args.reason == "storage_error" else args.suggested_status_code
        return self._answer(status, _WORDS.get(args.reason, _OTHER), again=True)

    def _answer(self, status: int, words: str, *, again: bool = False) -> BoltResponse:
        """A page; the cookie that the browser was known by has served."""
        cookie = self.settings.state_utils.build_set_cookie_for_deletion()
        shown = _page(words, self._begin if again else "")
        return BoltResponse(status=status, body=shown, headers={**_HEADERS, "Set-Cookie": cookie})


def unavailable() -> BoltResponse:
    """The page for when the database is down."""
    return BoltResponse(
        status=503, body=_page("Herald can't install anything just now. Try again in a moment."), headers=_HEADERS
    )


def _page(words: str, begin: str = "") -> str:
    again = f'<p><a href="{html.escape(begin)}">Begin again</a></p>' if begin else ""
    return f'<!doctype html><html lang="en"><title>Herald</title><p>{html.escape(words)}</p>{again}</html>'


def _authorize(api: str) -> str:
    """Where Slack asks a person, on the host of its API."""
    parts = urlsplit(api)
    return urlunsplit((parts.scheme, parts.netloc, "/oauth/v2/authorize", "", ""))
