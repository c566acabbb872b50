"""Clients of Slack's Web API and of response addresses, with what has to be tried again."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

__all__ = ["FAILED", "LOGGER", "hook", "retries", "web_client", "word_of"]

LOGGER = logging.getLogger("slack")
_TRIES = 4  # again, after the first
FAILED = (500, 502, 503, 504)
"""What servers say when they failed at something, perhaps after doing it."""

_POST = "/chat.postMessage"
_TIMEOUT = 20  # seconds


class _ServerErrors(AsyncRetryHandler):
    """Tries again what Slack's servers failed at; the library's own handler knows only two of these.

    A message that may have been posted all the same is left to whoever posts it.
    """

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state, error
        return response is not None and response.status_code in FAILED and not request.url.endswith(_POST)


class _Connections(AsyncConnectionErrorRetryHandler):
    """Tries again where the connection failed; a message that may have been posted is left to whoever posts it."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.url.endswith(_POST) and not isinstance(error, aiohttp.ClientConnectorError):
            return False
        return bool(await super()._can_retry_async(state=state, request=request, response=response, error=error))


def retries() -> list[AsyncRetryHandler]:
    """What every client needs, so that no answer is lost to a busy moment."""
    return [_Connections(2), AsyncRateLimitErrorRetryHandler(_TRIES), _ServerErrors(_TRIES)]


def web_client(
    api: str, session: aiohttp.ClientSession, token: str | None = None, kind: type[AsyncWebClient] = AsyncWebClient
) -> AsyncWebClient:
    """A client of the Web API at an address."""
    return kind(token, api, timeout=_TIMEOUT, session=session, logger=LOGGER, retry_handlers=retries())


def word_of(error: Exception) -> str:
    """Slack's word for why it refuses something; the kind of error where it doesn't say."""
    data = getattr(getattr(error, "response", None), "data", None)  # text, where a server failed
    return str((data.get("error") if isinstance(data, dict) else None) or type(error).__name__)


def hook(url: str, session: aiohttp.ClientSession) -> AsyncWebhookClient:
    """A client of a response address."""
    return AsyncWebhookClient(url, _TIMEOUT, session=session, logger=LOGGER, retry_handlers=retries())
