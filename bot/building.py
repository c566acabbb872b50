"""The child's part of a reload: it reads or compiles in a process of its own, and gives way to everything else.

What is imported at the top is light: numpy settles how many threads it computes with when it is loaded, and by then the
child must have said that one is enough.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection
from typing import Any

from bot.errors import KnowledgeError, Problem
from bot.knowledge import KnowledgeBase, load
from bot.knowledge.content import unpacked
from bot.settings import Settings

__all__ = ["Built", "work"]

_NICENESS = 10
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Built:
    """What the child sends back: the parts of a knowledge base that it has read, or what is wrong with it."""

    parts: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


def work(settings: Settings, sender: Connection, content: bytes | None = None) -> None:
    """The child: reads the folder and sends what it holds; or compiles a knowledge base into the cache.

    Args:
        content: the packed one that is to be compiled; None to read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent ends this process
    with suppress(OSError):  # a filter of system calls may forbid it; the work matters more
        os.nice(_NICENESS)
    # Threads that wait for one another by spinning take ten times as long where other processes have the cores.
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    built = _read(settings) if content is None else _compiled(settings, content)
    with suppress(OSError):  # whoever wanted it is no more
        sender.send(built)


def _read(settings: Settings) -> Built:
    try:
        return Built(_packed(load(settings.knowledge_folder)))
    except KnowledgeError as error:
        return Built({}, error.problems)


def _compiled(settings: Settings, content: bytes) -> Built:
    from bot.service import open_service

    open_service(settings).compiled(unpacked(content))
    return Built({})


def _packed(knowledge: KnowledgeBase) -> Mapping[str, Any]:
    """The fields of a knowledge base as plain values: a read-only view of a dictionary can't be sent."""
    values = {field.name: getattr(knowledge, field.name) for field in fields(knowledge)}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
