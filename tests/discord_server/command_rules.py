"""Discord's rules for the commands that an application registers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.discord_server.errors import invalid_form
from tests.discord_server.model import Payload

__all__ = ["check_commands"]

CHAT, USER, MESSAGE = 1, 2, 3
_MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
_SUBCOMMAND, _GROUP, _STRING = 1, 2, 3
_NAME = re.compile(r"[-_'\w]{1,32}")
_CHARACTERS = 8000


def check_commands(commands: Sequence[Payload]) -> None:
    """Checks a bulk overwrite.

    Raises:
        ApiError: what Discord would say.
    """
    kinds = Counter(command.get("type", CHAT) for command in commands)
    for kind, most in _MOST.items():
        if kinds[kind] > most:
            message = f"Maximum number of application commands reached ({most})."
            raise invalid_form("0", "APPLICATION_COMMANDS_TOO_MANY", message)
    names = [(command.get("type", CHAT), command.get("name")) for command in commands]
    for number, command in enumerate(commands):
        if names.count(names[number]) > 1:
            message = "Application command names must be unique"
            raise invalid_form(str(number), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        _check_command(command, str(number))


def _check_command(command: Payload, at: str) -> None:
    if command.get("type", CHAT) != CHAT:
        _length(f"{at}.name", command.get("name"), 1, 32)
        if command.get("description"):
            message = "Context menu commands cannot have description"
            raise invalid_form(f"{at}.description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)
        return
    _check_named(command, at)
    _check_options(command.get("options") or [], f"{at}.options")
    if sum(map(len, _words(command))) > _CHARACTERS:
        message = f"Command exceeds maximum size ({_CHARACTERS})"
        raise invalid_form(at, "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_named(thing: Payload, at: str) -> None:
    name = thing.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
        message = r"Command name is invalid: 1-32 lower-case letters, digits, - and _"
        raise invalid_form(f"{at}.name", "APPLICATION_COMMAND_INVALID_NAME", message)
    _length(f"{at}.description", thing.get("description"), 1, 100)


def _check_options(options: Sequence[Payload], at: str) -> None:
    if len(options) > 25:
        raise invalid_form(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [option.get("name") for option in options]
    for number, option in enumerate(options):
        place = f"{at}.{number}"
        if names.count(option.get("name")) > 1:
            message = "Option names must be unique"
            raise invalid_form(place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        if option.get("required") and any(not before.get("required") for before in options[:number]):
            message = "Required options must be placed before non-required options"
            raise invalid_form(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        _check_option(option, place)


def _check_option(option: Payload, at: str) -> None:
    _check_named(option, at)
    if option.get("type") in (_SUBCOMMAND, _GROUP):
        _check_options(option.get("options") or [], f"{at}.options")
        return
    choices = option.get("choices") or []
    if option.get("autocomplete") and choices:
        message = "Autocomplete options cannot have choices"
        raise invalid_form(at, "APPLICATION_COMMAND_AUTOCOMPLETE_NO_CHOICES_ALLOWED", message)
    if len(choices) > 25:
        raise invalid_form(f"{at}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, choice in enumerate(choices):
        _length(f"{at}.choices.{number}.name", choice.get("name"), 1, 100)
        if option.get("type") == _STRING:
            _length(f"{at}.choices.{number}.value", choice.get("value"), 1, 100)


def _words(thing: Payload) -> Iterator[str]:
    """All that counts against a command's size."""
    yield thing.get("name") or ""
    yield thing.get("description") or ""
    for choice in thing.get("choices") or []:
        yield choice.get("name") or ""
        yield str(choice.get("value") or "")
    for option in thing.get("options") or []:
        yield from _words(option)


def _length(at: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, str):
        raise invalid_form(at, "BASE_TYPE_REQUIRED", "This field is required")
    if not least <= len(value) <= most:
        raise invalid_form(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
