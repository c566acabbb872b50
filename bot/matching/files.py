"""Files of the cache: written whole or not at all; and arrays in them, of which nothing is ever unpickled."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import in_words

__all__ = ["keep_newest", "read_arrays", "unwritable", "whole", "write_arrays"]

_LONG = 60 * 60.0  # seconds; far more than any file takes to be written

Arrays = dict[str, npt.NDArray[Any]]

# numpy reads the head of an array as Python; what it makes of bytes that are none depends on Python's version.
_UNREADABLE = (
    OSError, ValueError, EOFError, KeyError, TypeError, NotImplementedError, SyntaxError, tokenize.TokenError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def unwritable(folder: Path) -> str:
    """Why no file can be put into a folder, which is made where it is missing; empty where one can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except FileExistsError:
        return "it is a file"
    except OSError as error:
        return error.strerror or in_words(error)


def read_arrays(path: Path) -> Arrays:
    """The arrays of a file by name; empty where it is missing, cut off, altered (CRC) or holds objects."""
    try:
        # Opened here, as numpy leaves a corrupt file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except _UNREADABLE:
        return {}


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Writes arrays to a file as a whole; a folder that can't be written is no error."""
    with contextlib.suppress(OSError), whole(path) as partial, partial.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside the target to write to, which is moved into place at the end, or removed where that fails.

    Raises:
        OSError: the folder can't be made, or the file not be moved.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(path)
    partial = path.with_suffix(f".{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _remove_left(path: Path) -> None:
    """Removes what processes left of files of this sort when they were killed; nothing else of the folder."""
    for partial in path.parent.glob(f"{path.name.partition('-')[0]}-*.[0-9]*.part"):
        with contextlib.suppress(OSError):
            if partial.stat().st_mtime < time.time() - _LONG:
                partial.unlink(missing_ok=True)


def keep_newest(folder: Path, pattern: str, count: int) -> None:
    """Removes all but the newest files of a pattern; one that another process removes meanwhile is no error."""
    with contextlib.suppress(OSError):
        newest_first = sorted(folder.glob(pattern), key=lambda path: -path.stat().st_mtime)
        for path in newest_first[count:]:
            path.unlink(missing_ok=True)
