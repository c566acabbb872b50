"""Which commands a member is offered, and what Discord's client lets them enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_server.interaction_payloads import context
from tests.discord_server.model import ALL, Channel, Payload, User
from tests.discord_server.world import World

__all__ = ["NotOffered", "entered", "find"]

_STRING, _INTEGER, _BOOLEAN = 3, 4, 5
_TYPES: Mapping[int, type] = {_STRING: str, _INTEGER: int, _BOOLEAN: bool, 10: float}


class NotOffered(Exception):  # noqa: N818 - it is what happened, and no fault of the program
    """Discord's client does not offer that there: no such command, place, right, option or value."""


def find(world: World, kind: int, name: str, place: Channel, user: User, *, overridden: bool = False) -> Payload:
    """A registered command.

    Args:
        overridden: the guild's admins gave this member the command whatever its default permissions are.

    Raises:
        NotOffered: there is none for this member in this place.
    """
    named = [command for command in world.commands if (command["type"], command["name"]) == (kind, name)]
    if not named:
        raise NotOffered(f"no command {name!r}; there are {[command['name'] for command in world.commands]}")
    command = named[0]
    contexts = command.get("contexts")
    if contexts is not None and context(place, world.bot) not in contexts:
        raise NotOffered(f"{name!r} is for the contexts {contexts}")
    if not place.has_bot and 1 not in (command["integration_types"] or [0]):
        raise NotOffered(f"{name!r} is not for the bot installed to a user")
    if not overridden and not _allowed(command, place, user):
        raise NotOffered(f"{user.name} lacks the default permissions of {name!r}")
    return command


def _allowed(command: Payload, place: Channel, user: User) -> bool:
    needed = command.get("default_member_permissions")
    if needed is None or place.guild is None:
        return True
    held = place.guild.permissions(user)
    return held == ALL or (int(needed) != 0 and held & int(needed) == int(needed))


def entered(
    command: Payload, path: Sequence[str], values: Mapping[str, Any], focused: str | None = None
) -> list[Payload]:
    """The options as an interaction has them, inside the subcommand that the path names.

    Args:
        focused: the option being typed, where this is for autocomplete.

    Raises:
        NotOffered: an option or value that can't be entered, or a required one left out.
    """
    if path:
        inner = _named(command, path[0])
        return [{"type": inner["type"], "name": path[0], "options": entered(inner, path[1:], values, focused)}]
    options = command.get("options") or []
    if any(option["type"] <= 2 for option in options):
        raise NotOffered(f"{command['name']!r} has subcommands: {[option['name'] for option in options]}")
    if focused is None:
        missing = [o["name"] for o in options if o.get("required") and o["name"] not in values]
        if missing:
            raise NotOffered(f"{command['name']!r} needs {missing}")
    return [_option(_named(command, name), value, focused) for name, value in values.items()]


def _named(command: Payload, name: str) -> Payload:
    options = command.get("options") or []
    for option in options:
        if option["name"] == name:
            found: Payload = option
            return found
    raise NotOffered(f"{command['name']!r} has no {name!r}; there are {[option['name'] for option in options]}")


def _option(option: Payload, value: Any, focused: str | None) -> Payload:
    name = option["name"]
    if focused == name:
        if not option.get("autocomplete"):
            raise NotOffered(f"{name!r} is not completed")
        return {"type": option["type"], "name": name, "value": value, "focused": True}
    expected = _TYPES.get(option["type"])
    if expected and not isinstance(value, expected):
        raise NotOffered(f"{name!r} takes a {expected.__name__}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotOffered(f"{name!r} takes one of {choices}")
    if isinstance(value, str) and not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000):
        raise NotOffered(f"{name!r} does not take {len(value)} characters")
    return {"type": option["type"], "name": name, "value": value}
