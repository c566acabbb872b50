"""The documents as tests read them, and the commands that they show."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer

from adapters.main import app
from tests.test_project import ROOT

__all__ = ["DOCS", "DOCUMENTS", "Shown", "anchors", "commands", "document", "shown_commands", "shown_targets"]

DOCS = ROOT / "docs"
DOCUMENTS = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
    *sorted(DOCS.glob("*.md")),
]


def document(name: str) -> str:
    """A document in docs/."""
    return (DOCS / name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of Herald's in a document.

    Attributes:
        words: behind ``herald``.
        variables: set before it.
    """

    words: tuple[str, ...]
    variables: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The command by its words ("herald kb check"); "herald" where there is none but an option."""
        words = self.words[: 2 if self.words[0] in _GROUPS else 1]
        return " ".join(["herald", *(word for word in words if not word.startswith("--"))])

    def __str__(self) -> str:
        return shlex.join([*self.variables, "herald", *self.words])


_GROUPS = ("db", "kb", "slack")
_COMMAND = re.compile(r"\s*((?:[A-Z_]+=\S+ )*)(?:\.venv/bin/)?herald (\S.*)$")


def shown_commands(text: str) -> Iterator[Shown]:
    """The herald commands in a document: in its code, and in its tables and sentences."""
    lines = re.findall(r"^ {4}\$? ?(.*\bherald .*)$", text, re.M) + re.findall(r"`([^`\n]*\bherald [^`\n]*)`", text)
    lines += [line for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.M | re.S) for line in block.splitlines()]
    for line in lines:
        for part in line.split("|"):
            if found := _COMMAND.match(part):
                yield Shown(tuple(shlex.split(found[2], comments=True)), tuple(found[1].split()))


def shown_targets(text: str) -> set[str]:
    """The targets of make that a document shows."""
    return set(re.findall(r"(?:^ {4}|`)(?:\w+=\S+ )*make ([\w-]+)", text, re.M))


@functools.cache
def commands() -> Mapping[str, Any]:
    """Every command by its words, and what has options of its own before them."""
    return MappingProxyType(dict(_walk("herald", typer.main.get_command(app))))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    if not children or command.params:
        yield name, command
    for word, child in children.items():
        yield from _walk(f"{name} {word}", child)


def anchors(path: Path) -> set[str]:
    """What a link into a document may lead to, as GitHub names its headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
