"""Vectors kept on disk: each text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import files
from bot.matching.semantic import Encoder
from bot.matching.vectors import Recent, VectorCache

TEXTS = ["who moderated the harbor talk", "release date", "", "who moderated the harbor talk"]


class Counting(Encoder):
    """Remembers what it encoded; a vector is made of the text's length."""

    def __init__(self, digest: str = "counting", width: int = 4) -> None:
        self.digest = digest
        self.width = width
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.encoded += texts
        return np.array([[len(text) + column for column in range(self.width)] for text in texts], np.float32)


def only(folder: Path) -> Path:
    """The one file in a folder."""
    (path,) = folder.iterdir()
    return path


def test_each_text_is_encoded_once(tmp_path: Path) -> None:
    """Also over a restart; an edit costs what is new."""
    first = Counting()
    vectors = VectorCache([first], tmp_path).encode(TEXTS)
    assert sorted(first.encoded) == sorted(set(TEXTS))
    second = Counting()
    again = VectorCache([second], tmp_path).encode([*TEXTS, "new"])
    assert second.encoded == ["new"]
    assert (again[:4] == vectors).all()
    assert again[4, 0] == 3


def test_the_real_encoder_round_trip(tmp_path: Path, encoder: Encoder) -> None:
    """What comes from the disk is bit for bit what was computed."""
    computed = VectorCache([encoder], tmp_path).encode(TEXTS)
    assert (VectorCache([encoder], tmp_path).encode(TEXTS) == computed).all()


def test_several_encoders_share_the_work(tmp_path: Path) -> None:
    """In chunks; every text gets its own vector all the same."""
    encoders = [Counting(), Counting()]
    texts = ["x" * n for n in range(300)]
    vectors = VectorCache(encoders, tmp_path).encode(texts)
    assert (vectors[:, 0] == np.arange(300)).all()
    assert all(encoder.encoded for encoder in encoders)
    assert len(encoders[0].encoded) + len(encoders[1].encoded) == 300


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    """Ascending, and nothing where nothing is new."""
    told: list[float] = []
    cache = VectorCache([Counting()], tmp_path)
    cache.encode([str(n) for n in range(200)], told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    told.clear()
    cache.encode(["1"], told.append)
    assert told == []


def test_what_was_begun_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    """Encoded once, in the background; kept on disk when nothing is under way any more."""
    encoder = Counting()
    cache = VectorCache([encoder], tmp_path)
    cache.begin([str(n) for n in range(300)])
    cache.begin(["7", "new"])
    assert cache.encode(["12", "999"])[:, 0].tolist() == [2, 3]
    assert list(tmp_path.iterdir()) == []
    assert cache.encode([*map(str, range(300)), "new"])[:, 0].sum() == 10 + 180 + 600 + 3
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 302
    assert len(list(tmp_path.iterdir())) == 1


def test_what_fails_in_the_background_fails_where_it_is_asked_for(tmp_path: Path) -> None:
    """Not before, and not in silence."""

    class Broken(Counting):
        def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
            raise RuntimeError("no memory")

    cache = VectorCache([Broken()], tmp_path)
    cache.begin(["one"])
    with pytest.raises(RuntimeError, match="no memory"):
        cache.encode(["one"])


def test_no_texts(tmp_path: Path) -> None:
    """No vectors, no file."""
    assert VectorCache([Counting()], tmp_path).encode([]).shape == (0, 4)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"keys": np.zeros((3, 16), np.uint8)},
        {"keys": np.zeros((3, 16), np.uint8), "vectors": np.zeros((2, 4), np.float32)},
        {"keys": np.zeros((3, 16), np.uint8), "vectors": np.zeros((3, 5), np.float32)},
        {"keys": np.zeros((3, 8), np.uint8), "vectors": np.zeros((3, 4), np.float32)},
        {"keys": np.zeros((3, 16), np.int64), "vectors": np.zeros((3, 4), np.float32)},
        {"keys": np.zeros((3, 16), np.uint8), "vectors": np.zeros((3, 4), np.float64)},
        {"keys": np.zeros((), np.uint8), "vectors": np.zeros((3, 4), np.float32)},
    ],
)
def test_a_file_of_another_make_is_made_anew(tmp_path: Path, arrays: dict[str, npt.NDArray[np.float64]]) -> None:
    """Wrong shapes or types: encoded again, and right the next time."""
    VectorCache([Counting()], tmp_path).encode(TEXTS)
    files.write_arrays(only(tmp_path), arrays)
    encoder = Counting()
    VectorCache([encoder], tmp_path).encode(TEXTS)
    assert len(encoder.encoded) == 3
    VectorCache([encoder], tmp_path).encode(TEXTS)
    assert len(encoder.encoded) == 3


def test_a_corrupt_file_is_made_anew(tmp_path: Path) -> None:
    """Cut in half: as if it weren't there."""
    VectorCache([Counting()], tmp_path).encode(TEXTS)
    path = only(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    encoder = Counting()
    VectorCache([encoder], tmp_path).encode(TEXTS)
    assert len(encoder.encoded) == 3


def test_another_encoder_has_another_file(tmp_path: Path) -> None:
    """Vectors of different models are never mixed."""
    VectorCache([Counting("one")], tmp_path).encode(TEXTS)
    other = Counting("two")
    VectorCache([other], tmp_path).encode(TEXTS)
    assert len(other.encoded) == 3
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Only the next start is slower."""
    (tmp_path / "file").touch()
    assert VectorCache([Counting()], tmp_path / "file" / "cache").encode(TEXTS).shape == (4, 4)


def test_what_was_asked_for_lately_is_kept_in_memory() -> None:
    """Within bounds: what wasn't asked for the longest goes first. More than that at once is no error."""
    encoder = Counting()
    recent = Recent(encoder.encode, kept=3)
    for text in ("a", "bb", "ccc", "a", "dddd", "a"):
        assert recent.encode([text])[0, 0] == len(text)
    assert encoder.encoded == ["a", "bb", "ccc", "dddd"]
    assert recent.encode(["bb", "ccc", "bb", "eeeee", "a"])[:, 0].tolist() == [2, 3, 2, 5, 1]
    assert encoder.encoded[4:] == ["bb", "eeeee"]
