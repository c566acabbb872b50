"""The app's manifest: what to paste into Slack to make the app, with the least scopes, from what the code serves."""

from __future__ import annotations

import json
from typing import Any

from adapters.slack.commands import ASK_HERALD
from bot.errors import SettingsError

__all__ = [
    "COMMANDS",
    "EVENTS",
    "EVENTS_HEARD",
    "INSTALL",
    "REDIRECT",
    "REMOVALS",
    "SHORTCUTS",
    "manifest",
    "scopes",
    "written",
]

EVENTS = "/slack/events"
"""Where Slack sends what happens."""

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
"""Where a browser begins to install the app, and where Slack sends it back to."""

COMMANDS = (
    ("/ask", "Ask me a question, in your own words.", "who moderated the Q&A?"),
    ("/quote", "Get a quote, word for word, with its source.", "[speaker] [about topic]"),
    ("/herald", "For those who look after me.", "inbox | stats | why question | history | help"),
)
"""Name, description and hint of each command."""

SHORTCUTS = ((ASK_HERALD, "Ask Herald", "Answers this message."),)
"""Callback, name and description of each shortcut in a message's menu."""

EVENTS_HEARD = ("app_home_opened", "app_mention", "message.im")
REMOVALS = ("app_uninstalled", "tokens_revoked")
"""Events that the app needs where many workspaces may install it."""

_AUTO_EVENTS = ("message.channels", "message.groups")
_SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "files:write", "im:history", "users:read")
_AUTO_SCOPES = ("channels:history", "groups:history")
_GROUP_SCOPES = ("usergroups:read",)
_DESCRIPTION = "Answers questions about events from a curated knowledge base, with quotes and sources."


def manifest(address: str | None = None, *, auto_answer: bool = False, admin_group: bool = False) -> dict[str, Any]:
    """The manifest as plain data.

    Args:
        address: where Slack reaches Herald by HTTP ("https://herald.example.org"); None for Socket Mode.
        auto_answer: asks for what answering without a mention takes, in channels of the settings.
        admin_group: asks for what HERALD_SLACK_ADMIN_GROUP takes.

    Raises:
        SettingsError: the address isn't one that Slack takes.
    """
    if address is not None and not address.startswith("https://"):
        raise SettingsError(f"--http takes an address that begins with https://, not {address!r}")
    base = address.rstrip("/") if address is not None else None
    url = f"{base}{EVENTS}" if base is not None else None
    oauth: dict[str, Any] = {"scopes": {"bot": scopes(auto_answer=auto_answer, admin_group=admin_group)}}
    events = [*EVENTS_HEARD, *(REMOVALS if url else ()), *(_AUTO_EVENTS if auto_answer else ())]
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": "Herald", "description": _DESCRIPTION},
        "features": _features(url),
        "oauth_config": {**oauth, **({"redirect_urls": [f"{base}{REDIRECT}"]} if url else {})},
        "settings": _settings(url, events),
    }


def scopes(*, auto_answer: bool, admin_group: bool) -> list[str]:
    """The least scopes; arguments as for :func:`manifest`."""
    return sorted([*_SCOPES, *(_AUTO_SCOPES if auto_answer else ()), *(_GROUP_SCOPES if admin_group else ())])


def written(address: str | None = None, **wanted: bool) -> str:
    """The manifest as JSON, to be pasted into Slack; arguments and errors as for :func:`manifest`."""
    return json.dumps(manifest(address, **wanted), indent=2)


def _features(url: str | None) -> dict[str, Any]:
    address = {"url": url} if url else {}
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Herald", "always_online": True},
        "agent_view": {"agent_description": _DESCRIPTION},
        "shortcuts": [
            {"name": name, "type": "message", "callback_id": callback, "description": description}
            for callback, name, description in SHORTCUTS
        ],
        "slash_commands": [
            {"command": name, "description": description, "usage_hint": hint, "should_escape": True, **address}
            for name, description, hint in COMMANDS
        ],
    }


def _settings(url: str | None, events: list[str]) -> dict[str, Any]:
    request = {"request_url": url} if url else {}
    options = {"message_menu_options_url": url} if url else {}
    return {
        "event_subscriptions": {"bot_events": sorted(events), **request},
        "interactivity": {"is_enabled": True, **request, **options},
        "org_deploy_enabled": False,
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }
