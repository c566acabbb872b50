"""Cooldowns of members and channels."""

from __future__ import annotations

import pytest

from bot.cooldown import Limits, Pace, Paces, Refusal
from tests.support import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


def limits(clock: Clock, member: int = 5, channel: int = 100, most: int = 10) -> Limits:
    return Limits(Paces(Pace(member, 10.0), Pace(channel, 10.0)), clock, most)


async def taken(limits: Limits, times: int, member: str = "ada", channel: str = "harbor") -> int:
    """How many of so many questions are taken."""
    return sum([await limits.take(member, channel) is None for _ in range(times)])


async def test_so_many_questions_are_taken_and_no_more(clock: Clock) -> None:
    """Five at once, the sixth is refused."""
    assert await taken(limits(clock), 9) == 5


async def test_they_come_back_one_at_a_time(clock: Clock) -> None:
    """After two seconds of ten for five there is one again; after any time at most five."""
    held = limits(clock)
    await taken(held, 9)
    clock.now = 2.0
    assert await taken(held, 9) == 1
    clock.now = 1000.0
    assert await taken(held, 9) == 5


async def test_five_at_once_and_then_one_every_two_seconds(clock: Clock) -> None:
    """What the settings say of the defaults, of whoever asks as fast as they can for ten seconds."""
    held, times = limits(clock), []
    for tenth in range(100):
        clock.now = tenth / 10
        if await held.take("ada", "harbor") is None:
            times.append(clock.now)
    assert times == [0.0, 0.1, 0.2, 0.3, 0.4, 2.0, 4.0, 6.0, 8.0]


async def test_a_refusal_says_how_long_to_wait(clock: Clock) -> None:
    """A question asked then is taken, one asked just before isn't."""
    held = limits(clock)
    await taken(held, 5)
    refusal = await held.take("ada", "harbor")
    assert refusal
    assert refusal.wait == pytest.approx(2.0)
    clock.now = refusal.wait - 0.01
    assert await held.take("ada", "harbor")
    clock.now = refusal.wait
    assert await held.take("ada", "harbor") is None


async def test_only_the_first_refusal_in_a_row_is_marked(clock: Clock) -> None:
    """Whoever goes on asking isn't told again, until a question was taken between."""
    held = limits(clock)
    await taken(held, 5)
    told = [await held.take("ada", "harbor") for _ in range(3)]
    assert told == [Refusal(2.0, first) for first in (True, False, False)]
    clock.now = 2.0
    assert await held.take("ada", "harbor") is None
    again = await held.take("ada", "harbor")
    assert again
    assert again.first


async def test_a_full_channel_is_told_once_and_not_once_a_member(clock: Clock) -> None:
    """Many members at once would be told many times."""
    held = limits(clock, channel=3)
    told = [await held.take(name, "harbor") for name in "abcdefg"]
    assert [refusal.first for refusal in told if refusal] == [True, False, False, False]


async def test_members_have_each_their_own(clock: Clock) -> None:
    """One who asks too fast takes nothing from another."""
    held = limits(clock)
    await taken(held, 9)
    assert await taken(held, 5, member="ben") == 5


async def test_a_channel_has_a_limit_of_its_own(clock: Clock) -> None:
    """Many members together can't flood it; another channel is untouched."""
    held = limits(clock, channel=3)
    assert [await taken(held, 1, member=name) for name in "abcde"] == [1, 1, 1, 0, 0]
    assert await taken(held, 1, member="f", channel="hill") == 1


async def test_a_question_refused_by_the_channel_costs_the_member_nothing(clock: Clock) -> None:
    """All of the member's own are left for another channel."""
    held = limits(clock, channel=1)
    await taken(held, 4)
    assert await taken(held, 9, channel="hill") == 1
    assert [await taken(held, 1, channel=name) for name in "uvwxyz"] == [1, 1, 1, 0, 0, 0]


async def test_memory_is_bounded(clock: Clock) -> None:
    """The one asked least recently is forgotten, which only does it a favor."""
    held = limits(clock, member=1, most=2)
    for name in "abc":
        assert await taken(held, 1, member=name) == 1
    assert await taken(held, 1, member="c") == 0
    assert await taken(held, 1, member="a") == 1
