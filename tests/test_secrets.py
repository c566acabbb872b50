"""Tokens and passwords stay where they are: no text that Herald makes of what holds them shows them."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr, ValidationError

from adapters.slack.endpoints import web_client
from adapters.slack.sealing import Sealed, cipher_of, new_key
from adapters.slack.workspaces import Installed, Voice
from bot.errors import SettingsError
from bot.settings import Settings, read_settings, variable
from bot.store.breaker import Breaker
from bot.store.database import Database, address

SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]
HIDDEN = "hush-5f3a"


def value_of(name: str) -> str:
    """A good value of a secret, in which something stands that must not be seen."""
    special = {"database_url": f"postgresql://herald:{HIDDEN}@db/herald", "token_key": new_key()}
    return special.get(name, f"x-{HIDDEN}")


def test_whatever_opens_something_is_a_secret() -> None:
    """As its name says."""
    named = {name for name in Settings.model_fields if re.search(r"token|secret|password|database_url", name)}
    assert named == set(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_settings_do_not_show_it(name: str) -> None:
    """However they are written."""
    value = value_of(name)
    given: dict[str, Any] = {name: SecretStr(value)}
    settings = Settings.model_construct(**given)
    hidden = value if name == "token_key" else HIDDEN
    for written in (
        repr(settings),
        str(settings),
        repr(settings.model_dump()),
        settings.model_dump_json(),
        f"{settings!a}",
    ):
        assert hidden not in written


@pytest.mark.parametrize("name", SECRETS)
def test_a_complaint_does_not_show_it(name: str) -> None:
    """Neither the line for the operator, nor what the library says."""
    bad = f"é {HIDDEN}\n"
    others = {"SLACK_APP_TOKEN": "xapp-1"} if name == "slack_bot_token" else {}
    with pytest.raises(SettingsError, match="HERALD_PRECISION=") as told:
        read_settings({variable(name): bad, **others, "HERALD_PRECISION": "2"})
    assert HIDDEN not in str(told.value)
    assert told.value.__cause__ is None
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({name: bad, "precision": 2})
    assert HIDDEN not in str(raised.value)
    assert HIDDEN not in repr(raised.value)


async def test_what_holds_it_does_not_show_it() -> None:
    """Nor does what that holds."""
    url = address(f"postgresql://herald:{HIDDEN}@127.0.0.1:1/herald")
    database, key = Database(url), SecretStr(new_key())
    async with aiohttp.ClientSession() as session:
        holders = [
            Voice(SecretStr(HIDDEN), "U1"),
            Installed(SecretStr(HIDDEN), "U1", "B1", "T1"),
            web_client("https://slack.com/api/", session, HIDDEN),
            database, database.engine, database.url, Breaker(database),
            cipher_of(key), Sealed(cipher_of(key)),
        ]  # fmt: skip
        for holder in holders:
            for written in (repr(holder), str(holder)):
                assert HIDDEN not in written
                assert key.get_secret_value() not in written
    await database.close()


async def test_a_database_out_of_reach_does_not_show_it() -> None:
    """In the one line that says so."""
    database = Database(address(f"postgresql://herald:{HIDDEN}@127.0.0.1:1/herald"))
    with pytest.raises(Exception, match="can't be used") as raised:
        await database.revision()
    assert HIDDEN not in str(raised.value)
    assert raised.value.__cause__ is None
    await database.close()
