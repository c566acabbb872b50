"""ONNX files: the few messages of their format that Herald's models take. All other fields are kept as they came.

onnxruntime reads such files but doesn't write them; protobuf, which it brings, does. Names and numbers are those of
onnx.proto in the ONNX specification (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), where they never change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "DataType", "Message", "array", "graph", "model", "node", "read", "tensor", "value"]

Array = npt.NDArray[Any]
Message = Any  # protobuf makes the classes when they are asked for


class DataType(IntEnum):
    """TensorProto.DataType: what a tensor holds."""

    FLOAT = 1
    UINT8 = 2
    INT8 = 3
    INT32 = 6
    INT64 = 7
    BOOL = 9


class _Field(NamedTuple):
    name: str
    number: int
    type: str
    many: bool = False


_MESSAGES: Mapping[str, Sequence[_Field]] = MappingProxyType(
    {
        "ModelProto": (
            _Field("ir_version", 1, "int64"),
            _Field("graph", 7, "GraphProto"),
            _Field("opset_import", 8, "OperatorSetIdProto", many=True),
        ),
        "OperatorSetIdProto": (_Field("domain", 1, "string"), _Field("version", 2, "int64")),
        "GraphProto": (
            _Field("node", 1, "NodeProto", many=True),
            _Field("name", 2, "string"),
            _Field("initializer", 5, "TensorProto", many=True),
            _Field("input", 11, "ValueInfoProto", many=True),
            _Field("output", 12, "ValueInfoProto", many=True),
        ),
        "ValueInfoProto": (_Field("name", 1, "string"), _Field("type", 2, "TypeProto")),
        "TypeProto": (_Field("tensor_type", 1, "TypeProtoTensor"),),
        "TypeProtoTensor": (_Field("elem_type", 1, "int32"), _Field("shape", 2, "TensorShapeProto")),
        "TensorShapeProto": (_Field("dim", 1, "TensorShapeProtoDimension", many=True),),
        "TensorShapeProtoDimension": (_Field("dim_value", 1, "int64"),),
        "NodeProto": (
            _Field("input", 1, "string", many=True),
            _Field("output", 2, "string", many=True),
            _Field("op_type", 4, "string"),
            _Field("attribute", 5, "AttributeProto", many=True),
            _Field("domain", 7, "string"),
        ),
        "AttributeProto": (
            _Field("name", 1, "string"),
            _Field("f", 2, "float"),
            _Field("i", 3, "int64"),
            _Field("type", 20, "int32"),  # an enumeration, which is written as a number
        ),
        "TensorProto": (
            _Field("dims", 1, "int64", many=True),
            _Field("data_type", 2, "int32"),
            _Field("name", 8, "string"),
            _Field("raw_data", 9, "bytes"),
        ),
    }
)
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT = 1, 2  # AttributeProto.AttributeType
_LITTLE_ENDIAN: Mapping[DataType, np.dtype[Any]] = MappingProxyType(
    {
        DataType.FLOAT: np.dtype("<f4"),
        DataType.UINT8: np.dtype("u1"),
        DataType.INT8: np.dtype("i1"),
        DataType.INT32: np.dtype("<i4"),
        DataType.INT64: np.dtype("<i8"),
        DataType.BOOL: np.dtype("?"),
    }
)


def read(path: Path) -> Message:
    """The model in a file."""
    return _messages()["ModelProto"].FromString(path.read_bytes())


def model(content: Message, ir_version: int, opsets: Mapping[str, int]) -> Message:
    """A model of a graph; ``opsets`` are the versions of the operators that it uses, by domain."""
    kinds = _messages()
    imports = [kinds["OperatorSetIdProto"](domain=domain, version=version) for domain, version in opsets.items()]
    return kinds["ModelProto"](ir_version=ir_version, graph=content, opset_import=imports)


def graph(
    name: str,
    nodes: Sequence[Message],
    constants: Sequence[Message],
    inputs: Sequence[Message],
    outputs: Sequence[Message],
) -> Message:
    """A graph of nodes and constants; what goes in and out is a :func:`value`, or as it stands in another graph."""
    return _messages()["GraphProto"](name=name, node=nodes, initializer=constants, input=inputs, output=outputs)


def node(
    kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str, attributes: Mapping[str, float]
) -> Message:
    """A node; an attribute is a whole number where it is given as one."""
    written = [_attribute(name, value) for name, value in sorted(attributes.items())]
    return _messages()["NodeProto"](op_type=kind, input=inputs, output=outputs, domain=domain, attribute=written)


def _attribute(name: str, value: float) -> Message:
    kind = _messages()["AttributeProto"]
    if isinstance(value, int):
        return kind(name=name, type=_ATTRIBUTE_INT, i=value)
    return kind(name=name, type=_ATTRIBUTE_FLOAT, f=value)


def tensor(name: str, values: Array) -> Message:
    """A constant; its values are of one of the types in `DataType`."""
    kind = next(kind for kind, stored in _LITTLE_ENDIAN.items() if stored == values.dtype.newbyteorder("<"))
    raw = values.astype(_LITTLE_ENDIAN[kind], copy=False).tobytes()
    return _messages()["TensorProto"](name=name, dims=values.shape, data_type=kind, raw_data=raw)


def value(name: str, kind: DataType, shape: Sequence[int]) -> Message:
    """What goes in or out of a graph: a tensor of one shape."""
    kinds = _messages()
    sizes = kinds["TensorShapeProto"](dim=[kinds["TensorShapeProtoDimension"](dim_value=size) for size in shape])
    described = kinds["TypeProto"](tensor_type=kinds["TypeProtoTensor"](elem_type=kind, shape=sizes))
    return kinds["ValueInfoProto"](name=name, type=described)


def array(stored: Message) -> Array:
    """The values of a constant that is of one of the types in `DataType`; not to be written to."""
    return np.frombuffer(stored.raw_data, _LITTLE_ENDIAN[DataType(stored.data_type)]).reshape(stored.dims)


@lru_cache(maxsize=1)
def _messages() -> Mapping[str, Message]:
    """The classes of the messages, by name; in a pool of their own, where the package onnx would not be met."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="onnx.proto", package="onnx")
    for name, fields in _MESSAGES.items():
        file.message_type.add(name=name, field=map(_described, fields))
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"onnx.{name}")) for name in _MESSAGES}


def _described(field: _Field) -> Message:
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Kind

    described = Kind(name=field.name, number=field.number)
    described.label = Kind.LABEL_REPEATED if field.many else Kind.LABEL_OPTIONAL
    if field.type in _MESSAGES:
        described.type, described.type_name = Kind.TYPE_MESSAGE, f".onnx.{field.type}"
    else:
        described.type = Kind.Type.Value(f"TYPE_{field.type.upper()}")
    return described
