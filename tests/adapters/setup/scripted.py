"""A person who answers by a list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.setup.draft import Step
from adapters.setup.wizard import set_up

__all__ = ["Scripted", "setting_up"]


class Scripted:
    """Answers the questions whose beginnings are given, several times in the order given; else takes the default.

    Attributes:
        said: all that was told, and each question with the default that was shown.
    """

    def __init__(self, answers: Mapping[str, Sequence[str]]) -> None:
        self.said: list[str] = []
        self._answers = {start: list(given) for start, given in answers.items()}

    @property
    def told(self) -> str:
        return "\n".join(self.said)

    @property
    def left(self) -> dict[str, list[str]]:
        """Answers that nobody asked for."""
        return {start: given for start, given in self._answers.items() if given}

    def say(self, text: str = "") -> None:
        self.said.append(text)

    def ask(self, question: str, default: str = "") -> str:
        self.said.append(f"{question} [{default}]")
        return self._next(question) or default

    def secret(self, question: str) -> str:
        self.said.append(question)
        return self._next(question)

    def _next(self, question: str) -> str:
        # "Number" alone says little: the heading before it does.
        heading = next((line for line in reversed(self.said) if line.endswith("?")), "")
        for start, given in self._answers.items():
            if given and (heading if question == "Number" else question).startswith(start):
                return given.pop(0)
        return ""


async def setting_up(
    path: Path, steps: Sequence[Step], answers: Mapping[str, Sequence[str]], environment: Mapping[str, str]
) -> Scripted:
    """Runs the set-up in a thread, as it has an event loop of its own; every answer must be asked for."""
    asker = Scripted(answers)
    await asyncio.to_thread(set_up, asker, path, environment, steps)
    assert asker.left == {}, asker.told
    return asker
