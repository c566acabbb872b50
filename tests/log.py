"""A log that tests wait on: the next thing that happened and matches, with no sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

__all__ = ["PATIENCE", "Log"]

PATIENCE = 10.0  # seconds; far more than a healthy bot needs, for machines that do other work

Item = TypeVar("Item")


class Log(Generic[Item]):
    """Everything of one sort that happened, in order.

    Attributes:
        items: all of it; ``next`` does not take anything out.
        listeners: called with each item as it is added.
    """

    def __init__(self, name: str) -> None:
        self.items: list[Item] = []
        self.listeners: list[Callable[[Item], None]] = []
        self._name = name
        self._taken: set[int] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def add(self, item: Item) -> None:
        """Notes that something happened."""
        self.items.append(item)
        for listener in self.listeners:
            listener(item)
        self.touch()

    def touch(self) -> None:
        """Makes whoever waits look again, after an item has changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def all(self, matches: Callable[[Item], bool] = lambda _: True) -> list[Item]:
        """What matches so far, whether a test was given it before or not."""
        return [item for item in self.items if matches(item)]

    async def next(self, matches: Callable[[Item], bool] = lambda _: True, patience: float = PATIENCE) -> Item:
        """The earliest match that no call was given before; waits for it.

        Raises:
            AssertionError: it did not happen within ``patience`` seconds; says what did.
        """
        try:
            async with asyncio.timeout(patience):
                return await self._next(matches)
        except TimeoutError:
            seen = "\n".join(f"  {item}" for item in self.items[-20:]) or "  nothing"
            raise AssertionError(f"no such {self._name} in {patience:g} s; there was:\n{seen}") from None

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds, looking again whenever something happens or an item changes."""
        while not holds():
            await self._changed.wait()

    async def _next(self, matches: Callable[[Item], bool]) -> Item:
        while True:
            changed = self._changed
            for place, item in enumerate(self.items):
                if place not in self._taken and matches(item):
                    self._taken.add(place)
                    return item
            await changed.wait()
