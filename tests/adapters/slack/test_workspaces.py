"""Whose token a request is served with: what is remembered, what other processes change, and tokens that expire."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from sqlalchemy.engine import URL

from adapters.slack.installations import Installations
from adapters.slack.refreshing import Refresher
from adapters.slack.remembered import Key, Remembered
from adapters.slack.sealing import cipher_of, new_key
from adapters.slack.workspaces import Installed
from bot.errors import PlatformError
from bot.store.database import FAILURES, Database, address
from tests.adapters.slack.test_installations import installation
from tests.support import Clock

TEAM: Key = (None, "T1")
KEYS = new_key()
LIFE = 43_200


class Rotator(AsyncTokenRotator):
    """Slack, which gives a new token for each refresh token once."""

    def __init__(self) -> None:
        super().__init__(client_id="1.2", client_secret="s")  # noqa: S106
        self.used: list[str | None] = []
        self.kept = asyncio.Event()
        self.kept.set()

    async def perform_bot_token_rotation(self, *, bot: Bot, minutes_before_expiration: int = 120) -> Bot | None:
        """Another token."""
        if bot.bot_refresh_token in self.used:
            raise SlackApiError("refused", {"error": "invalid_refresh_token"})  # type: ignore[no-untyped-call]
        self.used.append(bot.bot_refresh_token)
        await self.kept.wait()
        made = Bot(**bot.to_dict_for_copying())
        made.bot_token, made.bot_refresh_token = f"{bot.bot_token}+", f"{bot.bot_refresh_token}+"
        made.bot_token_expires_at = int(time.time()) + LIFE
        return made


def remembered(database: Database, clock: Clock | None = None) -> Remembered:
    """As another process has it."""
    store = Installations("1.2", database, cipher_of(SecretStr(KEYS)))
    return Remembered(store, clock) if clock else Remembered(store)


async def kept(database: Database, left: float) -> None:
    """A workspace whose token has that many seconds left."""
    made = installation(token="a", at=1_700_000_000.0)  # noqa: S106
    made.bot_token_expires_at = int(time.time() + left)
    await remembered(database).async_save(made)


async def token(store: Remembered) -> str | None:
    bot = await store.bot(TEAM)
    return bot.bot_token if bot else None


class TestRemembered:
    async def test_the_database_is_not_asked_each_time(self, database: Database) -> None:
        """Only again after half a minute, for what others did meanwhile."""
        clock = Clock()
        ours, theirs = remembered(database, clock), remembered(database)
        await ours.async_save(installation(token="a"))  # noqa: S106
        assert await token(ours) == "a"
        await theirs.async_save(installation(token="b", at=1_700_000_100.0))  # noqa: S106
        assert await token(ours) == "a"
        clock.now += 31
        assert await token(ours) == "b"
        await theirs.remove(TEAM)
        clock.now += 31
        assert await token(ours) is None

    async def test_a_new_installation_is_there_at_once(self, database: Database) -> None:
        """Nobody remembers that there was none."""
        ours, theirs = remembered(database), remembered(database)
        assert await token(ours) is None
        await theirs.async_save(installation(token="a"))  # noqa: S106
        assert await token(ours) == "a"

    async def test_while_the_database_is_down_the_known_are_served(self, database_url: URL) -> None:
        """And others told to come again, as Slack does."""
        clock, database = Clock(), Database(database_url)
        ours = remembered(database, clock)
        await ours.async_save(installation(token="a"))  # noqa: S106
        assert await token(ours) == "a"
        clock.now += 31
        assert isinstance(ours.underlying, Installations)
        down = Database(address("postgresql://herald@127.0.0.1:1/none"))
        ours.underlying.engine = down.engine
        assert await token(ours) == "a"
        with pytest.raises(FAILURES):
            await ours.bot((None, "T2"))
        await down.close()
        await database.close()


class TestExpiring:
    async def test_nobody_waits_where_the_token_still_works(self, database: Database) -> None:
        """It is renewed in the background, once."""
        await kept(database, 3600)
        store, rotator = remembered(database), Rotator()
        refresher = Refresher(store, rotator)
        bot = await store.bot(TEAM)
        assert bot
        rotator.kept.clear()
        for _ in range(5):
            assert (await refresher.working(TEAM, bot)).bot_token == "a"  # noqa: S105
        rotator.kept.set()
        await refresher.close()
        assert await token(store) == "a+"
        assert rotator.used == ["a-r"]

    async def test_a_token_with_time_left_is_left_alone(self, database: Database) -> None:
        """Until two hours before its end."""
        await kept(database, 2 * 3600 + 60)
        store, rotator = remembered(database), Rotator()
        bot = await store.bot(TEAM)
        assert bot
        assert await Refresher(store, rotator).working(TEAM, bot) is bot
        assert rotator.used == []

    async def test_two_processes_renew_one_token_once(self, database: Database) -> None:
        """The second takes what the first was given."""
        await kept(database, -1)
        rotator = Rotator()
        both = [remembered(database), remembered(database)]
        bots = [await store.bot(TEAM) for store in both]
        refreshers = [Refresher(store, rotator) for store in both]
        working = [refresher.working(TEAM, bot) for refresher, bot in zip(refreshers, bots, strict=True) if bot]
        assert [bot.bot_token for bot in await asyncio.gather(*working)] == ["a+", "a+"]
        assert rotator.used == ["a-r"]

    async def test_a_token_that_can_not_be_renewed_is_told(self, database: Database) -> None:
        """While it works it is used, and Slack left in peace for a while."""
        await kept(database, 3600)
        store, rotator = remembered(database), Rotator()
        rotator.used.append("a-r")
        refresher = Refresher(store, rotator)
        bot = await store.bot(TEAM)
        assert bot
        for _ in range(3):
            assert (await refresher.working(TEAM, bot)).bot_token == "a"  # noqa: S105
            await refresher.close()
        bot.bot_token_expires_at = int(time.time()) - 1
        with pytest.raises(PlatformError, match="install Herald again"):
            await refresher.working(TEAM, bot)


async def test_one_workspace_says_that_it_was_removed(capsys: pytest.CaptureFixture[str]) -> None:
    """By a line without the token; a member's own token is no removal."""
    installed = Installed(SecretStr("xoxb-1"), "U9", "B1", "T1")
    events: list[dict[str, Any]] = [
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}},
        {"type": "tokens_revoked", "tokens": {"bot": ["U9"]}},
        {"type": "app_uninstalled"},
    ]
    for event in events:
        await installed.removed({"event": event}, None)
    said = capsys.readouterr().out
    assert said.count("removed from the workspace") == 2
    assert "xoxb" not in said + repr(installed)
