"""A ``.env`` file as text: it is read whole, or it is told what is wrong with it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.errors import SettingsError

__all__ = ["read", "values"]


def read(path: Path) -> str:
    """What a file holds, line breaks as they are; nothing where there is none.

    Raises:
        SettingsError: it can't be read, or some of its lines can't.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read: {error}") from None
    if malformed := list(_malformed(text)):
        # What stands there may be a secret, and isn't shown.
        lines = f"line{'' if len(malformed) == 1 else 's'} {', '.join(map(str, malformed))}"
        raise SettingsError(f"{path}, {lines}: write NAME=value, close every quote, and put # before a comment")
    return text


def values(text: str) -> Mapping[str, str | None]:
    """The variables that are set in it."""
    return dotenv_values(stream=_stream(text))


def _stream(text: str) -> io.StringIO:
    return io.StringIO(text, newline=None)


def _malformed(text: str) -> Iterator[int]:
    """The numbers of lines where something begins that is neither a variable nor a comment."""
    for binding in parse_stream(_stream(text)):
        if binding.error:
            written = binding.original.string  # with the empty lines before it
            yield binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")
