"""Slack's part of ``herald setup``: the manifest, the tokens and their scopes, admins, explicit channels."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial

from adapters.setup.asker import choose
from adapters.setup.draft import Draft
from adapters.setup.finding import Answer, Finding, call
from adapters.slack.manifest import manifest, written
from bot.errors import SettingsError

__all__ = ["SlackStep", "check_app", "check_bot", "check_secret"]

_API = "HERALD_SLACK_API_URL"
_APP, _SECRET = "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
_ADMINS, _GROUP = "HERALD_SLACK_ADMINS", "HERALD_SLACK_ADMIN_GROUP"
_EXPLICIT, _AUTO = "HERALD_SLACK_EXPLICIT_CHANNELS", "HERALD_SLACK_AUTO_CHANNELS"
_SCOPES = "x-oauth-scopes"
_WRONG = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type")
_MEMBERS = re.compile(r"[UW][A-Z0-9]{5,}(,[UW][A-Z0-9]{5,})*")
_CHANNELS = re.compile(r"[CG][A-Z0-9]{5,}(,[CG][A-Z0-9]{5,})*")
_GROUPS = re.compile(r"S[A-Z0-9]{5,}")


async def check_bot(token: str, api: str, wanted: Collection[str]) -> Finding:
    """Asks Slack whose bot token it is, and compares its scopes with those that Herald needs."""
    if not token.startswith("xoxb-"):
        return Finding("refused", ("A bot token begins with xoxb-: OAuth & Permissions, Bot User OAuth Token.",))
    answer = await _asked(token, api, "auth.test")
    if finding := _failed(answer, "bot token: OAuth & Permissions, after installing the app"):
        return finding
    lines = [f"This is {answer.body.get('user')} in {answer.body.get('team')}."]
    if _SCOPES in answer.headers:
        given = {scope.strip() for scope in answer.headers[_SCOPES].split(",") if scope.strip()}
        lines += _compared(given, set(wanted))
    return Finding("good", tuple(lines))


async def check_app(token: str, api: str) -> Finding:
    """Asks Slack for an address of a socket, which is left unused."""
    if not token.startswith("xapp-"):
        return Finding("refused", ("An app-level token begins with xapp-: Basic Information, App-Level Tokens.",))
    answer = await _asked(token, api, "apps.connections.open")
    if answer.body.get("error") == "missing_scope":
        return Finding("refused", ("This token lacks the scope connections:write: make another one that has it.",))
    if finding := _failed(answer, "app-level token: Basic Information, App-Level Tokens"):
        return finding
    return Finding("good", ("Slack opens Socket Mode for it.",))


async def check_secret(secret: str) -> Finding:
    """Looks at the form of a signing secret, as no call tells more."""
    if re.fullmatch(r"[0-9a-f]{32}", secret):
        return Finding("good", ("It has the form of a signing secret; Slack tells nothing more of it.",))
    return Finding("refused", ("A signing secret is 32 digits from 0 to f: Basic Information, Signing Secret.",))


async def _asked(token: str, api: str, method: str) -> Answer:
    return await call("POST", f"{api.rstrip('/')}/{method}", {"Authorization": f"Bearer {token}"})


def _failed(answer: Answer, where: str) -> Finding | None:
    if answer.body.get("ok"):
        return None
    error = str(answer.body.get("error") or "")
    if error in _WRONG:
        return Finding("refused", (f"Slack refuses it ({error}). Copy the {where}.",))
    return Finding("unknown", (f"Slack can't be asked now: {error or answer.error or f'it answers {answer.status}'}.",))


def _compared(given: set[str], wanted: set[str]) -> list[str]:
    lines = []
    if missing := sorted(wanted - given):
        lines.append(f"It lacks {', '.join(missing)}: put the manifest into App Manifest, and install the app again.")
    if more := sorted(given - wanted):
        lines.append(f"It has {', '.join(more)}, which Herald doesn't need.")
    return lines


class SlackStep:
    """What Herald wants to know for Slack."""

    name = "Slack"
    token = "SLACK_BOT_TOKEN"  # noqa: S105 - the variable's name

    def __init__(self) -> None:
        """Begins without an address of Herald's: by Socket Mode."""
        self._address: str | None = None

    def ask(self, draft: Draft) -> None:
        """How events come, who and where, then the tokens: what the app needs depends on the rest."""
        self._ask_address(draft)
        draft.asker.say("Admins and owners of the workspace may use /herald; ids are in each profile's menu.")
        draft.words(_ADMINS, "Ids of further members, with commas", _only(_MEMBERS, "U012AB3CD"))
        draft.words(_GROUP, "Id of a user group that may, too", _only(_GROUPS, "S012AB3CD"))
        draft.words(_EXPLICIT, "Ids of channels where explicit material may be shown", _only(_CHANNELS, "C012AB3CD"))
        if not draft.present(self.token):
            draft.asker.say(
                "At https://api.slack.com/apps choose Create New App, From a manifest; paste this, install:"
            )
            draft.asker.say(self._manifest(draft))
        self._ask_tokens(draft)

    def outlook(self, draft: Draft) -> None:
        """The manifest, as the app should have it."""
        draft.asker.say(f"The app's manifest, should it be older:\n{self._manifest(draft)}")
        draft.asker.say("Invite Herald to a channel: /invite @Herald")

    def _ask_address(self, draft: Draft) -> None:
        ways = ("Socket Mode: needs no address of your own", "HTTP: to an address of yours that begins with https://")
        http = bool(draft.present(_SECRET)) and not draft.present(_APP)
        if choose(draft.asker, "How shall Slack's events come?", ways, int(http)) == 0:
            self._address = None
            return
        while True:
            self._address = draft.asker.ask("Address", self._address or "https://herald.example.org")
            try:
                manifest(self._address)
            except SettingsError:
                draft.asker.say("It must begin with https://")
            else:
                return

    def _ask_tokens(self, draft: Draft) -> None:
        api = draft.settings(_API).slack_api_url
        scopes = manifest(self._address, **self._wanted(draft))["oauth_config"]["scopes"]["bot"]
        if not draft.secret(self.token, "Bot token (xoxb-)", partial(check_bot, api=api, wanted=scopes)):
            draft.asker.say("Slack is left out.")
            return
        if self._address is None:
            found = draft.secret(_APP, "App-level token (xapp-, scope connections:write)", partial(check_app, api=api))
        else:
            found = draft.secret(_SECRET, "Signing secret", check_secret)
            draft.put(_APP, "")  # Socket Mode goes before HTTP
        if not found:
            draft.asker.say("Without it Slack can't reach Herald, which doesn't start then.")

    def _manifest(self, draft: Draft) -> str:
        return written(self._address, **self._wanted(draft))

    @staticmethod
    def _wanted(draft: Draft) -> dict[str, bool]:
        return {"auto_answer": bool(draft.present(_AUTO)), "admin_group": bool(draft.present(_GROUP))}


def _only(form: re.Pattern[str], example: str) -> Callable[[str], str]:
    """Refuses what is no id, such as a name."""
    return lambda value: "" if form.fullmatch(value) else f"That must be ids such as {example}, with commas between."
