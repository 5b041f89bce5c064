"""Accuracy of a network on held-out matches: the ONNX files of this layout on the CPU, or the one in training.

  python -m training.evaluate MODEL.onnx --data ../shared/data --size 736x1280 --size 384x640
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import cv2
import numpy as np

from training.data import DataError, Sample, check_pictures, decode, letterbox, read_sets, split
from training.model import BALL_STRIDE, CLASSES, DISTANCE_BINS, PITCH_POINTS, POINT_STRIDE, STRIDES
from training.pitch import VISIBLE

LEAST_SCORE = 0.01
MOST_BOXES = 200
MOST_CANDIDATES = 3000
NMS_IOU, SAME_BODY_IOU, LEAST_LOOK = 0.6, 0.7, 0.05
MATCH_IOU = 0.5
# "steady": AP averaged over these, to compare two forms of one network by. At one IoU a box that meets a loose label by .502
# in one and by .497 in the other counts a whole person, of a rare class one point of AP.
STEADY_IOUS = (0.4, 0.45, 0.5, 0.55, 0.6)
BALL_RADIUS_PX = 8.0
POINT_RADIUS_PX = 10.0
POINT_SCORE = 0.3
# A picture with fewer sure points shows no pitch.
SURE_POINT_SCORE, LEAST_SURE_POINTS = 0.5, 2
POINT_VOTE_REACH = 2
BALL_PEAK_PX = 5
MOST_BALLS = 8
# Ball radius, point radius and blur are pixels of a frame this wide, whatever the picture's own size.
REFERENCE_WIDTH_PX = 1280
# How the program joins peaks and boxes to balls: src/touchline/detect/assemble.h. The match distance is in pixels of the
# network's input.
BALL_MATCH_PX = 8.0
LONE_BOX_SCORE = 0.25
SAME_BALL_IOU = 0.2
PERSON_SCORE = 0.25
BALL_HEIGHT_SHARE = 0.14
BALL_BLUR_PX = 3.0
BALL_SIZE_SPREAD = 0.35  # logarithm of sizes
LONELY_BALL_SHARE = 0.008
MOST_BALL_SHARE = 0.4

ALL_MATCHES = "all"  # the held-out matches of every group together

Outputs = tuple[np.ndarray, np.ndarray, np.ndarray]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def cells(height_px: int, width_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres [A, 2] in pixels and strides [A] of the det output."""
    centres, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: height_px // stride, : width_px // stride]
        centres.append(np.stack([x.ravel() + 0.5, y.ravel() + 0.5], 1) * stride)
        strides.append(np.full(x.size, stride))
    return np.concatenate(centres), np.concatenate(strides)


def decode_people_and_ball(det: np.ndarray, height_px: int, width_px: int):
    """[68, A] to boxes [K, 4], scores by class [K, 4], scores [K], classes [K] after suppression, best score first.

    Score and class are the kept box's own best. People suppress people, balls balls. What a person suppresses is another
    look at him: join_looks() makes his scores by class, join_boxes() his box, as in the program
    (src/touchline/detect/assemble.h).
    """
    scores = sigmoid(det[4 * DISTANCE_BINS :]).T
    keep = np.flatnonzero(scores.max(1) > LEAST_SCORE)
    scores, kinds = scores[keep], scores[keep].argmax(1)
    centres, strides = cells(height_px, width_px)
    logits = det[: 4 * DISTANCE_BINS, keep].reshape(4, DISTANCE_BINS, -1)
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    sides = np.einsum("sbk,b->ks", shares, np.arange(DISTANCE_BINS)) * strides[keep, None]
    boxes = np.concatenate([centres[keep] - sides[:, :2], centres[keep] + sides[:, 2:]], 1)
    best = scores.max(1)
    groups = [[k for k in group if k == group[0] or best[k] >= LEAST_LOOK] for group in suppress(boxes, best, kinds > 0)]
    kept = [group[0] for group in groups]
    joined = np.array([join_looks(scores[group]) for group in groups]).reshape(-1, len(CLASSES))
    bodies = np.array([join_boxes(boxes[group], best[group]) if kinds[group[0]] else boxes[group[0]] for group in groups])
    return bodies.reshape(-1, 4), joined, best[kept], kinds[kept]


def join_boxes(boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """[K, 4] of one person, best first, to [4]: the mean of those on the same body as the first, weighted by squared score."""
    same = iou(boxes[:1], boxes)[0] >= SAME_BODY_IOU
    return np.average(boxes[same], axis=0, weights=scores[same] ** 2)


def join_looks(scores: np.ndarray) -> np.ndarray:
    """[K, 4] of one person's boxes, best first, to [4]: the highest of each class, those of people times the root of the
    person's score by their sum, for a person plays one part.
    """
    joined = scores.max(0)
    joined[1:] *= np.sqrt(scores[0].max() / joined[1:].sum())
    return joined


def suppress(boxes: np.ndarray, scores: np.ndarray, people: np.ndarray, most_iou: float = NMS_IOU) -> list[list[int]]:
    """Each kept box and, behind it, those that it suppresses: the first, by score, that overlaps a box too much has it."""
    left = np.argsort(-scores, kind="stable")[:MOST_CANDIDATES]
    groups: list[list[int]] = []
    while len(left) and len(groups) < MOST_BOXES:
        first, rest = left[0], left[1:]
        same = (iou(boxes[first][None], boxes[rest])[0] > most_iou) & (people[rest] == people[first])
        groups.append([int(first), *rest[same].tolist()])
        left = rest[~same]
    return groups


def iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """[len(first), len(second)]"""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = [(b[:, 2:] - b[:, :2]).prod(-1) for b in (first, second)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)


def decode_points(kp: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[96, h, w] to the place [32, 2] in pixels and score [32] of each point.

    The place is where the peak and its neighbours say that it is, each by its score, as in the program
    (src/touchline/detect/fused_head.h).
    """
    height, width = kp.shape[1:]
    heat, offsets = sigmoid(kp[:PITCH_POINTS]), kp[PITCH_POINTS:].reshape(PITCH_POINTS, 2, height, width)
    peak_y, peak_x = np.unravel_index(kp[:PITCH_POINTS].reshape(PITCH_POINTS, -1).argmax(1), (height, width))
    reach = np.arange(-POINT_VOTE_REACH, POINT_VOTE_REACH + 1)
    y, x = peak_y[:, None, None] + reach[:, None], peak_x[:, None, None] + reach
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    y, x, point = y.clip(0, height - 1), x.clip(0, width - 1), np.arange(PITCH_POINTS)[:, None, None]
    weights = (heat[point, y, x] * inside)[..., None]
    votes = np.stack([x + 0.5 + offsets[point, 0, y, x], y + 0.5 + offsets[point, 1, y, x]], -1)
    places = (weights * votes).sum((1, 2)) / weights.sum((1, 2))
    return places * POINT_STRIDE, heat.max((1, 2))


def decode_balls(ball: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[3, h, w] to places [K, 2] in pixels and scores of the heat map's peaks, best first."""
    heat = sigmoid(ball[0])
    peaks = (cv2.dilate(heat, np.ones((BALL_PEAK_PX, BALL_PEAK_PX))) == heat) & (heat > LEAST_SCORE)
    y, x = np.nonzero(peaks)
    order = np.argsort(-heat[y, x])[:MOST_BALLS]
    y, x = y[order], x[order]
    places = np.stack([x + 0.5 + ball[1, y, x], y + 0.5 + ball[2, y, x]], 1) * BALL_STRIDE
    return places, heat[y, x]


def nearest_person(place: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Of people's corners [K, 4], K at least 1, whose foot is nearest."""
    feet = np.stack([(people[:, 0] + people[:, 2]) / 2, people[:, 3]], 1)
    return people[np.linalg.norm(feet - place, axis=1).argmin()]


def ball_side(place: np.ndarray, people: np.ndarray, width_px: float) -> float:
    """A ball's size where no box tells it: by the person whose foot is nearest, else by the picture's width."""
    if not len(people):
        return LONELY_BALL_SHARE * width_px
    nearest = nearest_person(place, people)
    return BALL_HEIGHT_SHARE * (nearest[3] - nearest[1]) + BALL_BLUR_PX * width_px / REFERENCE_WIDTH_PX


def size_shares(boxes: np.ndarray, people: np.ndarray, width_px: float) -> np.ndarray:
    """What is left of the scores [K] of balls' boxes [K, 4]: one is hardly smaller than on the grass beside the nearest
    person, but larger in the air, nearer to the camera, or smeared. All of it where there is nobody.
    """
    if not len(people):
        return np.ones(len(boxes))
    expected = np.array([ball_side((box[:2] + box[2:]) / 2, people, width_px) for box in boxes]).reshape(-1)
    sides = np.maximum((boxes[:, 2:] - boxes[:, :2]).mean(1), 1e-9)
    return np.exp(-((np.maximum(0, np.log(expected / sides)) / BALL_SIZE_SPREAD) ** 2) / 2)


def join_balls(peaks, seen, people: np.ndarray, extent: np.ndarray, match_px: float):
    """Peaks (places, scores) and boxes seen as a ball (boxes, scores), both best first, to the program's candidates: places
    [K, 2], boxes [K, 4], scores [K], best first. All in pixels of the picture.

    A peak takes the best box within match_px, moved to lie around it, or a square; its score is the mean of both, half its own
    without a box. A box without a peak counts half, where there are no peaks at all as it is. What is too large beside
    people is no ball; what is small there loses score (size_shares).
    """
    boxes, scores = seen
    shares = size_shares(boxes, people, extent[0])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    free = np.ones(len(boxes), bool)
    found = []
    for place, heat in zip(*peaks):
        near = np.flatnonzero(free & (np.linalg.norm(centres - place, axis=1) <= match_px))
        if len(near):
            free[near[0]] = False
            around = boxes[near[0]] + np.tile(place - centres[near[0]], 2)
            found.append((place, around, (heat + scores[near[0]]) / 2 * shares[near[0]]))
        else:
            half = ball_side(place, people, extent[0]) / 2
            found.append((place, np.concatenate([place - half, place + half]), heat / 2))
    if not found:
        found = list(zip(centres, boxes, scores * shares))
    else:
        found += [(centres[i], boxes[i], scores[i] / 2 * shares[i]) for i in np.flatnonzero(free & (scores >= LONE_BOX_SCORE))]
    most_px = MOST_BALL_SHARE * (people[:, 3] - people[:, 1]).max() if len(people) else np.inf
    return best_inside(found, extent, most_px)


def best_inside(found: list[tuple], extent: np.ndarray, most_px: float):
    """The best candidates of which a part lies in the picture, their boxes cut off at its edge; without those whose shorter
    side is longer than most_px, and without second looks at the ball of a better one.
    """
    places = np.array([place for place, _, _ in found]).reshape(-1, 2)
    boxes = np.clip(np.array([box for _, box, _ in found]).reshape(-1, 4), 0, np.tile(extent, 2))
    scores = np.array([score for _, _, score in found])
    order = np.argsort(-scores, kind="stable")
    sides = (boxes[:, 2:] - boxes[:, :2]).min(1)
    order = order[(sides[order] > 0) & (sides[order] <= most_px)]
    groups = suppress(boxes[order], scores[order], np.zeros(len(order), bool), SAME_BALL_IOU)
    order = order[[group[0] for group in groups[:MOST_BALLS]]]
    return places[order], boxes[order], scores[order]


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
            errors = np.array(self.point_errors_px or [np.inf])
            found["points PCK@10"] = float((errors < POINT_RADIUS_PX).sum() / self.points_visible)
            found["points median px"] = float(np.median(errors))
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
    model = core.read_model(file)
    model.reshape([1, 3, height_px, width_px])
    request = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads}).create_infer_request()

    def run(images):
        request.infer([images])
        return tuple(request.get_tensor(name).data.copy() for name in ("det", "kp", "ball"))

    return run


def parse_size(text: str) -> tuple[int, int]:
    height, width = (int(word) for word in text.split("x"))
    if height % 32 or width % 32:
        raise argparse.ArgumentTypeError(f"{text}: height and width must be multiples of 32")
    return height, width


def tell(size: tuple[int, int], group: str, score: Score):
    print(json.dumps({"size": f"{size[0]}x{size[1]}", "validation": group, **score.result()}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", type=Path, default=Path(__file__).with_name("sets.json"))
    parser.add_argument("--size", type=parse_size, action="append", help="HxW, may be repeated")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--as-given", action="store_true", help="labels of the sets alone, without those of ours")
    options = parser.parse_args()
    try:
        _, validation = split(*read_sets(options.data, options.sets, options.as_given))
        check_pictures(sample for samples in validation.values() for sample in samples)
    except DataError as error:
        raise SystemExit(f"evaluate: nothing was measured\n{error}") from error
    for size in options.size or [(736, 1280), (384, 640)]:
        network = openvino_network(options.model, *size, options.threads)
        everything = Score()
        for group, samples in validation.items():
            score = evaluate(network, samples, *size)
            tell(size, group, score)
            everything.take_in(score)
        tell(size, ALL_MATCHES, everything)


if __name__ == "__main__":
    main()
