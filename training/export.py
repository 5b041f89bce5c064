"""Averaged weights to ONNX: normalisation folded, weights in half precision, batch and picture size open.

  python -m training.export runs/n/weights.pt models/touchline_n.onnx --licence "CC BY 4.0"
"""

import argparse
import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.arguments import file_to_write
from training.model import CLASSES, DISTANCE_BINS, PITCH_POINTS, SIZES, STRIDES, Conv, Network, build
from training.weights import CheckpointError, put_weights, read_weights, write_whole

OPSET = 17
# What is smaller (biases) stays in single precision: it costs nothing.
SMALLEST_HALF_TENSOR = 256
OUTPUTS = {
    "det": ("batch", 4 * DISTANCE_BINS + len(CLASSES), "cells"),
    "kp": ("batch", 3 * PITCH_POINTS, "height8", "width8"),
    "ball": ("batch", 3, "height4", "width4"),
}


def load_folded(weights: Path) -> tuple[str, Network]:
    state = read_weights(weights)
    network = build(state["size"]).eval()
    put_weights(network, state["weights"], weights, state["size"])
    return state["size"], fold(network)


def fold(network: Network) -> Network:
    for module in network.modules():
        if isinstance(module, Conv):
            module[0] = fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    return network


def size_of(model: onnx.ModelProto) -> str:
    """As describe() wrote it; none where another did."""
    return next((entry.value for entry in model.metadata_props if entry.key == "size"), "")


def load_exported(file: Path) -> tuple[str, Network]:
    """Size and network of a file that export() wrote, normalisation folded: to be asked, not to be trained on (unfold.py)."""
    model = onnx.load(file)
    if any(node.op_type == "DequantizeLinear" for node in model.graph.node):
        raise CheckpointError(f"{file}: is in 8 bits; name the network that it was made of")
    size = size_of(model)
    network = fold(build(size).eval())
    stored = {i.name.removesuffix("_fp16"): numpy_helper.to_array(i) for i in model.graph.initializer}
    put_weights(network, {name: torch.tensor(stored[name], dtype=value.dtype) for name, value in network.state_dict().items()}, file, size)
    return size, network


def traced(network: Network) -> onnx.ModelProto:
    open_axes = {"images": {0: "batch", 2: "height", 3: "width"}}
    open_axes |= {name: {k: d for k, d in enumerate(shape) if isinstance(d, str)} for name, shape in OUTPUTS.items()}
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the older exporter is meant
        torch.onnx.export(network, torch.zeros(1, 3, 64, 96), written, opset_version=OPSET, dynamo=False,
                          input_names=["images"], output_names=list(OUTPUTS), dynamic_axes=open_axes)
    return onnx.load_from_string(written.getvalue())


def fix_reshapes(graph: onnx.GraphProto):
    """[N, C, H, W] to [N, C, cells] with a constant target, so that no engine has to evaluate shapes."""
    channels = OUTPUTS["det"][1]
    graph.initializer.append(numpy_helper.from_array(np.array([0, channels, -1], np.int64), "cells_shape"))
    for node in graph.node:
        if node.op_type == "Reshape":
            node.input[1] = "cells_shape"
    drop_unused(graph)


def drop_unused(graph: onnx.GraphProto):
    while True:
        used = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
        dead = [node for node in graph.node if not used & set(node.output)]
        if not dead:
            break
        for node in dead:
            graph.node.remove(node)
    for initializer in [i for i in graph.initializer if i.name not in used]:
        graph.initializer.remove(initializer)


def halve_weights(graph: onnx.GraphProto):
    """Each large weight stored as FP16 behind a Cast, which every engine folds when it loads the file."""
    casts = []
    for initializer in list(graph.initializer):
        values = numpy_helper.to_array(initializer)
        if values.dtype != np.float32 or values.size < SMALLEST_HALF_TENSOR:
            continue
        stored = f"{initializer.name}_fp16"
        casts.append(helper.make_node("Cast", [stored], [initializer.name], f"{stored}_cast", to=TensorProto.FLOAT))
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), stored))
    for cast in reversed(casts):
        graph.node.insert(0, cast)


def describe(model: onnx.ModelProto, size: str, licence: str):
    metadata = {
        "names": str(dict(enumerate(CLASSES))),
        "strides": ",".join(map(str, STRIDES)),
        "input": "RGB, 0..1, NCHW, letterbox at the top left, rest 0",
        "layout": "fused",
        "size": size,
        "license": licence,
        "author": "touchline",
    }
    helper.set_model_props(model, metadata)
    model.doc_string = "touchline: people, ball and 32 pitch points in one pass"


def export(weights: Path, file: Path, licence: str, wanted_size: str | None = None):
    """Throws CheckpointError for what holds no weights, or not those of the wanted size, and for a file that cannot be written."""
    size, network = load_folded(weights)
    if wanted_size not in (None, size):
        raise CheckpointError(f"{weights}: holds weights of size '{size}', not '{wanted_size}'")
    model = traced(network)
    fix_reshapes(model.graph)
    halve_weights(model.graph)
    describe(model, size, licence)
    for output in model.graph.output:
        for dimension, wanted in zip(output.type.tensor_type.shape.dim, OUTPUTS[output.name]):
            if isinstance(wanted, str):
                dimension.dim_param = wanted
            else:
                dimension.dim_value = wanted
    onnx.checker.check_model(model, full_check=True)
    write_whole(model, file, onnx.save)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("file", type=file_to_write)
    parser.add_argument("--licence", default="CC BY 4.0")
    parser.add_argument("--size", choices=SIZES, help="refuse weights of another")
    options = parser.parse_args()
    try:
        export(options.weights, options.file, options.licence, options.size)
    except CheckpointError as error:
        raise SystemExit(f"export: nothing was written\n{error}") from error


if __name__ == "__main__":
    main()
