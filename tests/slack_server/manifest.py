"""The app as Slack knows it: what its manifest asks for decides what it hears, may call and is offered for.

Follows docs.slack.dev/reference/app-manifest; which scope an event needs, docs.slack.dev/reference/events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["App"]

_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "assistant_thread_started": "assistant:write",
    "assistant_thread_context_changed": "assistant:write",
}


@dataclass(frozen=True, slots=True)
class App:
    """What a manifest says.

    Attributes:
        scopes: of the bot.
        events: that the bot is subscribed to.
        commands: slash commands by their names, slash included.
        shortcuts: by the names that members read.
        home: whether there is an App Home.
        messages: whether members can write to the bot in its Messages tab.
        redirects: where a browser may be sent back to that installs it.
    """

    scopes: frozenset[str]
    events: frozenset[str]
    commands: Mapping[str, Mapping[str, Any]]
    shortcuts: Mapping[str, Mapping[str, Any]]
    home: bool
    messages: bool
    redirects: tuple[str, ...] = ()

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> App:
        """The app of a manifest."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            {command["command"]: command for command in features.get("slash_commands", ())},
            {shortcut["name"]: shortcut for shortcut in features.get("shortcuts", ())},
            bool(home.get("home_tab_enabled")),
            bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled"),
            tuple(manifest.get("oauth_config", {}).get("redirect_urls", ())),
        )

    def hears(self, event: str, granted: frozenset[str]) -> bool:
        """Whether the bot is told of such events ("message.im") where it was granted these scopes."""
        needed = _SCOPES.get(event, "")
        return event in self.events and (not needed or needed in granted)
