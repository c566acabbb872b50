"""Claims: each is the first caller's, for long enough."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from unittest.mock import create_autospec

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from bot.claims import KEPT, Claim, Claims, Job, MemoryClaims, keep_once, sweep
from bot.flight import Flight
from tests.claims_machine import ClaimsMachine, World
from tests.examples import often
from tests.support import Clock


async def test_the_first_claims_and_nobody_else() -> None:
    """Until it is given back."""
    claims, first = MemoryClaims(Clock()), Claim("a")
    assert [await claims.take(first), await claims.take(Claim("a")), await claims.take(Claim("b"))] == [
        True, False, True,
    ]  # fmt: skip
    await claims.release(Claim("a"))  # which it isn't theirs to give
    assert not await claims.take(Claim("a"))
    await claims.release(first)
    assert await claims.take(Claim("a"))


async def test_a_claim_holds_for_twenty_five_hours() -> None:
    """And is forgotten then."""
    clock = Clock()
    claims = MemoryClaims(clock)
    await claims.take(Claim("a"))
    clock.now += KEPT
    assert not await claims.take(Claim("a"))
    clock.now += 1
    assert await claims.take(Claim("a"))


async def test_they_are_bounded() -> None:
    """The oldest go first."""
    claims = MemoryClaims(Clock(), most=3)
    for key in "abcd":
        await claims.take(Claim(key))
    assert not await claims.take(Claim("d"))
    assert await claims.take(Claim("a"))


def test_they_keep_to_the_model() -> None:
    """Whatever is done in whatever order."""

    class Alone(World):
        def start(self) -> Claims:
            return MemoryClaims(self.clock)

    class Machine(ClaimsMachine):
        def world(self, clock: Clock) -> World:
            return Alone(clock)

    run_state_machine_as_test(Machine, settings=settings(max_examples=often(50), deadline=None))


class TestKeepOnce:
    """What becomes of a claim."""

    @pytest.mark.parametrize(("done", "then"), [(True, "settle"), (False, "release")])
    async def test_by_how_the_work_ends(self, then: str, *, done: bool) -> None:
        """It is served, or may be served again."""
        claims, claim = create_autospec(MemoryClaims, instance=True), Claim("a")

        async def work() -> bool:
            return done

        await keep_once(claims, claim, work)
        assert [name for name, _, _ in claims.mock_calls] == [then]

    async def test_what_breaks_off_is_given_back(self) -> None:
        """An error that even the boundary didn't hold leaves it to whoever it is delivered to next."""
        claims = MemoryClaims(Clock())
        await claims.take(claim := Claim("a"))

        async def work() -> bool:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await keep_once(claims, claim, work)
        assert await claims.take(Claim("a"))

    async def test_what_is_cut_off_is_left_to_others(self) -> None:
        """As at the end of a process."""
        claims, claim, begun = create_autospec(MemoryClaims, instance=True), Claim("a"), asyncio.Event()

        async def work() -> bool:
            begun.set()
            await asyncio.Event().wait()
            return True

        task = asyncio.create_task(keep_once(claims, claim, work))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        claims.leave.assert_awaited_once_with(claim)


async def test_the_sweep_hands_on_what_was_left() -> None:
    """One that can't be served keeps nobody waiting; it ends when the flight closes."""
    claims, flight, served = create_autospec(MemoryClaims, instance=True), Flight(), []

    async def stranded(platform: str) -> Sequence[Job]:
        assert platform == "x"
        return [Job("x", {"n": 1}), Job("x", {"n": 2})]

    async def serve(payload: Mapping[str, Any]) -> None:
        served.append(payload["n"])
        if payload["n"] == 1:
            raise ZeroDivisionError
        flight.close()

    claims.stranded = stranded
    await asyncio.wait_for(sweep(claims, "x", flight, serve, pause=0.0), 5)
    assert served == [1, 2]
