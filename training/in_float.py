"""An 8-bit network with the same roundings, computed in floating point: to judge it on CPUs whose sums of bytes saturate.

  python -m training.in_float models/touchline_n_int8.onnx rounded.onnx
  python -m training.evaluate rounded.onnx --data ../shared/data

Such CPUs have no VNNI. Engines know pairs of QuantizeLinear and DequantizeLinear and compute between them in bytes; here
each pair is a division, a rounding to even, a cut and a product, which none takes for one. Same names, layout and
metadata; sums differ from those of bytes by their order only. It is slower than the network before it was rounded.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.arguments import file_to_write


class NotInBytesError(Exception):
    """A network without 8-bit maps or weights."""


def along(values: np.ndarray, axis: int, rank: int) -> np.ndarray:
    """One value, or one for each channel, as it broadcasts over a tensor of that rank."""
    values = np.asarray(values, np.float32)
    if values.size == 1:
        return values.reshape(())
    return values.reshape([-1 if k == axis else 1 for k in range(rank)])


class Floats:
    """Nodes and constants that take the place of one graph's pairs."""

    def __init__(self, graph: onnx.GraphProto):
        self.graph = graph
        self.stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    def terms(self, node: onnx.NodeProto, rank: int) -> tuple[str, str, np.ndarray]:
        """Names of scale and zero point as float constants of their own, and the zero point as stored."""
        axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
        scale, zero = self.stored[node.input[1]], self.stored[node.input[2]]
        name = node.output[0]
        return (self.constant(f"{name}.step", along(scale, axis, rank)),
                self.constant(f"{name}.origin", along(zero, axis, rank)), zero)

    def quantize(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        scale, origin, zero = self.terms(node, 4)
        name, limits = node.output[0], np.iinfo(zero.dtype)
        low = self.constant(f"{name}.low", np.float32(limits.min))
        high = self.constant(f"{name}.high", np.float32(limits.max))
        return [helper.make_node("Div", [node.input[0], scale], [f"{name}.steps"]),
                helper.make_node("Round", [f"{name}.steps"], [f"{name}.whole"]),
                helper.make_node("Add", [f"{name}.whole", origin], [f"{name}.moved"]),
                helper.make_node("Clip", [f"{name}.moved", low, high], [name])]

    def dequantize(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        codes = self.stored.get(node.input[0])
        scale, origin, zero = self.terms(node, 4 if codes is None else codes.ndim)
        name = node.output[0]
        source = node.input[0]
        if codes is not None:
            source = self.constant(f"{name}.codes", codes)
        return [helper.make_node("Sub", [source, origin], [f"{name}.steps"]),
                helper.make_node("Mul", [f"{name}.steps", scale], [name])]


def in_float(model: onnx.ModelProto) -> onnx.ModelProto:
    graph = model.graph
    if not any(node.op_type == "DequantizeLinear" for node in graph.node):
        raise NotInBytesError("has no 8-bit maps or weights: judge it as it is")
    floats, nodes = Floats(graph), []
    instead = {"QuantizeLinear": floats.quantize, "DequantizeLinear": floats.dequantize}
    for node in graph.node:
        nodes += instead[node.op_type](node) if node.op_type in instead else [node]
    used = {name for node in nodes for name in node.input}
    kept = [i for i in graph.initializer if i.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept + floats.constants)
    onnx.checker.check_model(model)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=file_to_write)
    options = parser.parse_args()
    try:
        model = in_float(onnx.load(options.model))
    except NotInBytesError as error:
        raise SystemExit(f"in_float: {options.model} {error}") from error
    except Exception as error:  # readers of foreign bytes fail in as many ways as there are bytes
        raise SystemExit(f"in_float: {options.model}: no network can be read from it ({type(error).__name__})") from error
    try:
        onnx.save(model, options.out)
    except OSError as error:
        raise SystemExit(f"in_float: {options.out}: cannot be written ({error.strerror})") from error


if __name__ == "__main__":
    main()
