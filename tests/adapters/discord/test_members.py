"""What members do around replies: votes with a reason, waiting to be told, being forgotten."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot import notices
from bot.curation.waits import Notice, Waits
from bot.errors import StoreError
from bot.reply import Reply
from tests.adapters.discord.keeping import ODD, Bureau, parts, said
from tests.adapters.discord.support import World, labels

HOST = "who moderated the harbor talk"
UP, DOWN = "h1:up:e.harbor-host", "h1:down:e.harbor-host"


async def voted(bureau: Bureau) -> tuple[int, int]:
    await bureau.written()
    stats = await bureau.office.statistics.last(1)
    return stats.up, stats.down


class TestVotes:
    async def test_a_thumb_down_is_asked_why(self, bureau: Bureau) -> None:
        """The vote counts at once; the reason takes the place of the question."""
        answer = await bureau.asks(HOST)
        result = await bureau.world.ben.click(answer, custom_id=DOWN)
        assert said(result) == notices.WHAT_IS_WRONG
        assert labels(result.response) == ["Wrong", "Outdated", "Incomplete", "Other"]
        assert result.response
        await bureau.world.ben.click(result.response, label="Outdated")
        assert await voted(bureau) == (0, 1)

    async def test_a_thumb_up_takes_its_place(self, bureau: Bureau) -> None:
        """Of each member one counts."""
        answer = await bureau.asks(HOST)
        await bureau.world.ben.click(answer, custom_id=DOWN)
        assert said(await bureau.world.ben.click(answer, custom_id=UP)) == notices.THANKS
        assert await voted(bureau) == (1, 0)

    async def test_without_a_store_no_reason_is_asked_for(self, world: World) -> None:
        """The vote is in the log."""
        result = await world.ben.click(await world.asks(HOST), custom_id=DOWN)
        assert result.response
        assert (result.response.content, labels(result.response)) == (notices.THANKS, [])


class TestWaiting:
    async def test_who_waits_is_told_where_they_asked_once(self, bureau: Bureau) -> None:
        """By a reply to the answer that didn't help; only they are pinged."""
        answer = await bureau.asks()
        assert said(await bureau.world.ada.click(answer, label=notices.TELL_ME)) == notices.WILL_TELL
        assert said(await bureau.world.ada.click(answer, label=notices.TELL_ME)) == notices.WAITING
        told = bureau.listens()
        await bureau.commands("teach", question=ODD, entry="camera")
        await asyncio.wait_for(told.wait(), 60)
        (message,) = [found for found in bureau.world.answers() if found.id != answer.id]
        assert message.content.startswith(f"<@{bureau.world.ada.id}> {notices.KNOWN}\nIt was shot on")
        assert message.reference
        assert message.reference.message_id == answer.id
        assert not await bureau.office.waits.due("discord")

    async def test_where_they_can_t_be_told_they_are_written_to(self, bureau: Bureau) -> None:
        """Without saying what they asked."""
        user = bureau.world.env.create_user("cleo")
        for address in ({}, {"guild": bureau.world.guild.id, "channel": 404, "message": 405}):
            assert await bureau.tell(_notice(user.id, address))
        first, second = user.dm_channel.history()
        assert first.content == second.content == f"{notices.LOOKED}\nThe sources don't say."
        assert not bureau.world.answers()

    async def test_only_what_is_unknown_has_the_button(self, bureau: Bureau) -> None:
        """And only with a store."""
        assert notices.TELL_ME in labels(await bureau.asks())
        assert notices.TELL_ME not in labels(await bureau.asks(HOST))

    async def test_without_a_store_there_is_no_such_button(self, world: World) -> None:
        """Nothing that it could lead to is there."""
        assert notices.TELL_ME not in labels(await world.asks(ODD))

    async def test_a_store_that_is_down(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        """One line."""
        answer = await bureau.asks()
        waits = create_autospec(Waits, instance=True)
        waits.add.side_effect = StoreError("secret")
        monkeypatch.setattr(bureau.office, "waits", waits)
        assert said(await bureau.world.ada.click(answer, label=notices.TELL_ME)) == notices.STORE_DOWN


class TestForgetting:
    async def test_everybody_may(self, bureau: Bureau) -> None:
        """What they left is gone, and they are told what."""
        answer = await bureau.asks(HOST)
        await bureau.world.ada.click(answer, custom_id=UP)
        await bureau.written()
        assert said(await bureau.world.ada.slash(bureau.world.channel, "forget-me")).startswith("Deleted: 1 vote")
        assert await voted(bureau) == (0, 0)

    async def test_without_a_store(self, world: World) -> None:
        """Nothing is kept."""
        assert said(await world.ada.slash(world.channel, "forget-me")) == notices.NOTHING_KEPT


async def test_a_pick_is_noted(bureau: Bureau) -> None:
    """On the message that offered it."""
    answer = await bureau.asks("lighthouse")
    custom_id = next(name for name in parts(answer) if name.startswith("h1:pick:"))
    await bureau.world.ada.click(answer, custom_id=custom_id)
    await bureau.written()
    found = await bureau.office.past.find(str(answer.id))
    assert found
    assert (found.kind, found.picked) == ("choices", custom_id.removeprefix("h1:pick:"))


def _notice(member: int, address: dict[str, Any]) -> Notice:
    return Notice(1, "what they asked", str(member), address, Reply("unknown", "The sources don't say.", "abc"))
