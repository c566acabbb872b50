"""How what members do looks to the bot (docs.slack.dev/reference/interaction-payloads)."""

from __future__ import annotations

import time

from tests.slack_server import payloads
from tests.slack_server.model import Message, Payload, Team, View
from tests.slack_server.uses import Use
from tests.slack_server.world import World

__all__ = ["action", "block_actions", "command", "shortcut", "suggestion", "view_closed", "view_submission"]


def _common(kind: str, use: Use, team: Team, world: World) -> Payload:
    common: Payload = {
        "type": kind,
        "token": payloads.VERIFICATION,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": {"id": team.enterprise, "name": "The organization"} if team.enterprise else None,
        "is_enterprise_install": team.whole,
        "user": payloads.person(use.user),
        "api_app_id": world.app_id,
    }
    return common | ({"trigger_id": use.trigger} if use.trigger else {})


def command(use: Use, team: Team, world: World, name: str, text: str) -> Payload:
    """A slash command, as the fields of a form."""
    assert use.channel
    return {
        "token": payloads.VERIFICATION,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": use.channel.id,
        "channel_name": payloads.place(use.channel)["name"],
        "user_id": use.user.id,
        "user_name": use.user.name,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": str(team.whole).lower(),
        **({"enterprise_id": team.enterprise} if team.enterprise else {}),
        "response_url": use.address,
        "trigger_id": use.trigger,
    }


def shortcut(use: Use, team: Team, world: World, callback: str) -> Payload:
    """A shortcut; of a message where the use has one."""
    message, place = use.message, use.channel
    if message is None or place is None:
        return {**_common("shortcut", use, team, world), "callback_id": callback, "action_ts": _now()}
    common = _common("message_action", use, team, world)
    del common["api_app_id"]
    common["user"] = {"id": use.user.id, "name": use.user.name, "team_id": team.id}
    return common | {
        "callback_id": callback,
        "action_ts": _now(),
        "message_ts": message.ts,
        "message": payloads.message(message),
        "channel": payloads.place(place),
        "response_url": use.address,
    }


def block_actions(use: Use, team: Team, world: World, done: Payload) -> Payload:
    """Something pressed or picked, in a message or in a view; an ephemeral message does not come with it."""
    common = _common("block_actions", use, team, world) | {"actions": [done]}
    if use.view:
        container = {"type": "view", "view_id": use.view.id}
        return common | {"container": container, "view": payloads.view(use.view, world.app_id)}
    assert use.message
    assert use.channel
    shown: Payload = {} if use.message.viewer else {"message": payloads.message(use.message)}
    return (
        common
        | shown
        | {
            "container": _container(use.message),
            "channel": payloads.place(use.channel),
            "state": {"values": {}},
            "response_url": use.address,
        }
    )


def suggestion(use: Use, team: Team, world: World, place: tuple[Payload, Payload], text: str) -> Payload:
    """Something typed into a select that the bot completes."""
    block, element = place
    common = _common("block_suggestion", use, team, world)
    common |= {"action_id": element["action_id"], "block_id": block.get("block_id", ""), "value": text}
    if use.view:
        container = {"type": "view", "view_id": use.view.id}
        return common | {"container": container, "view": payloads.view(use.view, world.app_id)}
    assert use.message
    return common | {"container": _container(use.message), "channel": {"id": use.message.channel.id}}


def view_submission(use: Use, view: View, world: World) -> Payload:
    """A modal that was sent off."""
    return _common("view_submission", use, view.team, world) | {
        "view": payloads.view(view, world.app_id),
        "response_urls": [],
    }


def view_closed(use: Use, view: View, world: World) -> Payload:
    """A modal that was closed by somebody."""
    shown = {"view": payloads.view(view, world.app_id), "is_cleared": False}
    return _common("view_closed", use, view.team, world) | shown


def action(block: Payload, element: Payload, **more: object) -> Payload:
    """What was done with an element."""
    kept: Payload = {key: element[key] for key in ("type", "action_id", "value", "text", "style") if key in element}
    return {**kept, "block_id": block.get("block_id", ""), "action_ts": _now(), **more}


def _container(message: Message) -> Payload:
    container: Payload = {"type": "message", "message_ts": message.ts, "channel_id": message.channel.id}
    container["is_ephemeral"] = message.viewer is not None
    return container | ({"thread_ts": message.thread} if message.thread else {})


def _now() -> str:
    return f"{time.time():.6f}"
