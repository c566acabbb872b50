"""Host: Herald with what every chat platform needs around it: threads, cooldowns, reload, status."""

from __future__ import annotations

import asyncio
import contextvars
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import structlog

from bot import notices
from bot.completion import Completions, Folded, fold
from bot.conversation import Context
from bot.cooldown import Clock
from bot.figures import Figures
from bot.guard import guarded
from bot.health import Health
from bot.herald import Herald, Snapshot
from bot.knowledge import KnowledgeBase
from bot.knowledge.diff import Diff
from bot.knowledge.model import may_show
from bot.matching.semantic import Encoder
from bot.reload import Build, Reloader, build_apart
from bot.reply import Choice, Reply
from bot.request import begun, platform_of
from bot.service import Service
from bot.shared import Shared, alone
from bot.status import Latencies, Status, status
from bot.topics import Topics
from bot.why import Why

__all__ = ["Host"]

Work = Callable[[], Awaitable[None]]
Apologize = Callable[[str], Awaitable[None]]
ReloadBy = Callable[[str], Awaitable[Diff]]

_Result = TypeVar("_Result")
_OFFERED = 3
_THREADS = min(4, os.cpu_count() or 1)
# Seconds after which a thread that computes lets another have the interpreter. A question goes back and forth between
# numpy and the interpreter some dozen times, and at Python's own 5 ms waits each time for what goes on beside it: as a
# graft was made, its p99 was ten times that of idle, and with this twice.
_SWITCH = 0.0005


class Host:
    """Runs Herald for event loops: whatever takes time goes to threads, so that a loop never waits for it.

    Attributes:
        shared: what the processes of this bot share.
        limits: to be asked before each question.
        figures: what is counted and timed.
        health: how the platforms and the event loop are.
    """

    def __init__(
        self,
        herald: Herald,
        service: Service,
        build: Build = build_apart,
        clock: Clock = time.monotonic,
        shared: Shared | None = None,
    ) -> None:
        """Takes what is shared with other processes; nothing by default."""
        sys.setswitchinterval(_SWITCH)
        self.shared: Shared = shared or alone(service.settings, clock)
        self.limits = self.shared.limits
        self._herald = herald
        self._service = service
        self._reloader = Reloader(herald, service, build)
        self._clock = clock
        self._began = clock()
        self._latencies = Latencies()
        self._threads = ThreadPoolExecutor(_THREADS, "herald-ask")
        self._listings = _listings(herald.snapshot.knowledge)
        self._added: tuple[str, ...] = ()
        self._reload_by: ReloadBy | None = None
        self._in_hand = 0
        self.figures, self.health = Figures(), Health(clock)
        self.figures.knowledge(self.status)
        self.figures.queue("matching", lambda: self._in_hand)
        self.figures.counts("herald_claims", "Events claimed, by how.", "how", lambda: self.shared.claims.tally)

    @property
    def folder(self) -> Path:
        """The folder that the knowledge base is read from."""
        return self._service.settings.knowledge_folder

    @property
    def snapshot(self) -> Snapshot:
        """What is in service; read it once for whatever must not mix two versions."""
        return self._herald.snapshot

    @property
    def encoder(self) -> Encoder | None:
        """The sentence encoder; None on the lexical half alone."""
        return self._service.encoder

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base in service."""
        return self._herald.snapshot.knowledge

    async def ask(self, text: str, conversation: str | None, *, age_restricted: bool) -> Reply:
        """As :meth:`Herald.ask`."""
        return await self._timed(partial(self._herald.ask, text), conversation, age_restricted=age_restricted)

    async def quote(
        self,
        speaker: str | None,
        about: str | None,
        conversation: str | None,
        *,
        age_restricted: bool,
        besides: Sequence[str] = (),
    ) -> Reply:
        """As :meth:`Herald.quote`."""
        ask = partial(self._herald.quote, speaker, about, besides=besides)
        return await self._timed(ask, conversation, age_restricted=age_restricted)

    async def entry(self, entry: str, conversation: str | None, *, age_restricted: bool) -> Reply:
        """As :meth:`Herald.entry`."""
        return await self._timed(partial(self._herald.entry, entry), conversation, age_restricted=age_restricted)

    async def line(self, quote: str, *, age_restricted: bool) -> Reply:
        """As :meth:`Herald.line`."""
        with self._latencies.timed():
            return await self._in_thread(partial(self._herald.line, quote, age_restricted=age_restricted))

    async def why(self, text: str) -> Why:
        """What the matcher makes of a question."""
        match = await self._in_thread(partial(self._herald.why, text))
        return Why(match, self._herald.snapshot.matcher.compiled.calibration)

    async def reload(self, who: str = "") -> Diff:
        """Puts the knowledge base of the folder as it now is into service, here and in all processes with this store.

        Args:
            who: platform:id of the admin who wants it.

        Raises:
            KnowledgeError: with every problem found; the old version stays in service.
            StoreError: the store can't be used just now, so that nothing may change.
        """
        with self.figures.reload() as became:
            changed = await (self._reload_by(who) if self._reload_by else _beside(partial(self._adopt, None)))
            became(changed.sections)
        return changed

    async def serve(self, platform: str, work: Work, apologize: Apologize, own: type[Exception]) -> bool:
        """As :func:`bot.guard.guarded`, under one id in the log from the event to its reply, and timed."""
        with begun(platform), self.figures.request(platform):
            done = await guarded(work, apologize, own)
        if not done:
            self.figures.incident(platform)
        return done

    def reload_by(self, reload: ReloadBy | None) -> None:
        """Has reloads done by somebody else, who calls :meth:`read` and :meth:`adopt`; None ends that."""
        self._reload_by = reload

    async def read(self) -> KnowledgeBase:
        """The knowledge base of the folder as it now is, which is not in service yet.

        Raises:
            KnowledgeError: with every problem found.
        """
        return await _beside(self._reloader.read)

    async def adopt(self, knowledge: KnowledgeBase) -> Diff:
        """Puts a knowledge base into service, and tells what changed."""
        return await _beside(partial(self._adopt, knowledge))

    def status(self) -> Status:
        """How Herald is doing."""
        return status(self._herald, self._latencies, self._clock() - self._began, self._service.note)

    def greeting(self, *, age_restricted: bool) -> Reply:
        """What somebody gets who asks nothing: some questions to begin with."""
        choices = tuple(self.completions(age_restricted=age_restricted).opening(_OFFERED))
        return Reply("choices", notices.ASK_ME, self.knowledge.version, choices=choices)

    def completions(self, *, age_restricted: bool) -> Completions:
        """What may be typed in such a place."""
        return self._listings[age_restricted][0]

    def topics(self, *, age_restricted: bool) -> Topics:
        """What may be browsed in such a place."""
        return self._listings[age_restricted][1]

    def added(self, *, age_restricted: bool) -> list[Choice]:
        """The entries that the last reload brought, as far as they may be shown in such a place."""
        found = (self.knowledge.entries[name] for name in self._added if name in self.knowledge.entries)
        return [Choice(e.id, e.question) for e in found if may_show(e, age_restricted=age_restricted)]

    def close(self) -> None:
        """Lets the threads end; a reload under way is not waited for."""
        self._reloader.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _adopt(self, knowledge: KnowledgeBase | None) -> Diff:
        changed = self._reloader.reload() if knowledge is None else self._reloader.adopt(knowledge)
        if changed.sections:
            self._listings = _listings(self.knowledge, self._listings[True][0].folded)
            self._added = next((part.added for part in changed.sections if part.section == "entries"), ())
        return changed

    async def _timed(self, answer: Callable[..., Reply], conversation: str | None, *, age_restricted: bool) -> Reply:
        """Answers in the light of what was said before, wherever that was, and remembers the turn."""
        with self._latencies.timed():
            context = Context(await self.shared.contexts.turns(conversation))
            reply = await self._in_thread(partial(answer, context, age_restricted=age_restricted))
            if context.added:
                await self.shared.contexts.add(conversation, context.added)
            return reply

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        """Does some work on a question in a thread, which logs under the same request, and counts its reply."""
        timed = partial(contextvars.copy_context().run, self._matched, work)
        self._in_hand += 1
        try:
            result = await asyncio.get_running_loop().run_in_executor(self._threads, timed)
        finally:
            self._in_hand -= 1
        if isinstance(result, Reply):
            self._replied(result)
        return result

    def _matched(self, work: Callable[[], _Result]) -> _Result:
        with self.figures.matching():
            return work()

    def _replied(self, reply: Reply) -> None:
        self.figures.asked(platform_of(), reply.kind)
        structlog.get_logger().info("replied", kind=reply.kind, entry=reply.entry, knowledge=reply.knowledge)


def _listings(knowledge: KnowledgeBase, before: Sequence[Folded] = ()) -> Mapping[bool, tuple[Completions, Topics]]:
    """What may be typed and browsed, for either kind of place; made at once, as members wait for it while they type."""
    folded = fold(knowledge, before)
    made = {allowed: (Completions(knowledge, allowed, folded), Topics(knowledge, allowed)) for allowed in (False, True)}
    for completions, topics in made.values():
        completions.questions("")
        completions.topics("")
        topics.subjects("event")
    return made


async def _beside(work: Callable[[], _Result]) -> _Result:
    """Long work in a thread of its own: no question waits behind it, and neither does the end of the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - raised again where it is awaited
            tell(done.set_exception, error)
        else:
            tell(done.set_result, result)

    def tell(how: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(lambda: None if done.done() else how(what))

    Thread(target=run, name="herald-reload", daemon=True).start()
    return await done
