"""Arrays in files: whole or nothing, and never unpickled."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path

import numpy as np
import pytest

from bot.matching.files import keep_newest, read_arrays, unwritable, write_arrays
from tests.support import full_disk


class Bomb:
    """Its unpickling leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.trace,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of two arrays."""
    target = tmp_path / "deep" / "arrays.npz"
    write_arrays(target, {"a": np.arange(500), "b": np.ones((2, 3), np.float32)})
    return target


def test_a_round_trip(path: Path) -> None:
    """The same names, shapes, types and values; nothing else lies in the folder."""
    found = read_arrays(path)
    assert set(found) == {"a", "b"}
    assert (found["a"] == np.arange(500)).all()
    assert (found["b"].shape, found["b"].dtype.name) == ((2, 3), "float32")
    assert [item.name for item in path.parent.iterdir()] == ["arrays.npz"]


def test_a_missing_file_is_empty(tmp_path: Path) -> None:
    """No cache is no error; nor is a folder in its place."""
    assert read_arrays(tmp_path / "none.npz") == {}
    assert read_arrays(tmp_path) == {}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_off_is_empty(path: Path, share: float) -> None:
    """As after a full disk."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert read_arrays(path) == {}


def test_any_altered_byte_of_the_values_is_seen(path: Path) -> None:
    """The values are either right or not there: every byte of the file is turned over once, in steps."""
    whole = bytearray(path.read_bytes())
    for place in range(0, len(whole), 7):
        altered = bytearray(whole)
        altered[place] ^= 0xFF
        path.write_bytes(altered)
        for name, values in read_arrays(path).items():
            if name == "a" and values.dtype == np.int64 and values.shape == (500,):
                assert (values == np.arange(500)).all()


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"PK\x03\x04 no zip", b"\x93NUMPY\x01\x00 no array"])
def test_a_foreign_file_is_empty(path: Path, content: bytes) -> None:
    """Whatever it is."""
    path.write_bytes(content)
    assert read_arrays(path) == {}


def test_a_bare_array_is_no_file_of_arrays(path: Path) -> None:
    """numpy's other format."""
    with path.open("wb") as file:
        np.save(file, np.arange(3))
    assert read_arrays(path) == {}


def test_objects_are_never_unpickled(path: Path, tmp_path: Path) -> None:
    """Neither inside the arrays nor as the file itself; the file is as good as empty."""
    trace = tmp_path / "trace"
    np.savez(path, a=np.array([Bomb(trace)], dtype=object))
    assert read_arrays(path) == {}
    path.write_bytes(pickle.dumps(Bomb(trace)))
    assert read_arrays(path) == {}
    assert not trace.exists()


def test_objects_are_never_written(tmp_path: Path) -> None:
    """That is a mistake in the code, and says so."""
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(tmp_path / "a.npz", {"a": np.array([object()], dtype=object)})


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """The next start computes again."""
    (tmp_path / "file").touch()
    write_arrays(tmp_path / "file" / "a.npz", {"a": np.arange(3)})
    assert read_arrays(tmp_path / "file" / "a.npz") == {}


def test_a_full_disk_leaves_the_file_as_it_was(path: Path) -> None:
    """And nothing beside it of the one that failed."""
    with full_disk(room=1000):
        write_arrays(path, {"a": np.arange(9_000)})
    assert (read_arrays(path)["a"] == np.arange(500)).all()
    assert [item.name for item in path.parent.iterdir()] == ["arrays.npz"]


def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    """After an hour, by the next file of its sort; what others may still write, and what isn't ours, stays."""
    for name, age in [("made-a.12.part", 2), ("made-b.7.part", 0), ("other-a.12.part", 2), ("made-film.part", 2)]:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, time.time() - 3600 * age))
    write_arrays(tmp_path / "made-c.npz", {"a": np.arange(3)})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["made-b.7.part", "made-c.npz", "made-film.part", "other-a.12.part"]


def test_only_the_newest_files_stay(tmp_path: Path) -> None:
    """Of a pattern; others are left alone, and a missing folder is no error."""
    for age in range(5):
        path = tmp_path / f"made-{age}.npz"
        path.touch()
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "other.npz").touch()
    keep_newest(tmp_path, "made-*.npz", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made-0.npz", "made-1.npz", "other.npz"]
    keep_newest(tmp_path / "missing", "*", 2)


def test_whether_a_folder_can_be_written(tmp_path: Path) -> None:
    """It is made where it is missing, and nothing is left in it; a reason is told where it can't be."""
    assert unwritable(tmp_path / "deep" / "down") == ""
    assert list((tmp_path / "deep" / "down").iterdir()) == []
    (tmp_path / "file").touch()
    assert unwritable(tmp_path / "file") == "it is a file"
    assert unwritable(tmp_path / "file" / "down") == "Not a directory"
