"""Changes of the knowledge base while all goes on: a question is taught from the inbox, or the folder reloaded."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from benchmarks.many import knowledge
from benchmarks.many.asking import Asking
from benchmarks.many.stage import Stage
from benchmarks.soaking import SEED
from bot.store.database import FAILURES, Database
from bot.store.schema import versions
from tests.discord_server import Interaction, Message
from tests.discord_server.model import components_of
from tests.discord_server.offers import NotOffered

__all__ = ["IN_SERVICE", "Changes", "Mark"]

IN_SERVICE = 2.0
"""Seconds within which what was taught answers in all processes."""

_TEACH_EVERY, _RELOAD_EVERY = 5.0, 15.0
_PATIENCE = 8.0  # seconds for each answer to the admin; a process that is killed meanwhile gives none
_RELOAD = 60.0  # seconds; it gives way to everything else, so that a busy machine makes it slow
_GIVEN_UP = (AssertionError, NotOffered, LookupError, ValueError, TimeoutError)
"""What an admin meets whose process is killed, or whose question isn't in the inbox yet: they begin again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A version that somebody made by a click, and a process that has to have it soon.

    Attributes:
        versions: when the process had each.
    """

    what: str
    process: str
    number: int
    clicked: float
    versions: Mapping[int, float]

    @property
    def seconds(self) -> float:
        """From the click until it was in service; without end where it never was."""
        found = [when for number, when in self.versions.items() if number >= self.number]
        return min(found, default=math.inf) - self.clicked

    def __str__(self) -> str:
        return f"{self.what} in {self.process} after {self.seconds:.1f} s"


@dataclass
class Changes:
    """What was changed, and how soon it was in service.

    Attributes:
        taught: the phrasings.
        reloads: how many there were.
        marks: one for each click and each process that was up then and stayed so.
        failed: changes that could not be made.
    """

    stage: Stage
    asking: Asking
    taught: list[str] = field(default_factory=list)
    reloads: int = 0
    marks: list[Mark] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _choice: random.Random = field(default_factory=lambda: random.Random(SEED))

    @property
    def seconds(self) -> list[float]:
        """From each click to each process."""
        return [mark.seconds for mark in self.marks]

    @property
    def late(self) -> list[Mark]:
        """Those that were not in time."""
        return [mark for mark in self.marks if mark.seconds > IN_SERVICE]

    async def go_on(self, until: float) -> None:
        """Teaches every few seconds, and reloads."""
        await asyncio.gather(
            self._repeat(self._teach, _TEACH_EVERY, until), self._repeat(self._reload, _RELOAD_EVERY, until)
        )

    async def _repeat(self, change: Callable[[int], Awaitable[None]], seconds: float, until: float) -> None:
        for number in itertools.count(1):
            began = time.perf_counter()
            await self._insisting(change, number)
            now = time.perf_counter()
            if max(began + seconds, now) >= until:
                return
            await asyncio.sleep(began + seconds - now)

    async def _insisting(self, change: Callable[[int], Awaitable[None]], number: int) -> None:
        """Does what an admin does whose click was lost: it again."""
        for _ in range(5):
            try:
                await change(number)
            except _GIVEN_UP as error:
                trouble = f"{type(error).__name__}: {error}"
            else:
                return
            await asyncio.sleep(0.5)
        self.failed.append(" ".join(trouble.split())[:300])

    async def _teach(self, number: int) -> None:
        stage, words = self.stage, knowledge.nonsense(self._choice)
        asked = await self.asking.ask(stage.rooms[number % len(stage.rooms)], words, "")
        await stage.discord.answer(asked.message, patience=_PATIENCE)  # type: ignore[arg-type]
        group = await self._group(words)
        form = await (await stage.admin.clicks(group, "Another entry …")).first(_PATIENCE)
        entry, _ = knowledge.TAUGHT
        found = await self._changed(group, await stage.admin.submits(form, words=entry))
        parts = [str(part.get("custom_id", "")) for part in components_of(found.components)]
        (teach,) = [part for part in parts if part.startswith("s1:teach")]
        clicked = time.perf_counter()
        done = await self._picked(found, teach, entry)
        assert done.content.startswith("**Taught**"), done.content
        self.taught.append(words)
        await self._measure(clicked, f"“{words}”")

    async def _group(self, words: str) -> Message:
        """The question's page of the inbox, as soon as it is there."""
        for _ in range(20):
            panel = await (await self.stage.admin.slash(self.stage.office, "herald inbox")).reply(_PATIENCE)
            for part in components_of(panel.components):
                for option in part.get("options") or []:
                    if words in option["label"]:
                        return await self._picked(panel, part["custom_id"], option["value"])
            await asyncio.sleep(0.2)
        raise LookupError(f"“{words}” isn't in the inbox")

    async def _picked(self, panel: Message, menu: str, value: str) -> Message:
        """Picks from a menu; the panel that takes its place."""
        return await self._changed(panel, await self.stage.admin.selects(panel, value, custom_id=menu))

    async def _changed(self, panel: Message, used: Interaction) -> Message:
        """The panel, once it has changed: that something was heard is said at once, and the rest later."""
        before = (panel.content, panel.components)
        await used.first(_PATIENCE)
        async with asyncio.timeout(_PATIENCE):
            await self.stage.discord.world.edited.until(lambda: (panel.content, panel.components) != before)
        return panel

    async def _reload(self, number: int) -> None:
        await asyncio.to_thread(knowledge.write, self.stage.folder / "kb", number)
        used = await self.stage.admin.slash(self.stage.office, "herald reload")
        said = (await used.reply(_RELOAD)).content
        # A process that starts just then has put it into service already, as a deploy.
        assert " -> " in said or "no differences" in said, said
        self.reloads += 1

    async def _measure(self, clicked: float, what: str) -> None:
        """When each process that was up all the while had the version that the click made."""
        lives = {runner: runner.lives for runner in self.stage.runners if 0 < runner.up < clicked}
        number = await _newest(self.stage.url)
        await asyncio.sleep(max(clicked + IN_SERVICE - time.perf_counter(), 0))
        for runner, life in lives.items():
            if runner.lives == life and runner.up:
                self.marks.append(Mark(what, runner.name, number, clicked, runner.versions))


async def _newest(url: URL) -> int:
    database = Database(url)
    try:
        async with database.begin() as connection:
            return await connection.scalar(select(func.max(versions.c.id))) or 0
    except FAILURES as error:
        raise LookupError(type(error).__name__) from None
    finally:
        await database.close()
