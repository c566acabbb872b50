"""``herald new``: a small knowledge base to begin one's own from."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path

from bot.errors import HeraldError

__all__ = ["make", "next_steps"]


def make(folder: Path) -> None:
    """Writes the example into a folder.

    Raises:
        HeraldError: the folder holds something already.
        OSError: it can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HeraldError(f"{folder} holds something already: give a folder that is new or empty")
    folder.mkdir(parents=True, exist_ok=True)
    for file in files("bot.knowledge").joinpath("starter").iterdir():
        if file.name.endswith(".yaml"):
            (folder / file.name).write_text(file.read_text("utf-8"), "utf-8")


def next_steps(folder: Path) -> str:
    """What to do with the new folder."""
    shown = shlex.quote(str(folder))
    return "\n".join(
        (
            f"A knowledge base with three entries is in {folder}. Now:",
            f"  herald kb check {shown}    finds what is wrong in it",
            f"  herald kb test {shown}     asks its own checks",
            f"  HERALD_KNOWLEDGE_DIR={shown} herald chat    talks with it",
            "Then replace the example by what your community asks, and put HERALD_KNOWLEDGE_DIR into .env.",
        )
    )
