"""Grafts are compiled whole once nothing has changed for a while: aside, and swapped in under the same version.

Who puts snapshots into service calls :meth:`Settler.changed` after each swap; nothing else is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Timer

import structlog

from bot.herald import Herald
from bot.knowledge.model import KnowledgeBase
from bot.service import Service

__all__ = ["Compile", "Settler"]

DELAY = 30.0  # seconds; whoever teaches one question mostly teaches some more

Compile = Callable[[Service, KnowledgeBase], object]
"""Has a knowledge base compiled in the cache, such as :func:`bot.reload.build_apart`."""


class Settler:
    """Replaces the graft in service of one Herald, whichever it is by then; safe to call from any thread."""

    def __init__(self, herald: Herald, service: Service, compile_: Compile, delay: float = DELAY) -> None:
        """Takes what compiles aside, and for how many seconds nothing must have changed before."""
        self._herald = herald
        self._service = service
        self._compile = compile_
        self._delay = delay
        self._lock = Lock()
        self._timer: Timer | None = None
        self._compiling = Lock()

    def changed(self) -> None:
        """To be called whenever another snapshot is in service."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._timer = None if self._herald.snapshot.whole else self._started()

    def close(self) -> None:
        """Compiles no more; what is under way ends with the process."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._timer = None

    def settle(self) -> bool:
        """Compiles what is in service now, in this thread; tells whether it is whole then."""
        with self._compiling:
            graft = self._herald.snapshot
            if graft.whole:
                return True
            self._compile(self._service, graft.knowledge)
            return self._herald.swap(self._service.whole(graft.knowledge), instead_of=graft)

    def _started(self) -> Timer:
        timer = Timer(self._delay, self._settle)
        timer.name, timer.daemon = "herald-settle", True
        timer.start()
        return timer

    def _settle(self) -> None:
        try:
            self.settle()
        except Exception as error:  # noqa: BLE001 - the graft goes on answering
            structlog.get_logger().warning("graft not compiled", error=f"{type(error).__name__}: {error}")
