"""Asking over the wire: one bot process on Socket Mode for all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from bot import ids, notices
from tests.adapters.slack.wire.stage import Stage, staged
from tests.slack_server import NotOffered

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "Ada Stone moderated the harbor talk."
SHOUTED = "very rude"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(wire_folder: Path, wire_settings: Mapping[str, str]) -> AsyncIterator[Stage]:
    """The workspace with the bot in it."""
    async with staged(wire_folder, wire_settings) as set_up, set_up.bot():
        yield set_up


class TestMessages:
    async def test_a_mention_is_answered_in_its_thread(self, stage: Stage) -> None:
        """With the source and plain text beside the blocks, without previews, pinging nobody."""
        question = stage.ada.mentions(stage.channel(), "who moderated the harbor talk?")
        answer = await stage.server.answer(question)
        assert answer.thread == question.ts
        assert answer.shown.startswith(HOST)
        assert answer.text.startswith(HOST)
        assert "Night at the harbor" in answer.shown
        assert answer.pings == ()
        assert (answer.body["unfurl_links"], answer.body["unfurl_media"]) == (False, False)

    async def test_what_is_not_addressed_to_it_is_left_alone(self, stage: Stage) -> None:
        """The next question is the only one answered."""
        channel = stage.channel()
        idle = stage.ada.says(channel, "who directed Low Tide?")
        await stage.asked("who voices the Lighthouse?", channel)
        assert stage.server.answers(idle) == []

    async def test_a_mention_in_the_thread_is_a_follow_up(self, stage: Stage) -> None:
        """Of what was asked there."""
        answer = await stage.asked("who moderated the hill talk?")
        follow_up = await stage.asked("and at the harbor?", thread=answer)
        assert follow_up.thread == answer.thread
        assert follow_up.shown.startswith(HOST)

    async def test_a_direct_message_is_answered(self, stage: Stage) -> None:
        """And safe by default: what is explicit is withheld."""
        assert "March 3" in (await stage.server.answer(stage.ada.dms("release date"))).shown
        withheld = await stage.server.answer(stage.ada.dms("what does Corwin shout at the gull?"))
        assert SHOUTED not in withheld.shown + withheld.text

    async def test_a_channel_of_the_settings_allows_what_is_explicit(self, stage: Stage) -> None:
        """Its threads too; elsewhere there is no word of it."""
        asked = "what does Corwin shout at the gull?"
        said = await stage.asked(asked, stage.night)
        assert SHOUTED in said.shown
        question = stage.ada.mentions(stage.channel(), asked)
        withheld = await stage.server.sent.next(lambda sent: sent.channel is question.channel)
        assert SHOUTED not in withheld.shown + withheld.text

    async def test_what_is_typed_can_not_ping(self, stage: Stage) -> None:
        """Nor break the answer."""
        question = stage.ada.mentions(stage.channel(), "<!channel> & <@U1> who is xyzzy?")
        answer = await stage.server.sent.next(lambda sent: sent.channel is question.channel)
        assert answer.pings == ()

    async def test_an_edit_in_private_is_followed_and_a_deletion_too(self, stage: Stage) -> None:
        """The answer changes, then goes."""
        question = stage.ben.dms("where was the hill talk?")
        answer = await stage.server.answer(question)
        stage.ben.edits(question, "where was the harbor talk?")
        edited = await stage.server.world.edited.next(lambda message: message is answer)
        assert "boat shed" in edited.shown
        stage.ben.deletes(question)
        await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_the_same_question_soon_after_gets_a_link(self, stage: Stage) -> None:
        """To the first answer, for whoever asks alone."""
        channel = stage.channel()
        first = await stage.asked("what camera was used?", channel)
        stage.ben.mentions(channel, "what camera was used?")
        again = await stage.server.sent.next(lambda sent: sent.channel is channel)
        assert again.viewer is stage.ben.user
        assert first.ts.replace(".", "") in again.text


class TestInteractions:
    async def test_ask_answers_the_channel(self, stage: Stage) -> None:
        """Through the address that came with it."""
        reply = await stage.ada.slash(stage.channel(), "/ask", "who plays Corwin?").reply()
        assert (reply.viewer, reply.via) == (None, "response_url")
        assert reply.shown.startswith("Ben Reed")

    async def test_commands_do_not_work_in_threads(self, stage: Stage) -> None:
        """A mention does all that they do."""
        answer = await stage.asked("give me a quote by Mira Holt")
        assert "Mira Holt" in answer.shown
        with pytest.raises(NotOffered):
            stage.ada.slash(answer.channel, "/quote", thread=answer)

    async def test_the_shortcut_reads_its_message(self, stage: Stage) -> None:
        """Though nobody mentioned the bot in it."""
        message = stage.ben.says(stage.channel(), "who wrote the music?")
        reply = await stage.ada.picks_from_menu(message, "Ask Herald").reply()
        assert reply.shown.startswith("Tom Quill wrote the music")
        assert reply.thread == message.ts

    async def test_a_quote_has_its_buttons(self, stage: Stage) -> None:
        """Another, and where it comes from."""
        quote = await stage.ada.slash(stage.channel(), "/quote", "Mira Holt").reply()
        assert "Mira Holt" in quote.shown
        source = await stage.ben.clicks(quote, "Source").reply()
        assert source.viewer is stage.ben.user
        assert "Night at the harbor" in source.shown
        another = await stage.ada.clicks(quote, "Another").reply()
        assert "Mira Holt" in another.shown
        assert another.shown != quote.shown

    async def test_a_quote_is_picked_in_a_modal(self, stage: Stage) -> None:
        """Speakers and their topics are completed; values are ids."""
        view = await stage.ada.slash(stage.channel(), "/quote").shown()
        assert ("Tom Quill", "tom-quill") in await stage.ada.completes(view, "speaker", "qui")
        stage.ada.selects(view, "speaker", "tom-quill")
        (topic,) = await stage.ada.completes(view, "topic", "")
        stage.ada.selects(view, "topic", topic[1])
        used = stage.ada.submits(view)
        quote = await stage.server.sent.next(lambda sent: "missing nine keys" in sent.shown)
        await used.acked()
        assert view.closed
        assert quote.viewer is None

    async def test_feedback_is_thanked_for(self, stage: Stage) -> None:
        """For whoever gave it alone."""
        answer = await stage.asked("who plays Corwin?")
        thanks = await stage.ben.clicks(answer, "Helpful").reply()
        assert (thanks.text, thanks.viewer) == (notices.THANKS, stage.ben.user)

    async def test_a_spoiler_is_revealed_to_whoever_asks_for_it(self, stage: Stage) -> None:
        """The stub stays as it is."""
        stub = await stage.asked("what is Low Tide about?")
        revealed = await stage.ben.clicks(stub, "Reveal").reply()
        assert revealed.viewer is stage.ben.user
        assert "waits for the water" in revealed.shown
        assert "waits for the water" not in stub.shown + stub.text

    async def test_a_retired_entry_is_told_kindly(self, stage: Stage) -> None:
        """The button is from a life before."""
        button = {"type": "button", "action_id": ids.button("pick", "no-such-entry")}
        row = {"type": "actions", "elements": [{**button, "text": {"type": "plain_text", "text": "Old"}}]}
        old = stage.server.plant(stage.channel(), "pick", [row])
        reply = await stage.ada.clicks(old, "Old").reply()
        assert (reply.text, reply.viewer) == (notices.RETIRED, stage.ada.user)

    async def test_only_the_asker_dismisses(self, stage: Stage) -> None:
        """And admins; anybody else is told so, and the answer stays."""
        answer = await stage.asked("how long was the shoot?")
        refused = await stage.ben.clicks(answer, "Dismiss").reply()
        assert (refused.text, refused.viewer) == (notices.DISMISS_REFUSED, stage.ben.user)
        assert not answer.deleted
        stage.ada.clicks(answer, "Dismiss")
        await stage.server.world.deleted.next(lambda message: message is answer)

    async def test_home_shows_what_herald_knows(self, stage: Stage) -> None:
        """As things to press, which open a modal."""
        stage.ada.opens_home()
        home = await stage.server.world.views.next(lambda view: view.user is stage.ada.user and not view.title)
        assert home.labels

    async def test_admin_commands_are_for_admins(self, stage: Stage) -> None:
        """Anybody else is told so in one line; both see it alone."""
        refused = await stage.ada.slash(stage.general, "/herald", "status").reply()
        assert (refused.text, refused.viewer) == (notices.FORBIDDEN, stage.ada.user)
        allowed = await stage.admin.slash(stage.general, "/herald", "status").reply()
        assert allowed.viewer is stage.admin.user
        assert allowed.text != notices.FORBIDDEN

    async def test_everything_was_acknowledged_in_time(self, stage: Stage) -> None:
        """Well within three seconds, at the first attempt; so far, and a question of this test's own."""
        for delivery in stage.server.told(stage.ada.dms("who plays Corwin?")):
            await stage.server.deliveries.acked(delivery)
        told = stage.server.deliveries.log.all(lambda delivery: delivery.over)
        assert told
        assert all(delivery.acked for delivery in told)
        assert max(delivery.took for delivery in told) < 1
