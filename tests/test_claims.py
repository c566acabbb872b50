"""Claims: each is the first caller's, for long enough."""

from __future__ import annotations

from bot.claims import KEPT, MemoryClaims
from tests.support import Clock


async def test_the_first_claims_and_nobody_else() -> None:
    """Until it is given back."""
    claims = MemoryClaims(Clock())
    assert [await claims.claim("a"), await claims.claim("a"), await claims.claim("b")] == [True, False, True]
    await claims.release("a")
    await claims.release("nothing")
    assert await claims.claim("a")


async def test_a_claim_holds_for_twenty_five_hours() -> None:
    """And is forgotten then."""
    clock = Clock()
    claims = MemoryClaims(clock)
    await claims.claim("a")
    clock.now += KEPT
    assert not await claims.claim("a")
    clock.now += 1
    assert await claims.claim("a")


async def test_they_are_bounded() -> None:
    """The oldest go first."""
    claims = MemoryClaims(Clock(), most=3)
    for key in "abcd":
        await claims.claim(key)
    assert not await claims.claim("d")
    assert await claims.claim("a")
