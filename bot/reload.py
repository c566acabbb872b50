"""Reload: the next snapshot is built aside, checked whole, and swapped in by one reference.

Reading and compiling a large knowledge base takes many seconds, much of them under the interpreter's lock. So child
processes of lower priority do both; the compiled index is left in the cache for this process to pick up. Where that
can't be (no process may be started, or the cache can't be written) the calling thread does the work itself.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Any, Protocol

from bot import building
from bot.building import Built
from bot.errors import KnowledgeError
from bot.herald import Herald, Snapshot
from bot.knowledge import KnowledgeBase, load
from bot.knowledge.content import packed
from bot.knowledge.diff import Diff, diff
from bot.service import Service
from bot.settings import Settings
from bot.settling import Settler

__all__ = ["Build", "Reloader", "build_apart", "build_here"]


class Build(Protocol):
    """How a knowledge base is read and made ready."""

    def __call__(self, service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
        """Reads the folder's knowledge base as it now is, or has one compiled in the cache, where that can be.

        Args:
            knowledge: the one to be compiled; None to read.

        Returns:
            The knowledge base.

        Raises:
            KnowledgeError: with every problem found in the folder.
        """


def build_here(service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
    """A :class:`Build` in this thread, which leaves compiling to whoever makes the snapshot."""
    return load(service.settings.knowledge_folder) if knowledge is None else knowledge


def build_apart(service: Service, knowledge: KnowledgeBase | None = None) -> KnowledgeBase:
    """A :class:`Build` in a child process."""
    if knowledge is not None and (service.is_compiled(knowledge) or not _writable(service.settings.cache_folder)):
        return knowledge
    built = _from_child(service.settings, knowledge)
    if built is None:
        return build_here(service, knowledge)
    if built.problems:
        raise KnowledgeError(built.problems)
    return knowledge or _unpacked(built.parts)


class Reloader:
    """Puts knowledge bases into service of one Herald, one at a time; meant to be called in a thread of its own.

    What was taught or edited a little is grafted onto what was compiled before, so that it is in service at once, and
    compiled whole by and by.
    """

    def __init__(self, herald: Herald, service: Service, build: Build = build_apart) -> None:
        self._herald = herald
        self._service = service
        self._build = build
        self._lock = RLock()
        self._settler = Settler(herald, service, build)

    def read(self) -> KnowledgeBase:
        """The knowledge base of the folder as it now is.

        Raises:
            KnowledgeError: with every problem found.
        """
        return self._build(self._service)

    def adopt(self, knowledge: KnowledgeBase) -> Diff:
        """Puts a knowledge base into service, and tells what changed."""
        with self._lock:
            before = self._herald.snapshot.knowledge
            if knowledge.version != before.version:
                self._herald.swap(self._service.ready(knowledge) or self._compiled(knowledge))
                self._settler.changed()
            return diff(before, knowledge)

    def close(self) -> None:
        """Compiles nothing more."""
        self._settler.close()

    def reload(self) -> Diff:
        """Puts the knowledge base as it now is into service, and tells what changed.

        Raises:
            KnowledgeError: with every problem found; the old version stays in service.
        """
        with self._lock:
            return self.adopt(self.read())

    def _compiled(self, knowledge: KnowledgeBase) -> Snapshot:
        self._build(self._service, knowledge)
        return self._service.whole(knowledge)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _from_child(settings: Settings, knowledge: KnowledgeBase | None) -> Built | None:
    """What a child process built; None where it could not be started or ended without a word."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    content = None if knowledge is None else packed(knowledge)
    # Spawned, as a fork would copy threads' locks; a daemon, so that it ends with this process.
    arguments = (settings, sender, content)
    child = multiprocessing.get_context("spawn").Process(target=building.work, args=arguments, daemon=True)
    with receiver:
        try:
            child.start()
        except OSError:
            return None
        finally:
            sender.close()
        return _received(receiver, child)


def _received(receiver: Connection, child: SpawnProcess) -> Built | None:
    """What a child sends before it ends."""
    built: Built | None = None
    with suppress(EOFError, OSError):
        built = receiver.recv()
    child.join()
    child.close()
    return built


def _unpacked(parts: Mapping[str, Any]) -> KnowledgeBase:
    values: dict[str, Any] = {
        name: MappingProxyType(value) if isinstance(value, dict) else value for name, value in parts.items()
    }
    return KnowledgeBase(**values)
