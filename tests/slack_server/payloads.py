"""How users, messages, views and events look to the bot (docs.slack.dev/reference/events, .../objects)."""

from __future__ import annotations

import time
from typing import Any

from tests.slack_server.model import Channel, Message, Payload, Team, User, View

__all__ = ["channel", "event", "message", "person", "place", "removed", "user", "view"]

VERIFICATION = "a-deprecated-token"
"""What each payload has as ``token``; nobody should look at it."""


def event(team: Team, app_id: str, number: str, inner: Payload) -> Payload:
    """The wrapper of an event (docs.slack.dev/apis/events-api, "Callback field overview")."""
    enterprise = team.enterprise or None
    granted = {"enterprise_id": enterprise, "team_id": team.id, "user_id": team.bot.id, "is_bot": True}
    return {
        "token": VERIFICATION,
        "team_id": team.id,
        **({"enterprise_id": enterprise} if enterprise else {}),
        "context_team_id": team.id,
        "context_enterprise_id": enterprise,
        "api_app_id": app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": number,
        "event_time": int(time.time()),
        "authorizations": [{**granted, "is_enterprise_install": team.whole}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number}",
    }


def message(found: Message) -> Payload:
    """A message as it stands in events, interactions and answers."""
    who = found.author
    shown: Payload = {"user": who.id, "type": "message", "ts": found.ts, "text": found.text, "team": who.team}
    if found.client_id:
        shown["client_msg_id"] = found.client_id
    if found.blocks:
        shown["blocks"] = found.blocks
    if who.bot:
        team = found.channel.team
        profile = {
            "id": team.bot_id,
            "deleted": False,
            "name": who.name,
            "updated": 0,
            "app_id": "",
            "team_id": team.id,
        }
        shown |= {"bot_id": team.bot_id, "bot_profile": profile}
    if found.thread:
        shown["thread_ts"] = found.thread
        first = found.channel.messages.get(found.thread)
        if first and first is not found:
            shown["parent_user_id"] = first.author.id
    if found.edited:
        shown["edited"] = {"user": who.id, "ts": found.edited}
    return shown


def removed(found: Message) -> Payload:
    """What is left of a message that had replies."""
    gone = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
    return {"type": "message", "ts": found.ts, "thread_ts": found.thread, **gone}


def user(found: User) -> Payload:
    """A user as ``users.info`` has them (docs.slack.dev/reference/objects/user-object)."""
    return {
        "id": found.id,
        "team_id": found.team,
        "name": found.name,
        "deleted": found.deleted,
        "real_name": found.name,
        "profile": {"display_name": found.name, "real_name": found.name, "team": found.team},
        "is_admin": found.admin or found.owner,
        "is_owner": found.owner,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": found.bot,
        "is_app_user": False,
        "tz": "Europe/London",
        "locale": "en-GB",
    }


def person(found: User) -> Payload:
    """A user as interactions name them."""
    return {"id": found.id, "username": found.name, "name": found.name, "team_id": found.team}


def place(found: Channel) -> Payload:
    """A conversation as interactions name it."""
    return {"id": found.id, "name": {"im": "directmessage", "group": "privategroup"}.get(found.kind, found.name)}


def channel(found: Channel) -> Payload:
    """A conversation as ``conversations.info`` has it (docs.slack.dev/reference/objects/conversation-object)."""
    shown: Payload = {
        "id": found.id,
        "is_channel": found.kind == "channel",
        "is_group": found.kind == "group",
        "is_im": found.kind == "im",
        "is_mpim": found.kind == "mpim",
        "is_private": found.kind != "channel",
        "is_archived": found.archived,
        "is_member": found.has_bot,
    }
    if found.kind == "im":
        return shown | {"user": next(iter(found.members - {found.team.bot.id}), "")}
    return shown | {"name": found.name}


def view(found: View, app_id: str) -> Payload:
    """A view as answers and interactions have it (docs.slack.dev/reference/views)."""
    body: dict[str, Any] = dict.fromkeys(("submit", "close"))
    body |= {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
    body |= {"notify_on_close": False, **found.body}
    previous, root = found.previous, found
    while root.previous:
        root = root.previous
    return body | {
        "id": found.id,
        "team_id": found.team.id,
        "state": {"values": found.typed},
        "hash": found.hash,
        "previous_view_id": previous.id if previous else None,
        "root_view_id": root.id,
        "app_id": app_id,
        "app_installed_team_id": found.team.id,
        "bot_id": found.team.bot_id,
    }
