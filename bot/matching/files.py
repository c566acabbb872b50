"""Arrays in a file: written whole or not at all, and nothing in it is ever unpickled."""

from __future__ import annotations

import contextlib
import os
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["keep_newest", "read_arrays", "write_arrays"]

Arrays = dict[str, npt.NDArray[Any]]

# numpy reads the head of an array as Python; what it makes of bytes that are none depends on Python's version.
_UNREADABLE = (
    OSError, ValueError, EOFError, KeyError, TypeError, NotImplementedError, SyntaxError, tokenize.TokenError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_arrays(path: Path) -> Arrays:
    """The arrays of a file by name; empty where it is missing, cut off, altered (CRC) or holds objects."""
    try:
        # Opened here, as numpy leaves a corrupt file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except _UNREADABLE:
        return {}


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Writes arrays beside the target, then moves them into place; a folder that can't be written is no error."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        partial.replace(path)


def keep_newest(folder: Path, pattern: str, count: int) -> None:
    """Removes all but the newest files of a pattern; one that another process removes meanwhile is no error."""
    with contextlib.suppress(OSError):
        newest_first = sorted(folder.glob(pattern), key=lambda path: -path.stat().st_mtime)
        for path in newest_first[count:]:
            path.unlink(missing_ok=True)
