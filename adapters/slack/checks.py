"""What Slack says to each token and secret of an app: asked by one harmless call, told in plain words."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection

from adapters.setup.finding import Answer, Finding, call

__all__ = ["check_app", "check_bot", "check_client", "check_secret"]

_SCOPES = "x-oauth-scopes"
_WRONG = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type")
_CREDENTIALS = "Basic Information, App Credentials"


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


async def check_client(secret: str, api: str, client: str) -> Finding:
    """Asks Slack for a token with a code that there is none of: what it refuses tells whether it knows the app."""
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode("ascii")
    url = f"{api.rstrip('/')}/oauth.v2.access"
    answer = await call("POST", url, {"Authorization": f"Basic {basic}"}, {"code": "none"})
    error = str(answer.body.get("error") or "")
    if error == "invalid_code":
        return Finding("good", ("Slack knows the app by it.",))
    if error in ("invalid_client_id", "bad_client_secret"):
        return Finding("refused", (f"Slack refuses it ({error}). Copy client id and client secret: {_CREDENTIALS}.",))
    return _unasked(answer)


async def _asked(token: str, api: str, method: str) -> Answer:
    return await call("POST", f"{api.rstrip('/')}/{method}", {"Authorization": f"Bearer {token}"})


def _failed(answer: Answer, where: str) -> Finding | None:
    if answer.body.get("ok"):
        return None
    error = str(answer.body.get("error") or "")
    if error in _WRONG:
        return Finding("refused", (f"Slack refuses it ({error}). Copy the {where}.",))
    return _unasked(answer)


def _unasked(answer: Answer) -> Finding:
    said = answer.body.get("error") or answer.error or f"it answers {answer.status}"
    return Finding("unknown", (f"Slack can't be asked now: {said}.",))


def _compared(given: set[str], wanted: set[str]) -> list[str]:
    lines = []
    if missing := sorted(wanted - given):
        lines.append(f"It lacks {', '.join(missing)}: put the manifest into App Manifest, and install the app again.")
    if more := sorted(given - wanted):
        lines.append(f"It has {', '.join(more)}, which Herald doesn't need.")
    return lines
