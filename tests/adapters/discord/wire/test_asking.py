"""Asking over the wire: one bot process for all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.discord.admin import WHY_THIS
from bot import notices
from tests.adapters.discord.wire.stage import MESSAGES, Stage, staged
from tests.discord_server import Answer, NotOffered, bad_gateway, dropped, rate_limited

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "Ada Stone moderated the harbor talk."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(wire_folder: Path, wire_settings: Mapping[str, str]) -> AsyncIterator[Stage]:
    """The town with the bot in it."""
    async with staged(wire_folder, wire_settings) as set_up, set_up.bot():
        yield set_up


class TestMessages:
    async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(self, stage: Stage) -> None:
        """With the source in the text, as plain content."""
        thread = await stage.server.world.thread(stage.general, "mention")  # where nobody has asked it just now
        answer = await stage.asked("who moderated the harbor talk?", channel=thread)
        assert answer.content.startswith(HOST)
        assert "Night at the harbor" in answer.content
        assert answer.embeds == []
        assert answer.pings == ()
        assert answer.body["allowed_mentions"] == {"parse": [], "replied_user": False}
        assert answer.body["message_reference"]["fail_if_not_exists"] is False

    async def test_what_is_not_addressed_to_it_is_left_alone(self, stage: Stage) -> None:
        """The next question is the only one answered."""
        idle = await stage.ada.says(stage.general, "who directed Low Tide?")
        await stage.asked("who voices the Lighthouse?")
        assert stage.server.answers(idle) == []

    async def test_a_reply_to_an_answer_is_a_follow_up(self, stage: Stage) -> None:
        """It pings, and so it is readable without the privileged intent."""
        answer = await stage.asked("who moderated the hill talk?")
        follow_up = await stage.ada.says(stage.general, "and at the harbor?", reply_to=answer)
        assert (await stage.server.answer(follow_up)).content.startswith((HOST, "I have just answered that here"))

    async def test_a_bare_mention_in_a_reply_can_not_read_that_message(self, stage: Stage) -> None:
        """Without the privileged intent its content is empty, so the member is told what to do instead."""
        other = await stage.ben.says(stage.general, "who wrote the music?")
        mention = await stage.ada.mentions(stage.general, reply_to=other)
        answer = await stage.server.sent.next(lambda sent: sent.reply_to in (mention.id, other.id))
        assert answer.content == notices.NO_TEXT

    async def test_a_direct_message_is_answered(self, stage: Stage) -> None:
        """And safe by default: what is explicit is withheld."""
        assert (await stage.server.answer(await stage.ada.dms("release date"))).content.startswith("Low Tide opens")
        withheld = await stage.server.answer(await stage.ada.dms("what does Corwin shout at the gull?"))
        assert "very rude" not in withheld.content

    async def test_a_server_that_it_does_not_know_is_no_direct_message(self, stage: Stage) -> None:
        """As while Discord has not told of it: only what is addressed to Herald is answered, and by a reply."""
        world = stage.server.world
        unknown = world.guild("Unknown")
        place, member = world.channel(unknown, "general"), stage.server.member("cleo", unknown)
        idle = await member.says(place, "who directed Low Tide?")
        answer = await stage.asked("who voices the Lighthouse?", member, place)
        assert stage.server.answers(idle) == []
        assert answer.body["message_reference"]["guild_id"] == unknown.id

    async def test_an_age_restricted_channel_allows_what_is_explicit(self, stage: Stage) -> None:
        """And so does a thread inside it; elsewhere there is no word of it."""
        asked = "what does Corwin shout at the gull?"
        assert "very rude" in (await stage.asked(asked, channel=stage.night)).content
        inside = await stage.server.world.thread(stage.night, "aside")
        assert "very rude" in (await stage.asked(asked, channel=inside)).content
        assert "very rude" not in (await stage.asked(asked)).content

    async def test_an_edit_is_followed_and_a_deletion_too(self, stage: Stage) -> None:
        """The answer changes, then goes."""
        question = await stage.ben.mentions(stage.general, "where was the hill talk?")
        answer = await stage.server.answer(question)
        await stage.ben.edits(question, f"{stage.server.world.bot.mention} where was the harbor talk?")
        edited = await stage.server.world.edited.next(lambda message: message is answer)
        assert "boat shed" in edited.content
        assert edited.pings == ()
        await stage.ben.deletes(question)
        await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_the_same_question_soon_after_gets_a_link(self, stage: Stage) -> None:
        """To the first answer."""
        thread = await stage.server.world.thread(stage.general, "again")
        first = await stage.asked("what camera was used?", channel=thread)
        again = await stage.asked("what camera was used?", stage.ben, thread)
        assert again.content.endswith(f"/{thread.id}/{first.id}")


class TestInteractions:
    async def test_ask_answers_and_completes(self, stage: Stage) -> None:
        """A choice is an entry's id under its question; text that is no choice is matched."""
        typed = await stage.ada.types(stage.general, "ask", "question", "who moderated the har")
        choices = await typed.choices()
        assert choices[0] == ("who moderated the harbor talk", "harbor-host")
        thread = await stage.server.world.thread(stage.general, "slash")
        picked = await stage.ada.slash(thread, "ask", question="harbor-host")
        assert (await picked.reply()).content.startswith(HOST)
        free = await stage.ada.slash(thread, "ask", question="who plays Corwin?")
        assert (await free.reply()).content.startswith("Ben Reed")

    async def test_nothing_typed_offers_questions(self, stage: Stage) -> None:
        """At most 25, each of at most 100 characters, which the server holds the bot to."""
        assert await (await stage.ada.types(stage.general, "ask", "question", "")).choices()

    async def test_the_context_menu_reads_its_message(self, stage: Stage) -> None:
        """Though nobody mentioned the bot in it."""
        thread = await stage.server.world.thread(stage.general, "menu")
        message = await stage.ben.says(thread, "who wrote the music?")
        used = await stage.ada.picks_from_menu(message, "Ask Herald")
        assert (await used.reply()).content.startswith("Tom Quill wrote the music")

    async def test_a_quote_has_its_buttons(self, stage: Stage) -> None:
        """Another, and where it comes from."""
        used = await stage.ada.slash(stage.general, "quote", speaker="Mira Holt")
        quote = await used.reply()
        assert "Mira Holt" in quote.content
        assert "Source" in quote.labels
        source = await (await stage.ben.clicks(quote, "Source")).reply()
        assert source.viewer is stage.ben.user
        assert "Night at the harbor" in source.content

    async def test_a_spoiler_is_revealed_to_whoever_asks_for_it(self, stage: Stage) -> None:
        """The stub stays as it is."""
        stub = await stage.asked("what is Low Tide about?", channel=stage.night)
        assert "waits for the water" not in stub.content
        revealed = await (await stage.ben.clicks(stub, "Reveal")).reply()
        assert revealed.viewer is stage.ben.user
        assert "waits for the water" in revealed.content
        assert "waits for the water" not in stub.content

    async def test_a_retired_entry_is_told_kindly(self, stage: Stage) -> None:
        """The button is from a life before."""
        row = {"type": 2, "style": 1, "label": "Old", "custom_id": "h1:pick:no-such-entry"}
        old = await stage.server.plant(stage.general, "pick", [{"type": 1, "components": [row]}])
        reply = await (await stage.ada.clicks(old, "Old")).reply()
        assert (reply.content, reply.viewer) == (notices.RETIRED, stage.ada.user)

    async def test_only_the_asker_dismisses(self, stage: Stage) -> None:
        """Anybody else is told so, and the answer stays."""
        thread = await stage.server.world.thread(stage.general, "dismiss")
        answer = await stage.asked("how long was the shoot?", channel=thread)
        refused = await (await stage.ben.clicks(answer, "Dismiss")).reply()
        assert refused.viewer is stage.ben.user
        assert not answer.deleted
        await stage.ada.clicks(answer, "Dismiss")
        await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_admin_commands_are_for_admins(self, stage: Stage) -> None:
        """They are not offered, and where a guild offers them all the same the bot refuses."""
        with pytest.raises(NotOffered):
            await stage.ada.slash(stage.general, "herald status")
        forced = await stage.ada.slash(stage.general, "herald status", overridden=True)
        assert (await forced.reply()).content == notices.FORBIDDEN
        allowed = await (await stage.admin.slash(stage.general, "herald status")).reply()
        assert allowed.viewer is stage.admin.user

    async def test_no_command_is_marked_nsfw(self, stage: Stage) -> None:
        """And all but the admins' are for guilds and users, in guilds, DMs and private channels."""
        for command in stage.server.world.commands:
            assert not command["nsfw"]
            if command["name"] not in ("herald", WHY_THIS):
                assert (sorted(command["integration_types"]), sorted(command["contexts"])) == ([0, 1], [0, 1, 2])

    async def test_a_guild_without_the_bot_is_served_by_a_members_install(self, stage: Stage) -> None:
        """Only interactions reach it there."""
        elsewhere = stage.server.world.guild("Elsewhere", has_bot=False)
        room = stage.server.world.channel(elsewhere, "room")
        stage.server.world.join(elsewhere, stage.ada.user)
        used = await stage.ada.slash(room, "ask", question="who moderated the harbor talk?")
        assert (await used.reply()).content.startswith(HOST)


class TestFaults:
    @pytest.mark.parametrize("name", ["429", "502", "502 after it took effect"])
    async def test_a_refused_send_is_tried_again(self, stage: Stage, name: str) -> None:
        """The answer arrives, once."""
        fault = {"429": rate_limited(0.05), "502": bad_gateway()}.get(name, bad_gateway(applied=True))
        stage.server.rest.faults.plan("POST", MESSAGES, fault)
        thread = await stage.server.world.thread(stage.general, name)
        question = await stage.ada.mentions(thread, "who directed Low Tide?")
        failed = await stage.server.requests.next(lambda request: request.status in (429, 502))
        await stage.server.requests.next(lambda request: request.path == failed.path and request.status == 200)
        (answer,) = stage.server.answers(question)
        assert answer.content.startswith("Mira Holt")

    @pytest.mark.parametrize("applied", [False, True])
    async def test_a_line_lost_on_sending_loses_and_doubles_nothing(self, stage: Stage, applied: bool) -> None:  # noqa: FBT001
        """Whether the answer arrived can't be known, so it is sent again, and Discord takes it once."""
        stage.server.rest.faults.plan("POST", MESSAGES, dropped(applied=applied))
        thread = await stage.server.world.thread(stage.general, f"dropped {applied}")
        question = await stage.ada.mentions(thread, "who directed Low Tide?")
        lost = await stage.server.requests.next(lambda request: request.status == -1)
        again = await stage.server.requests.next(lambda request: request.path == lost.path and request.status == 200)
        (answer,) = stage.server.answers(question)
        assert answer.content.startswith("Mira Holt")
        assert again.answer["id"] == str(answer.id)

    async def test_a_line_dropped_in_mid_question_is_resumed(self, stage: Stage) -> None:
        """A question asked meanwhile is answered once, and so is the one under way."""
        thread = await stage.server.world.thread(stage.general, "gateway")
        before = await stage.ada.mentions(thread, "who voices the Lighthouse?")
        await stage.server.gateway.drop()
        meanwhile = await stage.ben.mentions(thread, "who plays Corwin?")
        await stage.server.gateway.resumed.next()
        for question in (before, meanwhile):
            await stage.server.answer(question)
        after = await stage.asked("where was the hill talk?", channel=thread)
        assert "chapel" in after.content
        assert [len(stage.server.answers(question)) for question in (before, meanwhile)] == [1, 1]

    async def test_a_deferred_answer_stays_within_three_seconds(self, stage: Stage) -> None:
        """Every first response so far came in time, which the server would have refused otherwise; one at least."""
        thread = await stage.server.world.thread(stage.general, "in time")
        used = await stage.ada.slash(thread, "ask", question="harbor-host")
        await used.reply()
        found = stage.server.interactions.by_token.values()
        answered = [interaction for interaction in found if interaction.answer is not None]
        assert max(interaction.took for interaction in answered) < 3
        assert Answer.MESSAGE in {interaction.answer for interaction in answered}
