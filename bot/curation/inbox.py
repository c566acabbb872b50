"""The inbox: questions that weren't answered, the same asks together, for curators."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.asked import group_id, known
from bot.curation.grouping import Asks, Grouper
from bot.curation.opened import opened
from bot.errors import CurationError
from bot.herald import Snapshot
from bot.host import Host
from bot.reply import Choice
from bot.store.database import Database
from bot.store.schema import questions, waits

__all__ = ["Group", "Inbox", "Page", "Waiting"]

_READ, _MOST = 1000, 500  # rows; questions that are grouped
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same.

    Attributes:
        id: ten characters; stands for the group even when another question has come to lead it meanwhile.
        question: the one asked most often.
        asked: how often they were asked and not answered, or only offered choices.
        picks: how often one of these choices was picked.
        others: further ways in which it was asked.
        near: the entries that come nearest, those that were picked first; at most five.
        platform: where the leading question was last asked: discord, slack or terminal.
        last: when one of them was last asked, in seconds since 1970.
        waits: how many members want to be told.
    """

    id: str
    question: str
    asked: int
    picks: int
    others: tuple[str, ...]
    near: tuple[Choice, ...]
    platform: str
    last: float
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of groups, those asked most often first; after them those of which the choices were always picked.

    Attributes:
        number: of this page, from 1.
        pages: how many there are, at least 1.
        waiting: how many groups wait in all.
    """

    groups: tuple[Group, ...]
    number: int
    pages: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The questions of a group with the snapshot by which they were grouped; the leading one comes first."""

    questions: tuple[Asks, ...]
    snapshot: Snapshot


class Inbox:
    """What waits for curators.

    A question waits until the knowledge base has it as a phrasing, however it got there, or it was dismissed. One of
    which the same choice was always picked waits below the others: as a phrasing of that it is answered at once. Where
    different ones were picked, offering them is right, and it doesn't wait.
    """

    def __init__(self, database: Database, host: Host) -> None:
        self._database = database
        self._host = host
        self._grouper = Grouper(host.encoder)

    async def page(self, number: int = 1, size: int = 5) -> Page:
        """A page; a number beyond the last gives the last.

        Raises:
            StoreError: the database can't be used just now.
        """
        snapshot, groups = await self._groups()
        pages = max(-(-len(groups) // size), 1)
        number = min(max(number, 1), pages)
        shown = groups[(number - 1) * size : number * size]
        return Page(tuple(_group(snapshot, group) for group in shown), number, pages, len(groups))

    async def group(self, group: str) -> Group:
        """The group that a button was for, as it is now.

        Raises:
            CurationError: it doesn't wait any more.
            StoreError: the database can't be used just now.
        """
        found = await self.waiting(group)
        return _group(found.snapshot, found.questions)

    async def waiting(self, group: str) -> Waiting:
        """The questions of a group; raises as :meth:`group`."""
        snapshot, groups = await self._groups()
        for members in groups:
            if any(group_id(asks.key) == group for asks in members):
                return Waiting(tuple(members), snapshot)
        raise CurationError("That question doesn't wait any more. Open the inbox anew to see what does.")

    async def _groups(self) -> tuple[Snapshot, Sequence[Sequence[Asks]]]:
        snapshot = self._host.snapshot
        async with opened(self._database) as connection:
            found = await _open(connection)
        waiting = sorted((asks for asks in found if _waits(snapshot, asks)), key=_picked)[:_MOST]
        groups = await asyncio.to_thread(self._grouper.groups, snapshot, waiting)
        return snapshot, sorted(groups, key=lambda group: all(map(_picked, group)))


async def _open(connection: AsyncConnection) -> Sequence[Asks]:
    """The latest questions that weren't dismissed."""
    counts = select(waits.c.key, func.count().label("members")).group_by(waits.c.key)
    waiting = {row.key: row.members for row in await connection.execute(counts)}
    rows = select(questions).where(questions.c.state != "dismissed").order_by(questions.c.last.desc()).limit(_READ)
    return [_asks(row, waiting) for row in await connection.execute(rows)]


def _asks(row: Row[Any], waiting: Mapping[str, int]) -> Asks:
    near = tuple((str(entry), float(score)) for entry, score in row.near)
    common = (row.key, row.text, row.platform, row.last, row.asked, row.picks)
    return Asks(*common, near, row.state, waiting.get(row.key, 0))


def _waits(snapshot: Snapshot, asks: Asks) -> bool:
    label = known(snapshot, asks.key)
    if label is not None:  # a gap's own line helps nobody who waits for more; unless that is what a curator decided
        return label.kind == "gap" and asks.state == "open" and asks.waits > 0
    return not _picked(asks) or len(asks.picks) == 1


def _picked(asks: Asks) -> bool:
    """Whether everybody who asked found what they wanted among the choices."""
    return not asks.waits and asks.asked <= sum(asks.picks.values())


def _group(snapshot: Snapshot, group: Sequence[Asks]) -> Group:
    first, *others = group
    return Group(
        id=group_id(first.key),
        question=first.text,
        asked=sum(asks.asked for asks in group),
        picks=sum(sum(asks.picks.values()) for asks in group),
        others=tuple(asks.text for asks in others),
        near=_near(snapshot, group),
        platform=first.platform,
        last=max(asks.last for asks in group),
        waits=sum(asks.waits for asks in group),
    )


def _near(snapshot: Snapshot, group: Sequence[Asks]) -> tuple[Choice, ...]:
    """The entries that are nearest: by picks, then by their best score."""
    picks: Counter[str] = Counter()
    scores: dict[str, float] = {}
    for asks in group:
        picks.update(asks.picks)
        for entry, score in asks.near:
            scores[entry] = max(score, scores.get(entry, 0.0))
    entries = snapshot.knowledge.entries
    found = sorted(picks.keys() | scores.keys(), key=lambda name: (-picks[name], -scores.get(name, 0.0), name))
    return tuple(Choice(name, entries[name].question) for name in found if name in entries)[:_NEAR]
