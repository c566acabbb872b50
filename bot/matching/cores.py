"""Work shared out among the processor's cores, by threads: numpy lets go of the interpreter while it computes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

__all__ = ["cores", "shares", "together"]

_MOST = 4

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def cores() -> int:
    """How many cores this process may work on, four at most."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, _MOST)


def together(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Does the same with each item, on all cores at once; results in the order of the items."""
    alone = len(items) <= 1 or cores() == 1
    return [work(item) for item in items] if alone else list(_threads().map(work, items))


def shares(begin: int, end: int, least: int = 1) -> list[slice]:
    """A range cut into as many equal parts as there are cores, none of them below ``least``."""
    count = max(min(cores(), (end - begin) // max(least, 1)), 1)
    bounds = [begin + (end - begin) * part // count for part in range(count + 1)]
    return [slice(low, high) for low, high in itertools.pairwise(bounds)]


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MOST, "herald-compute")
