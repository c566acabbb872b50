"""Where the classes and phrasings of a compiled knowledge base stand in another one that is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching.index import Index, Label, collect

__all__ = ["Layout", "lay_out"]

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Old and new places; classes in order of kind, phrasings in order of class, as an index has them.

    Attributes:
        labels: the classes after the change; ``starts`` is the first phrasing of each, shape ``(C + 1,)``.
        phrasings: after the change, length ``n``.
        classes: the old place of each class, shape ``(C,)``; -1 for a new one.
        rows: the old place of each phrasing, shape ``(n,)``; -1 for a new one.
        removed: old places of the phrasings that are gone, with what they were.
    """

    labels: tuple[Label, ...]
    starts: Rows
    phrasings: tuple[str, ...]
    classes: Rows
    rows: Rows
    removed: dict[int, str]

    @property
    def added(self) -> Rows:
        """The places of new phrasings."""
        return np.flatnonzero(self.rows < 0)

    @property
    def changes(self) -> int:
        """How many phrasings come or go."""
        return len(self.added) + len(self.removed)

    def place(self, size: int) -> npt.NDArray[np.int32]:
        """The new place of each of ``size`` old phrasings; -1 for those that are gone."""
        place = np.full(size, -1, np.int32)
        stayed = np.flatnonzero(self.rows >= 0)
        place[self.rows[stayed]] = stayed
        return place

    def members(self, label: int) -> tuple[str, ...]:
        """The phrasings of a class."""
        return self.phrasings[self.starts[label] : self.starts[label + 1]]


def lay_out(index: Index, before: KnowledgeBase, after: KnowledgeBase) -> Layout | None:
    """Finds the old places of everything; None where the index wasn't made from ``before``."""
    old, new = dict(_classes(before)), dict(_classes(after))
    if tuple(old) != index.labels or sum(map(len, old.values())) != index.size:
        return None
    place = {label: number for number, label in enumerate(index.labels)}
    first = {label: int(index.starts[number]) for label, number in place.items()}
    rows = [_rows(members, old.get(label, ()), first.get(label, 0)) for label, members in new.items()]
    stayed = np.isin(np.arange(index.size), np.concatenate(rows))
    every = [phrasing for members in old.values() for phrasing in members]
    return Layout(
        labels=tuple(new),
        starts=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        phrasings=tuple(phrasing for members in new.values() for phrasing in members),
        classes=np.array([place.get(label, -1) for label in new], np.int64),
        rows=np.concatenate(rows),
        removed={int(row): every[row] for row in np.flatnonzero(~stayed)},
    )


def _classes(knowledge: KnowledgeBase) -> Iterator[tuple[Label, tuple[str, ...]]]:
    return ((label, members) for label, members in collect(knowledge) if members)


def _rows(members: tuple[str, ...], old: tuple[str, ...], first: int) -> Rows:
    """The old place of each phrasing of a class, whose old ones begin at ``first``; -1 for a new one."""
    if members == old:
        return np.arange(first, first + len(old))
    places: dict[str, list[int]] = {}
    for row, phrasing in enumerate(old, first):  # one may be there twice, as a gap template has with two equal names
        places.setdefault(phrasing, []).append(row)
    return np.array([places[p].pop() if places.get(p) else -1 for p in members], np.int64)
