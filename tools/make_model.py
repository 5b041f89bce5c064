#!/usr/bin/env python3
"""Turns an exported fused network into the file that ships: models/NAME.onnx.

Usage: tools/make_model.py EXPORTED.onnx models/NAME.onnx [--check]

Weights stay as they are (FP16), the opset stays. Batch, height and width become symbolic (the graph derives every shape
from its input), and the metadata that touchline reads is written: layout, names, strides, normalization, licence.
--check runs both files with ONNX Runtime at the exported size and requires equal outputs, then at another size.
Prints the manifest entry. Needs the Python packages onnx and, for --check, onnxruntime and numpy.
"""
import argparse
import hashlib
import json
import pathlib

import onnx

METADATA = {
    "touchline.layout": "fused",
    "names": json.dumps({0: "ball", 1: "goalkeeper", 2: "player", 3: "referee"}),
    "strides": "8,16,32",
    "ball_stride": "4",
    "point_stride": "8",
    "normalization": "RGB, 0..1, letterbox at the top left, rest 0",
    "license": "CC BY 4.0",
    "author": "touchline",
}
SYMBOLS = {
    "images": ("N", None, "H", "W"),
    "det": ("N", None, "cells"),
    "kp": ("N", None, "H/8", "W/8"),
    "ball": ("N", None, "H/4", "W/4"),
}


def make_symbolic(model):
    for value in list(model.graph.input) + list(model.graph.output):
        for dim, symbol in zip(value.type.tensor_type.shape.dim, SYMBOLS[value.name]):
            if symbol is not None:
                dim.dim_param = symbol
    del model.graph.value_info[:]


def set_metadata(model):
    del model.metadata_props[:]
    for key, value in METADATA.items():
        model.metadata_props.add(key=key, value=value)


def check_equal(exported, shipped):
    import numpy as np
    import onnxruntime as ort

    before = ort.InferenceSession(exported, providers=["CPUExecutionProvider"])
    after = ort.InferenceSession(shipped, providers=["CPUExecutionProvider"])
    shape = before.get_inputs()[0].shape
    x = np.random.default_rng(1).random(shape, dtype=np.float32)
    for a, b, out in zip(before.run(None, {"images": x}), after.run(None, {"images": x}), before.get_outputs()):
        difference = float(np.abs(a - b).max())
        print(f"check: {out.name} {list(a.shape)} largest difference {difference:g}")
        assert a.shape == b.shape and difference <= 1e-4
    det, kp, ball = after.run(None, {"images": np.zeros((2, 3, 96, 160), np.float32)})
    assert det.shape == (2, 68, 12 * 20 + 6 * 10 + 3 * 5) and kp.shape == (2, 96, 12, 20) and ball.shape == (2, 3, 24, 40)
    print("check: batch 2 at 96x160 has the right shapes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exported")
    parser.add_argument("shipped")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    model = onnx.load(args.exported)
    make_symbolic(model)
    set_metadata(model)
    onnx.checker.check_model(model, full_check=True)
    pathlib.Path(args.shipped).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, args.shipped)
    if args.check:
        check_equal(args.exported, args.shipped)
    data = pathlib.Path(args.shipped).read_bytes()
    print(json.dumps({"file": pathlib.Path(args.shipped).name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}))


if __name__ == "__main__":
    main()
