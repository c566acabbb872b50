"""Names of files where the locale isn't UTF-8 (LC_ALL=C): for the system, and for everything else."""

from __future__ import annotations

import os

__all__ = ["for_the_system", "in_unicode"]


def for_the_system(path: str) -> str:
    """A path as the locale can name it: one from a file in UTF-8 by its bytes, where the locale lacks its letters."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return os.fsdecode(path.encode("utf-8", "surrogateescape"))
    return path


def in_unicode(path: str | os.PathLike[str]) -> str:
    """A path as it is called in UTF-8, for what takes nothing else; bytes that are none are substituted."""
    return os.fsencode(path).decode("utf-8", "replace")
