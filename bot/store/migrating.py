"""Bringing the schema up, by Alembic: apart, as it takes longer to import than the rest of the store together."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

__all__ = ["scripts", "upgrade"]


def upgrade(connection: Connection, revision: str) -> None:
    """Brings the schema that a connection sees up to a revision, within its transaction."""
    command.upgrade(_config(connection), revision)


def scripts() -> ScriptDirectory:
    """The migrations, as Alembic reads them."""
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
