"""Slack's part of ``herald setup``: how events come, the manifest, tokens with their scopes, admins, channels."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal, get_args

from adapters.setup.asker import choose
from adapters.setup.draft import Draft, complaint
from adapters.slack.checks import check_app, check_bot, check_client, check_secret
from adapters.slack.manifest import INSTALL, manifest, written
from adapters.slack.sealing import new_key
from bot.errors import SettingsError

__all__ = ["SlackStep"]

_API = "HERALD_SLACK_API_URL"
_BOT, _APP, _SECRET = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
_CLIENT, _CLIENT_SECRET = "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"
_PUBLIC, _PORT, _KEY = "HERALD_SLACK_PUBLIC_URL", "HERALD_SLACK_PORT", "HERALD_TOKEN_KEY"
_HOME, _ADMINS, _GROUP = "HERALD_SLACK_HOME", "HERALD_SLACK_ADMINS", "HERALD_SLACK_ADMIN_GROUP"
_EXPLICIT, _AUTO = "HERALD_SLACK_EXPLICIT_CHANNELS", "HERALD_SLACK_AUTO_CHANNELS"
_CLIENTS = re.compile(r"\d+\.\d+", re.ASCII)

_Way = Literal["socket", "http", "many"]
_WAYS = (
    "Socket Mode: needs no address of your own",
    "HTTP: to an address of yours that begins with https://",
    "HTTP, for every workspace that installs Herald by itself (OAuth)",
)


class SlackStep:
    """What Herald wants to know for Slack."""

    name = "Slack"
    tokens = (_BOT, _CLIENT)

    def __init__(self) -> None:
        """Begins by Socket Mode, which needs no address of Herald's."""
        self._way: _Way = "socket"
        self._address: str | None = None

    def ask(self, draft: Draft) -> None:
        """How events come, who and where, then the tokens: what the app needs depends on the rest."""
        self._ask_way(draft)
        self._ask_admins(draft)
        draft.words(_EXPLICIT, "Ids of channels where explicit material may be shown")
        if not draft.wants(self):
            draft.asker.say(
                "At https://api.slack.com/apps choose Create New App, From a manifest; paste this, install:"
            )
            draft.asker.say(self._manifest(draft))
        found = self._ask_app(draft) if self._way == "many" else self._ask_tokens(draft)
        if not found:
            draft.asker.say("Without it Slack can't reach Herald, which doesn't start then.")

    def outlook(self, draft: Draft) -> None:
        """The manifest, as the app should have it."""
        draft.asker.say(f"The app's manifest, should it be older:\n{self._manifest(draft)}")
        if self._way == "many":
            draft.asker.say("Turn on Manage Distribution, Public Distribution, for workspaces that aren't yours.")
            draft.asker.say(f"Once Herald runs, install it: {self._address}{INSTALL}")
        draft.asker.say("Invite Herald to a channel: /invite @Herald")

    def _ask_way(self, draft: Draft) -> None:
        http = bool(draft.present(_SECRET)) and not draft.present(_APP)
        held = 2 if draft.present(_CLIENT) else int(http)
        self._way = get_args(_Way)[choose(draft.asker, "How shall Slack's events come?", _WAYS, held)]
        self._address = None if self._way == "socket" else _address(draft)
        if self._address:
            draft.words(_PORT, "Port that Herald listens at behind it, 3000 if left out")

    def _ask_admins(self, draft: Draft) -> None:
        if self._way == "many":
            draft.asker.say("Admins and owners of your own workspaces may use /herald, those of others may not. The id")
            draft.asker.say("of a workspace is in its address in a browser: https://app.slack.com/client/T012AB3CD")
            draft.words(_HOME, "Ids of your own workspaces, with commas")
        else:
            draft.asker.say("Admins and owners of the workspace may use /herald; ids are in each profile's menu.")
        draft.words(_ADMINS, "Ids of further members, with commas")
        draft.words(_GROUP, "Id of a user group that may, too")

    def _ask_tokens(self, draft: Draft) -> bool:
        """Of one workspace; what is for many goes, as Herald takes either."""
        api = draft.settings(_API).slack_api_url
        scopes = manifest(self._address, **self._wanted(draft))["oauth_config"]["scopes"]["bot"]
        if not draft.secret(_BOT, "Bot token (xoxb-)", partial(check_bot, api=api, wanted=scopes)):
            draft.asker.say("Slack is left out.")
            return True
        for name in (_CLIENT, _CLIENT_SECRET, _PUBLIC):
            draft.put(name, "")
        if self._way == "socket":
            check = partial(check_app, api=api)
            return bool(draft.secret(_APP, "App-level token (xapp-, scope connections:write)", check))
        draft.put(_APP, "")  # Socket Mode goes before HTTP
        return bool(draft.secret(_SECRET, "Signing secret", check_secret))

    def _ask_app(self, draft: Draft) -> bool:
        """Of the app, for many workspaces; the tokens of one go, as Herald takes either."""
        api, held = draft.settings(_API).slack_api_url, draft.present(_CLIENT)
        draft.words(_CLIENT, "Client id (Basic Information, App Credentials)", _client)
        client = draft.present(_CLIENT)
        check = partial(check_client, api=api, client=client)
        if not client or not draft.secret(_CLIENT_SECRET, "Client secret", check):
            draft.put(_CLIENT, held)
            draft.asker.say("Slack is left out.")
            return True
        for name in (_BOT, _APP):
            draft.put(name, "")
        draft.put(_PUBLIC, self._address or "")
        if not draft.present(_KEY):
            draft.put(_KEY, new_key())
            draft.asker.say(f"Made a key that tokens are sealed with, {_KEY}: keep a copy, apart from the database.")
        return bool(draft.secret(_SECRET, "Signing secret", check_secret))

    def _manifest(self, draft: Draft) -> str:
        return written(self._address, **self._wanted(draft))

    @staticmethod
    def _wanted(draft: Draft) -> dict[str, bool]:
        return {"auto_answer": bool(draft.present(_AUTO)), "admin_group": bool(draft.present(_GROUP))}


def _address(draft: Draft) -> str:
    """Herald's own, as Slack takes it."""
    held = draft.present(_PUBLIC)
    while True:
        given = draft.asker.ask("Address, such as https://herald.example.org", held).rstrip("/")
        try:
            manifest(given)
        except SettingsError:
            draft.asker.say("It must begin with https://")
            continue
        if wrong := complaint(_PUBLIC, given):
            draft.asker.say(wrong)
            continue
        return given


def _client(value: str) -> str:
    return "" if _CLIENTS.fullmatch(value) else "A client id is two numbers with a point between them."
