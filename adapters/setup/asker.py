"""How questions are asked: on a terminal, or from a list in tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol

import typer

from adapters.terminal.render import clean
from bot.errors import SettingsError

__all__ = ["Asker", "Terminal", "choose"]


class Asker(Protocol):
    """Whom the questions are put to."""

    def say(self, text: str = "") -> None:
        """Tells something."""

    def ask(self, question: str, default: str = "") -> str:
        """An answer in words; the default where nothing is typed."""

    def secret(self, question: str) -> str:
        """An answer that is not shown while it is typed; empty where nothing is."""


class Terminal:
    """A person at a terminal."""

    def __init__(self) -> None:
        """Looks whether there is one.

        Raises:
            SettingsError: there is none.
        """
        if not sys.stdin.isatty():
            raise SettingsError("herald setup asks questions in a terminal; without one copy .env.example to .env")

    def say(self, text: str = "") -> None:
        """Prints it."""
        print(clean(text))

    def ask(self, question: str, default: str = "") -> str:
        """Shows the default in brackets."""
        return str(typer.prompt(question, default=default, show_default=bool(default))).strip()

    def secret(self, question: str) -> str:
        """Shows nothing of what is typed or pasted."""
        return str(typer.prompt(question, default="", show_default=False, hide_input=True)).strip()


def choose(asker: Asker, question: str, options: Sequence[str], default: int) -> int:
    """The place of the option that is picked by its number."""
    asker.say(question)
    for number, option in enumerate(options, 1):
        asker.say(f"  {number}  {option}")
    while True:
        answer = asker.ask("Number", str(default + 1))
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(options):
            return int(answer) - 1
        asker.say(f"Type a number from 1 to {len(options)}.")
