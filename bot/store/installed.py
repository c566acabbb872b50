"""The tables of workspaces that installed Herald by themselves.

Their names and columns are those of the library that reads and writes them (adapters.slack.installations), but for the
tokens: they are sealed there, which makes them longer.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, String, Table, Text

__all__ = ["SEALED", "add_to"]

SEALED = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
"""The columns that open something, and so are kept sealed."""


def add_to(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Adds the bots, the installations and what an installation under way is known by."""
    bots = Table("slack_bots", metadata, *_common(), Index("slack_bots_idx", *_WHOSE, "installed_at"))
    installations = Table(
        "slack_installations",
        metadata,
        *_common(),
        Column("enterprise_url", String(200)),
        *_person(),
        *_webhook(),
        Column("token_type", String(32)),
        Index("slack_installations_idx", *_WHOSE, "user_id", "installed_at"),
    )
    states = Table(
        "slack_oauth_states",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("state", String(200), nullable=False),
        Column("expire_at", DateTime, nullable=False),
    )
    return bots, installations, states


_WHOSE = ("client_id", "enterprise_id", "team_id")


def _common() -> Iterator[Column[object]]:
    yield Column("id", Integer, primary_key=True, autoincrement=True)
    yield Column("client_id", String(32), nullable=False)
    yield Column("app_id", String(32), nullable=False)
    yield Column("enterprise_id", String(32))
    yield Column("enterprise_name", String(200))
    yield Column("team_id", String(32))
    yield Column("team_name", String(200))
    yield Column("bot_token", Text)
    yield Column("bot_id", String(32))
    yield Column("bot_user_id", String(32))
    yield Column("bot_scopes", String(1000))
    yield Column("bot_refresh_token", Text)
    yield Column("bot_token_expires_at", DateTime)
    yield Column("is_enterprise_install", Boolean, nullable=False)
    yield Column("installed_at", DateTime, nullable=False)


def _person() -> Iterator[Column[object]]:
    yield Column("user_id", String(32), nullable=False)
    yield Column("user_token", Text)
    yield Column("user_scopes", String(1000))
    yield Column("user_refresh_token", Text)
    yield Column("user_token_expires_at", DateTime)


def _webhook() -> Iterator[Column[object]]:
    yield Column("incoming_webhook_url", Text)
    yield Column("incoming_webhook_channel", String(200))
    yield Column("incoming_webhook_channel_id", String(200))
    yield Column("incoming_webhook_configuration_url", String(200))
