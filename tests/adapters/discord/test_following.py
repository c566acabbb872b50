"""What follows an answer: its question is edited, deleted, or asked again."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from tests.adapters.discord.support import Clock, World, custom_ids

HOST = "who moderated the harbor talk"
HOST_ANSWER = "Ada Stone moderated the harbor talk."
HILL_ANSWER = "Tom Quill moderated the hill talk."


class TestEdits:
    async def test_an_edited_question_gets_an_edited_answer(self, world: World) -> None:
        """In the same message."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        await world.ada.edit(question, world.mention("who moderated the hill talk"))
        (answer,) = world.answers()
        assert answer.content.startswith(HILL_ANSWER)
        assert custom_ids(answer)[0] == "h1:source:e.hill-host"

    async def test_after_five_minutes_it_stays(self, world: World, clock: Clock) -> None:
        """To the second."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        clock.now += 301
        await world.ada.edit(question, world.mention("who moderated the hill talk"))
        assert world.answers()[0].content.startswith(HOST_ANSWER)

    async def test_an_edit_that_changes_no_word_does_nothing(self, world: World) -> None:
        """As when Discord adds a preview."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        before = len(world.env.http_requests)
        await world.ada.edit(question, world.mention(f"  {HOST} "))
        assert [r.method for r in world.env.http_requests[before:] if r.method in ("PATCH", "POST")] == []

    async def test_a_deleted_question_takes_its_answer_along(self, world: World) -> None:
        """Nothing is left in the channel."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        await world.ada.delete(question)
        assert world.answers() == []

    @pytest.mark.parametrize("at_once", [True, False])
    async def test_a_question_deleted_while_it_is_answered(
        self, world: World, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
    ) -> None:
        """Nothing comes, or it goes again, whichever is first."""
        questions, host, deletions = world.client.questions, world.client.desk.host, []
        ask, send = host.ask, questions._send

        async def delete() -> None:
            (question,) = world.channel.history()
            deletions.append(asyncio.create_task(questions.deleted(question.id)))
            await asyncio.sleep(0)

        async def asked(*args: Any, **more: Any) -> Any:
            if at_once:
                await delete()
            return await ask(*args, **more)

        async def sent(*args: Any, **more: Any) -> Any:
            if not at_once:
                await delete()
            return await send(*args, **more)

        monkeypatch.setattr(host, "ask", asked)
        monkeypatch.setattr(questions, "_send", sent)
        await world.ada.send(world.channel, world.mention(HOST))
        assert len(deletions) == 1
        await world.env.settle()
        assert world.answers() == []

    async def test_an_answer_that_is_gone_already_is_no_error(self, world: World) -> None:
        """A moderator was faster."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        (answer,) = world.answers()
        world.env.backend.delete_message(world.channel.id, answer.id)
        await world.env.settle()
        await world.ada.edit(question, world.mention("who moderated the hill talk"))
        await world.ada.delete(question)
        assert world.answers() == []


class TestRepeats:
    async def test_the_same_entry_within_a_minute_is_a_link(self, world: World, clock: Clock) -> None:
        """To the first answer; afterwards it is answered again."""
        first = await world.asks(HOST)
        clock.now += 59
        await world.ben.send(world.channel, world.mention("harbor talk moderator"))
        assert world.answers()[-1].content.endswith(first.jump_url)
        clock.now += 2
        await world.ben.send(world.channel, world.mention("harbor talk moderator"))
        assert world.answers()[-1].content.startswith(HOST_ANSWER)

    async def test_another_channel_gets_its_own_answer(self, world: World) -> None:
        """A link would lead away."""
        await world.asks(HOST)
        hill = world.guild.create_text_channel("hill")
        await world.ben.send(hill, world.mention(HOST))
        assert world.answers(hill)[0].content.startswith(HOST_ANSWER)

    async def test_an_edited_answer_is_pointed_at_for_what_it_now_says(self, world: World) -> None:
        """Not for what it said before."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        await world.ada.edit(question, world.mention("who moderated the hill talk"))
        (answer,) = world.answers()
        await world.ben.send(world.channel, world.mention("hill talk moderator"))
        assert world.answers()[-1].content.endswith(answer.jump_url)
        await world.ben.send(world.channel, world.mention(HOST))
        assert world.answers()[-1].content.startswith(HOST_ANSWER)

    async def test_what_only_one_member_sees_is_not_pointed_at(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Discord makes it so where a member alone installed Herald."""
        monkeypatch.setattr(discord.InteractionCallbackResponse, "is_ephemeral", lambda _: True)
        for member in (world.ada, world.ben):
            used = await member.slash(world.channel, "ask", question=HOST)
            assert used.response
            assert used.response.content.startswith(HOST_ANSWER)

    async def test_a_dismissed_answer_is_not_pointed_at(self, world: World) -> None:
        """It is answered again."""
        await world.ada.click(await world.asks(HOST), label="Dismiss")
        assert (await world.asks(HOST)).content.startswith(HOST_ANSWER)
