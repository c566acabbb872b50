"""A knowledge base of 1,000 entries with 6,000 phrasings, about films that don't exist: for measuring reloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

__all__ = ["QUESTIONS", "edit", "write"]

_FIRST = "Silent Amber Northern Broken Golden Hollow Distant Crimson Quiet Winter".split()
_SECOND = "Harbor Orchard Lantern Meadow Ferry Chapel Quarry Signal Garden Canal".split()
_FILMS = [f"{first} {second}" for first in _FIRST for second in _SECOND]
_ENTRIES = """
director | Directed by a former ferry pilot. | who directed {} | director of {} | whose film is {}
 | who was in charge on the set of {} | name of the person who helmed {} | I loved {} and want to know who made it
music | A string quartet wrote the music. | who wrote the music of {} | soundtrack of {} | {} composer
 | what is that tune in {} | who came up with the melody at the end of {} | score of {} by whom
camera | It was shot on an old lifeboat camera. | what camera was {} shot on | {} camera | {} equipment
 | how did they get that grainy look in {} | what lens did the crew of {} use | gear behind {}
length | It runs two hours. | how long is {} | running time of {} | how many minutes does {} last
 | is {} a long one | do I need a break during {} | duration {}
place | It was filmed on an island. | where was {} filmed | locations of {} | which place is {} set in
 | what island is that in {} | could I visit the beach from {} | {} scenery
writer | Two sisters wrote it. | who wrote {} | screenplay of {} | author of the script of {}
 | whose idea was {} | who came up with the story of {} | {} script
release | It opens in March. | when does {} come out | release date of {} | {} opening day
 | how soon can I watch {} | which month is {} in cinemas | {} premiere
lead | A newcomer plays the lead. | who stars in {} | lead actor of {} | main role in {}
 | who is the face on the poster of {} | which actress carries {} | cast of {}
crowd | A hundred extras took part. | how many extras were in {} | crowd scenes of {} | {} extras
 | how many people stand in the square in {} | were those real villagers in {} | size of the crowd in {}
ending | The boat comes home. | how does {} end | ending of {} | last scene of {}
 | what becomes of the boat in {} | does {} have a happy ending | final minutes of {} explained
"""
_GAPS = """
cost | Not told. | how much did {} cost | budget of {} | was {} expensive
awards | Not told. | did {} win any prizes | awards of {} | {} nominations
"""
_BACKGROUND = """what's the weather like | recommend a pizza recipe | who won the football game | play some jazz |
set a timer for ten minutes | convert ten miles to kilometers | how do vaccines work | reset my password"""
_OPENINGS = ("so", "quick question about", "I was told to ask")
_TAUGHT = 20

QUESTIONS = [
    f"{_OPENINGS[number % len(_OPENINGS)]} {film} now, {words}"
    for number, film in enumerate(_FILMS)
    for words in ("who made the music", "when can one see it", "what was it shot with")
]
"""What is asked meanwhile; none is a phrasing."""


def write(folder: Path) -> Path:
    """Writes the knowledge base and returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    edit(folder, 0)
    return folder


def edit(folder: Path, number: int, *, rename: bool = False) -> None:
    """Edits every tenth answer, and gives twenty other entries a phrasing more than they had at first.

    Args:
        number: of the edit.
        rename: gives a film another name too, by which every phrasing is read.
    """
    _dump(folder / "common.yaml", _common(f" {number}" if rename else ""))
    entries = [record for film in _FILMS for record in _records(_ENTRIES, film)]
    for place, record in enumerate(entries):
        more = number and (place - number) % (len(entries) // _TAUGHT) == 0
        record["questions"] += [f"edition {number} of what is told about number {place}"] if more else []
        record["answer"] += f" (edition {number})" if number and place % 10 == 0 else ""
    _dump(folder / "entries.yaml", {"entries": entries})


def _common(alias: str) -> dict[str, Any]:
    works: list[dict[str, Any]] = [{"id": _slug(film), "name": film} for film in _FILMS]
    works[0]["aliases"] = [_FILMS[0] + alias] if alias else []
    gaps = [record for film in _FILMS for record in _records(_GAPS, film)]
    return {
        "sources": [{"id": "notes", "title": "Notes", "reports": "Everything.", "order": 1}],
        "works": works,
        "smalltalk": [{"id": "hello", "questions": ["hello", "hi"], "line": "Hello!"}],
        "gaps": [{"line": gap["answer"], "id": gap["id"], "questions": gap["questions"]} for gap in gaps],
        "background": [part.strip() for part in _BACKGROUND.split("|")],
        "checks": [{"ask": f"the {film} film, {ask}", "expect": expect} for film, ask, expect in _checks()],
    }


def _records(table: str, film: str) -> Iterator[dict[str, Any]]:
    """A record of each line about one film."""
    for line in table.strip().replace("\n |", " |").splitlines():
        name, answer, *phrasings = (part.strip() for part in line.split("|"))
        questions = [phrasing.format(film) for phrasing in phrasings]
        common = {"id": f"{_slug(film)}-{name}", "questions": questions, "answer": f"{film}: {answer}"}
        yield {**common, "sources": ["notes"], "about": [_slug(film)]}


def _checks() -> Iterator[tuple[str, str, str]]:
    for film in _FILMS:
        yield film, "who shot the music for it", f"{_slug(film)}-music"
        yield film, "what about its tickets", "unknown"


def _slug(film: str) -> str:
    return film.lower().replace(" ", "-")


def _dump(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
