"""The packaged encoder rewritten for speed: the same weights in a graph of a quarter of the nodes.

The packaged model keeps int8 weights but multiplies in float32 (cast, scale, multiply), and spells out what onnxruntime
has kernels for. Here its 36 products are dynamic int8 (activations too), the three of each attention are one, and
attention and GELU are one node each: over four times as fast, at a cosine of 0.99 to the original.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.matching import onnx_file
from bot.matching.files import whole
from bot.matching.onnx_file import Array, DataType, Message

__all__ = ["rewritten", "sha256"]

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_OPSET = 17
_FUSED = "com.microsoft"  # onnxruntime's own operators
_EMBEDDINGS = "inner.embeddings"
_LAYER = "inner.encoder.layer"


def rewritten(source: Path, target: Path) -> Path:
    """Rewrites the packaged model; returns ``target``, made where it is missing or altered.

    Raises:
        OSError: it can't be written.
    """
    marker = target.with_suffix(".sha256")
    if target.is_file() and marker.is_file() and marker.read_bytes().strip() == sha256(target).encode():
        return target
    with whole(target) as partial:
        partial.write_bytes(_model(onnx_file.read(source)).SerializeToString())
        marker.write_text(sha256(partial), "ascii")
    return target


def sha256(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _model(source: Message) -> Message:
    weights = {item.name: onnx_file.array(item) for item in source.graph.initializer}
    writing = _Writing(weights, list(_products(source.graph, weights)))
    writing.write()
    inputs = [item for item in source.graph.input if item.name != "token_type_ids"]
    graph = onnx_file.graph("encoder", writing.nodes, writing.constants, inputs, source.graph.output)
    return onnx_file.model(graph, source.ir_version, {"": _OPSET, _FUSED: 1})


def _products(graph: Message, weights: Mapping[str, Array]) -> Iterator[tuple[Array, Array]]:
    """The int8 weights of each product with the scale of each of its columns, in order."""
    made_by = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        scaled = made_by.get(node.input[1]) if node.op_type == "MatMul" else None
        cast = made_by.get(scaled.input[0]) if scaled is not None and scaled.op_type == "Mul" else None
        if scaled is not None and cast is not None and cast.op_type == "Cast":
            yield weights[cast.input[0]], weights[scaled.input[1]].reshape(-1).astype(np.float32)


@dataclass
class _Writing:
    """A graph as it is written; values are known by their names."""

    weights: Mapping[str, Array]
    products: Sequence[tuple[Array, Array]]
    nodes: list[Message] = field(default_factory=list)
    constants: list[Message] = field(default_factory=list)

    def write(self) -> None:
        """Embeddings, then the layers."""
        self.node("Cast", ["attention_mask"], "mask", to=DataType.INT32)
        value = self.embedded()
        for layer in range(_LAYERS):
            value = self.layer(layer, value)
        self.node("Identity", [value], "last_hidden_state")

    def embedded(self) -> str:
        """Words by their int8 rows, plus positions; there is one type of token."""
        words, scales = (self.weights[f"{_EMBEDDINGS}.word_embeddings.weight_{part}"] for part in ("q", "scale"))
        places, place_scales = (
            self.weights[f"{_EMBEDDINGS}.position_embeddings.weight_{part}"] for part in ("q", "scale")
        )
        positions = places.astype(np.float32) * place_scales
        positions += self.weights[f"{_EMBEDDINGS}.token_type_embeddings.weight"][0]
        self.node("Gather", [self.constant("words", words), "input_ids"], "word_int8")
        self.node("Cast", ["word_int8"], "word_unscaled", to=DataType.FLOAT)
        self.node("Gather", [self.constant("scales", scales.reshape(-1, 1)), "input_ids"], "word_scale")
        self.node("Mul", ["word_unscaled", "word_scale"], "word")
        self.node("Shape", ["input_ids"], "length", start=1, end=2)
        start = self.constant("start", np.zeros(1, np.int64))
        self.node("Slice", [self.constant("positions", positions.astype(np.float32)), start, "length"], "position")
        return self.normalized(["word", "position"], f"{_EMBEDDINGS}.LayerNorm", "embedded")

    def layer(self, number: int, value: str) -> str:
        """Attention and what follows it, each with what came in added again."""
        at, name = f"{_LAYER}.{number}", f"layer{number}"
        query, key, mixed_in, out, wide, narrow = self.products[number * 6 : number * 6 + 6]
        parts = [f"{name}_{part}" for part in ("query", "key", "value")]
        joined = [np.concatenate(both, axis=-1) for both in zip(query, key, mixed_in, strict=True)]
        biases = [self.weights[f"{at}.attention.self.{part}.bias"] for part in ("query", "key", "value")]
        self.product(value, (joined[0], joined[1]), np.concatenate(biases), f"{name}_joined")
        sizes = self.constant(f"{name}_sizes", np.full(3, _WIDTH, np.int64))
        self.node("Split", [f"{name}_joined", sizes], *parts, axis=-1)
        self.node("MultiHeadAttention", [*parts, "", "mask"], f"{name}_mixed", num_heads=_HEADS)
        self.product(f"{name}_mixed", out, self.weights[f"{at}.attention.output.dense.bias"], f"{name}_attended")
        middle = self.normalized([f"{name}_attended", value], f"{at}.attention.output.LayerNorm", f"{name}_middle")
        self.product(middle, wide, self.weights[f"{at}.intermediate.dense.bias"], f"{name}_wide")
        self.node("Gelu", [f"{name}_wide"], f"{name}_active")
        self.product(f"{name}_active", narrow, self.weights[f"{at}.output.dense.bias"], f"{name}_narrow")
        return self.normalized([f"{name}_narrow", middle], f"{at}.output.LayerNorm", f"{name}_out")

    def product(self, value: str, weights: tuple[Array, Array], bias: Array, output: str) -> None:
        """A product of what is made int8 there and then, with a bias."""
        int8, scales = self.constant(f"{output}_weights", weights[0]), self.constant(f"{output}_scales", weights[1])
        self.node("DynamicQuantizeMatMul", [value, int8, scales, "", self.constant(f"{output}_bias", bias)], output)

    def normalized(self, values: Sequence[str], weights: str, output: str) -> str:
        """The sum of two values, normalized."""
        self.node("Add", values, f"{output}_sum")
        by = [self.constant(f"{output}_{part}", self.weights[f"{weights}.{part}"]) for part in ("weight", "bias")]
        self.node("LayerNormalization", [f"{output}_sum", *by], output, axis=-1, epsilon=1e-12)
        return output

    def node(self, kind: str, inputs: Sequence[str], *outputs: str, **attributes: float) -> None:
        """Adds a node."""
        domain = _FUSED if kind in ("DynamicQuantizeMatMul", "Gelu", "MultiHeadAttention") else ""
        self.nodes.append(onnx_file.node(kind, inputs, outputs, domain, attributes))

    def constant(self, name: str, values: Array) -> str:
        """Adds a constant."""
        self.constants.append(onnx_file.tensor(name, values))
        return name
