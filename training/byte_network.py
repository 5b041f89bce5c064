"""An 8-bit network of `touchline model quantize` as one that learns: each rounding lets gradients through as if it were none.

Weights' codes move in floating point and are rounded at every use; the steps of a map's channels grow and shrink together,
zero points stay. Maps of one step (those that a Concat joins) keep one, or engines leave bytes there, and OpenVINO 2026.4 on two
threads answers at random. Any network whose nodes OPERATIONS names can be read; stored() gives it back as a file of the same graph.
"""

from collections.abc import Callable

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

from training.in_float import NotInBytesError, along

CODES = "_codes"
LARGEST_CODE = 127.0


class Rounded(torch.autograd.Function):
    """Rounding to even, then a cut at low and high; the gradient goes through where nothing was cut."""

    @staticmethod
    def forward(ctx, steps: torch.Tensor, low, high) -> torch.Tensor:
        whole = steps.round()
        ctx.save_for_backward((whole >= low) & (whole <= high))
        return whole.clamp_(low, high)

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        return gradient * ctx.saved_tensors[0], None, None


def borders(attributes: dict) -> list[int]:
    """Below and to the right as above and to the left."""
    return attributes.get("pads", [0, 0, 0, 0])[:2]


def convolve(attributes: dict, maps, weights, bias=None):
    return F.conv2d(maps, weights, bias, attributes.get("strides", [1, 1]), borders(attributes), attributes.get("dilations", [1, 1]),
                    attributes.get("group", 1))


def pool(attributes: dict, maps):
    return F.max_pool2d(maps, attributes["kernel_shape"], attributes.get("strides", [1, 1]), borders(attributes))


def reshape(_, maps, shape: list[int]):
    return maps.reshape([maps.shape[k] if side == 0 else side for k, side in enumerate(shape)])


OPERATIONS: dict[str, Callable] = {
    "Add": lambda _, first, second: first + second,
    "Cast": lambda _, maps: maps,
    "Concat": lambda attributes, *maps: torch.cat(maps, attributes["axis"]),
    "Conv": convolve,
    "Div": lambda _, first, second: first / second,
    "MaxPool": pool,
    "Mul": lambda _, first, second: first * second,
    "ReduceSum": lambda attributes, maps, axes: maps.sum(axes, keepdim=bool(attributes.get("keepdims", 1))),
    "Reshape": reshape,
    "Resize": lambda _, maps, roi, scales: F.interpolate(maps, scale_factor=tuple(scales[2:]), mode="nearest"),
    "Sigmoid": lambda _, maps: maps.sigmoid(),
}
ROUNDINGS = ("QuantizeLinear", "DequantizeLinear")


def attributes_of(node: onnx.NodeProto) -> dict:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def check(graph: onnx.GraphProto):
    """Throws NotInBytesError for what would be computed otherwise here than by an engine."""
    other = {node.op_type for node in graph.node} - set(OPERATIONS) - set(ROUNDINGS) - {"Constant"}
    if other:
        raise NotInBytesError(f"has operations that are not trained in 8 bits here: {', '.join(sorted(other))}")
    for node in graph.node:
        pads = attributes_of(node).get("pads", [])
        if pads[: len(pads) // 2] != pads[len(pads) // 2 :]:
            raise NotInBytesError(f"has a {node.op_type} with more border on one side, which is not trained in 8 bits here")


class ByteNetwork:
    """images [N, 3, H, W] to the file's outputs, in its order.

    codes   weights in steps of their rows, integers once rounded, by the file's names
    floats  biases, and the weights that the file keeps in floating point
    widths  logarithms of what steps of rounded maps are of those in the file, by the step that convolutions read maps with
    """

    def __init__(self, model: onnx.ModelProto, device: torch.device):
        """Throws NotInBytesError for a network without 8-bit weights, or that check() refuses."""
        self.model, self.device, graph = model, device, model.graph
        if not graph.node:
            raise NotInBytesError("is an empty file, or holds no network")
        check(graph)
        self.images, self.outputs = graph.input[0].name, [output.name for output in graph.output]
        self.attributes = [attributes_of(node) for node in graph.node]
        self.stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.codes: dict[str, torch.Tensor] = {}
        self.floats: dict[str, torch.Tensor] = {}
        self.width_of = self._find_steps()
        self.widths = {name: torch.zeros((), device=device, requires_grad=True) for name in self.width_of.values()}
        self._find_learnt()
        if not self.codes:
            raise NotInBytesError("has no 8-bit weights: make it by `touchline model quantize`")
        self.constants = self._find_constants()

    def _find_steps(self) -> dict[str, str]:
        """By each rounded map's codes: the one step of all its channels where one reader has it, else the codes themselves."""
        steps = {node.output[0]: node.output[0] for node in self.model.graph.node if node.op_type == "QuantizeLinear"}
        for node in self.model.graph.node:
            if node.op_type == "DequantizeLinear" and node.input[0] in steps and self.stored[node.input[1]].size == 1:
                steps[node.input[0]] = f"step {float(self.stored[node.input[1]].item())!r}"
        return steps

    def _find_learnt(self):
        nodes = self.model.graph.node
        behind = {node.output[0]: node.input[0] for node in nodes if node.op_type in ("Cast", "DequantizeLinear")}
        for node in nodes:
            for name in node.input[1:] if node.op_type == "Conv" else []:
                name = behind.get(name, name)
                # Sums of maps are convolutions too: by constants of the graph, which have no module's name.
                if name in self.stored and not name.startswith("/Constant"):
                    into = self.codes if name.endswith(CODES) else self.floats
                    into[name] = torch.tensor(self.stored[name], dtype=torch.float32, device=self.device, requires_grad=True)

    def _find_constants(self) -> dict[str, torch.Tensor | list]:
        """What else is stored: scales and zero points as they broadcast, under (name of the rounded map, place); shapes as lists."""
        found = {}
        for node, attributes in zip(self.model.graph.node, self.attributes):
            if node.op_type == "Constant":
                value = numpy_helper.to_array(attributes["value"])
                found[node.output[0]] = torch.tensor(value, device=self.device) if value.ndim > 1 else value.tolist()
            elif node.op_type in ROUNDINGS:
                rank = self.stored[node.input[0]].ndim if node.input[0] in self.stored else 4
                for place in (1, 2):
                    values = along(self.stored[node.input[place]], attributes.get("axis", 1), rank)
                    found[node.output[0], place] = torch.tensor(values, device=self.device)
        for name, value in self.stored.items():
            if name not in self.codes and name not in self.floats:
                whole = value.dtype == np.int64
                found[name] = value.tolist() if whole else torch.tensor(value, dtype=torch.float32, device=self.device)
        return found

    def learnt(self) -> dict[str, torch.Tensor]:
        return self.codes | self.floats | self.widths

    def __call__(self, images: torch.Tensor) -> list[torch.Tensor]:
        codes = {name: Rounded.apply(steps, -LARGEST_CODE, LARGEST_CODE) for name, steps in self.codes.items()}
        growth = {name: width.exp() for name, width in self.widths.items()}
        values = {"": None, self.images: images, **self.constants, **self.floats, **codes}
        for node, attributes in zip(self.model.graph.node, self.attributes):
            name = node.output[0]
            if node.op_type == "QuantizeLinear":
                limits, zero = np.iinfo(self.stored[node.input[2]].dtype), values[name, 2]
                steps = values[node.input[0]] / (values[name, 1] * growth[self.width_of[name]])
                values[name] = Rounded.apply(steps, limits.min - zero, limits.max - zero) + zero
            elif node.op_type == "DequantizeLinear":
                source = node.input[0]
                values[name] = (values[source] - values[name, 2]) * (values[name, 1] * growth.get(self.width_of.get(source), 1))
            elif node.op_type != "Constant":
                values[name] = OPERATIONS[node.op_type](attributes, *(values[source] for source in node.input))
        return [values[name] for name in self.outputs]


def stored(network: ByteNetwork, learnt: dict[str, torch.Tensor]) -> onnx.ModelProto:
    """The file that the network was read from, with these codes, weights, biases and steps."""
    model = onnx.ModelProto()
    model.CopyFrom(network.model)
    changed = {name: values.detach().cpu().numpy() for name, values in learnt.items() if name not in network.widths}
    for name in network.codes:
        changed[name] = np.clip(np.rint(changed[name]), -LARGEST_CODE, LARGEST_CODE)
    for node in model.graph.node:
        rounded = node.output[0] if node.op_type == "QuantizeLinear" else node.input[0] if node.op_type == "DequantizeLinear" else ""
        if rounded in network.width_of:
            growth = learnt[network.width_of[rounded]].detach().exp().cpu().numpy()
            changed[node.input[1]] = network.stored[node.input[1]] * growth
    for initializer in model.graph.initializer:
        name = initializer.name
        if name in changed:
            initializer.CopyFrom(numpy_helper.from_array(changed[name].astype(network.stored[name].dtype), name))
    return model
