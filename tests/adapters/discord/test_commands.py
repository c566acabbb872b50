"""The members' commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from tests.adapters.discord.support import World, custom_ids, labels
from tests.support import write_knowledge
from tests.town import entry, town

HOST = "who moderated the harbor talk"


def said(result: simcord.InteractionResult) -> str:
    assert result.response
    return result.response.content


class TestAsk:
    async def test_a_question_in_words(self, world: World) -> None:
        """Answered for all to see."""
        result = await world.ada.slash(world.channel, "ask", question="who ran the harbor talk, the interviewer")
        assert said(result).startswith("Ada Stone moderated")
        assert not result.ephemeral
        assert result.response
        assert labels(result.response) == ["Source", "👍", "👎", "Dismiss"]

    async def test_a_suggestion_comes_as_its_id(self, world: World) -> None:
        """As the autocomplete gave it."""
        (choice,) = await world.ada.autocomplete(world.channel, "ask", "question", "lifeboat")
        assert choice["value"] == "camera"
        assert said(await world.ada.slash(world.channel, "ask", question="camera")).startswith("It was shot")

    async def test_an_id_that_is_gone_is_a_question_in_words(self, world: World) -> None:
        """Old suggestions still find something."""
        result = await world.ada.slash(world.channel, "ask", question="harbor-talk-moderator")
        assert said(result).startswith("Ada Stone moderated")

    async def test_mentions_and_custom_emoji_are_no_words(self, world: World) -> None:
        """As in messages: an emoji's name asks for nothing."""
        result = await world.ada.slash(world.channel, "ask", question=f"<:fog:123456> {world.ben.mention}")
        assert result.ephemeral
        assert "no words" in said(result)
        result = await world.ada.slash(world.channel, "ask", question=f"{world.ben.mention} {HOST} <:fog:123456>")
        assert said(result).startswith("Ada Stone moderated")

    async def test_nothing_typed_offers_questions(self, world: World) -> None:
        """At most 25, none of them explicit."""
        offered = await world.ada.autocomplete(world.channel, "ask", "question", "")
        assert 0 < len(offered) <= 25
        assert "shouting" not in [choice["value"] for choice in offered]

    async def test_26_candidates_are_cut_to_25(self, world: World, tmp_path: Any) -> None:
        """And each name to 100 characters; Discord refuses all of them else."""
        data = town()
        data["entries"] += [
            entry(f"boat-{n}", f"Boat {n}.", "harbor-talk", f"what about boat number {n} {'and so on ' * 20}")
            for n in range(26)
        ]
        write_knowledge(tmp_path / "kb", data)
        await world.client.desk.host.reload()
        offered = await world.ada.autocomplete(world.channel, "ask", "question", "what about boat")
        assert len(offered) == 25
        assert {len(choice["name"]) for choice in offered} <= set(range(101))

    async def test_the_same_entry_again_is_a_link_for_the_asker(self, world: World) -> None:
        """The first answer stands right above."""
        first = await world.ada.slash(world.channel, "ask", question=HOST)
        again = await world.ben.slash(world.channel, "ask", question=HOST)
        assert first.response
        assert again.ephemeral
        assert str(first.response.id) in said(again)

    async def test_what_is_wrong_is_for_the_asker_alone(self, world: World) -> None:
        """Explicit, or too fast."""
        assert (await world.ada.slash(world.channel, "ask", question="swearing")).ephemeral
        results = [await world.ben.slash(world.channel, "ask", question=f"zebra {n}") for n in range(6)]
        assert results[-1].ephemeral
        assert "faster" in said(results[-1])

    async def test_in_a_direct_message(self, world: World) -> None:
        """It works there too, and is safe."""
        result = await world.ada.user.slash("ask", question="swearing")
        assert "age-restricted" in said(result)


class TestQuote:
    async def test_by_speaker_and_topic(self, world: World) -> None:
        """With another one to be had, and its source."""
        result = await world.ada.slash(world.channel, "quote", speaker="mira-holt", about="storms")
        assert said(result).startswith("> “We waited eleven nights")
        assert result.response
        assert labels(result.response) == ["Another", "Source", "👍", "👎", "Dismiss"]

    async def test_nothing_is_needed(self, world: World) -> None:
        """Any quote then, never an explicit one."""
        assert "beak" not in said(await world.ada.slash(world.channel, "quote"))

    async def test_nobody_of_that_name(self, world: World) -> None:
        """Said plainly."""
        assert "no speaker" in said(await world.ada.slash(world.channel, "quote", speaker="zzzz"))

    async def test_speakers_and_their_topics_are_completed(self, world: World) -> None:
        """The topics are those of the speaker that was picked."""
        (lighthouse,) = await world.ada.autocomplete(world.channel, "quote", "speaker", "lena")
        assert lighthouse == {"name": "the Lighthouse (Lena Ortiz)", "value": "the-lighthouse"}
        topics = await world.ada.autocomplete(world.channel, "quote", "about", "", speaker="the-lighthouse")
        assert [topic["value"] for topic in topics] == ["water"]


class TestTopics:
    async def test_browsing_leads_to_an_answer(self, world: World) -> None:
        """From the groups to a subject to a question; for that member alone."""
        start = await world.ada.slash(world.channel, "topics")
        assert start.ephemeral
        assert start.response
        assert labels(start.response) == ["Events", "People", "Themes"]
        await world.ada.click(start.response, label="People")
        await world.ada.select(start.response, ["ada-stone"])
        assert start.response.content == "**Ada Stone**"
        answer = await world.ada.select(start.response, ["harbor-host"])
        assert answer.ephemeral
        assert said(answer).startswith("Ada Stone moderated")
        quote = await world.ada.click(start.response, label="A quote")
        assert "Light is patient" in said(quote)
        assert quote.ephemeral

    async def test_back_leads_to_the_page_of_the_subject(self, world: World, tmp_path: Any) -> None:
        """Not to the first one."""
        data = town()
        data["events"] += [{"id": f"talk-{n}", "name": f"the talk number {n}"} for n in range(26)]
        data["entries"] += [entry(f"b-{n}", f"Boat {n}.", f"talk-{n}", f"what of boat {n}") for n in range(26)]
        write_knowledge(tmp_path / "kb", data)
        await world.client.desk.host.reload()
        page = (await world.ada.slash(world.channel, "topics")).response
        assert page
        for label in ("Events", "Next"):
            await world.ada.click(page, label=label)
        second = page.content
        await world.ada.select(page, ["talk-9"])
        assert page.content == "**the talk number 9**"
        await world.ada.click(page, label="Back")
        assert page.content == second == "**Events** — page 2 of 2"

    async def test_pages(self, world: World, tmp_path: Any) -> None:
        """26 questions make two; back and forth."""
        data = town()
        data["entries"] += [entry(f"b-{n}", f"Boat {n}.", "hill-talk", f"what of boat {n}") for n in range(26)]
        write_knowledge(tmp_path / "kb", data)
        await world.client.desk.host.reload()
        page = (await world.ada.slash(world.channel, "topics")).response
        assert page
        await world.ada.click(page, label="Events")
        await world.ada.select(page, ["hill-talk"])
        assert page.content == "**the hill talk** — page 1 of 2"
        assert labels(page) == ["Previous", "Next", "Back"]
        await world.ada.click(page, label="Next")
        assert page.content.endswith("page 2 of 2")
        assert len(set(custom_ids(page))) == len(custom_ids(page))
        await world.ada.click(page, label="Previous")
        assert page.content.endswith("page 1 of 2")
        await world.ada.click(page, label="Back")
        assert page.content == "**Events**"


async def test_about_tells_what_herald_knows(world: World) -> None:
    """Sources and version, for the member alone."""
    result = await world.ada.slash(world.channel, "about")
    assert result.ephemeral
    assert "Night at the harbor" in said(result)
    assert world.client.desk.host.knowledge.version in said(result)


async def test_about_fits_a_message_however_many_sources_there_are(world: World, tmp_path: Path) -> None:
    """As many titles as fit, and how many more there are; here of signs that all are escaped."""
    common = {"reports": "A talk.", "event": "hill-talk"}
    more = [{"id": f"r{n}", "title": f"{n} {'*_' * 25}", "order": n, **common} for n in range(3, 63)]
    write_knowledge(tmp_path / "kb", {**town(), "sources": [*town()["sources"], *more]})
    await world.client.desk.host.reload()
    told = said(await world.ada.slash(world.channel, "about"))
    shown = told.count("\n• ") - 1
    assert f"• and {62 - shown} more\n" in told
    assert shown > 10
    assert world.client.desk.host.knowledge.version in told


class TestMenu:
    async def test_a_message_is_answered(self, world: World) -> None:
        """Anybody's, whose content Discord sends along."""
        message = await world.ben.send(world.channel, f"{world.ben.mention} {HOST}")
        result = await world.ada.context_menu(world.channel, "Ask Herald", message)
        assert said(result).startswith("Ada Stone moderated")

    async def test_a_forwarded_message_is_answered(self, world: World) -> None:
        """Whose words stand apart from what the forwarding member wrote, which is nothing."""
        message = await world.ben.send(world.channel, HOST)
        forwarded = await world.ben.forward(message, world.channel)
        result = await world.ada.context_menu(world.channel, "Ask Herald", forwarded)
        assert said(result).startswith("Ada Stone moderated")

    async def test_a_message_without_words(self, world: World) -> None:
        """A picture, or nothing but a mention."""
        message = await world.ben.send(world.channel, world.ben.mention)
        result = await world.ada.context_menu(world.channel, "Ask Herald", message)
        assert result.ephemeral
        assert "no words" in said(result)


class TestEverywhere:
    async def test_commands_are_for_guilds_and_users_everywhere(self, world: World) -> None:
        """And none is flagged for adults, which would hide Herald from its community."""
        payloads = {command.name: command.to_dict(world.client.tree) for command in world.client.tree.get_commands()}
        assert set(payloads) == {
            *("ask", "quote", "topics", "about", "forget-me", "herald"),
            *("Ask Herald", "Why this answer?"),
        }
        assert not any(payload.get("nsfw") for payload in payloads.values())
        for name in payloads.keys() - {"herald", "Why this answer?"}:
            assert sorted(payloads[name]["contexts"]) == [0, 1, 2]
            assert sorted(payloads[name]["integration_types"]) == [0, 1]
        for name in ("herald", "Why this answer?"):
            assert (payloads[name]["contexts"], payloads[name]["integration_types"]) == ([0], [0])
            assert payloads[name]["default_member_permissions"] == discord.Permissions(manage_guild=True).value

    async def test_no_privileged_intent_is_asked_for(self, world: World) -> None:
        """Herald reads what is addressed to it."""
        intents = world.client.intents
        assert [intents.message_content, intents.members, intents.presences] == [False] * 3


async def test_a_command_that_is_no_more_apologizes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Discord shows it for a while yet; the log has a line."""
    world.client.tree.remove_command("about")
    result = await world.ada.slash(world.channel, "about")
    assert result.ephemeral
    assert "incident" in said(result)
    assert "UnservedError" in capsys.readouterr().out
    assert [type(error) for error in world.env.errors] == [app_commands.CommandNotFound]


async def test_a_command_that_fails_apologizes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the member alone; and a press as well."""

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    answer = await world.asks(HOST)
    monkeypatch.setattr(world.client.desk.host, "ask", broken)
    monkeypatch.setattr(world.client.desk.host, "entry", broken)
    result = await world.ben.slash(world.channel, "ask", question="anything else")
    assert result.ephemeral
    assert "incident" in said(result)
    assert isinstance(answer, discord.Message)
