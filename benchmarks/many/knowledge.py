"""The knowledge base of this soak: the tests' town, each answer and each source marked with its edition."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import yaml

from tests.town import town

__all__ = ["QUESTIONS", "TAUGHT", "editions", "nonsense", "write"]

_EDITION = re.compile(r"edition (\d+)")
_SYLLABLES = "bra cho dle fim gux hov jat kez lup mir nop pli quo rez ska tud vym wox yab zel".split()

QUESTIONS = [
    (phrasing, str(entry["answer"]))
    for entry in town()["entries"]
    for phrasing in entry["questions"][:3]
    if not entry.get("spoiler") and not entry.get("rating") and " " in phrasing
]
"""What members ask, and how the answer begins."""

TAUGHT = ("camera", "It was shot on an old lifeboat camera.")
"""The entry that questions are taught to, and how its answer begins."""


def write(folder: Path, edition: int) -> None:
    """Writes an edition whole: a process that starts just then reads the one before or this one."""
    data = town()
    for entry in data["entries"]:
        entry["answer"] += f" (edition {edition})"
    for source in data["sources"]:
        source["title"] += f", edition {edition}"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "town.new"
    fresh.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    os.replace(fresh, folder / "town.yaml")  # noqa: PTH105 - over the old one, at once


def editions(shown: str) -> set[str]:
    """The editions that a reply is of; more than one are a mixture."""
    return set(_EDITION.findall(shown))


def nonsense(choice: random.Random) -> str:
    """Three words that nothing knows, unlike all others."""
    return " ".join("".join(choice.choices(_SYLLABLES, k=4)) for _ in range(3))
