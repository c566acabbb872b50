"""Options of a PostgreSQL's address, as libpq documents them: what the driver makes of them, over a real server."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StoreDownError
from bot.store.database import Database, address, shown
from tests.postgres import Server


@pytest.fixture
def written(template: str, postgresql: Server) -> str:
    """The address of a database with the newest schema, as an operator writes it."""
    url: URL = postgresql.url.set(drivername="postgresql", database=template)
    return url.render_as_string(hide_password=False).partition("?")[0]


async def test_they_reach_the_server(written: str) -> None:
    """Those that asyncpg knows in an address alone, and those that it takes by themselves."""
    options = "sslmode=disable&application_name=town+herald&prepared_statement_cache_size=0"
    async with Database(address(f"{written}?{options}")) as database, database.begin() as connection:
        assert await connection.scalar(text("SHOW application_name")) == "town herald"


async def test_what_must_be_encrypted_is(written: str) -> None:
    """A server that offers no encryption, as that of the tests, is left alone."""
    async with Database(address(f"{written}?sslmode=require")) as database:
        with pytest.raises(StoreDownError, match="SSL"):
            await database.revision()


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("sslmod=require", "the option 'sslmod' isn't known (did you mean 'sslmode'?)"),
        ("channel_binding=require", "the option 'channel_binding' isn't known (leave it out)"),
        ("sslmode=yes", "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full"),
    ],
)
def test_others_are_refused(option: str, line: str) -> None:
    """With a line that names the variable, and nothing of the address."""
    with pytest.raises(SettingsError) as error:
        address(f"postgresql://u:secret@host/name?{option}")
    assert str(error.value) == f"HERALD_DATABASE_URL: {line}"


def test_none_is_shown() -> None:
    """As some hold passwords."""
    assert "secret" not in shown(address("postgresql://u@host/name?password=secret&sslpassword=secret"))


def test_a_file_s_are_its_own() -> None:
    """SQLite has others."""
    assert dict(address("sqlite:////var/lib/herald.db?cache=shared").query) == {"cache": "shared"}
