"""Builders that tests share: a small knowledge base as plain data, and the folder it makes."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import KnowledgeBase, load
from bot.knowledge.loader import read_folder

__all__ = [
    "SHIPPED",
    "Clock",
    "Data",
    "article_texts",
    "build",
    "full_disk",
    "messages",
    "small_knowledge",
    "write_articles",
    "write_knowledge",
]

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as fast where it is built

SHIPPED = Path(__file__).parent.parent / "knowledge"

Data = dict[str, list[Any]]


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def small_knowledge() -> Data:
    """A knowledge base with something in every section, as fresh plain data that a test may change."""
    return {
        "sources": [
            {
                "id": "harbor-report",
                "title": "Night at the harbor",
                "event": "harbor-talk",
                "reports": "The talk.",
                "order": 1,
            },
            {"id": "hill-report", "title": "Morning on the hill", "reports": "The walk.", "order": 2},
        ],
        "people": [
            {"id": "ada-stone", "name": "Ada Stone", "aliases": ["Ada", "Stone"], "misspellings": ["adda"]},
            {"id": "ben-reed", "name": "Ben Reed", "aliases": ["Ben"]},
        ],
        "characters": [{"id": "the-pilot", "name": "the Pilot", "work": "low-tide", "actor": "ben-reed"}],
        "events": [{"id": "harbor-talk", "name": "the harbor talk"}],
        "works": [{"id": "low-tide", "name": "Low Tide"}],
        "things": [{"id": "lantern", "name": "the lantern"}],
        "entries": [
            {
                "id": "talk-host",
                "questions": ["who hosted the harbor talk", "host"],
                "answer": "Ada Stone hosted it.",
                "sources": ["harbor-report"],
                "about": ["ada-stone", "harbor-talk"],
                "quotes": ["on-light"],
            },
            {
                "id": "tide-story",
                "questions": ["what is Low Tide about", "story"],
                "answer": "A pilot who waits for the water.",
                "sources": ["harbor-report", "hill-report"],
                "about": ["low-tide", "the-pilot"],
                "spoiler": True,
            },
        ],
        "quotes": [
            {
                "id": "on-light",
                "text": "Light is patient.",
                "speaker": "ada-stone",
                "source": "harbor-report",
                "event": "harbor-talk",
                "topics": ["light"],
            },
        ],
        "gaps": [{"id": "tide-cost", "questions": ["how much did Low Tide cost"], "line": "No budget is named."}],
        "gap_templates": [
            {
                "id": "tpl-age",
                "names": {"section": "people"},
                "except": ["ben-reed"],
                "questions": ["how old is {name}", "{name} birthday"],
                "line": "The age of {name} isn't told.",
            },
        ],
        "smalltalk": [{"id": "hello", "questions": ["hello", "good morning"], "line": "Hello!"}],
        "glossary": [["film", "movie"]],
        "background": ["what's the weather like"],
        "checks": [
            {"ask": "who ran the evening", "expect": "talk-host"},
            {"ask": "how expensive was it", "expect": ["tide-cost", "unknown"]},
        ],
    }


def write_knowledge(folder: Path, data: Mapping[str, Sequence[Any]]) -> Path:
    """Writes one file for each section, and returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for section, items in data.items():
        (folder / f"{section}.yaml").write_text(_as_yaml(json.dumps({section: list(items)})), "utf-8")
    return folder


@lru_cache(maxsize=256)
def _as_yaml(content: str) -> str:
    """By way of JSON, so that what a test uses twice is written twice and not as an alias."""
    return yaml.dump(json.loads(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def build(folder: Path, data: Mapping[str, Sequence[Any]]) -> KnowledgeBase:
    """Writes and loads a knowledge base."""
    return load(write_knowledge(folder, data))


def messages(folder: Path) -> list[str]:
    """Every problem of a folder as its one line."""
    return [str(problem) for problem in read_folder(folder).problems]


def article_texts() -> dict[str, str]:
    """Texts in which the small knowledge base's quote stands, by source."""
    return {
        "harbor-report": "Ada Stone took her time. “Light is\npatient.” Then she sat down.",
        "hill-report": "Nobody spoke on the hill.",
    }


def write_articles(folder: Path, texts: Mapping[str, str]) -> Path:
    """Writes a folder of articles, one text file for each source, and returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, text in texts.items():
        (folder / f"{source}.txt").write_text(text, "utf-8")
    return folder


@contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """No file can be written beyond so many bytes within the block, as where a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
