"""What it takes to serve many workspaces: their tokens in our database, and the keys that these are sealed with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import structlog
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.endpoints import web_client
from adapters.slack.install import Asking, Install
from adapters.slack.installations import Installations, States
from adapters.slack.refreshing import Refresher
from adapters.slack.remembered import Remembered
from adapters.slack.sealing import cipher_of
from adapters.slack.workspaces import Workspaces
from bot.errors import SettingsError, StoreError, in_words
from bot.settings import Settings
from bot.store.database import FAILURES, Database, address, open_database

__all__ = ["many", "rotated"]


@asynccontextmanager
async def many(settings: Settings, session: aiohttp.ClientSession) -> AsyncIterator[tuple[Workspaces, Install]]:
    """The workspaces that installed Herald, and how others do.

    Raises:
        StoreError: the database can't be reached, its schema doesn't fit, or its tokens were sealed with other keys.
    """
    async with _opened(settings) as (database, store):
        await _all_open(store)
        if not settings.slack_home:
            structlog.get_logger().warning("nobody may use /herald: HERALD_SLACK_HOME names no workspace")
        client = web_client(settings.slack_api_url, session, kind=Asking)
        remembered = Remembered(store)
        refresher = Refresher(remembered, _rotator(settings, client))
        install = Install(settings, client, remembered, States(database))
        try:
            yield Workspaces(remembered, refresher, settings.slack_home), install
        finally:
            await refresher.close()


async def rotated(settings: Settings) -> int:
    """Seals all tokens with the first of the keys; tells how many that were.

    Raises:
        SettingsError: there is no key.
        StoreError: as for :func:`many`.
    """
    async with _opened(settings) as (_, store):
        with _told_plainly():
            sealed, lost = await store.rotate()
        if lost:
            raise StoreError(f"{_lost(lost)}; {sealed} others are sealed with the first key now")
        return sealed


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database, Installations]]:
    if not (settings.slack_client_id and settings.token_key):
        raise SettingsError("Sealed tokens are there only with SLACK_CLIENT_ID and HERALD_TOKEN_KEY")
    async with open_database(address(settings.database)) as database:
        yield database, Installations(settings.slack_client_id, database, cipher_of(settings.token_key))


async def _all_open(store: Installations) -> None:
    with _told_plainly():
        lost, workspaces = await store.unreadable(), await store.count()
    if lost:
        raise StoreError(_lost(lost))
    structlog.get_logger().info("workspaces", platform="slack", count=workspaces)


def _lost(tokens: int) -> str:
    number = "1 token was" if tokens == 1 else f"{tokens} tokens were"
    return f"{number} sealed with a key that HERALD_TOKEN_KEY hasn't got: add the key that was there before"


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        raise StoreError(f"The database can't be used: {in_words(error)}") from None


def _rotator(settings: Settings, client: AsyncWebClient) -> AsyncTokenRotator:
    assert settings.slack_client_id
    assert settings.slack_client_secret
    secret = settings.slack_client_secret.get_secret_value()
    return AsyncTokenRotator(client_id=settings.slack_client_id, client_secret=secret, client=client)
