"""That what the server sends has the shape of what Slack sends."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.slack_server import SlackServer
from tests.slack_server.plain import MANIFEST
from tests.slack_server.schema import SCHEMA
from tests.slack_server.stage import Stage
from tests.slack_server.test_interactions import MODAL, opens, planted

SAMPLES = SCHEMA.with_name("slack-payload-samples.tar.gz")
# Keys that Slack's documentation shows and the samples, made from the fields of Java classes, lack.
DOCUMENTED = {"context_team_id", "context_enterprise_id", "response_urls", "blocks"}


def sample(name: str) -> dict[str, Any]:
    """A sample by the name of its file."""
    if not Path(SAMPLES).is_file():
        pytest.skip("samples of Slack's payloads are not beside this checkout")
    with tarfile.open(SAMPLES) as archive:
        member = next(item for item in archive.getmembers() if item.name.endswith(f"/{name}.json"))
        file = archive.extractfile(member)
        assert file
        found: dict[str, Any] = json.load(file)
        return found


def strangers(payload: Any, wanted: Any, at: str = "") -> list[str]:
    """Keys that a sample hasn't got, and values that are of another kind; what is open by nature is left out."""
    if isinstance(payload, dict) and isinstance(wanted, dict):
        found = [f"{at}.{key}" for key in payload if key not in wanted and key not in DOCUMENTED]
        inside = [key for key in payload if key in wanted and key not in ("blocks", "values", "state")]
        return found + [name for key in inside for name in strangers(payload[key], wanted[key], f"{at}.{key}")]
    if payload is None or isinstance(payload, type(wanted)):
        return []
    return [f"{at} is {payload!r} and not like {wanted!r}"]


async def test_events(stage: Stage) -> None:
    """Messages, mentions, changes, deletions, and the App Home."""
    question = stage.ada.mentions(stage.general, "who?")
    stage.ada.says(stage.general, "in a thread", thread=question)
    stage.ada.edits(question, "what?")
    alone = stage.ada.says(stage.general, "alone")
    stage.ada.deletes(alone)
    stage.ada.opens_home()
    names = {
        "app_mention": "AppMentionPayload",
        "message": "MessagePayload",
        "message_changed": "MessageChangedPayload",
        "message_deleted": "MessageDeletedPayload",
        "app_home_opened": "AppHomeOpenedPayload",
    }
    seen = set()
    for delivery in stage.server.deliveries.log:
        event = delivery.payload["event"]
        kind = event.get("subtype") or event["type"]
        seen.add(kind)
        assert strangers(delivery.payload, sample(names[kind])) == [], kind
    assert seen == set(names)


async def test_removals() -> None:
    """Of the app, and of its tokens."""
    events = {"bot_events": ["app_uninstalled", "tokens_revoked"]}
    async with SlackServer({**MANIFEST, "settings": {"event_subscriptions": events}}) as server:
        server.oauth.uninstall(server.team)
        names = {"app_uninstalled": "AppUninstalledPayload", "tokens_revoked": "TokensRevokedPayload"}
        told = {delivery.name: delivery.payload for delivery in server.deliveries.log}
        assert set(told) == set(names)
        for kind, payload in told.items():
            assert strangers(payload, sample(names[kind])) == [], kind


async def test_what_members_do(stage: Stage) -> None:
    """Commands, presses, shortcuts, submissions."""
    opens(stage, {**MODAL, "blocks": [MODAL["blocks"][1]], "notify_on_close": True})
    command = stage.ada.slash(stage.general, "/plain", "text")
    press = stage.ada.clicks(planted(stage), "Go")
    shortcut = stage.ada.picks_from_menu(planted(stage), "Look at this")
    submission = stage.ada.submits(await press.shown())
    closed = stage.ada.closes(await shortcut.shown())
    assert closed
    for use, name in [
        (command, "SlashCommandPayload"),
        (press, "BlockActionPayload"),
        (shortcut, "MessageShortcutPayload"),
        (submission, "ViewSubmissionPayload"),
        (closed, "ViewClosedPayload"),
    ]:
        await use.acked()
        # In a form everything is a string.
        wanted = sample(name) | ({"is_enterprise_install": ""} if use is command else {})
        assert strangers(use.delivery.payload, wanted) == [], name


async def test_answers(stage: Stage) -> None:
    """Of the methods that a bot lives on."""
    client = stage.bot.client
    posted = await client.chat_postMessage(channel=stage.general.id, text="words")
    found = await client.api_call("auth.test")
    assert isinstance(posted.data, dict)
    assert isinstance(found.data, dict)
    assert strangers(posted.data, sample("chat.postMessage")) == []
    assert strangers(found.data, sample("auth.test")) == []
    replies = await client.conversations_replies(channel=stage.general.id, ts=str(posted["ts"]))
    assert isinstance(replies.data, dict)
    assert strangers(replies.data, sample("conversations.replies")) == []
