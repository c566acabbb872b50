"""Imports what ``herald run`` does, for whoever is forked from a process that has."""

from __future__ import annotations

import importlib

__all__: list[str] = []

for name in (
    "adapters.main", "adapters.running", "adapters.watching", "adapters.discord.lifecycle", "adapters.slack.lifecycle",
    "adapters.slack.many", "adapters.terminal.doctor", "aiosqlite", "asyncpg", "bot.host", "bot.office",
    "bot.store.together", "sqlalchemy.dialects.postgresql.asyncpg", "sqlalchemy.dialects.sqlite.aiosqlite",
):  # fmt: skip
    importlib.import_module(name)
