"""What Slack sends: a seed of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot import ids
from bot.panels.curators import ACTIONS

__all__ = ["ADMIN", "API", "ME", "bodies"]

ADMIN, ME, API = "U0BOSS", "U0HERALD", "https://slack.test/api/"
_TEAM, _CHANNEL, _TS = "T0TOWN", "C0GENERAL", "1700000000.000100"
_ASKED = "who moderated the harbor talk"
_PLAIN = {"text": {"type": "plain_text", "text": "x"}}

Item = dict[str, Any]


def bodies() -> tuple[bytes, ...]:
    """One of each kind, and of each button."""
    found = [*_events(), *_commands(), *_presses(), *_views(), *_others()]
    return tuple(json.dumps(item).encode() for item in found)


def _events() -> Iterator[Item]:
    message = {"type": "message", "channel": _CHANNEL, "user": "U0ADA", "text": f"<@{ME}> {_ASKED}", "ts": _TS}
    direct = {**message, "channel": "D0ADA", "channel_type": "im", "text": _ASKED}
    yield _event({**message, "type": "app_mention"})
    yield _event({**message, "thread_ts": "1700000000.000050", "channel_type": "channel"})
    yield _event(
        {
            **message,
            "channel": "C0AUTO",
            "channel_type": "channel",
            "text": "who wrote the &lt;music&gt; <https://x.test|here>",
        }
    )
    yield _event(direct)
    yield _event(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": "D0ADA",
            "message": direct,
            "event_ts": "1700000001.0",
        }
    )
    yield _event(
        {"type": "message", "subtype": "message_deleted", "channel": "D0ADA", "deleted_ts": _TS, "ts": "1700000002.0"}
    )
    yield _event({"type": "app_home_opened", "user": "U0ADA", "channel": "D0ADA", "tab": "home"})
    yield _event({"type": "app_home_opened", "user": "U0ADA", "channel": "D0ADA", "tab": "messages"})
    yield _event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": [ME]}})


def _event(inner: Item) -> Item:
    granted = {"enterprise_id": None, "team_id": _TEAM, "user_id": ME, "is_bot": True, "is_enterprise_install": False}
    return {
        "type": "event_callback", "team_id": _TEAM, "api_app_id": "A1", "event": inner, "event_id": "Ev1",
        "event_time": 1700000000,
        "authorizations": [granted],
    }  # fmt: skip


def _commands() -> Iterator[Item]:
    texts = {
        "/ask": (_ASKED, ""),
        "/quote": ("mira about light", ""),
        "/herald": ("status", f"why {_ASKED}", "inbox", "stats 7", "forget-me", "help", "rollback 1"),
    }
    for command, given in texts.items():
        for text in given:
            yield {
                "command": command, "text": text, "team_id": _TEAM, "channel_id": _CHANNEL, "user_id": ADMIN,
                "trigger_id": "1.2.a", "response_url": "https://hooks.test/1",
            }  # fmt: skip


def _common(kind: str) -> Item:
    return {"type": kind, "team": {"id": _TEAM}, "user": {"id": ADMIN, "team_id": _TEAM}, "trigger_id": "1.2.a"}


def _presses() -> Iterator[Item]:
    members = (
        "pick:camera",
        "reveal:e.premise",
        "source:q.on-light",
        "more:mira-holt|light",
        "up:e.camera",
        "dismiss:U0ADA",
        "wait:0",
    )
    names = [f"h1:{written}" for written in members]
    names += [ids.button(action, "1.1") for action in ACTIONS] + ["s1:sub:event.0.", "s1:read:x", "s1:vote:e.camera"]
    for name in names:
        option = {"selected_option": {"value": "camera", **_PLAIN}} if name[0] == "s" else {"value": "up"}
        action = {"type": "button", "action_id": name, "block_id": "b", "action_ts": "1700000003.1", **option}
        elements = [
            {"type": "button", "action_id": "h1:dismiss:U0ADA"},
            {"type": "button", "action_id": "h1:source:q.on-light"},
        ]
        message = {"ts": _TS, "user": ME, "text": "x", "blocks": [{"type": "actions", "elements": elements}]}
        yield {
            **_common("block_actions"), "actions": [action], "message": message, "channel": {"id": _CHANNEL},
            "container": {"type": "message", "channel_id": _CHANNEL, "thread_ts": _TS}, "response_url": "https://hooks.test/1",
        }  # fmt: skip
    view = {"id": "V1", "type": "home", "callback_id": "", "hash": "1.a"}
    yield {
        **_common("block_actions"),
        "actions": [{"type": "button", "action_id": "h1:read:camera", "value": "camera"}],
        "view": view,
    }


def _views() -> Iterator[Item]:
    where = json.dumps({"url": "https://hooks.test/1", "channel": _CHANNEL})
    picked = {
        "speaker": {"speaker": {"selected_option": {"value": "mira-holt"}}},
        "topic": {"topic": {"selected_option": None}},
    }
    typed = {
        "words": {"words": {"value": "camera"}},
        "source": {"source": {"selected_option": {"value": "harbor-report"}}},
    }
    for callback, values in (("quote", picked), ("f1:find:0123456789.1", typed), ("f1:entry:0123456789.1", typed)):
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": where,
            "hash": "1.a",
            "state": {"values": values},
        }
        yield {**_common("view_submission"), "view": view}
        for name in ("speaker", "topic"):
            yield {**_common("block_suggestion"), "action_id": name, "block_id": name, "value": "mi", "view": view}


def _others() -> Iterator[Item]:
    message = {"ts": _TS, "user": "U0ADA", "text": _ASKED, "type": "message"}
    yield {
        **_common("message_action"), "callback_id": "ask_herald", "channel": {"id": _CHANNEL}, "message": message,
        "message_ts": _TS, "response_url": "https://hooks.test/1",
    }  # fmt: skip
    yield {"type": "url_verification", "challenge": "c1"}
    yield {"type": "app_rate_limited", "team_id": _TEAM}
    yield {"ssl_check": "1"}
