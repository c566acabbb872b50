"""How installations are kept: sealed, the latest of each workspace, in the library's own tables."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, Table, func, select, update

from adapters.slack.installations import Installations, States
from adapters.slack.sealing import UnsealedError, cipher_of, new_key
from bot.store.database import Database
from bot.store.installed import SEALED
from bot.store.schema import slack_bots, slack_installations, slack_states
from tests.adapters.slack.many import dump

LONG = "xoxe.xoxb-1-" + "x" * 300


@pytest.fixture
def key() -> str:
    """What seals."""
    return new_key()


@pytest.fixture
def store(database: Database, key: str) -> Installations:
    """A store without anybody."""
    return opened(database, key)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock isn't UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    os.environ.pop("TZ")
    monkeypatch.undo()
    time.tzset()


def opened(database: Database, keys: str) -> Installations:
    return Installations("1.2", database, cipher_of(SecretStr(keys)))


def installation(team: str = "T1", token: str = LONG, at: float = 1_700_000_000.25) -> Installation:
    """With a token in each place that may have one."""
    return Installation(
        app_id="A1",
        team_id=team,
        bot_token=token,
        bot_id="B1",
        bot_user_id="U9",
        bot_scopes="chat:write,commands",
        bot_refresh_token=f"{token}-r",
        bot_token_expires_at=1_700_043_200,
        user_id="U1",
        user_token=f"{token}-u",
        user_refresh_token=f"{token}-ur",
        incoming_webhook_url=f"https://hooks.slack.com/{token}",
        installed_at=at,
    )


def within(team: str, enterprise: str, *, whole: bool) -> Installation:
    """Of an organization: as a whole, or in one of its workspaces."""
    made = installation(team)
    made.enterprise_id, made.is_enterprise_install = enterprise, whole
    return made


class TestTables:
    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (slack_bots, SQLAlchemyInstallationStore.build_bots_table(MetaData(), "slack_bots")),
            (
                slack_installations,
                SQLAlchemyInstallationStore.build_installations_table(MetaData(), "slack_installations"),
            ),
            (
                slack_states,
                AsyncSQLAlchemyOAuthStateStore.build_oauth_states_table(MetaData(), "slack_oauth_states"),
            ),
        ],
        ids=["bots", "installations", "states"],
    )
    def test_they_are_the_library_s(self, ours: Table, theirs: Table) -> None:
        """Column for column, but that what is sealed is longer: an upgrade of the library that changes them is seen."""

        def told(table: Table) -> dict[str, tuple[str, bool]]:
            return {c.name: ("sealed" if c.name in SEALED else str(c.type), bool(c.nullable)) for c in table.columns}

        assert told(ours) == told(theirs)
        assert {index.name for index in ours.indexes} == {index.name for index in theirs.indexes}


class TestKeeping:
    async def test_what_is_kept_comes_back(self, store: Installations) -> None:
        """Token for token, however long they are."""
        await store.async_save(installation())
        bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
        found = await store.async_find_installation(enterprise_id=None, team_id="T1")
        assert bot
        assert found
        assert (bot.bot_token, bot.bot_refresh_token) == (LONG, f"{LONG}-r")
        assert found.to_dict() == installation().to_dict()

    async def test_those_of_some_ids_are_found(self, store: Installations) -> None:
        """A workspace by its own id, also within an organization; a whole organization by that of its own."""
        await store.async_save(installation("T1"))
        await store.async_save(within("T2", "E1", whole=False))
        await store.async_save(within("T3", "E2", whole=True))
        assert await store.among(("T1", "T2", "E2", "T9")) == [(None, "T1"), ("E1", "T2"), ("E2", None)]
        assert await store.among(("E1", "T3")) == []
        assert await store.among(()) == []

    async def test_nothing_of_it_is_readable(self, store: Installations, database: Database) -> None:
        """Neither in the tables nor by their representation."""
        await store.async_save(installation())
        bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
        assert "xoxb-" not in await dump(database.url) + repr(bot) + repr(store) + repr(store.bots)

    async def test_only_the_latest_is_kept(self, store: Installations, database: Database) -> None:
        """Of a workspace; others are left alone."""
        await store.async_save(installation("T2"))
        for number in range(3):
            await store.async_save(installation(token=f"xoxb-{number}", at=1_700_000_000.0 + number))
        async with database.begin() as connection:
            for table in (slack_bots, slack_installations):
                assert await connection.scalar(select(func.count()).select_from(table)) == 2
        bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
        assert bot
        assert bot.bot_token == f"xoxb-{2}"

    async def test_a_token_is_renewed_in_its_place(self, store: Installations, elsewhere: None) -> None:
        """Wherever the machine stands: times are UTC."""
        await store.async_save(installation())
        bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
        assert bot
        assert (bot.installed_at, bot.bot_token_expires_at) == (1_700_000_000.25, 1_700_043_200)
        bot.bot_token = LONG.upper()
        await store.async_save_bot(bot)
        again = await store.async_find_bot(enterprise_id=None, team_id="T1")
        assert again
        assert again.bot_token == LONG.upper()
        assert await store.count() == 1


class TestKeys:
    async def test_all_are_sealed_with_the_first(self, store: Installations, database: Database, key: str) -> None:
        """Then the others aren't needed."""
        await store.async_save(installation())
        new = new_key()
        assert await opened(database, f"{new},{key}").rotate() == (7, 0)
        found = await opened(database, new).async_find_installation(enterprise_id=None, team_id="T1")
        assert found
        assert found.to_dict() == installation().to_dict()
        with pytest.raises(UnsealedError, match="HERALD_TOKEN_KEY"):
            await store.async_find_bot(enterprise_id=None, team_id="T1")

    async def test_what_no_key_opens_is_counted_and_left(self, store: Installations, database: Database) -> None:
        """Nothing is lost by rotating with the wrong keys."""
        await store.async_save(installation())
        wrong = opened(database, new_key())
        assert await wrong.unreadable() == 7
        assert await wrong.rotate() == (0, 7)
        assert await store.unreadable() == 0

    async def test_what_was_altered_is_not_opened(self, store: Installations, database: Database) -> None:
        """Nor what was never sealed."""
        await store.async_save(installation())
        async with database.begin() as connection:
            await connection.execute(update(slack_bots).values({"bot_token": "xoxb-plain"}))
        with pytest.raises(UnsealedError) as refused:
            await store.async_find_bot(enterprise_id=None, team_id="T1")
        assert "xoxb" not in str(refused.value)

    async def test_an_error_of_the_database_shows_no_token(self, empty_database: Database, key: str) -> None:
        """Such as that there are no tables."""
        with pytest.raises(Exception, match="slack_installations") as failed:
            await opened(empty_database, key).async_save(installation())
        assert "xox" not in str(failed.value)


class TestStates:
    async def test_each_is_good_for_once(self, database: Database) -> None:
        """Also where many come at once."""
        states = States(database)
        state = await states.async_issue()
        taken = await asyncio.gather(*(states.async_consume(state) for _ in range(8)))
        assert sorted(taken) == [False] * 7 + [True]

    async def test_those_given_up_are_forgotten(self, database: Database) -> None:
        """When the next one begins."""
        old = await States(database, seconds=-1).async_issue()
        states = States(database)
        assert not await states.async_consume(old)
        await states.async_issue()
        async with database.begin() as connection:
            assert await connection.scalar(select(func.count()).select_from(slack_states)) == 1
