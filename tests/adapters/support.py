"""What tests of adapters share: a small knowledge base with something for every kind of reply, and Herald over it."""

from __future__ import annotations

import sys
from pathlib import Path

import structlog
from typer.testing import CliRunner, Result

from adapters.main import app
from bot.herald import Herald
from bot.service import open_service
from bot.settings import Settings
from tests.support import Data, small_knowledge, write_knowledge

__all__ = ["HERALD", "LIGHT", "OFF", "WATER", "harbor", "lexical_herald", "run"]

HERALD = Path(sys.executable).with_name("herald")  # the command
OFF = "HERALD_ENCODER is off: answering on the lexical half alone.\n"  # what it notes where tests turn that off
LIGHT = "Light is patient, and it waits for whoever cares to look up from the deck."
WATER = "Water keeps [bold]no[/bold] promises, and it never once told me that it would."


def harbor() -> Data:
    """The small knowledge base, with entries that are alike, a quote with a second speaker, and explicit ones."""
    data = small_knowledge()
    common = {"sources": ["harbor-report"], "about": ["low-tide"]}
    data["entries"] += [
        {"id": "tide-music", "questions": ["who made the music", "score"], "answer": "Ben Reed did.", **common},
        {"id": "tide-sound", "questions": ["who made the sound", "noises"], "answer": "Ada Stone did.", **common},
        {"id": "tide-set", "questions": ["who made the sets", "rooms"], "answer": "The harbor itself.", **common},
        {
            "id": "tide-rage",
            "questions": ["what did the pilot shout", "swearing"],
            "answer": "Something very rude.",
            "rating": "explicit",
            **common,
        },
    ]
    data["quotes"][0]["text"] = LIGHT
    data["quotes"] += [
        {
            "id": "on-water",
            "text": WATER,
            "speaker": "the-pilot",
            "source": "harbor-report",
            "event": "harbor-talk",
            "topics": ["water"],
            "via": "ada-stone",
            "spoiler": True,
        },
    ]
    return data


def lexical_herald(tmp: Path) -> Herald:
    """Herald over the small knowledge base, without the encoder."""
    settings = Settings(knowledge_dir=write_knowledge(tmp / "kb", harbor()), cache_dir=tmp / "cache", encoder=False)
    return open_service(settings).herald()


def run(*arguments: str | Path, given: str = "") -> Result:
    """Runs the ``herald`` command in this process; the log goes back to where it went before."""
    try:
        return CliRunner().invoke(app, list(map(str, arguments)), input=given, prog_name="herald")
    finally:
        structlog.reset_defaults()
