"""What it takes to fuzz: surfaces that take bytes, the ground that they stand on, and what goes wrong unseen."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from bot.herald import Herald
from bot.host import Host
from bot.reload import build_here
from bot.service import Service, open_service
from bot.settings import Settings
from tests.support import Clock, write_knowledge
from tests.town import town

__all__ = ["Crash", "Feed", "Ground", "Stage", "Surface", "ours", "prepared"]

Feed = Callable[[bytes], None]
"""Takes one input, and raises where anything is wrong with how it is taken."""

_OURS = ("/bot/", "/adapters/")
_BETWEEN = 26 * 3600.0  # seconds from one input to the next: nothing of the last one counts any more
_PATIENCE = 3.0
_ROOT = str(Path(__file__).parents[2])


class Crash(Exception):  # noqa: N818 - what is looked for
    """Something went wrong that nobody would have seen but for the log."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Something by which input comes in from outside.

    Attributes:
        what: one line.
        seeds: valid input, to begin with.
        open: makes it ready, and gives what takes an input.
        most: bytes of an input.
    """

    name: str
    what: str
    seeds: Callable[[], tuple[bytes, ...]]
    open: Callable[[Ground], AbstractContextManager[Feed]]
    most: int = 4096


@dataclass(frozen=True)
class Ground:
    """The town's knowledge base, compiled, on the lexical half alone.

    Attributes:
        folder: has ``kb`` and ``cache``.
        scratch: a folder to write into.
    """

    folder: Path
    scratch: Path

    @cached_property
    def settings(self) -> Settings:
        """With cooldowns that nothing meets."""
        return Settings(
            knowledge_dir=self.folder / "kb", cache_dir=self.folder / "cache", data_dir=self.scratch / "data",
            encoder=False, member_questions=10**6, channel_questions=10**6,
        )  # fmt: skip

    @cached_property
    def service(self) -> Service:
        """What builds Herald."""
        return open_service(self.settings)

    @cached_property
    def herald(self) -> Herald:
        """Herald, always with the same picks."""
        return Herald(self.service.herald().snapshot, seed=1)

    @contextmanager
    def host(self, clock: Clock) -> Iterator[Host]:
        """Herald for event loops."""
        made = Host(self.herald, self.service, build_here, clock)
        try:
            yield made
        finally:
            made.close()


def prepared(folder: Path) -> Ground:
    """A ground in an empty folder."""
    write_knowledge(folder / "kb", town())
    return Ground(folder, folder)


@dataclass
class Stage:
    """An event loop for surfaces that need one, and a clock that a day goes by on between two inputs."""

    runner: asyncio.Runner
    clock: Clock = field(default_factory=Clock)
    seen: list[str] = field(default_factory=list)
    _kept: frozenset[asyncio.Task[Any]] = frozenset()

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Stage]:
        """A stage, on which nothing goes wrong unseen."""
        with asyncio.Runner() as runner:
            stage = cls(runner)
            with _noticing(stage.seen):
                yield stage

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Runs something to its end."""
        return self.runner.run(work)

    def keep(self) -> None:
        """What goes on now is to go on; whatever begins later must end."""
        self._kept = frozenset(asyncio.all_tasks(self.runner.get_loop()))

    def feed(self, work: Coroutine[Any, Any, Any], *, landing: bool = True) -> None:
        """Does the work of one input, with all that it begins.

        Args:
            landing: whether to wait for what it begins; not where something else begins tasks, too.

        Raises:
            Crash: something went wrong unseen, or never ended.
        """
        self.clock.now += _BETWEEN
        self.seen.clear()
        self.do(self._to_the_end(work) if landing else work)
        if self.seen:
            raise Crash(self.seen[0])

    async def _to_the_end(self, work: Coroutine[Any, Any, Any]) -> None:
        await work
        mine = asyncio.current_task()
        while begun := asyncio.all_tasks() - self._kept - {mine}:
            _, late = await asyncio.wait(begun, timeout=_PATIENCE)
            if late:
                raise Crash(f"never ends: {next(iter(late)).get_coro()}")


def ours(trace: TracebackType | None) -> bool:
    """Whether an exception came through Herald's own code."""
    frames = (frame.filename for frame in traceback.extract_tb(trace))
    return any(name.startswith(_ROOT) and part in name for name in frames for part in _OURS)


@contextmanager
def _noticing(seen: list[str]) -> Iterator[None]:
    """Writes down what only the log would tell."""
    watching = _Watching(seen)
    root = logging.getLogger()
    root.addHandler(watching)
    structlog.configure(processors=[_Noted(seen)], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.removeHandler(watching)


class _Noted:
    """Of Herald's own log: incidents, and what it calls an error."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if method in ("error", "critical", "exception") and not _expected(event):
            self._seen.append(f"{event.get('event')}: {event.get('error')} at {event.get('where')}")
        raise structlog.DropEvent


def _expected(event: Mapping[str, Any]) -> bool:
    """What Herald says on purpose: of a command that it doesn't know, and that it was removed."""
    return event.get("error") == "UnservedError" or str(event.get("event")).startswith("removed from")


class _Watching(logging.Handler):
    """Of libraries' logs: exceptions that came through Herald's code."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        """Notes it."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and ours(error.__traceback__):
            self._seen.append("".join(traceback.format_exception(error)))
