"""The rows of versions and lines, each function within a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import CurationError
from bot.store.schema import audit, lines, questions, versions
from bot.versions.overlay import Kind, Line

__all__ = [
    "CHANNEL",
    "ROLLED_BACK",
    "Version",
    "active",
    "announce",
    "current",
    "end",
    "last_folder",
    "last_read",
    "last_reading",
    "note",
    "numbered",
    "rename_folder",
    "revive",
    "seen",
    "store_line",
    "store_version",
    "version",
]

CHANNEL = "herald_versions"
"""Where PostgreSQL tells of new versions."""

ROLLED_BACK = "version "
"""How the origin begins of a version that was rolled back to; its number follows. A folder's begins with a slash."""

_STATES: Mapping[Kind, str] = MappingProxyType(
    {"phrasing": "taught", "entry": "new", "gap": "gap", "gap-phrasing": "gap"}
)
_READ = ("start", "reload", "watch")
_REOPENED = ("rolled-back", "orphaned")  # whoever undoes a line says himself what becomes of its questions


@dataclass(frozen=True, slots=True)
class Version:
    """One knowledge base that went into service.

    Attributes:
        number: the highest is in service; 0 before it is stored.
        at: when, in seconds since 1970.
        who: platform:id of the admin; start, watch or terminal.
        action: start, reload, watch, teach, undo or rollback.
        origin: the folder that its base was read from, or the version that it was rolled back to.
        knowledge: its digest, as replies carry it.
        base: digest of its content without lines.
        lines: what was taught, on top.
        diff: what changed since the version before, in words.
    """

    number: int
    at: float
    who: str
    action: str
    origin: str
    knowledge: str
    base: str
    lines: tuple[Line, ...]
    diff: str

    @property
    def rolled_back(self) -> bool:
        """Whether its base is that of an earlier version, and wasn't read from a folder."""
        return self.origin.startswith(ROLLED_BACK)


def version(row: Row[Any]) -> Version:
    """A row of versions."""
    values = dict(row._mapping)  # noqa: SLF001 - its public name, says SQLAlchemy
    taught = tuple(map(_line, values.pop("lines")))
    return Version(number=values.pop("id"), lines=taught, **values)


async def current(connection: AsyncConnection) -> Version | None:
    """The version in service; None before the first."""
    row = (await connection.execute(select(versions).order_by(versions.c.id.desc()).limit(1))).first()
    return version(row) if row else None


async def numbered(connection: AsyncConnection, number: int) -> Version:
    """One version.

    Raises:
        CurationError: there is none of that number.
    """
    row = (await connection.execute(select(versions).where(versions.c.id == number))).first()
    if row is None:
        raise CurationError(f"There is no version {number}; the history shows which there are.")
    return version(row)


async def seen(connection: AsyncConnection, base: str) -> bool:
    """Whether a base was ever in service."""
    return await connection.scalar(select(versions.c.id).where(versions.c.base == base).limit(1)) is not None


async def last_read(connection: AsyncConnection, origin: str) -> str | None:
    """The base that was last read from a folder."""
    wanted = select(versions.c.base).where(versions.c.origin == origin).order_by(versions.c.id.desc()).limit(1)
    found: str | None = await connection.scalar(wanted)
    return found


async def last_folder(connection: AsyncConnection) -> str | None:
    """The folder that a base was last read from."""
    wanted = select(versions.c.origin).where(versions.c.action.in_(_READ)).order_by(versions.c.id.desc()).limit(1)
    found: str | None = await connection.scalar(wanted)
    return found


async def last_reading(connection: AsyncConnection) -> int:
    """Number of the version that was read last from a folder, whichever; 0 before the first."""
    return await connection.scalar(select(func.max(versions.c.id)).where(versions.c.action.in_(_READ))) or 0


async def rename_folder(connection: AsyncConnection, old: str, new: str) -> None:
    """Has versions of one folder be of another name of it."""
    await connection.execute(update(versions).where(versions.c.origin == old).values(origin=new))


async def store_version(connection: AsyncConnection, new: Version) -> int:
    """Stores a version, and returns its number."""
    values = {key: value for key, value in asdict(new).items() if key != "number"}
    done = await connection.execute(insert(versions).values(**values))
    assert done.inserted_primary_key
    return int(done.inserted_primary_key[0])


async def announce(connection: AsyncConnection, number: int) -> None:
    """Has PostgreSQL tell other processes, once the transaction is committed."""
    await connection.execute(text("SELECT pg_notify(:channel, :number)"), {"channel": CHANNEL, "number": str(number)})


async def note(connection: AsyncConnection, done: Version, what: str) -> None:
    """Writes into the audit log what an admin did."""
    values = {"at": done.at, "who": done.who, "action": done.action, "what": what, "knowledge": done.knowledge}
    await connection.execute(insert(audit).values(**values))


async def active(connection: AsyncConnection) -> Sequence[Line]:
    """The lines in service, in order."""
    wanted = select(lines.c.id, lines.c.kind, lines.c.target, lines.c.content).where(lines.c.active == 1)
    rows = await connection.execute(wanted.order_by(lines.c.id))
    return [_line(row) for row in rows.mappings()]


async def store_line(connection: AsyncConnection, line: Line, who: str, at: float) -> Line:
    """Stores a line as active, and returns it with its id."""
    values = {"at": at, "who": who, "kind": line.kind, "target": line.target, "content": dict(line.content)}
    done = await connection.execute(insert(lines).values(**values, active=1))
    assert done.inserted_primary_key
    return Line(line.kind, line.target, line.content, int(done.inserted_primary_key[0]))


async def end(connection: AsyncConnection, ids: Collection[int], reason: str) -> None:
    """Takes lines out of service; the questions that they settled are open again, unless the YAML has them now."""
    if not ids:
        return
    await connection.execute(update(lines).where(lines.c.id.in_(ids)).values(active=0, ended=reason))
    if reason in _REOPENED:
        await connection.execute(update(questions).where(questions.c.line.in_(ids)).values(state="open"))


async def revive(connection: AsyncConnection, taken: Collection[Line]) -> None:
    """Puts lines into service again, and settles their questions."""
    for line in taken:
        await connection.execute(update(lines).where(lines.c.id == line.id).values(active=1, ended=None))
        settled = update(questions).where(questions.c.line == line.id, questions.c.state == "open")
        await connection.execute(settled.values(state=_STATES[line.kind]))


def _line(item: Any) -> Line:
    return Line(item["kind"], item["target"], item["content"], int(item["id"]))
