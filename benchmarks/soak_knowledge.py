"""The knowledge base of the soak: some 300 entries about films that don't exist, with an edit for each reload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

__all__ = ["QUESTIONS", "edit", "write"]

_FIRST = "Silent Amber Northern Broken Golden Hollow Distant Crimson Quiet Winter".split()
_SECOND = "Harbor Orchard Lantern".split()
_ASPECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "director": ("Directed by a former ferry pilot.", ("who directed {}", "director of {}", "whose film is {}")),
    "music": ("A string quartet wrote the music.", ("who wrote the music of {}", "soundtrack of {}", "{} composer")),
    "camera": ("It was shot on an old lifeboat camera.", ("what camera was {} shot on", "{} camera", "{} equipment")),
    "length": ("It runs two hours.", ("how long is {}", "running time of {}", "how many minutes does {} last")),
    "place": ("It was filmed on an island.", ("where was {} filmed", "locations of {}", "which place is {} set in")),
    "writer": ("Two sisters wrote it.", ("who wrote {}", "screenplay of {}", "author of the script of {}")),
    "release": ("It opens in March.", ("when does {} come out", "release date of {}", "{} opening day")),
    "lead": ("A newcomer plays the lead.", ("who stars in {}", "lead actor of {}", "main role in {}")),
    "crowd": ("A hundred extras took part.", ("how many extras were in {}", "crowd scenes of {}", "{} extras")),
    "ending": ("The boat comes home.", ("how does {} end", "ending of {}", "last scene of {}")),
}
_FILMS = [f"{first} {second}" for first in _FIRST for second in _SECOND]

QUESTIONS = [
    phrasing.format(film) for film in _FILMS for _, phrasings in _ASPECTS.values() for phrasing in phrasings[:2]
]
"""What members of the soak ask."""


def write(folder: Path) -> Path:
    """Writes the knowledge base and returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = {"id": "notes", "title": "Notes of the soak", "reports": "Everything.", "order": 1}
    works = [{"id": _slug(film), "name": film} for film in _FILMS]
    talk = [{"id": "hello", "questions": ["hello", "hi"], "line": "Hello!"}]
    gaps = [{"id": "tickets", "questions": ["ticket price", "how much are the tickets"], "line": "Not told."}]
    background = ["what's the weather like", "recommend a pizza recipe", "who won the football game", "play some jazz"]
    common: dict[str, Any] = {
        "sources": [source],
        "works": works,
        "smalltalk": talk,
        "gaps": gaps,
        "background": background,
    }
    _dump(folder / "common.yaml", common)
    edit(folder, 0)
    return folder


def edit(folder: Path, number: int) -> None:
    """Edits every tenth answer and adds a phrasing to one entry, as a curator might between two reloads."""
    entries = [_entry(film, aspect, number) for film in _FILMS for aspect in _ASPECTS]
    if number:
        entries[number % len(entries)]["questions"].append(f"tell me number {number} about {_FILMS[number % 30]}")
    _dump(folder / "entries.yaml", {"entries": entries})


def _entry(film: str, aspect: str, number: int) -> dict[str, Any]:
    answer, phrasings = _ASPECTS[aspect]
    edited = f" (edition {number})" if number and aspect == "director" else ""
    return {
        "id": f"{_slug(film)}-{aspect}",
        "questions": [phrasing.format(film) for phrasing in phrasings],
        "answer": f"{film}: {answer}{edited}",
        "sources": ["notes"],
        "about": [_slug(film)],
    }


def _slug(film: str) -> str:
    return film.lower().replace(" ", "-")


def _dump(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
