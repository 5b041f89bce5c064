#!/usr/bin/env python3
"""Makes the tiny random-weight networks in tests/data/models, one of every layout touchline reads, and writes what a
detector must find with them to expected.txt: ONNX Runtime runs the file, NumPy decodes it by the layout's published
definition. Lines: model person|ball|point, then x0 y0 x1 y1 role score (a point: number x y score).

Usage: tools/make_test_models.py [tests/data/models]
Needs the Python packages onnx, onnxruntime, numpy. Read by src/touchline/detect/detector_test.cc.

Every network pools its input by 8, 16, 32 and applies a 1×1 convolution with random weights: enough for the numbers to
depend on every pixel, small enough for a few kilobytes.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
PICTURE = (64, 48)  # width, height: scale 1, sixteen rows of rest
STRIDES = (8, 16, 32)


class Graph:
    """Nodes and initializers of one model in the making."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.count = [], [], 0

    def constant(self, array):
        self.count += 1
        name = f"c{self.count}"
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def add(self, op, inputs, **attributes):
        self.count += 1
        name = attributes.pop("output", f"t{self.count}")
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def head(self, source, stride, rows, bias):
        """Mean over stride × stride, minus gray, times random weights: [1, rows, H/stride, W/stride]."""
        pooled = self.add("AveragePool", [source], kernel_shape=[stride, stride], strides=[stride, stride])
        centered = self.add("Sub", [pooled, self.constant(np.float32(0.45))])
        weight = self.random.normal(0, 6, (rows, 3, 1, 1)).astype(np.float32)
        return self.add("Conv", [centered, self.constant(weight), self.constant(np.asarray(bias, np.float32))])

    def flat(self, source, rows):
        return self.add("Reshape", [source, self.constant(np.array([1, rows, -1]))])

    def cells(self, source, rows, bias, strides=STRIDES):
        """The heads of all strides side by side: [1, rows, cells]."""
        return self.add("Concat", [self.flat(self.head(source, s, rows, bias), rows) for s in strides], axis=2)

    def rows(self, source, begin, end):
        return self.add("Slice", [source, self.constant(np.array([begin])), self.constant(np.array([end])),
                                  self.constant(np.array([1]))])

    def scaled_sigmoid(self, source, scale, shift=0.0):
        scaled = self.add("Mul", [self.add("Sigmoid", [source]), self.constant(np.float32(scale))])
        return self.add("Add", [scaled, self.constant(np.float32(shift))])

    def save(self, path, outputs, metadata, shape=(1, 3, SIDE, SIDE)):
        graph = helper.make_graph(
            self.nodes, "tiny", [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        for key, value in metadata.items():
            model.metadata_props.add(key=key, value=value)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)


def centre_size(g, raw):
    """Rows 0..3 → centre and size in pixels, the rest → scores."""
    centre = g.scaled_sigmoid(g.rows(raw, 0, 2), SIDE)
    size = g.scaled_sigmoid(g.rows(raw, 2, 4), 30, 6)
    return [centre, size]


def make_yolov8(path):
    g = Graph(8)
    raw = g.cells("images", 7, [0, 0, 0, 0, -2, -2, -2])
    g.add("Concat", centre_size(g, raw) + [g.add("Sigmoid", [g.rows(raw, 4, 7)])], axis=1, output="output0")
    g.save(path, [("output0", (1, 7, 84))], {"names": "{0: 'player', 1: 'referee', 2: 'ball'}", "task": "detect"})


def make_yolov5(path):
    g = Graph(5)
    parts = []
    for _ in range(3):
        raw = g.cells("images", 7, [0, 0, 0, 0, -1, 0, 0])
        parts.append(g.add("Concat", centre_size(g, raw) + [g.add("Sigmoid", [g.rows(raw, 4, 7)])], axis=1))
    joined = g.add("Concat", parts, axis=2)
    g.add("Transpose", [joined], perm=[0, 2, 1], output="output")
    g.save(path, [("output", (1, 252, 7))], {"names": "{0: 'ball', 1: 'person'}"})


def make_yolo26(path):
    g = Graph(26)
    raw = g.cells("images", 6, [0, 0, 0, 0, -2, 0], strides=(4, 8))
    first = g.scaled_sigmoid(g.rows(raw, 0, 2), 50)
    last = g.add("Add", [first, g.scaled_sigmoid(g.rows(raw, 2, 4), 24, 4)])
    score = g.add("Sigmoid", [g.rows(raw, 4, 5)])
    klass = g.add("Floor", [g.scaled_sigmoid(g.rows(raw, 5, 6), 2.999)])
    joined = g.add("Transpose", [g.add("Concat", [first, last, score, klass], axis=1)], perm=[0, 2, 1])
    g.nodes.append(helper.make_node("Slice", [joined, g.constant(np.array([0])), g.constant(np.array([300])),
                                              g.constant(np.array([1]))], ["output0"]))
    g.save(path, [("output0", (1, 300, 6))], {"names": "{0: 'goalkeeper', 1: 'player', 2: 'ball'}"})


def make_yolox(path):
    g = Graph(10)
    unit = g.add("Mul", ["images", g.constant(np.float32(1 / 255))])
    raw = g.cells(unit, 8, [0, 0, 0.3, 0.3, -1, 0, 0, 0])
    place = g.scaled_sigmoid(g.rows(raw, 0, 4), 1.5, -0.25)
    scores = g.add("Sigmoid", [g.rows(raw, 4, 8)])
    g.add("Transpose", [g.add("Concat", [place, scores], axis=1)], perm=[0, 2, 1], output="output")
    g.save(path, [("output", (1, 84, 8))], {})
    path.with_suffix(".json").write_text(json.dumps(
        {"layout": "yolox", "classes": ["Referee", "Players", "ball"], "license": "Apache-2.0"}, indent=2) + "\n")


def make_pitch_pose(path):
    g = Graph(32)
    raw = g.cells("images", 101, np.zeros(101))
    parts = centre_size(g, raw) + [g.add("Sigmoid", [g.rows(raw, 4, 5)])]
    for k in range(32):
        parts.append(g.scaled_sigmoid(g.rows(raw, 5 + 3 * k, 7 + 3 * k), SIDE))
        parts.append(g.add("Sigmoid", [g.rows(raw, 7 + 3 * k, 8 + 3 * k)]))
    g.add("Concat", parts, axis=1, output="output0")
    g.save(path, [("output0", (1, 101, 84))], {"task": "pose", "kpt_shape": "[32, 3]", "names": "{0: 'pitch'}"})


def make_fused(path):
    g = Graph(1)
    bias = np.concatenate([np.tile(-np.abs(np.arange(16) - 2.0), 4), [-3, -2, -2, -2]])
    det = g.cells("images", 68, bias)
    g.nodes[-1].output[0] = "det"
    kp = g.head("images", 8, 96, np.zeros(96))
    g.nodes.append(helper.make_node("Identity", [kp], ["kp"]))
    ball = g.head("images", 4, 3, [-1, 0, 0])
    g.nodes.append(helper.make_node("Identity", [ball], ["ball"]))
    assert det
    g.save(path, [("det", ("N", 68, "cells")), ("kp", ("N", 96, "h8", "w8")), ("ball", ("N", 3, "h4", "w4"))], {},
           ("N", 3, "H", "W"))


def make_yolov8_apart(path):
    """Its weights in a file of their own."""
    path.with_suffix(".bin").unlink(missing_ok=True)  # onnx.save() appends
    onnx.save(onnx.load(path.with_name("yolov8_64.onnx")), path, save_as_external_data=True, location=path.stem + ".bin", size_threshold=0)


def make_unknown(path):
    g = Graph(3)
    g.nodes.append(helper.make_node("GlobalAveragePool", ["images"], ["logits"]))
    g.save(path, [("logits", (1, 3, 1, 1))], {})


def picture():
    """RGB in [0, 1] of the picture in the tests: 4×4 blocks, BT.601 full range."""
    w, h = PICTURE
    j, i = np.mgrid[:h, :w] // 4
    y = 45 + (i * 37 + j * 53 + i * j * 11) % 150
    u = 108 + (i * 13 + j * 29) % 40
    v = 112 + (i * 17 + j * 5) % 32
    r, b = y + 1.402 * (v - 128), y + 1.772 * (u - 128)
    g = (y - 0.299 * r - 0.114 * b) / 0.587
    rgb = np.stack([r, g, b]) / 255
    assert rgb.min() >= 0 and rgb.max() <= 1
    return rgb


def tensor(rest, bgr_255=False):
    x = np.full((1, 3, SIDE, SIDE), rest, np.float64)
    x[0, :, :PICTURE[1], :PICTURE[0]] = picture()
    return ((x[:, ::-1] * 255) if bgr_255 else x).astype(np.float32)


def run(path, x):
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, {"images": x})


def corners(centre_x, centre_y, w, h):
    return np.stack([centre_x - w / 2, centre_y - h / 2, centre_x + w / 2, centre_y + h / 2], -1)


def grid(strides=STRIDES):
    places = [(x, y, s) for s in strides for y in range(SIDE // s) for x in range(SIDE // s)]
    return np.array(places, np.float64).T


def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    common = max(w, 0) * max(h, 0)
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


def suppressed(boxes, scores, limit=0.6):
    """Each box that stays, best first, and those that go for it: {kept: [itself, ...]}."""
    groups = {}
    for i in sorted(range(len(scores)), key=lambda k: (-scores[k], k)):
        better = next((j for j in groups if iou(boxes[i], boxes[j]) > limit), i)
        groups.setdefault(better, []).append(i)
    return groups


def mean_body(boxes, scores, group):
    """The mean of a person's boxes, by squared score and by how far each covers the whole body that the first covers."""
    whole = [max(0, (iou(boxes[group[0]], boxes[k]) - 0.6) / 0.4) for k in group]
    return np.average(boxes[group], axis=0, weights=scores[group] ** 2 * whole)


def clipped(box):
    return np.clip(box, 0, [PICTURE[0], PICTURE[1]] * 2)


def visible(box):
    box = clipped(box)
    return (box[2] - box[0]) * (box[3] - box[1]) > 0


def box_line(name, kind, box, role, score):
    return "%s %s %s %s %.5f" % (name, kind, " ".join("%.4f" % c for c in clipped(box)), role, score)


def point_line(name, number, x, y, score):
    return "%s point %d %.4f %.4f %.5f" % (name, number, x, y, score)


def box_lines(name, boxes, scores, classes, roles):
    """Survivors of suppression among people (from 0.25, by all looks from 0.05) and among balls (from 0.1), clipped to the picture."""
    lines = []
    for kind, letters, least, look, most in (("person", "gpr", 0.25, 0.05, 64), ("ball", "b", 0.1, 0.1, 8)):
        index = [k for k in range(len(scores)) if scores[k] >= look and roles[classes[k]] in letters]
        groups = suppressed(boxes[index], scores[index])
        found = [(mean_body(boxes[index], scores[index], groups[k]) if kind == "person" else boxes[index[k]], index[k]) for k in groups]
        found = [(box, k) for box, k in found if scores[k] >= least and visible(box)]
        if kind == "ball":  # a second look at one ball is none
            found = [found[i] for i in suppressed([clipped(box) for box, _ in found], [scores[k] for _, k in found], 0.2)]
        lines += [box_line(name, kind, box, roles[classes[k]], scores[k]) for box, k in found[:most]]
    return lines


def logistic(x):
    return 1 / (1 + np.exp(-x))


def expect_fused(path):
    """People and points; the ball's heat map has no flat tiny model worth reading and is tested by hand."""
    det, kp, _ = (o[0].astype(np.float64) for o in run(path, tensor(0)))
    x, y, s = grid()
    d = np.exp(det[:64].reshape(4, 16, -1))
    d = (d / d.sum(1, keepdims=True) * np.arange(16)[None, :, None]).sum(1) * s
    boxes = np.stack([(x + .5) * s - d[0], (y + .5) * s - d[1], (x + .5) * s + d[2], (y + .5) * s + d[3]], -1)
    scores = logistic(det[64:])
    lines = box_lines("fused_64", boxes, scores.max(0), scores.argmax(0), "bgpr")
    lines = [line for line in lines if " ball " not in line]
    return lines + fused_point_lines(kp)


def fused_point_lines(kp):
    """The highest cell and those around it each say where the point lies, and count by their score."""
    lines = []
    for k in range(32):
        v, u = divmod(int(kp[k].argmax()), SIDE // 8)
        score = logistic(kp[k, v, u])
        if score >= 0.3:
            near = [(b, a) for b in range(SIDE // 8) for a in range(SIDE // 8) if max(abs(a - u), abs(b - v)) <= 2]
            votes = np.array([(a + .5 + kp[32 + 2 * k, b, a], b + .5 + kp[33 + 2 * k, b, a]) for b, a in near])
            x, y = np.average(votes, axis=0, weights=[logistic(kp[k, b, a]) for b, a in near]) * 8
            lines.append(point_line("fused_64", k, x, y, score))
    return lines


def expect_all(folder):
    o = run(folder / "yolov8_64.onnx", tensor(114 / 255))[0][0].astype(np.float64)
    lines = box_lines("yolov8_64", corners(*o[:4]), o[4:].max(0), o[4:].argmax(0), "prb")
    o = run(folder / "yolov5_64.onnx", tensor(114 / 255))[0][0].astype(np.float64)
    scores = o[:, 4:5] * o[:, 5:]
    lines += box_lines("yolov5_64", corners(*o[:, :4].T), scores.max(1), scores.argmax(1), "bp")
    o = run(folder / "yolo26_64.onnx", tensor(114 / 255))[0][0].astype(np.float64)
    lines += box_lines("yolo26_64", o[:, :4], o[:, 4], o[:, 5].astype(int), "gpb")
    o = run(folder / "yolox_64.onnx", tensor(114 / 255, bgr_255=True))[0][0].astype(np.float64)
    x, y, s = grid()
    scores = o[:, 4:5] * o[:, 5:]
    boxes = corners((o[:, 0] + x) * s, (o[:, 1] + y) * s, np.exp(o[:, 2]) * s, np.exp(o[:, 3]) * s)
    lines += box_lines("yolox_64", boxes, scores.max(1), scores.argmax(1), "rpb")
    o = run(folder / "pitch_pose_64.onnx", tensor(114 / 255))[0][0].astype(np.float64)
    best = o[:, int(o[4].argmax())]
    assert best[4] >= 0.25
    lines += [point_line("pitch_pose_64", k, *best[5 + 3 * k:8 + 3 * k]) for k in range(32) if best[7 + 3 * k] >= 0.3]
    return lines + expect_fused(folder / "fused_64.onnx")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/data/models")
    folder.mkdir(parents=True, exist_ok=True)
    for make in (make_yolov8, make_yolov5, make_yolo26, make_yolox, make_pitch_pose, make_fused, make_unknown,
                 make_yolov8_apart):
        make(folder / f"{make.__name__.removeprefix('make_')}_64.onnx")
    (folder / "expected.txt").write_text("\n".join(expect_all(folder)) + "\n")


if __name__ == "__main__":
    main()
