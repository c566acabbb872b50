"""Products of many vectors with one, by 8-bit numbers: reading memory takes the time, and that is a quarter of it.

Each row has a scale of its own and 127 steps to either side, kept as uint8 about 128: with int8 the kernels of
processors without VNNI saturate. onnxruntime makes the other vector 8-bit as it comes. Of unit vectors the products,
which are cosines, are wrong by less than 0.005, and by 0.0005 as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.matching import onnx_file
from bot.matching.onnx_file import Array, DataType, Message
from bot.matching.runtime import onnxruntime
from bot.matching.semantic import Vectors

__all__ = ["Rows", "rows"]

_LEAST = 2_000  # rows; fewer stay in the processor's cache
_STEPS = 127
_MIDDLE = 128
_SMALLEST = 1e-9  # a row of zeros has a scale too
_BLOCK = 256  # rows that are rounded at once, in the processor's cache
_TRIED = 64  # rows
_WRONG = 0.05  # of the greatest product that there can be
_OPSET = 17
_IR_VERSION = 8
_FUSED = "com.microsoft"  # onnxruntime's own operators


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors to be multiplied with others; immutable, shared between threads.

    Attributes:
        vectors: as they came, shape ``(n, width)``.
    """

    vectors: Vectors
    _session: Any = field(default=None, repr=False, compare=False)

    @property
    def rounded(self) -> bool:
        """Whether 8-bit numbers are multiplied, and not the vectors as they came."""
        return self._session is not None

    def products(self, vector: Vectors) -> Vectors:
        """The product of each row with a vector, shape ``(n,)``."""
        if self._session is None:
            return np.asarray(self.vectors @ vector, np.float32)
        return np.asarray(self._session.run(None, {"vector": vector[np.newaxis]})[0][0], np.float32)


def rows(vectors: Vectors, least: int = _LEAST) -> Rows:
    """Vectors made ready, in about 50 ms for 15,000.

    Those of few rows, and all where onnxruntime is missing or won't, are multiplied as they are.

    Args:
        least: from how many rows on 8-bit numbers are worth it.
    """
    plain = Rows(vectors)
    if len(vectors) < least:
        return plain
    try:
        made = Rows(vectors, _session(vectors))
        sound = _alike(made, plain)
    except Exception:  # noqa: BLE001 - whatever it is, without it is slower and no less right
        return plain
    return made if sound else plain


def _session(vectors: Vectors) -> Any:
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # a refusal is no news for whoever asks
    model = _model(vectors).SerializeToString()
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _alike(made: Rows, plain: Rows) -> bool:
    """Whether the first row's products with the first rows are about right."""
    few, vector = plain.vectors[:_TRIED], plain.vectors[0]
    wrong = np.abs(made.products(vector)[:_TRIED] - few @ vector)
    return bool((wrong <= _WRONG * np.linalg.norm(few, axis=1) * np.linalg.norm(vector)).all())


def _model(vectors: Vectors) -> Message:
    weights, scales = _quantized(vectors)
    middles = np.full(len(vectors), _MIDDLE, np.uint8)
    named = {"weights": weights, "scales": scales, "middles": middles}
    product = onnx_file.node("DynamicQuantizeMatMul", ["vector", *named], ["products"], _FUSED, {})
    graph = onnx_file.graph(
        "products",
        [product],
        [onnx_file.tensor(name, values) for name, values in named.items()],
        [onnx_file.value("vector", DataType.FLOAT, (1, vectors.shape[1]))],
        [onnx_file.value("products", DataType.FLOAT, (1, len(vectors)))],
    )
    return onnx_file.model(graph, _IR_VERSION, {"": _OPSET, _FUSED: 1})


def _quantized(vectors: Vectors) -> tuple[Array, Vectors]:
    """The vectors in steps, shape ``(width, n)``, and the size of a step for each."""
    weights = np.empty(vectors.shape[::-1], np.uint8)
    scales = np.empty(len(vectors), np.float32)
    for begin in range(0, len(vectors), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        block = np.ascontiguousarray(vectors[rows].T)
        scales[rows] = np.maximum(np.abs(block).max(axis=0), _SMALLEST) / _STEPS
        block /= scales[rows]
        block += _MIDDLE + 0.5  # as what follows cuts off
        weights[:, rows] = block
    return weights, scales
