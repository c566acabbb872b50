"""A ``.env`` file that is changed in place: what it holds besides stays as it is, comments and order too."""

from __future__ import annotations

import io
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from dotenv.parser import parse_stream

from bot import envfile
from bot.errors import SettingsError

__all__ = ["changed", "save", "values"]

_PLAIN = re.compile(r"[\w.,:/@+=~%-]*", re.ASCII)  # needs no quotes, for whatever else reads such files
_VALUE = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\r\n]*?"""
_LINE = re.compile(
    rf"(?s)(?P<before>\s*(?:export[^\S\r\n]+)?)[^=]+?=[^\S\r\n]*(?:{_VALUE})"
    r"(?P<after>(?:[^\S\r\n]+\#[^\r\n]*)?[^\S\r\n]*(?:\r\n|\n|\r|))"
)


def values(text: str) -> dict[str, str]:
    """The variables that are set in it, as Herald reads them."""
    return {name: value for name, value in envfile.values(text).items() if value}


def changed(text: str, name: str, value: str, comment: str = "") -> str:
    """The text with a variable set: where it was, where its default was shown behind a ``#``, or at the end.

    Args:
        value: an empty one is written only over another.
        comment: goes before a line that is added at the end.

    Raises:
        SettingsError: the value can't be written in such a file.
    """
    made = _changed(text, name, value, comment)
    if values(made).get(name, "") != value:
        raise SettingsError("A line of .env can't be read, perhaps for a quote that isn't closed: mend it first")
    return made


def _changed(text: str, name: str, value: str, comment: str) -> str:
    parts = [(binding.key, binding.original.string) for binding in parse_stream(io.StringIO(text))]
    found = [place for place, (key, _) in enumerate(parts) if key == name]
    shown = [place for place, (key, part) in enumerate(parts) if key is None and _shows(part, name)]
    written = f"{name}={_quoted(name, value)}"
    if found:
        parts[found[-1]] = (name, _rewritten(parts[found[-1]][1], written))
    elif not value:
        return text
    elif shown:
        part = parts[shown[0]][1]
        parts[shown[0]] = (name, part.replace(part.strip(), written, 1))
    else:
        return _added(text, written, comment)
    return "".join(part for _, part in parts)


def save(path: Path, text: str) -> None:
    """Puts a file into place, whole and readable by its owner alone; a link stays a link.

    Raises:
        SettingsError: it can't be written; what was there stays.
    """
    target = path.resolve()
    try:
        number, name = tempfile.mkstemp(prefix=".env.", dir=target.parent)  # for the owner alone
    except OSError as error:
        raise SettingsError(f"{path} can't be written: {error.strerror}") from None
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - it is open already
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except OSError as error:
        with suppress(OSError):
            Path(name).unlink()
        raise SettingsError(f"{path} can't be written: {error.strerror}") from None


def _quoted(name: str, value: str) -> str:
    if "${" in value or any(ord(character) < ord(" ") for character in value):
        raise SettingsError(f"{name} can't be written to .env: it holds ${{ or a line break; set it in the environment")
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _shows(part: str, name: str) -> bool:
    return re.fullmatch(rf"\s*#[^\S\r\n]?{name}=[^\r\n]*\s*", part) is not None


def _rewritten(part: str, written: str) -> str:
    """A line with another value; what is before and after stays."""
    line = _LINE.fullmatch(part)
    if line:
        return f"{line['before']}{written}{line['after']}"
    return f"{written}\n"  # a name without a value


def _added(text: str, written: str, comment: str) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith(("\n", "\r")) else end
    between = end if text and comment else ""
    note = f"# {comment}{end}" if comment else ""
    return f"{text}{gap}{between}{note}{written}{end}"
