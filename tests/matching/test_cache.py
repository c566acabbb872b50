"""The compiled knowledge base on disk: the same answers, or made anew."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.matching import cache, files
from bot.matching.compiled import Compiled
from bot.matching.matcher import Matcher

NAME = "0" * 32
QUESTIONS = [
    "who moderated the harbor talk", "who was asking stuff at the harbor", "moderatr of the hill tlak", "budget",
    "how old is Ada", "hello", "pizza", "", "who made the music with Quill", "did anyone ask about ghosts",
]  # fmt: skip


@pytest.fixture
def compiled(hybrid_snapshot: Snapshot) -> Compiled:
    """The town, compiled with the encoder."""
    return hybrid_snapshot.matcher.compiled


@pytest.fixture
def path(tmp_path: Path, compiled: Compiled) -> Path:
    """Its file in the cache."""
    cache.save(compiled, tmp_path, NAME)
    return tmp_path / f"compiled-{NAME}.npz"


def test_the_same_matches_come_from_the_cache(path: Path, hybrid_snapshot: Snapshot) -> None:
    """Verdict, candidates, probabilities and evidence, to the last bit."""
    found = cache.load(path.parent, NAME)
    assert found
    restored = Matcher(found, hybrid_snapshot.matcher._encoder)
    for question in QUESTIONS:
        assert restored.match(question) == hybrid_snapshot.matcher.match(question)


def test_the_lexical_half_comes_back_too(tmp_path: Path, lexical_snapshot: Snapshot) -> None:
    """Without vectors of phrasings and quotes."""
    cache.save(lexical_snapshot.matcher.compiled, tmp_path, NAME)
    found = cache.load(tmp_path, NAME)
    assert found
    assert found.similarities.vectors is None
    assert found.quotes is None
    for question in QUESTIONS:
        assert Matcher(found, None).match(question) == lexical_snapshot.matcher.match(question)


def test_calibration_and_quotes_come_back(path: Path, compiled: Compiled) -> None:
    """With thresholds, forecast and curve."""
    found = cache.load(path.parent, NAME)
    assert found
    assert (found.calibration.answer, found.calibration.offer) == (
        compiled.calibration.answer,
        compiled.calibration.offer,
    )
    assert found.calibration.forecast == compiled.calibration.forecast
    assert found.quotes
    assert compiled.quotes
    assert (found.quotes.words == compiled.quotes.words).all()


def test_nothing_there(tmp_path: Path) -> None:
    """A first start."""
    assert cache.load(tmp_path, NAME) is None


def test_a_file_under_another_name_is_not_trusted(path: Path) -> None:
    """The key stands inside too."""
    other = "1" * 32
    shutil.copy(path, path.with_name(f"compiled-{other}.npz"))
    assert cache.load(path.parent, other) is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_cut_off_is_not_trusted(path: Path, share: float) -> None:
    """As after a full disk."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert cache.load(path.parent, NAME) is None


def test_an_altered_file_is_not_trusted(path: Path) -> None:
    """A bit in the middle of the coefficients."""
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    assert cache.load(path.parent, NAME) is None


def test_pickled_objects_are_not_trusted(path: Path) -> None:
    """Nor loaded."""
    np.savez(path, meta=np.array([{"key": NAME}], dtype=object))
    assert cache.load(path.parent, NAME) is None
    path.write_bytes(pickle.dumps({"key": NAME}))
    assert cache.load(path.parent, NAME) is None


@pytest.mark.parametrize(
    "meta", [b"", b"[]", b"{}", b"no json", b"\xff\xfe", b'{"key": "' + NAME.encode() + b'"}', b"null"]
)
def test_other_content_is_not_trusted(path: Path, meta: bytes) -> None:
    """However the description inside is amiss."""
    files.write_arrays(path, {**files.read_arrays(path), "meta": np.frombuffer(meta, np.uint8)})
    assert cache.load(path.parent, NAME) is None


@pytest.mark.parametrize("lost", ["meta", "starts", "head", "lexical_rows", "model_weights"])
def test_a_lost_part_is_not_made_up(path: Path, lost: str) -> None:
    """All or nothing."""
    arrays = files.read_arrays(path)
    del arrays[lost]
    files.write_arrays(path, arrays)
    assert cache.load(path.parent, NAME) is None


@pytest.mark.parametrize("cut", ["head", "vectors", "starts"])
def test_parts_that_do_not_fit_together_are_not_trusted(path: Path, cut: str) -> None:
    """Fewer phrasings here than there."""
    arrays = files.read_arrays(path)
    files.write_arrays(path, {**arrays, cut: arrays[cut][:-1]})
    assert cache.load(path.parent, NAME) is None


def test_the_key_names_all_that_matters() -> None:
    """Content, encoder and precision; the same for the same."""
    keys = {cache.key(k, e, p) for k in ("v1", "v2") for e in ("lexical", "minilm") for p in (0.9, 0.95)}
    assert len(keys) == 8
    assert cache.key("v1", "lexical", 0.9) == cache.key("v1", "lexical", 0.9)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, compiled: Compiled) -> None:
    """The next start compiles again."""
    (tmp_path / "file").touch()
    cache.save(compiled, tmp_path / "file", NAME)
    assert cache.load(tmp_path / "file", NAME) is None
