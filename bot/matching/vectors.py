"""Sentence vectors kept on disk by the digest of their text, so that an edit encodes only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np

from bot.matching import files
from bot.matching.semantic import Encoder, Vectors

__all__ = ["Recent", "VectorCache"]

Batch = dict[bytes, Vectors]

_CHUNK = 128
_DIGEST = 16
_RECENT = 2_000  # texts; 3 MB


class VectorCache:
    """Encodes texts, looking up those that were met before.

    Args:
        encoders: equal encoders, one a thread.
        folder: where the cache lies; a corrupt or foreign file is ignored and written anew.
    """

    def __init__(self, encoders: Sequence[Encoder], folder: Path) -> None:
        self._encoders = encoders
        self._path = folder / f"vectors-{encoders[0].digest}.npz"
        self._known = self._read()
        self._pool = ThreadPoolExecutor(len(encoders), "herald-encode")
        self._begun: dict[bytes, Future[Batch]] = {}

    def begin(self, texts: Sequence[str]) -> None:
        """Encodes what is new of some texts in the background, for :meth:`encode` to come."""
        missing = {_key(text): text for text in texts}
        keys = sorted(
            missing.keys() - self._known.keys() - self._begun.keys(), key=lambda key: (len(missing[key]), key)
        )
        for at in range(0, len(keys), _CHUNK):
            chunk = keys[at : at + _CHUNK]
            encoder = self._encoders[at // _CHUNK % len(self._encoders)]
            batch = self._pool.submit(_encoded, encoder, chunk, [missing[key] for key in chunk])
            self._begun |= dict.fromkeys(chunk, batch)

    def encode(self, texts: Sequence[str], progress: Callable[[float], None] = lambda _: None) -> Vectors:
        """Unit vectors, shape ``(len(texts), width)``; what is new is kept on disk."""
        self.begin(texts)
        keys = [_key(text) for text in texts]
        batches = dict.fromkeys(self._begun[key] for key in keys if key in self._begun)
        for number, batch in enumerate(batches, 1):
            self._known |= batch.result()
            progress(number / len(batches))
        if batches:
            self._begun = {key: batch for key, batch in self._begun.items() if key not in self._known}
        if batches and not self._begun:
            self._write()
        if not keys:
            return np.zeros((0, self._encoders[0].width), np.float32)
        return np.stack([self._known[key] for key in keys])

    def _read(self) -> dict[bytes, Vectors]:
        arrays = files.read_arrays(self._path)
        keys, vectors = arrays.get("keys"), arrays.get("vectors")
        if keys is None or vectors is None or keys.dtype != np.uint8 or vectors.dtype != np.float32:
            return {}
        if vectors.shape[1:] != (self._encoders[0].width,) or keys.shape != (len(vectors), _DIGEST):
            return {}
        return {row.tobytes(): vector for row, vector in zip(keys, vectors, strict=True)}

    def _write(self) -> None:
        keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, _DIGEST)
        files.write_arrays(self._path, {"keys": keys, "vectors": np.stack(list(self._known.values()))})


class Recent:
    """Encodes texts, looking up in memory those that were asked for lately; safe to share between threads.

    Args:
        kept: how many texts at most.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], kept: int = _RECENT) -> None:
        self._encode = encode
        self._kept = kept
        self._known: dict[str, Vectors] = {}
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape ``(len(texts), width)``; of one text at least."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= zip(missing, self._encode(missing), strict=True)
        with self._lock:
            kept = {text: vector for text, vector in self._known.items() if text not in known} | known
            self._known = dict(list(kept.items())[-self._kept :])
        return np.stack([known[text] for text in texts])


def _encoded(encoder: Encoder, keys: Sequence[bytes], texts: Sequence[str]) -> Batch:
    return dict(zip(keys, encoder.encode(texts), strict=True))


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_DIGEST]
