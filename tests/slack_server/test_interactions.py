"""What the server enforces of commands, presses and modals."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slack_server import Message, NotOffered, Payload
from tests.slack_server.stage import Stage

PLAIN = {"type": "plain_text", "text": "Label"}
ROW: Payload = {
    "type": "actions",
    "block_id": "row",
    "elements": [{"type": "button", "action_id": "go", "value": "v", "text": {"type": "plain_text", "text": "Go"}}],
}
FEEDBACK: Payload = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "rate",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "up"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "down"},
        }
    ],
}
MODAL: Payload = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "who",
            "label": PLAIN,
            "element": {"type": "external_select", "action_id": "pick", "min_query_length": 0},
        },
        {
            "type": "input",
            "block_id": "why",
            "optional": True,
            "label": PLAIN,
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
    ],
}


def options(count: int, *, value: str = "id") -> Payload:
    """An answer to what is typed."""
    texts = [{"type": "plain_text", "text": f"Option {number}"} for number in range(count)]
    return {"options": [{"text": text, "value": f"{value}-{number}"} for number, text in enumerate(texts)]}


def planted(stage: Stage) -> Message:
    """A message with buttons."""
    return stage.server.plant(stage.general, "press", [ROW, FEEDBACK])


def acks(**answer: Any) -> Any:
    """What acknowledges with an answer."""

    async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
        await ack(**answer)

    return use


def opens(stage: Stage, view: Payload = MODAL) -> None:
    """Lets the bot open a modal for whatever is done; what is done with that is acknowledged."""

    async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
        if body.get("type") == "block_suggestion":
            await ack(options=options(3)["options"])
            return
        await ack()
        if body.get("type") not in ("view_submission", "view_closed"):
            await client.views_open(trigger_id=body["trigger_id"], view=view)

    stage.bot.on_use = use


class TestCommands:
    async def test_an_answer_in_the_acknowledgement(self, stage: Stage) -> None:
        """For the member alone, unless it says otherwise."""
        stage.bot.on_use = acks(text="for you")
        reply = await stage.ada.slash(stage.general, "/plain", "x").reply()
        assert (reply.text, reply.viewer, reply.via) == ("for you", stage.ada.user, "ack")
        stage.bot.on_use = acks(text="for all", response_type="in_channel")
        assert (await stage.ada.slash(stage.general, "/plain").reply()).viewer is None

    async def test_an_answer_through_the_address(self, stage: Stage) -> None:
        """Five of them, within half an hour."""

        async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
            await ack()
            for number in range(6):
                answer = await respond(f"answer {number}")
                stage.bot.errors.add(f"{answer.status_code} {answer.body}")

        stage.bot.on_use = use
        used = stage.ada.slash(stage.general, "/plain")
        assert [(await used.reply()).text for _ in range(5)] == [f"answer {number}" for number in range(5)]
        assert "used_url" in await stage.bot.errors.next(lambda line: line.startswith("404"))

    async def test_an_old_address_is_refused(self, stage: Stage) -> None:
        """After thirty minutes."""
        used = stage.ada.slash(stage.general, "/plain")
        await used.acked()
        stage.clock.now += 1801
        async with aiohttp.ClientSession() as session, session.post(used.address, json={"text": "late"}) as response:
            assert (response.status, (await response.json())["error"]) == (404, "expired_url")

    async def test_what_is_not_offered(self, stage: Stage) -> None:
        """Commands that the app hasn't got, and all of them in a thread."""
        with pytest.raises(NotOffered):
            stage.ada.slash(stage.general, "/other")
        with pytest.raises(NotOffered):
            stage.ada.slash(stage.general, "/plain", thread=planted(stage))
        with pytest.raises(NotOffered):
            stage.ada.picks_from_menu(planted(stage), "Other")

    async def test_a_late_acknowledgement_is_a_problem(self, stage: Stage) -> None:
        """What a member does is not sent again."""
        release = asyncio.Event()

        async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
            await release.wait()

        stage.bot.on_use = use
        used = stage.ada.slash(stage.general, "/plain")
        with pytest.raises(AssertionError, match="never acknowledged"):
            await used.acked()
        release.set()
        await stage.server.deliveries.log.until(lambda: used.over)
        assert len(used.delivery.attempts) == 1
        assert "not acknowledged" in stage.server.problems[0]


class TestPresses:
    async def test_a_button_comes_with_its_message(self, stage: Stage) -> None:
        """And an ephemeral message without."""
        message = planted(stage)
        used = stage.ada.clicks(message, "Go")
        await used.acked()
        body = used.delivery.payload
        assert (body["actions"][0]["value"], body["message"]["ts"]) == ("v", message.ts)
        await stage.bot.client.chat_postEphemeral(
            channel=stage.general.id, user=stage.ada.user.id, text="press", blocks=[ROW]
        )
        private = await stage.server.sent.next()
        used = stage.ada.clicks(private, "Go")
        assert "message" not in used.delivery.payload
        assert used.delivery.payload["container"]["is_ephemeral"]
        with pytest.raises(NotOffered):
            stage.ben.clicks(private, "Go")

    async def test_feedback_says_which_side(self, stage: Stage) -> None:
        """By its value."""
        used = stage.ada.clicks(planted(stage), "Bad")
        await used.acked()
        assert used.delivery.payload["actions"][0]["value"] == "down"

    async def test_a_message_is_replaced_or_deleted_through_the_address(self, stage: Stage) -> None:
        """A response that says neither is a problem, as nobody can tell what Slack makes of it."""
        message = planted(stage)

        async def use(ack: Any, body: Payload, respond: Any, client: Any) -> None:
            await ack()
            await respond("new", replace_original=True)
            await respond(delete_original=True)
            await respond("ambiguous")

        stage.bot.on_use = use
        used = stage.ada.clicks(message, "Go")
        assert (await stage.server.world.edited.next()).text == "new"
        assert await stage.server.world.deleted.next() is message
        await used.reply()
        assert "does not say whether" in stage.server.problems[0]

    async def test_a_shortcut_comes_with_its_message(self, stage: Stage) -> None:
        """Though nobody mentioned the bot in it."""
        message = stage.ben.says(stage.general, "look")
        used = stage.ada.picks_from_menu(message, "Look at this")
        await used.acked()
        body = used.delivery.payload
        assert (body["callback_id"], body["message"]["text"]) == ("look", "look")


class TestModals:
    async def test_a_modal_is_filled_in_and_sent_off(self, stage: Stage) -> None:
        """With what was picked of what the bot offered, and what was typed."""
        opens(stage)
        view = await stage.ada.clicks(planted(stage), "Go").shown()
        assert view.title == "Form"
        with pytest.raises(NotOffered):
            stage.ada.submits(view)
        with pytest.raises(NotOffered):
            stage.ada.selects(view, "pick", "id-1")
        assert (await stage.ada.completes(view, "pick", ""))[1] == ("Option 1", "id-1")
        stage.ada.selects(view, "pick", "id-1")
        stage.ada.fills(view, "text", "because")
        used = stage.ada.submits(view)
        await used.acked()
        values = used.delivery.payload["view"]["state"]["values"]
        assert values["who"]["pick"]["selected_option"]["value"] == "id-1"
        assert values["why"]["text"]["value"] == "because"
        assert view.closed
        assert stage.server.problems == []

    async def test_a_trigger_opens_one_view_in_three_seconds(self, stage: Stage) -> None:
        """A made-up one none."""
        opens(stage)
        used = stage.ada.clicks(planted(stage), "Go")
        await used.shown()
        stage.bot.on_use = acks()
        late = stage.ada.clicks(planted(stage), "Go")
        await late.acked()
        stage.clock.now += 3.1
        said = []
        for trigger in (used.trigger, late.trigger, "made-up"):
            with pytest.raises(SlackApiError) as caught:
                await stage.bot.client.views_open(trigger_id=trigger, view=MODAL)
            said.append(caught.value.response["error"])
        assert said == ["expired_trigger_id", "expired_trigger_id", "invalid_trigger_id"]

    async def test_a_trigger_is_used_up(self, stage: Stage) -> None:
        """By the first view."""
        opens(stage)
        used = stage.ada.clicks(planted(stage), "Go")
        await used.shown()
        with pytest.raises(SlackApiError) as caught:
            await stage.bot.client.views_open(trigger_id=used.trigger, view=MODAL)
        assert caught.value.response["error"] == "exchanged_trigger_id"

    @pytest.mark.parametrize(
        "change",
        [
            {"title": {"type": "plain_text", "text": "x" * 25}},
            {"submit": None},
            {"private_metadata": "x" * 3001},
            {"blocks": [{"type": "divider"}] * 101},
            {"type": "home"},
        ],
        ids=str,
    )
    async def test_a_view_that_breaks_a_rule_is_refused(self, stage: Stage, change: Payload) -> None:
        """Lengths, counts, and a button to send off what was entered."""
        view = {key: value for key, value in {**MODAL, **change}.items() if value is not None}
        opens(stage, view)
        stage.ada.clicks(planted(stage), "Go")
        assert await stage.bot.errors.next() == "invalid_arguments"

    async def test_answers_to_a_submission(self, stage: Stage) -> None:
        """Errors for its inputs leave it open; an update changes what is shown."""
        opens(stage, {**MODAL, "blocks": [MODAL["blocks"][1]]})
        view = await stage.ada.clicks(planted(stage), "Go").shown()
        stage.bot.on_use = acks(response_action="errors", errors={"why": "say more"})
        used = stage.ada.submits(view)
        await used.acked()
        assert (used.errors, view.closed) == ({"why": "say more"}, False)
        done = {"type": "modal", "title": {"type": "plain_text", "text": "Done"}, "blocks": [{"type": "divider"}]}
        stage.bot.on_use = acks(response_action="update", view=done)
        shown = await stage.ada.submits(view).shown()
        assert (shown, shown.title) == (view, "Done")

    @pytest.mark.parametrize(
        "answer", [options(101), options(1, value="x" * 151), {"options": [{"value": "x"}]}], ids=len
    )
    async def test_options_that_break_a_rule_are_a_problem(self, stage: Stage, answer: Payload) -> None:
        """Members would see none."""
        opens(stage)
        view = await stage.ada.clicks(planted(stage), "Go").shown()
        stage.bot.on_use = acks(**answer)
        assert await stage.ada.completes(view, "pick", "x") == []
        assert "is refused" in stage.server.problems[0]

    async def test_a_home_is_published_once_it_is_enabled(self, idle: Stage) -> None:
        """A stale hash is a conflict."""
        view = {"type": "home", "blocks": [ROW]}
        made = await idle.bot.client.views_publish(user_id=idle.ada.user.id, view=view)
        old = json.loads(json.dumps(made["view"]))["hash"]
        await idle.bot.client.views_publish(user_id=idle.ada.user.id, view=view, hash=old)
        with pytest.raises(SlackApiError) as caught:
            await idle.bot.client.views_publish(user_id=idle.ada.user.id, view=view, hash=old)
        assert caught.value.response["error"] == "hash_conflict"
        assert idle.server.world.homes[idle.ada.user.id].labels == ["Go"]
