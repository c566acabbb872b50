"""Workspaces that installed Herald, and installations under way, as Slack's library keeps them in our database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import Column, Table, Text, case, delete, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.slack.endpoints import LOGGER
from adapters.slack.sealing import Sealed
from bot.store.database import Database
from bot.store.installed import SEALED

__all__ = ["VALID", "Installations", "States"]

VALID = 600
"""Seconds in which an installation that was begun must be done."""


class Installations(AsyncSQLAlchemyInstallationStore):
    """The library's store of installations, with sealed tokens; of a workspace only the latest bot is kept."""

    def __init__(self, client_id: str, database: Database, cipher: MultiFernet) -> None:
        super().__init__(client_id, database.engine, logger=LOGGER)
        self._cipher = cipher
        for column in self._sealed():
            column.type = Sealed(cipher)

    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation in place of what was there; its older tokens open nothing any more."""
        await super().async_save(installation)
        at = _naive(installation.installed_at)
        async with self.engine.begin() as connection:
            for table in (self.bots, self.installations):
                c = table.c
                older = [
                    c.client_id == self.client_id,
                    c.enterprise_id == installation.enterprise_id,
                    c.team_id == installation.team_id,
                    c.installed_at < at,
                ]
                if table is self.installations:
                    older.append(c.user_id == installation.user_id)
                await connection.execute(delete(table).where(*older))

    async def count(self) -> int:
        """How many workspaces there are."""
        async with self.engine.begin() as connection:
            wanted = select(func.count()).where(self.bots.c.client_id == self.client_id)
            return int(await connection.scalar(wanted) or 0)

    async def among(self, names: Collection[str]) -> list[tuple[str | None, str | None]]:
        """Organization and workspace of each installation in one of these; without a workspace in an organization."""
        c = self.bots.c
        place = case((c.is_enterprise_install, c.enterprise_id), else_=c.team_id)
        wanted = select(c.enterprise_id, c.team_id, c.is_enterprise_install).where(
            c.client_id == self.client_id, place.in_(tuple(names))
        )
        async with self.engine.begin() as connection:
            found = (await connection.execute(wanted.order_by(c.id))).all()
        return [(row.enterprise_id or None, None if row.is_enterprise_install else row.team_id) for row in found]

    async def unreadable(self) -> int:
        """How many tokens no key opens."""
        async with self.engine.begin() as connection:
            return sum([not self._opens(raw) for _, _, raw in await self._raw(connection)])

    async def rotate(self) -> tuple[int, int]:
        """Seals every token with the first key; tells how many that were, and how many no key opens.

        A token that changes meanwhile is left alone: whoever changes it seals it with their first key.
        """
        async with self.engine.begin() as connection:
            found = [(column, row, raw) for column, row, raw in await self._raw(connection)]
            good = [item for item in found if self._opens(item[2])]
            for column, row, raw in good:
                sealed, plain = self._cipher.rotate(raw.encode()).decode("ascii"), type_coerce(column, Text)
                changed = update(column.table).where(column.table.c.id == row, plain == raw)
                await connection.execute(changed.values({column: type_coerce(sealed, Text)}))
        return len(good), len(found) - len(good)

    def _sealed(self) -> Sequence[Column[Any]]:
        tables: tuple[Table, ...] = (self.bots, self.installations)
        return [table.c[name] for table in tables for name in SEALED if name in table.c]

    async def _raw(self, connection: AsyncConnection) -> list[tuple[Column[Any], int, str]]:
        """Every token as it is kept, with its column and row."""
        found: list[tuple[Column[Any], int, str]] = []
        for column in self._sealed():
            raw = select(column.table.c.id, type_coerce(column, Text)).where(column.is_not(None))
            found += [(column, row, text) for row, text in (await connection.execute(raw)).all()]
        return found

    def _opens(self, raw: str) -> bool:
        try:
            self._cipher.decrypt(raw)
        except InvalidToken:
            return False
        return True


class States(AsyncSQLAlchemyOAuthStateStore):
    """The library's store of installations under way; each is good for once, also where two processes look at once."""

    def __init__(self, database: Database, seconds: int = VALID) -> None:
        super().__init__(seconds, database.engine, LOGGER)

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """Begins an installation; those that were given up are forgotten."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(self.oauth_states).where(self.oauth_states.c.expire_at <= _now()))
        return str(await super().async_issue(*args, **kwargs))

    async def async_consume(self, state: str) -> bool:
        """Whether an installation was begun a moment ago, and not ended yet; ends it."""
        c = self.oauth_states.c
        taken = delete(self.oauth_states).where(c.state == state, c.expire_at > _now())
        async with self.engine.begin() as connection:
            return (await connection.execute(taken)).rowcount == 1


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(at: float) -> datetime:
    """A time as the library keeps it."""
    return datetime.fromtimestamp(at, tz=UTC).replace(tzinfo=None)
