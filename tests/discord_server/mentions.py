"""Whom a message mentions, and whom it would notify by Discord's rules for ``allowed_mentions``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tests.discord_server.errors import invalid_form
from tests.discord_server.model import Payload, User

__all__ = ["check_allowed_mentions", "mentioned", "pings"]

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_KINDS = {"users", "roles", "everyone"}


def mentioned(content: str, users: Mapping[int, User]) -> tuple[User, ...]:
    """The users that a text names, each once."""
    found = (users.get(int(number)) for number in _USER.findall(content))
    return tuple(dict.fromkeys(who for who in found if who))


def check_allowed_mentions(allowed: object) -> None:
    """Refuses what Discord refuses.

    Raises:
        ApiError: an unknown kind, or a kind allowed as a whole and by ids as well.
    """
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        raise invalid_form("allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    parsed = set(allowed.get("parse") or [])
    if parsed - _KINDS:
        raise invalid_form("allowed_mentions.parse", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(_KINDS)}.")
    for kind in ("users", "roles"):
        if kind in parsed and allowed.get(kind):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise invalid_form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def pings(content: str, allowed: Payload | None, replied: User | None, *, interaction: bool) -> tuple[str, ...]:
    """Whom a message of the bot would notify.

    Without ``allowed_mentions`` a message notifies everybody whom it names, an interaction's response users alone.

    Args:
        replied: the author of the message that it replies to.
    """
    if allowed is None:
        allowed = {"parse": ["users"] if interaction else sorted(_KINDS), "replied_user": True}
    found = list(_named(content, allowed))
    if replied and allowed.get("replied_user"):
        found.append(str(replied.id))
    return tuple(dict.fromkeys(found))


def _named(content: str, allowed: Payload) -> Iterator[str]:
    parsed = set(allowed.get("parse") or [])
    if "everyone" in parsed:
        yield from (name for name in ("@everyone", "@here") if name in content)
    yield from _among(_USER.findall(content), "users" in parsed, allowed.get("users") or [], "")
    yield from _among(_ROLE.findall(content), "roles" in parsed, allowed.get("roles") or [], "role ")


def _among(named: Iterable[str], every: bool, ids: Iterable[object], prefix: str) -> Iterator[str]:  # noqa: FBT001
    listed = set(map(str, ids))
    return (f"{prefix}{number}" for number in named if every or number in listed)
