"""An exported network to 8 bits: maps and weights of the inner layers as integers, ranges measured on training pictures.

  python -m training.quantize models/touchline_n.onnx models/touchline_n_int8.onnx --data ../shared/data

Maps are unsigned with a zero point, one scale each; weights are signed, one scale a channel. What runs at stride 4 or
finer, and what only the ball's heat map needs, stays in floating point: a ball is a handful of pixels, and its score does not
survive the rounding there. docs/training.md gives the measured alternatives.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.data import DataError, Sample, decode, letterbox, read_sets, split

# Engines disagree about signed maps; SiLU's range of -0.28 to much would waste half of their codes anyway.
MAP_CODES = 255
WEIGHT_CODES = 127
FINEST_STRIDE = 8
BALL_OUTPUT = "ball"
PASSING = ("Concat", "MaxPool", "Resize", "Slice", "Split")
SIZES_PX = ((736, 1280), (544, 960), (736, 1280), (384, 640))
SAMPLES_PER_MAP = 20_000
# Between squares, which clip the rare strong answers that a ball is, and the plain maximum, which is coarse everywhere.
ERROR_POWER = 3
CLIPS = np.linspace(0.3, 1.0, 36)
WEIGHT_CLIPS = np.linspace(0.6, 1.0, 41)


@dataclass(frozen=True)
class Values:
    """What a map held: draws that stand for all of it, and its extremes, which draws would miss."""

    drawn: np.ndarray
    low: float
    high: float

    @staticmethod
    def joined(parts: list["Values"]) -> "Values":
        return Values(np.concatenate([p.drawn for p in parts]), min(p.low for p in parts), max(p.high for p in parts))


@dataclass(frozen=True)
class Codes:
    scale: np.float32
    zero: np.uint8


def single_precision(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with its half-precision weights stored as the single-precision values that engines compute with."""
    folded = onnx.ModelProto()
    folded.CopyFrom(model)
    graph = folded.graph
    stored = {i.name: i for i in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Cast" and n.input[0] in stored]:
        half = stored[node.input[0]]
        graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(half).astype(np.float32), node.output[0]))
        graph.initializer.remove(half)
        graph.node.remove(node)
    return folded


def strides(graph: onnx.GraphProto) -> dict[str, float]:
    """Pixels of the picture a cell, for each map; a doubling Resize is the only one that the layout knows."""
    known = {i.name: 1.0 for i in graph.input}
    for node in graph.node:
        coarsest = max((known[name] for name in node.input if name in known), default=None)
        if coarsest is None:
            continue
        if node.op_type == "Resize":
            coarsest /= 2
        elif node.op_type in ("Conv", "MaxPool"):
            coarsest *= next((a.ints[0] for a in node.attribute if a.name == "strides"), 1)
        known |= {name: coarsest for name in node.output}
    return known


def needed_by(graph: onnx.GraphProto, outputs: list[str]) -> set[str]:
    """Every tensor that one of these outputs depends on."""
    needed = set(outputs)
    for node in reversed(graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
    return needed


def inner_convolutions(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Those that become integers."""
    stride = strides(graph)
    needed = needed_by(graph, [output.name for output in graph.output if output.name != BALL_OUTPUT])
    return [node for node in graph.node if node.op_type == "Conv" and node.output[0] in needed
            and stride[node.output[0]] >= FINEST_STRIDE]


def stored_maps(graph: onnx.GraphProto, convolutions: list[onnx.NodeProto]) -> list[list[str]]:
    """The maps that those read, in groups that share one range because a concatenation joins them.

    A map is rounded where it is made, so that what only passes values on (PASSING) moves bytes."""
    maker = {name: node for node in graph.node for name in node.output}

    def origins(name: str) -> list[str]:
        node = maker.get(name)
        if node is None or node.op_type not in PASSING:
            return [name]
        return [o for i in (node.input if node.op_type == "Concat" else node.input[:1]) for o in origins(i)]

    groups: list[set[str]] = []
    for node in convolutions:
        joined = set(origins(node.input[0]))
        touching = [g for g in groups if g & joined]
        groups = [g for g in groups if not g & joined] + [joined.union(*touching)]
    return [sorted(group) for group in groups]


def sample_maps(model: onnx.ModelProto, names: list[str], pictures: list[np.ndarray]) -> dict[str, Values]:
    import openvino

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    made = [name for name in names if name != watched.graph.input[0].name]
    watched.graph.output.extend(helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in made)
    compiled = openvino.Core().compile_model(openvino.Core().read_model(watched.SerializeToString()), "CPU",
                                             {"INFERENCE_PRECISION_HINT": "f32"})
    found: dict[str, list[Values]] = {name: [] for name in names}
    for k, picture in enumerate(pictures):
        said = compiled(picture)
        for name in names:
            values = (said[name] if name in made else picture).ravel()
            chosen = np.random.default_rng(k).integers(0, values.size, SAMPLES_PER_MAP)
            found[name].append(Values(values[chosen], float(values.min()), float(values.max())))
    return {name: Values.joined(parts) for name, parts in found.items()}


def choose_codes(values: Values) -> Codes:
    """The range, holding 0, that costs the draws least; from 0.3 of the largest value up to all of it."""
    low, high = min(values.low, 0.0), max(values.high, 1e-6)
    found = []
    for clip in CLIPS:
        top, bottom = high * clip, max(low, -high * clip)
        codes = Codes(np.float32((top - bottom) / MAP_CODES), np.uint8(round(-bottom / (top - bottom) * MAP_CODES)))
        found.append((float(np.mean(np.abs(rounded(values.drawn, codes) - values.drawn) ** ERROR_POWER)), codes))
    return min(found, key=lambda f: f[0])[1]


def rounded(values: np.ndarray, codes: Codes) -> np.ndarray:
    zero = float(codes.zero)
    return (np.clip(np.rint(values / codes.scale) + zero, 0, MAP_CODES) - zero) * codes.scale


def quantize_weights(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[outputs, ...] to integers of that shape and the scale [outputs] of each channel, least squares."""
    rows = weights.reshape(len(weights), -1)
    widest = np.maximum(np.abs(rows).max(1), 1e-9) / WEIGHT_CODES
    scales = (widest * WEIGHT_CLIPS[:, None]).astype(np.float32)
    integers = np.clip(np.rint(rows / scales[..., None]), -WEIGHT_CODES, WEIGHT_CODES)
    errors = ((integers * scales[..., None] - rows) ** 2).sum(-1)
    best, channel = errors.argmin(0), np.arange(len(rows))
    return integers[best, channel].astype(np.int8).reshape(weights.shape), scales[best, channel]


def add_codes(graph: onnx.GraphProto, name: str, codes: Codes) -> list[onnx.NodeProto]:
    """The pair of nodes that rounds the map `name` to `name`_rounded."""
    graph.initializer.append(numpy_helper.from_array(np.array(codes.scale), f"{name}_scale"))
    graph.initializer.append(numpy_helper.from_array(np.array(codes.zero), f"{name}_zero"))
    limits = [f"{name}_scale", f"{name}_zero"]
    return [helper.make_node("QuantizeLinear", [name, *limits], [f"{name}_codes"], f"{name}_quantize"),
            helper.make_node("DequantizeLinear", [f"{name}_codes", *limits], [f"{name}_rounded"], f"{name}_dequantize")]


def replace_weights(graph: onnx.GraphProto, convolution: onnx.NodeProto) -> onnx.NodeProto:
    """Integers in the place of the weights; the node that scales them back."""
    name = convolution.input[1]
    stored = next(i for i in graph.initializer if i.name == name)
    integers, scales = quantize_weights(numpy_helper.to_array(stored))
    graph.initializer.remove(stored)
    for suffix, values in (("codes", integers), ("scale", scales), ("zero", np.zeros(len(scales), np.int8))):
        graph.initializer.append(numpy_helper.from_array(values, f"{name}_{suffix}"))
    return helper.make_node("DequantizeLinear", [f"{name}_codes", f"{name}_scale", f"{name}_zero"], [name],
                            f"{name}_dequantize", axis=0)


def rewrite(model: onnx.ModelProto, convolutions: list[onnx.NodeProto], codes: dict[str, Codes]):
    """What is integer reads rounded maps; the floating-point convolutions still read the exact ones."""
    graph = model.graph
    integer = {node.name for node in convolutions}
    weights = [replace_weights(graph, node) for node in graph.node if node.name in integer]
    nodes = list(weights)
    for name in (i.name for i in graph.input if i.name in codes):
        nodes += add_codes(graph, name, codes[name])
    for node in graph.node:
        if node.name in integer or node.op_type in (*PASSING, "Add"):
            for k, name in enumerate(node.input):
                node.input[k] = f"{name}_rounded" if name in codes else name
        nodes.append(node)
        for name in node.output:
            nodes += add_codes(graph, name, codes[name]) if name in codes else []
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def draw(samples: list[Sample], count: int) -> list[np.ndarray]:
    """Inputs of the network from pictures drawn at random, in the sizes that the product uses."""
    inputs = []
    for k in np.random.default_rng(0).permutation(len(samples))[:count]:
        boxed, _ = letterbox(decode(samples[k].file), *SIZES_PX[len(inputs) % len(SIZES_PX)])
        inputs.append(np.ascontiguousarray(boxed.transpose(2, 0, 1)[None], np.float32) / 255)
    return inputs


def quantize(model: onnx.ModelProto, pictures: list[np.ndarray]) -> onnx.ModelProto:
    """pictures: [1, 3, H, W], RGB 0..1, each of any size that the network takes."""
    folded = single_precision(model)
    convolutions = inner_convolutions(folded.graph)
    groups = stored_maps(folded.graph, convolutions)
    values = sample_maps(folded, [name for group in groups for name in group], pictures)
    codes = {}
    for group in groups:
        shared = choose_codes(Values.joined([values[name] for name in group]))
        codes |= {name: shared for name in group}
    rewrite(folded, convolutions, codes)
    onnx.checker.check_model(folded, full_check=True)
    return folded


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a file of training.export")
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", type=Path, default=Path(__file__).with_name("sets.json"))
    parser.add_argument("--pictures", type=int, default=128, help="training pictures that set the ranges")
    options = parser.parse_args()
    try:
        training, _ = split(*read_sets(options.data, options.sets))
    except DataError as error:
        raise SystemExit(f"quantize: {error}")
    onnx.save(quantize(onnx.load(options.model), draw(training, options.pictures)), options.file)


if __name__ == "__main__":
    main()
