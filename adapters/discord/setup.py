"""Discord's part of ``herald setup``: the token, what the application lacks, the admins, the link to install it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from adapters.discord.invite import links_of
from adapters.setup.draft import Draft
from adapters.setup.finding import Answer, Finding, call

__all__ = ["DiscordStep", "check"]

_API = "HERALD_DISCORD_API_URL"
_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the variable's name
_HOME, _ROLES = "HERALD_DISCORD_HOME", "HERALD_DISCORD_ADMIN_ROLES"
_AGENT = "DiscordBot (https://github.com/herald-bot/herald, 1)"  # Discord asks for this form
_ANEW = "copy it anew: developer portal, your application, Bot, Reset Token"
_FINE = 200
_PRIVILEGED = {1 << 12: "presences", 1 << 14: "members", 1 << 18: "message content"}  # the next bit of each: limited


async def check(token: str, api: str) -> Finding:
    """Asks Discord who a token belongs to, and how the application is set."""
    headers = {"Authorization": f"Bot {token}", "User-Agent": _AGENT}
    me = await call("GET", f"{api.rstrip('/')}/users/@me", headers)
    if me.status in (401, 403):
        return Finding("refused", (f"Discord refuses this token: {_ANEW}.",))
    application = await call("GET", f"{api.rstrip('/')}/applications/@me", headers) if me.status == _FINE else me
    if application.status != _FINE:
        return Finding("unknown", (f"Discord can't be asked now: {_trouble(application)}.",))
    lines = (f"This is {me.body.get('username')}.", *_lacks(application.body))
    return Finding("good", lines, str(application.body.get("id") or ""))


def _trouble(answer: Answer) -> str:
    return answer.error or f"it answers {answer.status}"


def _lacks(application: Mapping[str, Any]) -> Iterator[str]:
    """What is set in the developer portal otherwise than Herald needs it."""
    if application.get("bot_require_code_grant"):
        yield "Bot: turn off 'Requires OAuth2 Code Grant', or the link below can't install it."
    if application.get("interactions_endpoint_url"):
        yield "General Information: clear 'Interactions Endpoint URL', or commands go there instead of to Herald."
    contexts = application.get("integration_types_config")
    if contexts is not None and "0" not in contexts:
        yield "Installation: tick 'Guild Install', or servers can't install it."
    if contexts is not None and "1" not in contexts:
        yield "Installation: tick 'User Install', or members can't install it for themselves."
    if not application.get("bot_public", True):
        yield "Bot: 'Public Bot' is off, so that only you can install it; that does for servers of yours."
    allowed = [name for bit, name in _PRIVILEGED.items() if int(application.get("flags") or 0) & (bit | bit << 1)]
    if allowed:
        yield f"Bot: it is allowed privileged intents ({', '.join(allowed)}), which Herald doesn't need: turn them off."


class DiscordStep:
    """What Herald wants to know for Discord."""

    name = "Discord"
    tokens = ("DISCORD_TOKEN",)

    def __init__(self) -> None:
        """Begins without knowing whose token it is."""
        self._application = ""

    def ask(self, draft: Draft) -> None:
        """Token and roles; explicit material needs no answer, as Discord marks its channels."""
        if not draft.present(_TOKEN):
            draft.asker.say("Make an application at https://discord.com/developers/applications; its page Bot has the")
            draft.asker.say("button 'Reset Token'. Leave the privileged intents off.")
        api = draft.settings(_API).discord_api_url
        found = draft.secret(_TOKEN, "Bot token", partial(check, api=api))
        if not found:
            draft.asker.say("Discord is left out.")
            return
        self._application = found.id
        draft.asker.say("Who manages a server of the bot's owner may use /herald. Or name servers whose managers")
        draft.asker.say("may, and roles. Ids are in menus in the developer mode: Copy Server ID, Copy Role ID.")
        draft.words(_HOME, "Ids of servers whose managers may, with commas")
        draft.words(_ROLES, "Ids of further roles, with commas")
        draft.asker.say("Explicit entries appear only in channels that Discord marks as age-restricted.")

    def outlook(self, draft: Draft) -> None:
        """The link, as far as it is known whose token it is."""
        if not self._application.isdecimal():
            draft.asker.say("For the link that installs it: herald invite")
            return
        server, member = links_of(int(self._application))
        draft.asker.say(f"Install it on a server: {server}\nor for yourself alone: {member}")
