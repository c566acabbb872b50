"""Which files of a folder are those of a knowledge base."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Problem

__all__ = ["Found", "files"]


@dataclass(frozen=True)
class Found:
    """What is in a folder, at any depth.

    Attributes:
        files: those that are read, in order.
        problems: folders that can't be looked into, and files that would be read by another name.
    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def files(folder: Path) -> Found:
    """Looks for YAML files. What is hidden isn't read: editors keep their own there, and Git and Kubernetes copies."""
    refused: list[OSError] = []
    found = sorted(_visible(folder, refused))
    return Found(
        tuple(path for path in found if path.suffix == ".yaml"),
        (
            *(_unseen(folder, error) for error in refused),
            *(_misnamed(folder, path) for path in found if path.suffix == ".yml"),
        ),
    )


def _visible(folder: Path, refused: list[OSError]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(root, name) for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file() or path.is_symlink())  # a link to nothing is told later


def _misnamed(folder: Path, path: Path) -> Problem:
    return Problem(path.relative_to(folder).as_posix(), 1, "only *.yaml files are read", "rename it to .yaml")


def _unseen(folder: Path, error: OSError) -> Problem:
    path, message = Path(error.filename), f"can't be looked into: {error.strerror}"
    if path == folder:
        return Problem(str(folder), 1, message, "point HERALD_KNOWLEDGE_DIR at a knowledge base")
    return Problem(path.relative_to(folder).as_posix(), 1, message, "let Herald read it, or take it out")
