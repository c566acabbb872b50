"""ONNX files, read and written by the few messages that are declared of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import onnx_file
from bot.matching.onnx_file import DataType
from bot.matching.rewriting import rewritten, sha256
from bot.matching.runtime import onnxruntime
from tests.matching.test_semantic import source


def test_the_rewritten_model_is_the_one_that_the_package_onnx_would_write(tmp_path: Path) -> None:
    """To the byte: made once with onnx 1.23. Another order of fields, by another protobuf, would be no fault."""
    made = sha256(rewritten(source(), tmp_path / "model.onnx"))
    assert made == "55a0dc4ed57c5abdfc025cea0fe433201d3ee03042e8f32038f1e741355ddabe"


@pytest.mark.parametrize(
    "values",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array([-128, 127], np.int8),
        np.array([0, 255], np.uint8),
        np.array([[2**31 - 1]], np.int32),
        np.array([-(2**63)], np.int64),
        np.array([True, False]),
        np.arange(6, dtype=">i8").reshape(2, 3).T,
        np.zeros((0, 3), np.float32),
    ],
)
def test_a_constant_comes_back(values: npt.NDArray[Any]) -> None:
    """Whatever its shape and however it lies in memory."""
    stored = onnx_file.tensor("one", values)
    assert stored.name == "one"
    assert onnx_file.array(stored).tolist() == values.tolist()
    assert onnx_file.array(stored).shape == values.shape


def test_what_is_not_declared_is_kept(tmp_path: Path) -> None:
    """The names of sizes that are left open are in no message of ours; attributes are."""
    taken = onnx_file.read(source()).graph
    inputs = [item for item in taken.input if item.name == "input_ids"]
    nodes = [
        onnx_file.node("Cast", ["input_ids"], ["number"], "", {"to": DataType.FLOAT}),
        onnx_file.node("LeakyRelu", ["number"], ["bent"], "", {"alpha": 0.5}),
        onnx_file.node("Add", ["bent", "one"], ["last_hidden_state"], "", {}),
    ]
    one = onnx_file.tensor("one", np.ones((1, 1, 1), np.float32))
    made = onnx_file.model(onnx_file.graph("small", nodes, [one], inputs, taken.output), 10, {"": 17})
    session = onnxruntime().InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    assert (given.name, given.type, given.shape) == ("input_ids", "tensor(int64)", ["batch", "sequence"])
    (result,) = session.run(None, {"input_ids": np.array([[-4, 6]], np.int64)})
    assert result.tolist() == [[[-1.0, 7.0]]]


def test_what_goes_in_and_out_is_described() -> None:
    """Of a graph that stands in no file: its type and its shape."""
    given, result = (onnx_file.value(name, DataType.FLOAT, (1, 3)) for name in ("given", "result"))
    one = onnx_file.tensor("one", np.ones(3, np.float32))
    graph = onnx_file.graph(
        "small", [onnx_file.node("Add", ["given", "one"], ["result"], "", {})], [one], [given], [result]
    )
    made = onnx_file.model(graph, 8, {"": 17}).SerializeToString()
    session = onnxruntime().InferenceSession(made, providers=["CPUExecutionProvider"])
    for (item,), name in ((session.get_inputs(), "given"), (session.get_outputs(), "result")):
        assert (item.name, item.type, item.shape) == (name, "tensor(float)", [1, 3])
    assert session.run(None, {"given": np.array([[1, 2, 3]], np.float32)})[0].tolist() == [[2, 3, 4]]
