"""A model of claims, which hypothesis plays against the real ones: several processes that claim, die and stall."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.claims import LEASE, Claim, Claims, Job
from tests.support import Clock

__all__ = ["ClaimsMachine", "Process", "World"]

KEYS = ("a", "b")
TRIES = 3
STALE = 300.0
_Result = TypeVar("_Result")


class World:
    """Where the processes are; one without a database has one process that never dies.

    Attributes:
        lease: seconds; without end where nobody else could take over.
    """

    lease = math.inf
    processes = 1

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def open(self) -> None:
        """Makes it empty."""

    async def close(self) -> None:
        """Ends it."""

    def start(self) -> Claims:
        """The claims of a new process."""
        raise NotImplementedError

    async def renew(self, claims: Claims) -> None:
        """What a process does every few seconds."""


@dataclass(eq=False)
class Process:
    """A process, and the keys that it has in mind."""

    claims: Claims
    known: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Ticket:
    """A claim that a process took, and has not let go of."""

    process: Process
    claim: Claim


@dataclass
class Row:
    """What all know of a key."""

    at: float
    owner: Process
    until: float
    tries: int = 1
    done: bool = False


class ClaimsMachine(RuleBasedStateMachine):
    """At most one holds a claim; one that was let go of or ran out may be taken, one that was served never again."""

    def world(self, clock: Clock) -> World:
        """Where it is played."""
        raise NotImplementedError

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return self.runner.run(work)

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.stage = self.world(self.clock)
        self.run(self.stage.open())
        self.processes = [Process(self.stage.start()) for _ in range(self.stage.processes)]
        self.rows: dict[str, Row] = {}
        self.tickets: list[Ticket] = []

    def teardown(self) -> None:
        with suppress(AttributeError):  # it never began
            self.run(self.stage.close())
            self.runner.close()

    @rule(index=st.integers(0, 2), key=st.sampled_from(KEYS))
    def take(self, index: int, key: str) -> None:
        """Somebody gets an event."""
        self.taken(index, key)

    @precondition(lambda self: self.tickets and len(self.processes) > 1)
    @rule(data=st.data(), other=st.integers(0, 2))
    def overtake(self, data: st.DataObject, other: int) -> None:
        """A process stalls over what it holds until its lease has run out, and somebody else gets the event again."""
        ticket = data.draw(st.sampled_from(self.tickets))
        self.elapse(LEASE + 1, {self.processes.index(ticket.process)})
        self.taken(other, ticket.claim.key)

    def taken(self, index: int, key: str) -> None:
        process, row, now = self.processes[index % len(self.processes)], self.rows.get(key), self.clock.now
        ran_out = row is not None and not row.done and row.until < now and row.tries < TRIES
        claim = Claim(key, Job("x", {"key": key}))
        taken = self.run(process.claims.take(claim))
        assert taken == (key not in process.known and (row is None or ran_out))
        if taken:
            first = Row(now, process, now + self.stage.lease)
            self.rows[key] = first if row is None else Row(row.at, process, first.until, row.tries + 1)
            assert claim.tries == self.rows[key].tries
            assert claim.doubt == (claim.tries > 1)
            process.known.add(key)
            self.tickets.append(Ticket(process, claim))

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), message=st.sampled_from(["", "posted"]))
    def settle(self, data: st.DataObject, message: str) -> None:
        """It is served, with a message or without."""
        ticket, key, row = self.ended(data)
        ticket.claim.message = message
        self.run(ticket.process.claims.settle(ticket.claim))
        if row is None or message or row.owner is ticket.process:
            self.rows[key] = Row(row.at if row else self.clock.now, ticket.process, math.inf, done=True)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """The work failed."""
        ticket, key, row = self.ended(data)
        self.run(ticket.process.claims.release(ticket.claim))
        ticket.process.known.discard(key)
        if row and row.owner is ticket.process and not row.done:
            del self.rows[key]

    @precondition(lambda self: self.tickets and len(self.processes) > 1)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """A process ends as it should."""
        ticket, key, row = self.ended(data)
        self.run(ticket.process.claims.leave(ticket.claim))
        ticket.process.known.discard(key)
        if row and row.owner is ticket.process and not row.done:
            row.until = 0.0

    @precondition(lambda self: len(self.processes) > 1)
    @rule(index=st.integers(0, 2))
    def die(self, index: int) -> None:
        """A process is killed, and another one starts in its place."""
        died, self.processes[index] = self.processes[index], Process(self.stage.start())
        self.tickets = [ticket for ticket in self.tickets if ticket.process is not died]

    @rule(seconds=st.sampled_from([1.0, 4.0, LEASE, LEASE + 1]), stalled=st.sets(st.integers(0, 2), max_size=2))
    def pass_time(self, seconds: float, stalled: set[int]) -> None:
        """Time goes by; who isn't stalled says that it is still there."""
        self.elapse(seconds, stalled)

    def elapse(self, seconds: float, stalled: set[int]) -> None:
        self.clock.now += seconds
        for index, process in enumerate(self.processes):
            if index not in stalled:
                self.run(self.stage.renew(process.claims))
                self.renewed(process)

    @rule()
    def look(self) -> None:
        """Somebody looks for what was left."""
        found = self.run(self.processes[0].claims.stranded("x"))
        now = self.clock.now
        left = {
            key
            for key, row in self.rows.items()
            if not row.done and row.until < now and row.tries < TRIES and row.at > now - STALE
        }
        assert {job.payload["key"] for job in found} == left
        assert not self.run(self.processes[0].claims.stranded("y"))

    @invariant()
    def at_most_one_is_sure(self) -> None:
        """Of all who believe that they hold a key, one may be right, and the others doubt it."""
        now = getattr(self, "clock", Clock()).now
        for key in KEYS:
            held = [t.claim for t in getattr(self, "tickets", []) if t.claim.key == key]
            assert sum(not claim.lost and now <= claim.lease for claim in held) <= 1

    def ended(self, data: st.DataObject) -> tuple[Ticket, str, Row | None]:
        ticket = data.draw(st.sampled_from(self.tickets))
        self.tickets.remove(ticket)
        return ticket, ticket.claim.key, self.rows.get(ticket.claim.key)

    def renewed(self, process: Process) -> None:
        for ticket in self.tickets:
            row = self.rows.get(ticket.claim.key)
            mine = row is not None and row.owner is process and not row.done
            if ticket.process is process and not ticket.claim.lost:
                assert mine or self.stage.processes == 1
            if row and mine and any(t.process is process and t.claim.key == ticket.claim.key for t in self.tickets):
                row.until = self.clock.now + self.stage.lease
