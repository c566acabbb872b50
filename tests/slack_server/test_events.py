"""What the server tells a bot about messages."""

from __future__ import annotations

from tests.slack_server.stage import Stage


def names(stage: Stage) -> list[str]:
    """Types of the events so far, with their subtypes."""
    events = [delivery.payload["event"] for delivery in stage.server.deliveries.log]
    return ["/".join(filter(None, (event["type"], event.get("subtype")))) for event in events]


async def test_a_mention_comes_twice(stage: Stage) -> None:
    """As a message and as a mention, with ids of their own and the same time."""
    question = stage.ada.mentions(stage.general, "who?")
    events = [await stage.bot.heard.next() for _ in range(2)]
    assert {body["event"]["type"] for body in events} == {"message", "app_mention"}
    assert {body["event"]["ts"] for body in events} == {question.ts}
    assert len({body["event_id"] for body in events}) == 2
    assert len(stage.server.told(question)) == 2


async def test_a_direct_message_is_no_mention(stage: Stage) -> None:
    """Even with one in it."""
    stage.ada.mentions(stage.ada.dm, "who?")
    event = (await stage.bot.heard.next())["event"]
    assert (event["type"], event["channel_type"]) == ("message", "im")
    assert names(stage) == ["message"]


async def test_what_is_typed_is_escaped(stage: Stage) -> None:
    """So that nothing typed can be a mention."""
    stage.ada.mentions(stage.general, "<!channel> R&D")
    event = (await stage.bot.heard.next())["event"]
    assert event["text"] == f"{stage.server.team.bot.mention} &lt;!channel&gt; R&amp;D"


async def test_an_answer_in_a_thread_is_found(stage: Stage) -> None:
    """By the question that began the thread, or by one inside it."""

    async def reply(event: dict[str, str], client: object) -> None:
        if event["type"] == "app_mention":
            await stage.bot.client.chat_postMessage(
                channel=event["channel"], text="here", thread_ts=event.get("thread_ts") or event["ts"]
            )

    stage.bot.on_event = reply
    question = stage.ada.mentions(stage.general, "who?")
    first = await stage.server.answer(question)
    inside = stage.ada.mentions(stage.general, "and?", thread=first)
    second = await stage.server.answer(inside)
    assert first.thread == second.thread == inside.thread == question.ts
    assert stage.server.answers(inside) == [second]
    assert stage.ben.sees(stage.general) == [question, first, inside, second]


async def test_changes_are_told(stage: Stage) -> None:
    """An edit with the text before it; a deletion; of a message with replies a tombstone stays."""
    question = stage.ada.mentions(stage.general, "who?")
    stage.ada.edits(question, "what?")
    stage.ada.says(stage.general, "aside", thread=question)
    alone = stage.ada.says(stage.general, "alone")
    stage.ada.deletes(alone)
    stage.ada.deletes(question)
    told = [delivery.payload["event"] for delivery in stage.server.deliveries.log]
    changed, gone, tombstone = (event for event in told if event.get("hidden"))
    assert changed["message"]["text"].endswith("what?")
    assert changed["previous_message"]["text"].endswith("who?")
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", alone.ts)
    assert tombstone["message"]["subtype"] == "tombstone"


async def test_only_what_the_manifest_asks_for_is_told(stage: Stage) -> None:
    """Private channels are not in it; and without the scope a subscription is worth nothing."""
    private = stage.server.world.channel(stage.server.team, "secret", private=True)
    stage.ada.says(private, "hush")
    assert names(stage) == []
    stage.server.team.scopes -= {"channels:history"}
    stage.ada.mentions(stage.general, "who?")
    assert names(stage) == ["app_mention"]


async def test_a_channel_without_the_bot_is_silent(stage: Stage) -> None:
    """A mention there reaches nobody."""
    elsewhere = stage.server.world.channel(stage.server.team, "elsewhere", has_bot=False)
    stage.ada.mentions(elsewhere, "who?")
    assert names(stage) == []


async def test_the_home_tab_is_told(stage: Stage) -> None:
    """With the view that is there already."""
    stage.ada.opens_home()
    event = (await stage.bot.heard.next())["event"]
    assert (event["tab"], "view" in event) == ("home", False)
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    await stage.bot.client.views_publish(user_id=stage.ada.user.id, view=view)
    stage.ada.opens_home()
    assert (await stage.bot.heard.next())["event"]["view"]["type"] == "home"
