"""What the outputs say of a picture: people, candidates for the ball, pitch points, read as the program reads them
(src/touchline/detect/fused_head.h, assemble.h).
"""

import cv2
import numpy as np

from training.model import BALL_STRIDE, CLASSES, DISTANCE_BINS, PITCH_POINTS, POINT_STRIDE, STRIDES

LEAST_SCORE = 0.01
MOST_BOXES = 200
MOST_CANDIDATES = 3000
NMS_IOU, PART_IOU, LEAST_LOOK = 0.6, 0.6, 0.05
POINT_VOTE_REACH = 2
BALL_PEAK_PX = 5
MOST_BALLS = 8
# Ball radius, point radius and blur are pixels of a frame this wide, whatever the picture's own size.
REFERENCE_WIDTH_PX = 1280
# The match distance is in pixels of the network's input.
BALL_MATCH_PX = 8.0
LONE_BOX_SCORE = 0.25
SAME_BALL_IOU = 0.2
BALL_HEIGHT_SHARE = 0.14
BALL_BLUR_PX = 3.0
BALL_SIZE_SPREAD = 0.35  # logarithm of sizes
LONELY_BALL_SHARE = 0.008
MOST_BALL_SHARE = 0.4


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
    """[K, 4] of one person, best first, to [4]: their mean, weighted by squared score and by how far each is of the whole body
    that the first frames.
    """
    body_shares = np.clip((iou(boxes[:1], boxes)[0] - PART_IOU) / (1 - PART_IOU), 0, 1)
    return np.average(boxes, axis=0, weights=scores**2 * body_shares)


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
