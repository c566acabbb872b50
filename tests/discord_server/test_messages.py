"""What the server enforces about messages."""

from __future__ import annotations

import io

import aiohttp
import discord
import pytest
from discord import ui

from tests.discord_server import Message, Permission, bad_gateway, dropped, rate_limited
from tests.discord_server.stage import Stage


def buttons(*items: ui.Button[ui.View]) -> ui.View:
    view = ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


async def said(stage: Stage, text: str = "hello") -> Message:
    """A mention, and the bot's answer."""
    question = await stage.ada.mentions(stage.general, text)
    return await stage.server.answer(question)


async def refused(stage: Stage) -> discord.HTTPException:
    """A mention, and the error that the bot gets when it answers."""
    await stage.ada.mentions(stage.general, "hello")
    error = await stage.bot.errors.next()
    assert isinstance(error, discord.HTTPException)
    return error


class TestAnswer:
    async def test_a_reply_reaches_the_channel_without_a_ping(self, stage: Stage) -> None:
        """What was allowed to be mentioned is recorded, and nobody is notified."""
        stage.bot.on_text = lambda message: message.reply(
            f"hi {message.author.mention} @everyone", mention_author=False
        )
        answer = await said(stage)
        assert answer.content == f"hi {stage.ada.user.mention} @everyone"
        assert answer.body["allowed_mentions"] == {"parse": [], "replied_user": False}
        assert answer.pings == ()
        assert stage.server.problems == []

    async def test_what_the_client_does_not_forbid_pings(self, stage: Stage) -> None:
        """Discord's default is to notify everybody who is named."""
        stage.bot._connection.allowed_mentions = None
        stage.bot.on_text = lambda message: message.reply(f"hi {stage.ben.user.mention} @here")
        assert (await said(stage)).pings == ("@here", str(stage.ben.user.id), str(stage.ada.user.id))

    async def test_a_message_to_nobody_comes_without_content(self, stage: Stage) -> None:
        """The bot lacks the privileged intent: it sees mentions, replies that ping it, and direct messages."""
        stage.bot.on_text = lambda message: message.reply("yes")
        await stage.ada.says(stage.general, "a secret")
        mention = await stage.ada.mentions(stage.general, "one")
        answer = await stage.server.answer(mention)
        await stage.server.answer(await stage.ada.says(stage.general, "two", reply_to=answer))
        await stage.server.answer(await stage.ada.says(stage.general, "unheard", reply_to=answer, ping=False))
        await stage.server.answer(await stage.ada.dms("three"))
        bot = stage.server.world.bot.mention
        assert stage.bot.contents == ["", f"{bot} one", "two", "", "three"]

    async def test_the_message_that_a_mention_replies_to_stays_closed(self, stage: Stage) -> None:
        """The exceptions hold for each message by itself."""
        seen: list[tuple[int, str]] = []

        async def look(message: discord.Message) -> None:
            target = message.reference and message.reference.resolved
            if isinstance(target, discord.Message):
                seen.append((target.id, target.content))
                await message.reply("looked")

        stage.bot.on_text = look
        other = await stage.ben.says(stage.general, "who moderated?")
        await stage.server.answer(await stage.ada.mentions(stage.general, reply_to=other))
        assert seen == [(other.id, "")]

    async def test_an_edit_and_a_deletion_reach_the_bot(self, stage: Stage) -> None:
        """Both are told to it, as both are to members."""
        stage.bot.on_text = lambda message: message.reply("first")
        question = await stage.ada.mentions(stage.general, "one")
        await stage.server.answer(question)
        await stage.ada.edits(question, f"{stage.server.world.bot.mention} two")
        await stage.ada.deletes(question)
        changed = await stage.bot.heard.next(lambda event: isinstance(event, discord.RawMessageUpdateEvent))
        gone = await stage.bot.heard.next(lambda event: isinstance(event, discord.RawMessageDeleteEvent))
        assert isinstance(changed, discord.RawMessageUpdateEvent)
        assert isinstance(gone, discord.RawMessageDeleteEvent)
        assert changed.message.content.endswith("two")
        assert gone.message_id == question.id

    async def test_a_thread_and_a_dm_are_places_too(self, stage: Stage) -> None:
        """A thread knows its parent."""
        places: list[object] = []

        async def note(message: discord.Message) -> None:
            places.append(message.channel)
            await message.channel.send("noted")

        stage.bot.on_text = note
        thread = await stage.server.world.thread(stage.general, "aside")
        await stage.ada.mentions(thread, "hello")
        await stage.server.sent.next()
        await stage.ada.dms("hello")
        await stage.server.sent.next()
        inside, private = places
        assert isinstance(inside, discord.Thread)
        assert inside.parent_id == stage.general.id
        assert isinstance(private, discord.DMChannel)

    async def test_a_file_is_kept_by_its_name(self, stage: Stage) -> None:
        """It comes as a form, whose JSON is judged as any other."""
        file = discord.File(io.BytesIO(b"all of it"), "report.txt")
        stage.bot.on_text = lambda message: message.reply("see", file=file)
        (attachment,) = (await said(stage)).attachments
        assert attachment["filename"] == "report.txt"
        assert stage.server.problems == []


class TestRefusals:
    async def test_a_text_over_2000(self, stage: Stage) -> None:
        """50035, with the place."""
        stage.bot.on_text = lambda message: message.reply("x" * 2001)
        error = await refused(stage)
        assert (error.status, error.code) == (400, 50035)
        assert "In content: Must be 2000 or fewer in length." in str(error)

    async def test_an_empty_message(self, stage: Stage) -> None:
        """50006."""
        stage.bot.on_text = lambda message: message.channel.send("")
        assert (await refused(stage)).code == 50006

    @pytest.mark.parametrize(
        ("view", "place"),
        [
            (buttons(ui.Button(label="x" * 81, custom_id="a")), "label"),
            (buttons(ui.Button(label="x", custom_id="a" * 101)), "custom_id"),
            (buttons(*(ui.Button(label="x", custom_id="same") for _ in range(2))), "components"),
            (buttons(ui.Button(custom_id="a")), "components.0.components.0"),
        ],
    )
    async def test_bad_buttons(self, stage: Stage, view: ui.View, place: str) -> None:
        """Long labels, long ids, ids used twice, a button with nothing on it."""
        stage.bot.on_text = lambda message: message.reply("pick", view=view)
        error = await refused(stage)
        assert error.code == 50035
        assert place in str(error)

    async def test_a_select_of_26(self, stage: Stage) -> None:
        """25 is the most."""
        select: ui.Select[ui.View] = ui.Select(custom_id="s", options=[discord.SelectOption(label="0")])
        select._underlying.options += [discord.SelectOption(label=str(number)) for number in range(1, 26)]
        view = ui.View(timeout=None)
        view.add_item(select)
        stage.bot.on_text = lambda message: message.reply("pick", view=view)
        assert "options" in str(await refused(stage))

    async def test_a_reply_to_a_message_that_is_gone(self, stage: Stage) -> None:
        """An error, or a plain message where the reference says so."""
        question = await stage.ada.says(stage.general, "hello")
        await stage.ada.deletes(question)
        channel = stage.bot.get_partial_messageable(stage.general.id)
        reference = discord.MessageReference(message_id=question.id, channel_id=stage.general.id)
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await channel.send("there", reference=reference)
        reference.fail_if_not_exists = False
        await channel.send("there", reference=reference)
        assert (await stage.server.sent.next()).reply_to is None

    async def test_a_place_where_the_bot_may_not_speak(self, stage: Stage) -> None:
        """50013 without the permission to send, 50001 without that to see."""
        stage.bot.on_text = lambda message: message.reply("hi")
        stage.general.denied = Permission.SEND_MESSAGES
        assert (await refused(stage)).code == 50013
        stage.general.denied = Permission.VIEW_CHANNEL
        assert (await refused(stage)).code == 50001

    async def test_a_message_of_somebody_else_is_not_to_be_edited(self, stage: Stage) -> None:
        """50005."""
        stage.bot.on_text = lambda message: message.edit(content="mine")
        assert (await refused(stage)).code == 50005


class TestFaults:
    async def test_a_rate_limit_is_waited_for(self, stage: Stage) -> None:
        """discord.py tries again after retry_after, and the answer comes once."""
        stage.server.rest.faults.plan("POST", r"/channels/\d+/messages", rate_limited(0.01))
        stage.bot.on_text = lambda message: message.reply("hi")
        question = await stage.ada.mentions(stage.general)
        await stage.server.answer(question)
        assert len(stage.server.answers(question)) == 1
        posts = stage.server.requests.all(lambda request: request.is_("POST", r"/channels/\d+/messages"))
        assert [post.status for post in posts] == [429, 200]

    async def test_a_rate_limit_without_via_is_a_ban(self, stage: Stage) -> None:
        """discord.py gives up."""
        stage.server.rest.faults.plan("POST", r"/channels/\d+/messages", rate_limited(0.01, via=False))
        stage.bot.on_text = lambda message: message.reply("hi")
        assert (await refused(stage)).status == 429

    async def test_a_nonce_keeps_a_lost_answer_from_being_doubled(self, stage: Stage) -> None:
        """The first try took effect though its answer was a 502; the second gets the same message."""
        stage.server.rest.faults.plan("POST", r"/channels/\d+/messages", bad_gateway(applied=True))
        stage.bot.on_text = lambda message: message.reply("hi")
        question = await stage.ada.mentions(stage.general)
        await stage.server.requests.next(lambda request: request.status == 502)
        done = await stage.server.requests.next(lambda request: request.method == "POST" and request.status == 200)
        (answer,) = stage.server.answers(question)
        assert done.answer["id"] == str(answer.id)

    async def test_a_line_that_drops_is_an_error_of_the_client(self, stage: Stage) -> None:
        """Neither discord.py nor aiohttp tries a POST again."""
        stage.server.rest.faults.plan("POST", r"/channels/\d+/messages", dropped())
        with pytest.raises((OSError, aiohttp.ServerDisconnectedError)):
            await stage.bot.get_partial_messageable(stage.general.id).send("hi")
        assert len(stage.server.sent) == 0

    async def test_an_unknown_route_is_noted(self, stage: Stage) -> None:
        """A fixture can fail a test for it."""
        with pytest.raises(discord.NotFound):
            await stage.bot.http.request(discord.http.Route("GET", "/nonsense"))
        assert stage.server.problems == ["unknown route: GET /nonsense"]

    async def test_no_token_is_refused(self, stage: Stage) -> None:
        """401, as for a wrong one."""
        stage.bot.http.token = None
        with pytest.raises(discord.HTTPException) as caught:
            await stage.bot.http.request(discord.http.Route("GET", "/users/@me"))
        assert caught.value.status == 401
