"""Questions in messages: mentions, direct messages, threads and channels that are answered by themselves."""

from __future__ import annotations

import time

import pytest

from adapters.slack.questions import question_of
from tests.adapters.slack.support import World
from tests.slack_server.exchange import dropped, rate_limited, refused, server_error
from tests.support import Clock

HOST = "who moderated the hill talk?"


class TestMentions:
    async def test_a_mention_is_answered_in_its_thread(self, world: World) -> None:
        """With the source, and without previews."""
        question = world.ada.mentions(world.general, HOST)
        answer = await world.answer(question)
        assert answer.thread == question.ts
        assert "Tom Quill moderated the hill talk." in answer.shown
        assert "Night at the harbor" in answer.shown
        assert answer.body["unfurl_links"] in (False, "false", "0", 0)

    async def test_a_mention_that_comes_twice_is_answered_once(self, world: World) -> None:
        """As a mention and as a message, where both are subscribed to."""
        question = world.ada.mentions(world.general, HOST)
        await world.answer(question)
        told = world.server.told(question)
        assert {delivery.payload["event"]["type"] for delivery in told} == {"app_mention", "message"}
        for delivery in told:
            await world.server.deliveries.acked(delivery)
        await world.settled()
        assert len(world.server.answers(question)) == 1

    async def test_what_is_not_addressed_is_left_alone(self, world: World) -> None:
        """In a channel, and in a thread that Herald takes part in."""
        answer = await world.asks(HOST)
        quiet = [world.ada.says(world.general, HOST), world.ben.says(world.general, HOST, thread=answer)]
        for message in quiet:
            for delivery in world.server.told(message):
                await world.server.deliveries.acked(delivery)
        await world.settled()
        assert len(world.server.sent.all()) == 1

    async def test_a_mention_in_the_thread_follows_up(self, world: World, clock: Clock) -> None:
        """Also another member's."""
        first = await world.asks("who moderated the harbor talk")
        second = await world.answer(world.ben.mentions(world.general, "and on the hill?", thread=first))
        assert "Tom Quill" in second.shown
        assert second.thread == first.thread

    async def test_a_bare_mention_is_greeted(self, world: World) -> None:
        """With questions to begin with."""
        answer = await world.asks("")
        assert "Ask me something" in answer.shown
        assert len(answer.labels) == 4

    async def test_what_was_just_answered_is_pointed_at(self, world: World, clock: Clock) -> None:
        """To whoever asks, and for a minute."""
        first = await world.asks(HOST)
        question = world.ben.mentions(world.general, HOST)
        again = await world.answer(question)
        assert again.viewer is world.ben.user
        assert first.ts.replace(".", "") in again.text
        clock.now += 61
        third = world.ben.mentions(world.general, HOST)
        assert "Tom Quill" in (await world.answer(third)).shown

    async def test_who_asks_too_fast_is_told_once(self, world: World) -> None:
        """And alone."""
        questions = [world.ada.mentions(world.general, f"hello {number}") for number in range(8)]
        for question in questions:
            for delivery in world.server.told(question):
                await world.server.deliveries.acked(delivery)
        told = await world.server.sent.next(lambda sent: "faster than I answer" in sent.text)
        await world.settled()
        assert told.viewer is world.ada.user
        assert len([sent for sent in world.server.sent.all() if "faster" in sent.text]) == 1
        assert len(world.server.sent.all()) == 6


class TestDirectMessages:
    async def test_they_are_answered_beside_the_question(self, world: World) -> None:
        """Without a thread of their own, and with follow-ups."""
        answer = await world.answer(world.ada.dms("who moderated the harbor talk"))
        assert answer.thread == ""
        assert "Ada Stone" in answer.shown
        assert "Tom Quill" in (await world.answer(world.ada.dms("and on the hill?"))).shown

    async def test_an_agent_s_thread_is_kept(self, world: World) -> None:
        """Where the question has one, with a status while working."""
        root = world.ada.dms("hello")
        await world.answer(root)
        question = world.ada.dms(HOST, thread=root)
        assert (await world.answer(question)).thread == root.ts
        assert world.server.requests.all(lambda request: request.is_("assistant.threads.setStatus"))

    @pytest.mark.parametrize(("seconds", "calls"), [(0.0, 2), (600.0, 1)])
    async def test_a_refused_status_is_tried_again_later(
        self, world: World, monkeypatch: pytest.MonkeyPatch, seconds: float, calls: int
    ) -> None:
        """It may have been a busy moment of Slack's; but where none is offered, answers shouldn't wait for it."""
        monkeypatch.setattr("adapters.slack.questions._STATUS_AGAIN", seconds)
        root = world.ada.dms("hello")
        await world.answer(root)
        world.server.api.faults.plan("assistant.threads.setStatus", refused("internal_error"))
        for _ in range(2):
            await world.answer(world.ada.dms(HOST, thread=root))
            await world.settled()
        assert len(world.server.requests.all(lambda request: request.is_("assistant.threads.setStatus"))) == calls

    async def test_an_edit_is_answered_anew(self, world: World) -> None:
        """In the same message."""
        question = world.ada.dms("who moderated the harbor talk")
        answer = await world.answer(question)
        await world.edited(question, HOST)
        assert "Tom Quill" in answer.shown
        assert len(world.server.answers(question)) == 1

    @pytest.mark.parametrize("text", ["who moderated the harbor talk", "who moderated " * 40])
    async def test_what_concerns_the_asker_alone_follows_too(self, world: World, text: str) -> None:
        """Such as the link to what was just answered, or that a question is too long: edited, and taken away."""
        await world.answer(world.ada.dms("who moderated the harbor talk"))
        question = world.ada.dms(text)
        told = await world.answer(question)
        await world.edited(question, HOST)
        assert "Tom Quill" in told.shown
        world.ada.deletes(question)
        await world.server.requests.next(lambda request: request.is_("chat.delete"))
        await world.settled()
        assert told.deleted

    async def test_nobody_is_pointed_at_what_an_edit_took_away(self, world: World) -> None:
        """The message says something else by now: the old question is answered, and the new one points there."""
        question = world.ada.dms("who moderated the harbor talk")
        answer = await world.answer(question)
        await world.edited(question, HOST)
        assert "Ada Stone" in (await world.answer(world.ada.dms("who moderated the harbor talk"))).shown
        assert answer.ts.replace(".", "") in (await world.answer(world.ada.dms(HOST))).text

    async def test_the_answer_goes_with_its_question(self, world: World) -> None:
        """Where Slack tells of the deletion."""
        question = world.ada.dms(HOST)
        answer = await world.answer(question)
        await world.settled()
        world.ada.deletes(question)
        await world.server.requests.next(lambda request: request.is_("chat.delete"))
        await world.settled()
        assert answer.deleted

    async def test_the_answer_goes_with_a_question_that_has_replies(self, world: World) -> None:
        """Of which Slack leaves a line in its place, that isn't taken for an edit."""
        question = world.ada.dms(HOST)
        answer = await world.answer(question)
        await world.answer(world.ada.dms("hello", thread=question))
        world.ada.deletes(question)
        await world.server.requests.next(lambda request: request.is_("chat.delete"))
        await world.settled()
        assert answer.deleted
        assert not world.server.requests.all(lambda request: request.is_("chat.update"))


class TestByThemselves:
    async def test_a_sure_answer_is_given(self, world: World) -> None:
        """Where nobody mentioned Herald."""
        question = world.ada.says(world.auto, HOST)
        assert "Tom Quill" in (await world.answer(question)).shown

    @pytest.mark.parametrize("text", ["hello", "what is the capital of France", "interview at the talk"])
    async def test_nothing_else_is_said(self, world: World, text: str) -> None:
        """No small talk, no choices, and no word of what it doesn't know."""
        question = world.ada.says(world.auto, text)
        for delivery in world.server.told(question):
            await world.server.deliveries.acked(delivery)
        await world.settled()
        assert world.server.sent.all() == []


class TestFaults:
    async def test_a_redelivered_event_is_answered_once(self, world: World) -> None:
        """In an envelope of its own."""
        question = world.ada.mentions(world.general, HOST)
        await world.answer(question)
        (mention,) = [d for d in world.server.told(question) if d.payload["event"]["type"] == "app_mention"]
        again = world.server.deliveries.send("events_api", mention.payload)
        await world.server.deliveries.acked(again)
        await world.settled()
        assert len(world.server.answers(question)) == 1

    @pytest.mark.parametrize(
        "fault", [rate_limited(1), server_error(500), server_error(502), server_error(503), server_error(504)], ids=str
    )
    async def test_an_answer_is_not_lost(self, world: World, fault: object) -> None:
        """To a busy moment of Slack's."""
        world.server.api.faults.plan("chat.postMessage", fault)  # type: ignore[arg-type]
        question = world.ada.mentions(world.general, HOST)
        assert "Tom Quill" in (await world.answer(question)).shown
        await world.settled()
        assert len(world.server.answers(question)) == 1

    @pytest.mark.parametrize("applied", [False, True])
    async def test_a_lost_connection_neither_loses_nor_doubles(self, world: World, *, applied: bool) -> None:
        """Where what was posted may be read."""
        world.server.api.faults.plan("chat.postMessage", dropped(applied=applied))
        question = world.ada.dms(HOST)
        assert "Tom Quill" in (await world.answer(question)).shown
        await world.settled()
        assert len(world.server.answers(question)) == 1

    async def test_slack_s_feedback_buttons_have_a_fallback(self, world: World) -> None:
        """Where it refuses them, plain ones come in their place."""
        world.server.api.faults.plan("chat.postMessage", refused("invalid_blocks"))
        answer = await world.asks(HOST)
        assert [block["type"] for block in answer.blocks][-1] == "actions"
        assert "Not helpful" in answer.labels

    async def test_a_refusal_is_one_line_in_the_log(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        """With an incident, and no word of the member's."""
        world.server.api.faults.plan("chat.postMessage", refused("is_archived"))
        sorry = await world.asks("who moderated the secret talk")
        assert "something went wrong" in sorry.text
        logged = capsys.readouterr().out
        assert "is_archived" in logged
        assert "secret" not in logged


def test_what_a_member_typed_is_read_as_they_typed_it() -> None:
    """Without mentions, emoji and addresses."""
    assert question_of("<@U1|herald> who &lt;b&gt; <!channel> &amp; <https://x.org|the talk> :wave: <#C1|general>") == (
        "who <b> & the talk"
    )
    assert question_of("at 10:30:15 <https://x.org>") == "at 10:30:15"
    assert question_of("who hosted it :thinking_face::+1::skin-tone-2:? (1:2:3)") == "who hosted it ? (1:2:3)"


EMOJI = [":tada::tada:", ":wave::skin-tone-2:", ":wave:!", "(:wave:)", ":日本:", ":+1: :+1::skin-tone-3:"]


@pytest.mark.parametrize("typed", ["<@U1>", "<@U1> ?", "<@U1> 🙂 :wave:", "\u200b", "<@U1> &lt;&gt;", *EMOJI])
def test_no_word_is_no_question(typed: str) -> None:
    """It counts as a mention without one."""
    assert question_of(typed) == ""


def test_a_long_text_of_broken_links_is_read_at_once() -> None:
    """40,000 characters of them took two seconds before, in which nobody else was answered."""
    began = time.process_time()
    for part in ("<https://x|", "<https://x", "<@U1", "<!a", ":a", ":a:b", "::a", "a+:"):
        assert question_of(part * 4000)
    assert time.process_time() - began < 0.5
