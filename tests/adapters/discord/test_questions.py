"""Mentions, replies and direct messages."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from adapters.discord.app import HeraldClient
from adapters.discord.questions import question_of
from bot import notices
from tests.adapters.discord.support import Clock, World, labels
from tests.support import small_knowledge, write_knowledge

HOST = "who moderated the harbor talk"
HOST_ANSWER = "Ada Stone moderated the harbor talk."


def starts(message: discord.Message, text: str) -> bool:
    return message.content.startswith(text)


class TestAsking:
    async def test_a_mention_is_answered(self, world: World) -> None:
        """With the answer as plain content, the quote set off, and the source; and no embeds."""
        answer = await world.asks(HOST)
        assert answer.content.splitlines() == [
            HOST_ANSWER,
            "> “Light is patient, and it waits for whoever looks up from the deck.”",
            "> — **Ada Stone**, the harbor talk",
            "-# Source: Night at the harbor",
        ]
        assert labels(answer) == ["Source", "👍", "👎", "Dismiss"]
        assert answer.embeds == []

    async def test_it_is_a_regular_reply_that_pings_nobody(self, world: World) -> None:
        """So that a reply to it reaches Herald again."""
        question = await world.ada.send(world.channel, world.mention(HOST))
        (answer,) = world.answers()
        assert answer.reference
        assert answer.reference.message_id == question.id
        assert answer.type is discord.MessageType.reply
        assert answer.mentions == []
        (sent,) = [r for r in world.env.http_requests if r.method == "POST" and r.path.endswith("/messages")]
        assert sent.json
        assert sent.json["message_reference"]["fail_if_not_exists"] is False
        assert sent.json["allowed_mentions"] == {"parse": [], "replied_user": False}

    async def test_what_is_not_addressed_to_herald_is_left_alone(self, world: World) -> None:
        """Even where it would know the answer."""
        await world.ada.send(world.channel, HOST)
        await world.ada.send(world.channel, f"{world.ben.mention} {HOST}")
        await world.ada.send(world.channel, f"@everyone {HOST}")
        assert world.answers() == []

    async def test_a_reply_to_herald_is_a_follow_up(self, world: World) -> None:
        """It goes on where that member was."""
        answer = await world.asks(HOST)
        await world.ada.send(world.channel, "and on the hill?", reply_to=answer)
        assert starts(world.answers()[-1], "Tom Quill moderated the hill talk.")

    async def test_two_members_do_not_mix(self, world: World) -> None:
        """Another's follow-up knows nothing of the first one's question."""
        await world.asks(HOST)
        await world.ben.send(world.channel, world.mention("why?"))
        assert not starts(world.answers()[-1], HOST_ANSWER)

    async def test_a_direct_message_needs_no_mention(self, world: World) -> None:
        """And is answered there."""
        await world.ada.send_dm(HOST)
        (answer,) = world.answers(world.ada.user.dm_channel)
        assert starts(answer, HOST_ANSWER)

    async def test_a_message_forwarded_to_it_is_a_question(self, world: World) -> None:
        """In direct messages."""
        message = await world.ben.send(world.channel, HOST)
        await world.ada.forward(message, world.ada.user.dm_channel)
        (answer,) = world.answers(world.ada.user.dm_channel)
        assert starts(answer, HOST_ANSWER)

    async def test_a_bare_mention_offers_questions(self, world: World) -> None:
        """To begin with."""
        greeting = await world.asks("")
        assert starts(greeting, "Ask me something")
        assert len(labels(greeting)) == 4
        assert labels(greeting)[0] == HOST

    async def test_a_bare_mention_in_a_reply_answers_that_message(self, world: World, clock: Clock) -> None:
        """As a reply to it; Discord shows it to Herald where it mentions Herald too, as after a restart."""
        asked = await world.ben.send(world.channel, world.mention(HOST))
        clock.now += 61
        answer = await world.asks("", reply_to=asked)
        assert starts(answer, HOST_ANSWER)
        assert answer.reference
        assert answer.reference.message_id == asked.id

    async def test_a_message_that_discord_keeps_from_herald(self, world: World) -> None:
        """Herald says so, and what to do instead."""
        asked = await world.ben.send(world.channel, HOST)
        assert (await world.asks("", reply_to=asked)).content == notices.NO_TEXT

    async def test_a_reply_to_a_command_s_answer_comes_without_its_words(self, world: World) -> None:
        """Herald knows of it, as it pings, but is not shown what it asks."""
        used = await world.ada.slash(world.channel, "ask", question=HOST)
        assert used.response
        await world.ada.send(world.channel, "and on the hill?", reply_to=used.response)
        assert world.answers()[-1].content == notices.NO_TEXT

    @pytest.mark.parametrize("text", ["?", "***", "\u200b", "<:x:1>", "<t:1700000000:R>"])
    async def test_a_mention_without_a_word_is_a_bare_one(self, world: World, text: str) -> None:
        """Even where a question came before, which isn't answered again."""
        await world.asks(HOST)
        assert starts(await world.asks(text), "Ask me something")

    async def test_a_mention_in_a_reply_with_words_answers_the_words(self, world: World) -> None:
        """The message replied to is only where it is said."""
        asked = await world.ben.send(world.channel, HOST)
        assert starts(await world.asks("who directed Low Tide", reply_to=asked), "Mira Holt directed")

    async def test_choices_unknown_and_rejected(self, world: World) -> None:
        """Each kind has its buttons."""
        rejected = await world.asks("x" * 501)
        assert (labels(rejected), "500" in rejected.content) == ([], True)
        unknown = await world.asks("did Low Tide win any awards")
        assert starts(unknown, "No award is mentioned.")
        assert labels(unknown)[-1] == "Dismiss"

    async def test_bots_are_not_answered(self, world: World) -> None:
        """Two bots would never stop."""
        bot = world.guild.add_member(world.env.create_user("robot", bot=True))
        await bot.send(world.channel, world.mention(HOST))
        assert world.answers() == []


class TestSpoilersAndAge:
    async def test_what_gives_away_plot_is_a_stub(self, world: World) -> None:
        """With a button to reveal it."""
        stub = await world.asks("plot of Low Tide")
        assert "pilot" not in stub.content
        assert labels(stub) == ["Reveal", "Dismiss"]

    async def test_explicit_entries_only_where_the_channel_is_marked(self, world: World) -> None:
        """Where it isn't, there is no word of them."""
        assert "gull" not in (await world.asks("swearing")).content
        world.live.nsfw = True
        assert "gull" in (await world.asks("swearing")).content

    async def test_a_thread_is_as_its_parent(self, world: World) -> None:
        """One whose parent isn't known counts as not marked."""
        await world.live.create_thread(name="shouts", type=discord.ChannelType.public_thread)
        (thread,) = world.channel.threads
        world.live.nsfw = True
        await world.ada.send(thread, world.mention("swearing"))
        assert "gull" in world.answers(thread)[-1].content
        world.live.guild._remove_channel(world.live)
        await world.ada.send(thread, world.mention("swearing"))
        assert "gull" not in world.answers(thread)[-1].content

    async def test_the_channel_counts_for_commands_too(self, world: World) -> None:
        """And for what is completed."""
        world.live.nsfw = True
        (choice,) = await world.ada.autocomplete(world.channel, "ask", "question", "swearing")
        result = await world.ada.slash(world.channel, "ask", question=choice["value"])
        assert result.response
        assert "gull" in result.response.content

    async def test_direct_messages_are_safe(self, world: World) -> None:
        """Whoever asks."""
        await world.ada.send_dm("swearing")
        (answer,) = world.answers(world.ada.user.dm_channel)
        assert "gull" not in answer.content


class TestCooldown:
    async def test_over_it_there_is_one_line(self, world: World) -> None:
        """However often the member goes on."""
        for number in range(9):
            await world.ada.send(world.channel, world.mention(f"zebra {number}"))
        answers = world.answers()
        assert len(answers) == 6
        assert "faster" in answers[-1].content
        await world.ben.send(world.channel, world.mention(HOST))
        assert starts(world.answers()[-1], HOST_ANSWER)


class TestPermissions:
    async def test_where_herald_may_not_write_nothing_is_sent(
        self, world: World, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """No request is made; the log says so once."""
        closed = world.guild.create_text_channel(
            "closed", overwrites={world.me: discord.PermissionOverwrite(send_messages=False)}
        )
        await world.env.settle()
        before = len(world.env.http_requests)
        for _ in range(2):
            await world.ada.send(closed, world.mention(HOST))
        assert [r.path for r in world.env.http_requests[before:] if r.method == "POST"] == []
        assert capsys.readouterr().out.count("missing permission") == 1

    async def test_without_the_history_it_is_no_reply(self, world: World) -> None:
        """Discord refuses a reply there."""
        blind = world.guild.create_text_channel(
            "blind", overwrites={world.me: discord.PermissionOverwrite(read_message_history=False)}
        )
        await world.env.settle()
        await world.ada.send(blind, world.mention(HOST))
        (answer,) = world.answers(blind)
        assert starts(answer, HOST_ANSWER)
        assert answer.reference is None


class TestErrors:
    async def test_a_member_gets_a_short_apology(
        self, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """With the incident that the log has; not a word of the question in it."""

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("secret question")

        monkeypatch.setattr(world.client.desk.host, "ask", broken)
        answer = await world.asks("secret question")
        incident = answer.content.rstrip(".").rpartition(" ")[2]
        logged = capsys.readouterr().out
        assert f"incident={incident}" in logged.replace("'", "")
        assert "secret" not in logged + answer.content

    async def test_while_closing_nothing_new_is_taken(self, client: HeraldClient, world: World) -> None:
        """What was taken before is finished."""
        assert await client.desk.flight.drain(0.1) == 0
        await world.ada.send(world.channel, world.mention(HOST))
        assert world.answers() == []


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("<@1> who", "who"),
        ("<@!1> who <#2> is <:x:3> that <a:y:4>?", "who is that ?"),
        ("who\nis it <@&5>", "who is it"),
        ("a < b", "a < b"),
        ("who </ask:1> <t:1:R> <id:browse>", "who"),
        ("?! <:x:3>", ""),
        ("\u4f55?", "\u4f55?"),
    ],
)
def test_a_question_is_what_remains_without_mentions(content: str, question: str) -> None:
    """And without custom emoji; nothing where no word is left."""
    assert question_of(content) == question


async def test_an_answer_with_more_markup_than_fits(world: World, tmp_path: Path) -> None:
    """It loads, as it is short enough; written so that none of it is markup it is over 2,000 characters, and is cut."""
    data = small_knowledge()
    data["entries"][0]["answer"] = "*_* " * 299
    write_knowledge(tmp_path / "kb", data)
    await world.client.desk.host.reload()
    answer = await world.asks("who hosted the harbor talk")
    assert 1500 < len(answer.content) <= 2000
    assert answer.content.endswith("-# Source: Night at the harbor")
