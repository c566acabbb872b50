"""The database: SQLite in a file for one process, PostgreSQL for several; the same schema for both."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Table, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingsError, StoreDownError, StoreError, in_words
from bot.extras import need
from bot.paths import for_the_system, in_unicode
from bot.store.options import understood

__all__ = ["FAILURES", "Database", "address", "newest", "open_database", "revisions", "shown", "unwritable"]

FAILURES = (SQLAlchemyError, OSError, TimeoutError)
"""What an operation raises where the database is down, slow or refuses."""

_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
_RESOURCES = ("53", "58030", "25006")  # of PostgreSQL: a disk or memory that is full, one that fails, and read-only

_Result = TypeVar("_Result")
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_SECONDS = 5.0  # that a connection and a statement may take
_CONNECTIONS = 5
_CERTIFICATES = ("postgresql.key", "postgresql.crt", "root.crt", "root.crl")
_HOME = "PostgreSQL's certificates are looked for there, so let it, or set HOME to a folder that it may look into"
_UPGRADES = 0x4865_7261_6C64  # "Herald": the advisory lock that upgrades take turns by


def address(written: str | Path) -> URL:
    """A database's address, or that of a file, with the driver that Herald uses.

    Raises:
        SettingsError: it is none of SQLite or PostgreSQL, or has an option that isn't known.
    """
    if isinstance(written, Path):  # nothing in its name is a query or an escape
        return URL.create(_DRIVERS["sqlite"], database=str(written))
    try:
        return _address(written)
    except ValueError as error:  # without the address, which holds a password
        raise SettingsError(f"HERALD_DATABASE_URL: {error}") from None


def _address(written: str) -> URL:
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        raise ValueError("no address of a database (sqlite:///file or postgresql://user@host/name)") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise ValueError("must begin with sqlite:// or postgresql://")
    if url.database and driver == _DRIVERS["sqlite"]:
        url = url.set(database=for_the_system(url.database))
    url = url.set(drivername=driver)
    return understood(url) if driver == _DRIVERS["postgresql"] else url


def shown(url: URL) -> str:
    """An address to be read, without its password, and without options, as these may hold one, too."""
    database = in_unicode(url.database) if url.database else None
    return url.set(database=database, query={}).render_as_string()


class Database:
    """Connections to one database; ``async with`` closes them at the end.

    Attributes:
        engine: SQLAlchemy's.
        shared: whether several processes may work on it at once.
    """

    def __init__(self, url: URL, *, ping: bool = True) -> None:
        """Takes what :func:`address` gives; nothing is connected yet.

        Args:
            ping: makes sure of a connection before each use, which is once there and back.

        Raises:
            SettingsError: what PostgreSQL needs isn't installed.
        """
        self.url = url
        self.shared = url.get_backend_name() == "postgresql"
        if self.shared:
            need("postgres", "asyncpg")
        self.engine = _postgresql(url, ping=ping) if self.shared else _sqlite(url)
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT") if self.shared else None
        self._opens = self.shared

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A connection within a transaction, which is committed at the end unless something is raised.

        Raises:
            any of :data:`FAILURES`.
        """
        if not self._opens:
            await asyncio.to_thread(_try_to_open, self.url)
            self._opens = True
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """A connection on which each statement is a transaction by itself; raises what :meth:`begin` does."""
        async with self._single.connect() if self._single else self.engine.begin() as connection:
            yield connection

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return postgresql.insert(table) if self.shared else sqlite.insert(table)

    async def exclusively(self, connection: AsyncConnection, lock: int) -> None:
        """Waits until no other transaction holds this lock; held to the transaction's end. SQLite writes one by one."""
        if self.shared:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})

    async def revision(self) -> str | None:
        """The schema's revision; None where there is none yet.

        Raises:
            StoreDownError: the database can't be reached.
            StoreError: it never will be, as things are.
        """
        return await self._run(_revision)

    async def upgrade(self, revision: str = "head") -> None:
        """Brings the schema up to a revision.

        Raises:
            StoreError: the database can't be reached, or is of a newer Herald.
        """
        from bot.store import migrating

        def work(connection: Connection) -> None:
            if self.shared:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADES})
            migrating.upgrade(connection, revision)

        await self._run(work)

    async def ready(self) -> None:
        """Makes sure of the schema at a start: an empty database gets it, and an older SQLite file is upgraded.

        An older PostgreSQL isn't, as processes of the older Herald may be using it.

        Raises:
            StoreError: one line on what to do.
        """
        found = await self.revision()
        if found == newest():
            return
        if found is not None and found not in revisions():
            raise StoreError(f"The database's schema ({found}) is of a newer Herald: upgrade Herald")
        if self.shared and found is not None:
            raise StoreError("The database's schema is older than this Herald: stop Herald and run herald db upgrade")
        await self.upgrade()

    async def close(self) -> None:
        """Closes all connections."""
        await self.engine.dispose()

    async def _run(self, work: Callable[[Connection], _Result]) -> _Result:
        try:
            if not self.shared and self.url.database:  # for its owner alone, as the file is
                Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            async with self.begin() as connection:
                return await connection.run_sync(work)
        except FAILURES as error:
            said = f"The database can't be used ({shown(self.url)})"
            if self.shared and isinstance(error, PermissionError) and (file := _closed()):
                raise StoreError(f"{said}: Herald may not read {file}: {_HOME}") from None
            raise StoreDownError(f"{said}: {in_words(error)}") from None


@asynccontextmanager
async def open_database(url: URL) -> AsyncIterator[Database]:
    """A database at work, its schema made sure of; closed at the end.

    Raises:
        StoreError: one line on what to do.
    """
    async with Database(url) as database:
        await database.ready()
        yield database


def unwritable(error: Exception) -> bool:
    """Whether the database takes no writes at all just now, though it may still answer: it isn't what was written."""
    cause = getattr(error, "orig", error)
    low = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # what stands above it tells kinds of the same error apart
    return low in _DISK or str(getattr(cause, "sqlstate", None)).startswith(_RESOURCES)


def _closed() -> Path | None:
    """What asyncpg looks for in the home folder, and may not look at; its own error often doesn't name it."""
    for name in _CERTIFICATES:
        try:
            (path := Path("~/.postgresql", name).expanduser()).open("rb").close()
        except PermissionError:
            return path
        except (OSError, RuntimeError):  # it isn't there, or no home folder is known
            continue
    return None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):  # where Alembic keeps it
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def newest() -> str:
    """The revision that this Herald works with."""
    return revisions()[-1]


def revisions() -> Sequence[str]:
    """All that this Herald knows, the oldest first: their files' names begin with them."""
    files = (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def _postgresql(url: URL, *, ping: bool) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,  # an error would show what is written, and so would a log of statements
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=_SECONDS,
        pool_pre_ping=ping,
        connect_args={"timeout": _SECONDS, "command_timeout": _SECONDS},
    )


def _try_to_open(url: URL) -> None:
    """Raises an OSError where a file can't be opened: aiosqlite's thread would still be ending when the loop has."""
    name = url.database or ""
    if name not in ("", ":memory:"):
        _make(name)
    try:
        sqlite3.connect(name).close()
    except sqlite3.Error as error:
        raise OSError(in_words(error)) from None


def _make(name: str) -> None:
    """Makes a missing file for its owner alone, as what members asked will lie there; SQLite would let all read it."""
    with suppress(OSError):  # it is there; or SQLite tells why it can't be
        Path(name).touch(mode=0o600, exist_ok=False)


def _sqlite(url: URL) -> AsyncEngine:
    """SQLite as a server would have it: a log written ahead, so that reading never waits for writing."""
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": _SECONDS})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        del record
        connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where the driver thinks
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # a transaction that only turns out to write would fail then

    return engine
