"""Panels and forms: what a platform shows, and what it asks for. Text is plain; each platform escapes and places it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Action", "Caller", "Field", "Form", "Menu", "Option", "Panel", "Row"]


@dataclass(frozen=True, slots=True)
class Action:
    """A button.

    Attributes:
        id: what it carries, by :func:`bot.ids.button`.
        weight: ``strong`` for what is most likely wanted, ``risky`` for what changes much.
    """

    id: str
    label: str
    weight: Literal["plain", "strong", "risky"] = "plain"
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A line of a menu: its value, and up to 100 characters to show."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A choice of one of some options (in a panel up to 25); its id is by :func:`bot.ids.select`."""

    id: str
    placeholder: str
    options: tuple[Option, ...]


Row = tuple[Action, ...] | tuple[Menu]


@dataclass(frozen=True, slots=True)
class Panel:
    """Something to read and press, for one person's eyes.

    Attributes:
        text: lines.
        rows: at most five, each one menu or up to five buttons.
        report: text in columns, to be set off; whole in a file where it is long.
        picture: a PNG; empty for none.
    """

    text: str
    title: str = ""
    rows: tuple[Row, ...] = ()
    report: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in.

    Attributes:
        name: by which what was filled in comes back.
        label: up to 45 characters; ``hint``: up to 100.
        kind: one line, several, or one of up to 25 options.
        most: characters.
    """

    name: str
    label: str
    kind: Literal["line", "lines", "choice"] = "line"
    hint: str = ""
    value: str = ""
    required: bool = True
    most: int = 500
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Up to five fields; its id is by :func:`bot.ids.form`, its title up to 24 characters."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who wants something.

    Attributes:
        platform: discord or slack.
        member: the platform's id of them.
        admin: whether they look after Herald, as of now; asked at each press.
        age_restricted: whether explicit material may be shown where they are.
    """

    platform: str
    member: str
    admin: Callable[[], Awaitable[bool]]
    age_restricted: bool = False

    @property
    def who(self) -> str:
        """As the audit log has them."""
        return f"{self.platform}:{self.member}"
