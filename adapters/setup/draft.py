"""The answers so far: what ``.env`` holds, and what is to be written to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from adapters.setup import envfile
from adapters.setup.asker import Asker
from adapters.setup.finding import Check, Finding
from bot.errors import SettingsError
from bot.settings import Settings, read_settings, variable

__all__ = ["Draft", "Step", "complaint"]

_DESCRIBED = {variable(name): field.description or "" for name, field in Settings.model_fields.items()}


class Step(Protocol):
    """What one platform wants to know."""

    @property
    def name(self) -> str:
        """The platform, as people call it."""

    @property
    def tokens(self) -> Sequence[str]:
        """The variables of which any stands for the platform being wanted."""

    def ask(self, draft: Draft) -> None:
        """Asks, checks and notes the answers."""

    def outlook(self, draft: Draft) -> None:
        """Tells what to do after everything is written."""


class Draft:
    """A ``.env`` that is being filled in.

    Attributes:
        asker: whom the questions are put to.
        text: the file as it would be written now.
    """

    def __init__(self, asker: Asker, text: str, environment: Mapping[str, str]) -> None:
        """Takes the file as it is, and the environment, which goes before it."""
        self.asker = asker
        self.text = text
        self._environment = environment

    def present(self, name: str) -> str:
        """The value that holds now; empty where there is none."""
        return self._environment.get(name) or envfile.values(self.text).get(name, "")

    def wants(self, step: Step) -> bool:
        """Whether a platform is wanted as it stands."""
        return any(self.present(name) for name in step.tokens)

    def settings(self, *names: str) -> Settings:
        """These variables as settings, and none of the others, which may be wrong.

        Raises:
            SettingsError: one of them is wrong itself.
        """
        return read_settings({name: self.present(name) for name in names})

    def put(self, name: str, value: str) -> None:
        """Notes a value; where the environment has another one, says that that holds."""
        if value != envfile.values(self.text).get(name, ""):
            self.text = envfile.changed(self.text, name, value, _DESCRIBED[name])
        if self._environment.get(name) not in (None, "", value):
            self.asker.say(f"Mind that {name} of the environment goes before .env.")

    def words(self, name: str, question: str, refuse: Callable[[str], str] = lambda _: "") -> None:
        """Asks for a value that may be shown, until it is one; ``-`` stands for none.

        Args:
            refuse: what is wrong with a value, or empty.
        """
        held = self.present(name)
        while True:
            answer = self.asker.ask(f"{question}{' (- for none)' if held else ''}", held)
            value = "" if answer == "-" else answer.replace(" ", "")
            wrong = (complaint(name, value) or refuse(value)) if value else ""
            if not wrong:
                self.put(name, value)
                return
            self.asker.say(wrong)

    def secret(self, name: str, question: str, check: Check) -> Finding | None:
        """Asks for a token, and checks it at once; None where there is none now."""
        held = self.present(name)
        hint = " (Enter keeps the present one)" if held else " (Enter to leave it out)"
        while True:
            given = self.asker.secret(f"{question}{hint}") or held
            if not given:
                return None
            finding = asyncio.run(_checked(check, given))
            for line in finding.lines:
                self.asker.say(f"  {line}")
            if finding.verdict == "good" or (finding.verdict == "unknown" and self._unchecked()):
                self.put(name, given)
                return finding
            held = ""  # it was refused
            hint = " (Enter to leave it out)"

    def _unchecked(self) -> bool:
        return self.asker.ask("Keep it unchecked? (y/n)", "y").lower().startswith("y")


async def _checked(check: Check, token: str) -> Finding:
    if not token.isascii() or any(character.isspace() for character in token):
        return Finding("refused", ("A token has no spaces and only ASCII characters: copy it anew.",))
    return await check(token)


def complaint(name: str, value: str) -> str:
    """What is wrong with a value itself; what it needs beside it is asked for later."""
    try:
        read_settings({name: value})
    except SettingsError as error:
        return str(error) if str(error).startswith((f"{name}=", f"{name}:")) else ""
    return ""
