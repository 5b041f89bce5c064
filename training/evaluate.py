"""Accuracy of a network on held-out matches: the ONNX files of this layout on the CPU, or the one in training.

  python -m training.evaluate MODEL.onnx --data ../shared/data --size 736x1280 --size 384x640
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import numpy as np

from training.arguments import whole
from training.data import DataError, Sample, check_pictures, decode, letterbox, read_sets, split
from training.detect import (BALL_MATCH_PX, LEAST_SCORE, REFERENCE_WIDTH_PX, decode_balls, decode_people_and_ball, decode_points, iou,
                             join_balls)
from training.model import CLASSES, DISTANCE_BINS
from training.pitch import VISIBLE
from training.sets import ALL_MATCHES
from training.weights import CheckpointError, read_foreign

MATCH_IOU = 0.5
# "steady": AP averaged over these, to compare two forms of one network by. At one IoU a box that meets a loose label by .502
# in one and by .497 in the other counts a whole person, of a rare class one point of AP.
STEADY_IOUS = (0.4, 0.45, 0.5, 0.55, 0.6)
BALL_RADIUS_PX = 8.0
POINT_RADIUS_PX = 10.0
POINT_SCORE = 0.3
# A picture with fewer sure points shows no pitch.
SURE_POINT_SCORE, LEAST_SURE_POINTS = 0.5, 2
PERSON_SCORE = 0.25

OUTPUT_NAMES = ("det", "kp", "ball")
Outputs = tuple[np.ndarray, np.ndarray, np.ndarray]


def match_greedily(likeness: np.ndarray, least: float) -> np.ndarray:
    """For each prediction (rows, best score first): does it take a label no better prediction took."""
    taken = np.zeros(likeness.shape[1], bool)
    hits = np.zeros(len(likeness), bool)
    for row, values in enumerate(likeness):
        free = np.where(taken, -np.inf, values)
        if free.size and free.max() > least:
            taken[free.argmax()] = True
            hits[row] = True
    return hits


def average_precision(scores: list[float], hits: list[bool], labels: int) -> float | None:
    """Area under the precision-recall curve, precision made monotone; None without labels."""
    if labels == 0:
        return None
    if not scores:
        return 0.0
    order = np.argsort(-np.array(scores), kind="stable")
    true = np.cumsum(np.array(hits)[order])
    precision = true / np.arange(1, len(true) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.trapezoid(np.r_[precision[0], precision], np.r_[0, true / labels]))


@dataclass
class Tally:
    """Predictions of one kind over all pictures."""

    scores: list = field(default_factory=list)
    hits: list = field(default_factory=list)
    labels: int = 0

    def add(self, scores, hits, labels: int):
        self.scores += list(scores)
        self.hits += list(hits)
        self.labels += int(labels)

    def average_precision(self):
        return average_precision(self.scores, self.hits, self.labels)


def labels_of(sample: Sample, extent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labelled boxes [L, 4] in pixels of the picture and their classes [L]."""
    centre, half = sample.boxes[:, 1:3] * extent, sample.boxes[:, 3:5] * extent / 2
    return np.concatenate([centre - half, centre + half], 1), sample.boxes[:, 0].astype(int)


class Score:
    """Adds up what a network says of pictures against their labels."""

    def __init__(self):
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self.steady: dict[tuple[str, float], Tally] = defaultdict(Tally)  # of people, by class and least IoU
        self.point_errors_px, self.points_visible, self.points_false, self.point_pictures = [], 0, 0, 0

    def add(self, sample: Sample, extent, scale: float, outputs: Outputs, height_px: int, width_px: int):
        det, kp, ball = outputs
        if sample.labelled.any():
            boxes, by_class, scores, kinds = decode_people_and_ball(det, height_px, width_px)
            boxes, people = boxes / scale, kinds > 0
        if sample.labelled[1:].any():
            self._add_people(sample, extent, boxes[people], by_class[people], scores[people])
        if sample.labelled[0]:
            places, heats = decode_balls(ball)
            sure = np.clip(boxes[people & (scores >= PERSON_SCORE)], 0, np.tile(extent, 2))
            seen = boxes[~people], scores[~people]
            peaks = places / scale, heats
            self._add_balls(sample, extent, peaks, join_balls(peaks, seen, sure, extent, BALL_MATCH_PX / scale))
        if sample.points is not None:
            self._add_points(sample, extent, kp, scale)

    def _add_people(self, sample, extent, boxes, by_class, scores):
        truth, kinds = labels_of(sample, extent)
        # A person counts for every class by that class's score, not for the best one alone: AP ranks all predictions.
        groups = {name: (by_class[:, k], kinds == k) for k, name in enumerate(CLASSES) if k and sample.labelled[k]}
        groups["person"] = (scores, kinds > 0)
        for name, (confidence, true) in groups.items():
            order = np.argsort(-confidence, kind="stable")
            order = order[confidence[order] > LEAST_SCORE]
            overlaps = iou(boxes[order], truth[true])
            for least in STEADY_IOUS:
                self.steady[name, least].add(confidence[order], match_greedily(overlaps, least), true.sum())

    def _add_balls(self, sample, extent, peaks, balls):
        places, boxes, scores = balls
        truth, kinds = labels_of(sample, extent)
        truth = truth[kinds == 0]
        if sample.labelled[1:].any():
            self.tallies["ball"].add(scores, match_greedily(iou(boxes, truth), MATCH_IOU), len(truth))
        centres = (truth[:, :2] + truth[:, 2:]) / 2
        folder = "ball set" if sample.group == "ball" else "people"
        for name, xy, confidence in (("ball8px", places, scores), ("ball8px heat", *peaks)):
            near = -np.linalg.norm(xy[:, None] - centres[None], axis=-1) * REFERENCE_WIDTH_PX / extent[0]
            self.tallies[f"{name}, {folder}"].add(confidence, match_greedily(near, -BALL_RADIUS_PX), len(centres))

    def _add_points(self, sample, extent, kp, scale):
        to_reference = REFERENCE_WIDTH_PX / extent[0]
        places, scores = decode_points(kp)
        shows_pitch = (scores >= SURE_POINT_SCORE).sum() >= LEAST_SURE_POINTS
        visible, said = sample.points[:, 2] == VISIBLE, (scores > POINT_SCORE) & shows_pitch
        errors = np.linalg.norm(places / scale - sample.points[:, :2] * extent, axis=1) * to_reference
        self.point_errors_px += errors[visible & said].tolist()
        self.points_visible += int(visible.sum())
        self.points_false += int((said & ~visible).sum())
        self.point_pictures += 1

    def take_in(self, other: "Score"):
        """What other has added up of its pictures counts here too."""
        for mine, theirs in ((self.tallies, other.tallies), (self.steady, other.steady)):
            for name, tally in theirs.items():
                mine[name].add(tally.scores, tally.hits, tally.labels)
        self.point_errors_px += other.point_errors_px
        self.points_visible += other.points_visible
        self.points_false += other.points_false
        self.point_pictures += other.point_pictures

    def result(self) -> dict[str, float]:
        people = {name: tally for (name, least), tally in self.steady.items() if least == MATCH_IOU}
        found = {name: tally.average_precision() for name, tally in sorted((self.tallies | people).items())}
        for name in sorted(people):
            at_each = [self.steady[name, least].average_precision() for least in STEADY_IOUS]
            found[f"{name} steady"] = None if None in at_each else float(np.mean(at_each))
        if self.points_visible:
            errors = np.array(self.point_errors_px)
            found["points PCK@10"] = float((errors < POINT_RADIUS_PX).sum() / self.points_visible)
            found["points median px"] = float(np.median(errors)) if len(errors) else None
            found["points false a picture"] = self.points_false / self.point_pictures
        return {name: round(value, 4) for name, value in found.items() if value is not None}


def evaluate(network: Callable[[np.ndarray], Outputs], samples: list[Sample], height_px: int, width_px: int) -> Score:
    """network takes [1, 3, H, W] RGB 0..1 and gives det, kp, ball with a batch dimension."""
    score = Score()
    for sample in samples:
        picture = decode(sample.file)
        extent = np.array([picture.shape[1], picture.shape[0]], np.float32)
        boxed, scale = letterbox(picture, height_px, width_px)
        images = np.ascontiguousarray(boxed.transpose(2, 0, 1)[None], np.float32) / 255
        outputs = tuple(np.asarray(o, np.float32)[0] for o in network(images))
        score.add(sample, extent, scale, outputs, height_px, width_px)
    return score


def openvino_network(file: Path, height_px: int, width_px: int, threads: int) -> Callable[[np.ndarray], Outputs]:
    import openvino

    core = openvino.Core()
    model = read_foreign(file, "network", core.read_model)
    if missing := set(OUTPUT_NAMES) - {name for output in model.outputs for name in output.names}:
        raise CheckpointError(f"{file}: has no output {', '.join(sorted(missing))}; only networks of this layout can be measured")
    model.reshape([1, 3, height_px, width_px])
    classes = model.output("det").shape[1] - 4 * DISTANCE_BINS
    if classes != len(CLASSES):
        raise CheckpointError(f"{file}: has {classes} classes, and training/model.py names {len(CLASSES)}")
    request = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads}).create_infer_request()

    def run(images):
        request.infer([images])
        return tuple(request.get_tensor(name).data.copy() for name in OUTPUT_NAMES)

    return run


def parse_size(text: str) -> tuple[int, int]:
    words = text.split("x")
    sides = [int(word) for word in words if word.isdecimal()]
    if len(words) != 2 or len(sides) != 2 or min(sides) < 32 or any(side % 32 for side in sides):
        raise argparse.ArgumentTypeError(f"{text}: must be HxW, multiples of 32 as 736x1280")
    return sides[0], sides[1]


def tell(size: tuple[int, int], group: str, score: Score):
    print(json.dumps({"size": f"{size[0]}x{size[1]}", "validation": group, **score.result()}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", type=Path, default=Path(__file__).with_name("sets.json"))
    parser.add_argument("--size", type=parse_size, action="append", help="HxW, may be repeated")
    parser.add_argument("--threads", type=whole(1), default=1)
    parser.add_argument("--as-given", action="store_true", help="labels of the sets alone, without those of ours")
    options = parser.parse_args()
    try:
        _, validation = split(*read_sets(options.data, options.sets, options.as_given))
        if not any(validation.values()):
            raise DataError(f"{options.sets}: no picture is held out; name whole matches in \"validation\"")
        check_pictures(sample for samples in validation.values() for sample in samples)
        sizes = options.size or [(736, 1280), (384, 640)]
        networks = {size: openvino_network(options.model, *size, options.threads) for size in sizes}
    except (DataError, CheckpointError) as error:
        raise SystemExit(f"evaluate: nothing was measured\n{error}") from error
    for size, network in networks.items():
        everything = Score()
        for group, samples in validation.items():
            score = evaluate(network, samples, *size)
            tell(size, group, score)
            everything.take_in(score)
        tell(size, ALL_MATCHES, everything)


if __name__ == "__main__":
    main()
