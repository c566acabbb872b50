"""Buttons and selects, of today's messages and of old ones."""

from __future__ import annotations

import asyncio
from unittest.mock import create_autospec

import aiohttp
import discord
import pytest

from adapters.discord.app import HeraldClient
from adapters.discord.components import view_of
from adapters.discord.render import Button, Payload
from bot import notices
from bot.host import Host
from bot.settings import Settings
from tests.adapters.discord.support import Clock, World, custom_ids, labels

HOST = "who moderated the harbor talk"


async def old_message(world: World, *custom_ids: str) -> discord.Message:
    """A message of Herald's from long ago, with such buttons."""
    rows = (tuple(Button(custom_id, f"b{number}") for number, custom_id in enumerate(custom_ids)),)
    return await world.live.send("long ago", view=view_of(Payload("long ago", rows)))


class TestPick:
    async def test_the_asker_s_pick_takes_the_place_of_the_choices(self, world: World) -> None:
        """The answer is there for all."""
        greeting = await world.asks("")
        await world.ada.click(greeting, label=HOST)
        (answer,) = world.answers()
        assert answer.content.startswith("Ada Stone moderated")
        assert labels(answer) == ["Source", "👍", "👎", "Dismiss"]

    async def test_another_s_pick_is_for_their_eyes(self, world: World) -> None:
        """The choices stay for the asker."""
        greeting = await world.asks("")
        result = await world.ben.click(greeting, label=HOST)
        assert result.response
        assert result.ephemeral
        assert result.response.content.startswith("Ada Stone moderated")
        assert world.answers()[0].content == greeting.content

    async def test_a_retired_entry_is_told_kindly(self, world: World) -> None:
        """To the member alone."""
        message = await old_message(world, "h1:pick:long-gone", "h1:source:e.long-gone", "h1:reveal:e.long-gone")
        more = await old_message(world, "h1:source:q.long-gone", "h1:reveal:q.long-gone", "h1:sub:event.0.long-gone")
        votes = await old_message(world, "h1:up:e.long-gone", "h1:down:q.long-gone", "h1:up:")
        for held in (message, more, votes):
            for label in ("b0", "b1", "b2"):
                result = await world.ada.click(held, label=label)
                assert result.ephemeral
                assert result.response
                assert result.response.content == notices.RETIRED

    @pytest.mark.parametrize("custom_id", ["h0:pick:harbor-host", "h2:pick:harbor-host", "h1:zzz:harbor-host", "h1:x:"])
    async def test_another_version_s_button_is_told_kindly(self, world: World, custom_id: str) -> None:
        """Older or newer, or an action that is no more."""
        result = await world.ada.click(await old_message(world, custom_id), label="b0")
        assert result.response
        assert (result.response.content, result.ephemeral) == (notices.OUTDATED, True)

    async def test_an_explicit_entry_stays_withheld(self, world: World) -> None:
        """By whichever button."""
        message = await old_message(
            world, "h1:pick:shouting", "h1:reveal:e.shouting", "h1:reveal:q.on-gulls", "h1:source:q.on-gulls"
        )
        for label in ("b0", "b1", "b2", "b3"):
            result = await world.ada.click(message, label=label)
            assert result.response
            assert result.ephemeral
            assert "age-restricted" in result.response.content
            assert "beak" not in result.response.content


class TestAnswer:
    async def test_source_tells_where_it_comes_from(self, world: World) -> None:
        """Title, event, and the version; to the member alone."""
        result = await world.ben.click(await world.asks(HOST), label="Source")
        assert result.response
        assert result.ephemeral
        assert result.response.content.splitlines()[0] == "• Night at the harbor — on the harbor talk"
        assert "harbor-host" in result.response.content

    async def test_reveal_answers_the_member_alone(self, world: World) -> None:
        """The stub stays for the others."""
        stub = await world.asks("plot of Low Tide")
        result = await world.ben.click(stub, label="Reveal")
        assert result.response
        assert result.ephemeral
        assert result.response.content.startswith("A pilot waits")
        assert "pilot" not in world.answers()[0].content

    async def test_an_answer_leaves_nothing_behind(self, world: World) -> None:
        """Its buttons go by their ids: the client need not keep them, nor a task for the time of a private answer."""
        await world.asks(HOST)
        await world.ben.click(await world.asks("plot of Low Tide"), label="Reveal")
        store = world.client._connection._view_store
        assert store._synced_message_views == {}
        assert not [task for task in asyncio.all_tasks() if "timeout" in repr(task.get_coro())]

    async def test_a_spoiler_quote_is_revealed_too(self, world: World) -> None:
        """With speaker, and who passed it on."""
        stub = await world.asks("a quote about fog")
        assert "fog" not in stub.content
        result = await world.ada.click(stub, label="Reveal")
        assert result.response
        assert "> “Say something, or the fog will say it for you.”" in result.response.content
        assert "quoted by Mira Holt" in result.response.content

    @pytest.mark.parametrize("label", ["👍", "👎"])
    async def test_feedback_is_noted(self, world: World, label: str) -> None:
        """With a word of thanks."""
        answer = await world.asks(HOST)
        vote = {"👍": "h1:up:e.harbor-host", "👎": "h1:down:e.harbor-host"}[label]
        result = await world.ben.click(answer, custom_id=vote)
        assert result.response
        assert (result.response.content, result.ephemeral) == (notices.THANKS, True)

    async def test_another_quote_than_one_that_gives_away_plot(self, world: World) -> None:
        """Nobody need read that one to get on."""
        stub = await world.asks("a quote about fog")
        assert labels(stub) == ["Reveal", "Another", "Dismiss"]

    async def test_quotes_of_a_speaker_who_is_gone(self, world: World) -> None:
        """Told kindly, to the member alone."""
        result = await world.ada.click(await old_message(world, "h1:more:nobody|light"), label="b0")
        assert result.response
        assert (result.response.content, result.ephemeral) == (notices.RETIRED, True)

    async def test_another_quote_of_the_same_request(self, world: World) -> None:
        """One that wasn't shown yet."""
        first = await world.asks("give me a quote from Mira Holt")
        result = await world.ada.click(first, label="Another")
        assert result.response
        assert not result.ephemeral
        assert "— **Mira Holt**" in result.response.content
        assert result.response.content != first.content

    async def test_presses_count_for_the_cooldown(self, world: World) -> None:
        """Another and another: the member is told to wait."""
        first = await world.asks("give me a quote from Mira Holt")
        results = [await world.ada.click(first, label="Another") for _ in range(5)]
        assert results[-1].response
        assert results[-1].ephemeral
        assert "faster" in results[-1].response.content


class TestDismiss:
    async def test_the_asker_may(self, world: World) -> None:
        """The answer is gone; the question stays."""
        answer = await world.asks(HOST)
        await world.ada.click(answer, label="Dismiss")
        assert world.answers() == []
        assert len(world.channel.history()) == 1

    async def test_twice_at_once_is_no_error(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The message is gone, as was wished."""
        answer = await world.asks(HOST)
        gone = discord.NotFound(create_autospec(aiohttp.ClientResponse, status=404, reason="Not Found"), "gone")
        delete = create_autospec(discord.Interaction.delete_original_response, side_effect=gone)
        monkeypatch.setattr(discord.Interaction, "delete_original_response", delete)
        result = await world.ada.click(answer, label="Dismiss")
        assert delete.await_count == 1
        assert result.followups == []

    async def test_a_moderator_may(self, world: World) -> None:
        """By the right to manage messages."""
        role = world.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True, view_channel=True))
        mod = world.guild.add_member(world.env.create_user("mod"), roles=[role])
        await mod.click(await world.asks(HOST), label="Dismiss")
        assert world.answers() == []

    async def test_nobody_else_may(self, world: World) -> None:
        """They are told who may."""
        result = await world.ben.click(await world.asks(HOST), label="Dismiss")
        assert result.response
        assert (result.response.content, result.ephemeral) == (notices.DISMISS_REFUSED, True)
        assert len(world.answers()) == 1


async def test_buttons_work_after_a_restart(world: World, host: Host, settings: Settings, clock: Clock) -> None:
    """With a new client that never sent the message."""
    answer = await world.asks(HOST)
    await world.env.restart_bot(HeraldClient(host, settings, shard_count=1))
    result = await world.ben.click(answer, label="Source")
    assert result.response
    assert "Night at the harbor" in result.response.content
    await world.ada.click(answer, label="Dismiss")
    assert world.answers() == []


async def test_no_message_has_two_components_of_one_id(world: World) -> None:
    """Discord refuses that."""
    for text in ("", HOST, "plot of Low Tide", "give me a quote from Mira Holt"):
        found = custom_ids(await world.asks(text))
        assert len(set(found)) == len(found)
        assert all(len(custom_id) <= 100 for custom_id in found)
