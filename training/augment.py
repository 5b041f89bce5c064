"""Batches: planned on the host (which pictures, which view, where their labels land), painted on the device.

Every number of a batch comes from a generator seeded with (seed, iteration), so a run resumed at an iteration sees the
pictures that an unbroken run would have seen. Plans are made ahead by other processes (ahead.py).
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from training import looks, pitch
from training.camera import change_light_and_camera
from training.data import CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX, Labels, PictureStore, upload
from training.model import CLASSES, PITCH_POINTS, by_class
from training.sets import GROUPS

# How often a view is aimed at an object of each class: rare ones teach most.
AIM_WEIGHTS = {"ball": 0.3, "goalkeeper": 0.5, "player": 0.03, "referee": 0.2}
AIM_WEIGHT_OF_CLASS = np.array(by_class(AIM_WEIGHTS))
HALF_SIZE_BELOW_SCALE = 0.64
VISIBLE_SHARE = 0.35
SMALLEST_SIDE_PX = 1.5


@dataclass(frozen=True)
class Shape:
    """A batch: network size in pixels, pictures of each group, scales of its views (network pixels of one canvas pixel).

    counts and late_counts have the same sum: one captured graph serves the whole run.
    """

    height_px: int
    width_px: int
    counts: tuple[int, int, int, int, int]
    late_counts: tuple[int, int, int, int, int]
    scales: tuple[float, float]


# Made-up pictures teach other places of the camera; toward the end they would only blur what real ones look like.
SHAPES = {
    "1280": Shape(736, 1280, (4, 6, 2, 3, 4), (6, 7, 2, 3, 1), (0.5, 1.6)),
    "640": Shape(384, 640, (13, 20, 7, 9, 13), (20, 24, 6, 8, 4), (0.3, 1.6)),
}
LATE_SCALES = (0.85, 1.2)  # of the whole frame's scale
# A figure that a view is drawn for, of the picture's height: beyond 1 its edge cuts the figure off.
FIGURE_HEIGHTS, LARGEST_SCALE = (0.35, 1.7), 7.0
# Of the pictures drawn for their points: shown as if from another place, which leaves their people unlabelled.
OTHER_VIEW_SHARE, LATE_OTHER_VIEW_SHARE = 0.4, 0.25


@dataclass
class Plan:
    """One batch before its pixels; all arrays on the host."""

    shape: str
    late: bool
    seed: int
    indices: np.ndarray  # [B] in the store
    views: np.ndarray  # [B, 3, 3] homographies from canvas to network pixels
    shown: np.ndarray  # [B, MATERIALS] materials that the pictures show, which may change
    pastes: looks.Pastes
    boxes: np.ndarray
    classes: np.ndarray
    valid: np.ndarray
    ignored: np.ndarray
    labelled: np.ndarray
    points: np.ndarray
    points_seen: np.ndarray


@dataclass
class Batch:
    """What one step learns from; all tensors on the device.

    images   [B, 3, H, W] RGB 0..1, channels last
    boxes    [B, G, 4] corners in pixels, at the end those of pasted balls (looks.PASTED_BALLS); classes [B, G]; valid [B, G]
             to be found, ignored [B, G] neither found nor wrong
    labelled [B, 4] classes that count as background where no label stands; their negatives are off where not complete
    points   [B, 32, 2] pixels; points_seen [B, 32]; has_points [B]
    """

    images: torch.Tensor
    boxes: torch.Tensor
    classes: torch.Tensor
    valid: torch.Tensor
    ignored: torch.Tensor
    labelled: torch.Tensor
    complete: torch.Tensor
    points: torch.Tensor
    points_seen: torch.Tensor
    has_points: torch.Tensor


def blank_batch(shape: Shape, boxes: int, device: torch.device) -> Batch:
    """A batch as paint() makes it, of black pictures and no labels."""
    count, dtype = sum(shape.counts), picture_type(device)

    def none(*size, dtype=torch.bool):
        return torch.zeros(count, *size, dtype=dtype, device=device)

    return Batch(
        images=none(3, shape.height_px, shape.width_px, dtype=dtype).to(memory_format=torch.channels_last),
        boxes=none(boxes, 4, dtype=torch.float32),
        classes=none(boxes, dtype=torch.int64),
        valid=none(boxes),
        ignored=none(boxes),
        labelled=none(len(CLASSES)),
        complete=none(),
        points=none(PITCH_POINTS, 2, dtype=torch.float32),
        points_seen=none(PITCH_POINTS),
        has_points=none(),
    )


def picture_type(device: torch.device) -> torch.dtype:
    return torch.float16 if device.type == "cuda" else torch.float32


class Sampler:
    """Draws pictures so that matches are balanced (by the root of their count) and goalkeepers are seen often."""

    def __init__(self, labels: Labels):
        matches = labels.matches
        has_goalkeeper = (labels.boxes[..., 0] == CLASSES.index("goalkeeper")).any(1)
        self.members, self.weights = {}, {}
        for group in GROUPS:
            points = labels.has_points & (labels.groups != "synth")
            members = np.flatnonzero(points if group == "points" else labels.groups == group)
            sizes = {match: (matches[members] == match).sum() for match in set(matches[members])}
            weights = np.array([sizes[matches[i]] ** -0.5 * (2 if has_goalkeeper[i] else 1) for i in members])
            self.members[group], self.weights[group] = members, weights / max(weights.sum(), 1e-9)

    def draw(self, rng: np.random.Generator, counts: tuple[int, ...]) -> np.ndarray:
        """Indices in the store; a group that the sets lack gives its places to the first that exists."""
        present = [g for g in GROUPS if len(self.members[g])]
        chosen = [g if g in present else present[0] for g in GROUPS]
        return np.concatenate([rng.choice(self.members[g], n, p=self.weights[g]) for g, n in zip(chosen, counts)])


def draw_scale(rng, shape: Shape, late: bool, person_height_px: float) -> tuple[float, bool]:
    """Scale of one view and whether it is the whole frame at the place where the letterbox puts it."""
    whole_scale = shape.width_px / CANVAS_WIDTH_PX
    kind = rng.random()
    if kind < (0.6 if late else 0.3):
        return whole_scale, True
    if kind < (0.88 if late else 0.76):
        low, high = np.array(LATE_SCALES) * whole_scale if late else shape.scales
        return np.exp(rng.uniform(np.log(low), np.log(high))), False
    if kind < 0.92 or person_height_px <= 0:
        return whole_scale * np.exp(rng.uniform(np.log(1.0), np.log(4.0))), False
    return min(rng.uniform(*FIGURE_HEIGHTS) * shape.height_px / person_height_px, LARGEST_SCALE), False


def draw_view(rng, shape: Shape, late: bool, boxes: np.ndarray, largest_scale: float) -> np.ndarray:
    """[3, 3] homography from canvas to network pixels, mirrored or not."""
    people = boxes[boxes[:, 0] > 0]
    aim = boxes[rng.choice(len(boxes), p=aim_weights(boxes))] if len(boxes) and rng.random() < 0.65 else None
    height_px = aim[4] if aim is not None and aim[0] > 0 else (people[:, 4].max() if len(people) else 0)
    scale, whole = draw_scale(rng, shape, late, height_px)
    scale = min(scale, largest_scale)
    if whole:
        return np.diag([scale, scale, 1.0])
    width, height = shape.width_px / scale, shape.height_px / scale
    if aim is not None:
        centre = aim[1:3] + rng.uniform(-0.45, 0.45, 2) * (width, height)
    else:
        centre = rng.uniform(0, 1, 2) * (CANVAS_WIDTH_PX, CANVAS_HEIGHT_PX)
    return view_around(rng, shape, late, scale, keep_inside(centre, width, height))


def aim_weights(boxes: np.ndarray) -> np.ndarray:
    weights = AIM_WEIGHT_OF_CLASS[boxes[:, 0].astype(int)]
    return weights / weights.sum()


def keep_inside(centre, width, height):
    """Moves the centre so that a view wider than the frame shows all of it, a narrower one little beyond its edge."""
    beyond_px = 15
    kept = []
    for value, view, extent in zip(centre, (width, height), (CANVAS_WIDTH_PX, CANVAS_HEIGHT_PX)):
        low, high = min(view, extent) / 2 - beyond_px, extent - min(view, extent) / 2 + beyond_px
        kept.append(float(np.clip(value, low, high)))
    return kept


def view_around(rng, shape: Shape, late: bool, scale: float, centre) -> np.ndarray:
    turn = np.deg2rad(rng.uniform(-1, 1) * (1.5 if late else 4.0)) * (rng.random() < 0.7)
    stretch = np.exp(rng.uniform(-0.08, 0.08))
    keystone = rng.uniform(-1, 1, 2) * (0.0 if late else 0.1) * (rng.random() < 0.5)
    cos, sin = np.cos(turn), np.sin(turn)
    to_centre = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1.0]])
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]]) @ np.diag([scale * stretch, scale / stretch, 1.0])
    tilted = np.eye(3)
    tilted[2, :2] = keystone / (shape.width_px, shape.height_px)
    back = np.array([[1, 0, shape.width_px / 2], [0, 1, shape.height_px / 2], [0, 0, 1.0]])
    return back @ tilted @ turned @ to_centre


def mirror(view: np.ndarray, shape: Shape) -> np.ndarray:
    return np.array([[-1, 0, shape.width_px], [0, 1, 0], [0, 0, 1.0]]) @ view


def local_scale(view: np.ndarray, shape: Shape) -> float:
    """Network pixels of one canvas pixel in the middle of a view, where w is 1."""
    middle = np.array([shape.width_px, shape.height_px]) / 2
    return float(np.sqrt(abs(np.linalg.det(view[:2, :2] - np.outer(middle, view[2, :2])))))


def project(view: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """[..., 2] through [3, 3]."""
    mapped = xy @ view[:, :2].T + view[:, 2]
    return mapped[..., :2] / mapped[..., 2:]


def project_boxes(view: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """[K, 4] corners of boxes given as class, centre, size: figures stay upright, so sides follow the box's middle lines."""
    centre, half = boxes[:, 1:3], boxes[:, 3:5] / 2
    across, along = half * (1, 0), half * (0, 1)
    middle = project(view, centre)
    width = np.abs(project(view, centre + across)[:, 0] - project(view, centre - across)[:, 0])
    height = np.abs(project(view, centre + along)[:, 1] - project(view, centre - along)[:, 1])
    size = np.stack([width, height], 1) / 2
    return np.concatenate([middle - size, middle + size], 1)


def place_points(view: np.ndarray, shape: Shape, landmarks: np.ndarray, canvas_from_pitch: np.ndarray, mirrored: bool):
    """[32, 2] network pixels and which are seen, numbered as the camera of the view numbers them."""
    points = project(view, landmarks[:, :2])
    ahead = landmarks[:, :2] @ view[2, :2] + view[2, 2] > 0
    seen = (landmarks[:, 2] == pitch.VISIBLE) & ahead & ((points >= 0) & (points < (shape.width_px, shape.height_px))).all(1)
    order = pitch.MIRRORED_POINTS if mirrored else np.arange(len(points))
    if seen.any() and np.isfinite(canvas_from_pitch).all():
        flip = np.diag([-1.0 if mirrored else 1.0, 1, 1])
        if pitch.numbering_turned(pitch.heading(view @ canvas_from_pitch @ flip, points[seen].mean(0))):
            order = order[pitch.TURNED_POINTS]
    return points[order], seen[order]


def place_labels(shape: Shape, boxes: np.ndarray, classes: np.ndarray):
    """Clips [B, G, 4] corners to the picture; which of them are to be found and which are too cut off to count."""
    extent = np.array([shape.width_px, shape.height_px], np.float32)
    low, high = np.maximum(boxes[..., :2], 0), np.minimum(boxes[..., 2:], extent)
    sides = np.clip(high - low, 0, None)
    share = sides.prod(-1) / np.maximum((boxes[..., 2:] - boxes[..., :2]).prod(-1), 1e-3)
    touches = (classes >= 0) & (share > 0)
    valid = touches & (share > VISIBLE_SHARE) & (sides.min(-1) > SMALLEST_SIDE_PX)
    return np.concatenate([low, np.maximum(high, low)], -1), valid, touches & ~valid


def warp(store: PictureStore, indices: np.ndarray, views: np.ndarray, shape: Shape) -> torch.Tensor:
    """[B, 4, H, W] float: RGB 0..1 and the material, sampled through the views; 0 outside the canvas."""
    device, height, width = store.device, shape.height_px, shape.width_px
    unit_from_canvas = np.array([[2 / CANVAS_WIDTH_PX, 0, -1], [0, 2 / CANVAS_HEIGHT_PX, -1], [0, 0, 1.0]])
    maps = upload((unit_from_canvas @ np.linalg.inv(views)).astype(np.float32), device)
    scales = np.array([local_scale(view, shape) for view in views])
    x = torch.arange(width, device=device).add(0.5).view(1, 1, -1, 1)
    y = torch.arange(height, device=device).add(0.5).view(1, -1, 1, 1)
    # Sums: the library's product of so thin a matrix takes eight times as long as the memory does.
    of_x, of_y, of_one = maps.transpose(1, 2)[:, :, None, None].unbind(1)
    mapped = x * of_x + (y * of_y + of_one)
    grid = mapped[..., :2] / mapped[..., 2:].clamp(min=1e-3)
    warped = torch.empty(len(indices), 4, height, width, device=device)
    for pictures, level in ((store.full, scales >= HALF_SIZE_BELOW_SCALE), (store.half, scales < HALF_SIZE_BELOW_SCALE)):
        rows = upload(np.flatnonzero(level), device)
        if len(rows):
            source = pictures[upload(indices[level], device)].float()
            colours = F.grid_sample(source[:, :3], grid[rows], align_corners=False) / 255
            materials = F.grid_sample(source[:, 3:], grid[rows], mode="nearest", align_corners=False)
            warped[rows] = torch.cat([colours, materials], 1)
    return warped


def draw_ball_spot(rng, labels: Labels, index: int, is_labelled: bool, view: np.ndarray,
                   shape: Shape) -> tuple[int, int, float] | None:
    """Where on the grass a ball may be pasted, network pixels, and the view's scale there; None where it may not."""
    if not is_labelled or rng.random() > looks.PASTE_BALL_SHARE:
        return None
    cells = np.argwhere(labels.grass[index])[:, ::-1]
    places = project(view, (cells + rng.random(cells.shape)) * CANVAS_WIDTH_PX / labels.grass.shape[2])
    margin = looks.BALL_PATCH_PX // 2
    inside = ((margin < places) & (places < np.array([shape.width_px, shape.height_px]) - margin)).all(1)
    if not inside.any():
        return None
    x, y = places[rng.choice(np.flatnonzero(inside))]
    return int(x), int(y), float(np.sqrt(abs(np.linalg.det(view[:2, :2]))))


class Planner:
    """Makes the plan of an iteration from labels and the seed alone."""

    def __init__(self, labels: Labels, props: looks.PropSizes, shapes: dict[str, Shape], schedule: "Schedule"):
        self.labels, self.props, self.shapes, self.schedule = labels, props, shapes, schedule
        self.sampler = Sampler(labels)

    def plan(self, iteration: int) -> Plan:
        rng = np.random.default_rng((self.schedule.seed, iteration))
        name, late = self.schedule.draw_shape(rng, iteration)
        shape, labels = self.shapes[name], self.labels
        counts = shape.late_counts if late else shape.counts
        indices = self.sampler.draw(rng, counts)
        for_points = np.repeat(np.array(GROUPS) == "points", counts)
        views, corners, labelled, points, seen = zip(
            *(self._place(rng, shape, late, index, turn) for index, turn in zip(indices, for_points)))
        views, corners, labelled = np.stack(views), np.stack(corners).astype(np.float32), np.stack(labelled)
        spots = [draw_ball_spot(rng, labels, *row, shape) for row in zip(indices, labelled[:, 0], views)]
        told = np.where(labelled.any(1, keepdims=True), labels.boxes[indices, :, 0], -1)
        pastes, corners, classes = looks.plan_pastes(rng, self.props, spots, corners, told, shape.height_px, shape.width_px)
        boxes, valid, ignored = place_labels(shape, corners, classes)
        kinds = np.maximum(classes, 0).astype(np.int64)
        seed = self.schedule.seed * 1_000_003 + iteration
        return Plan(name, late, seed, indices, views, labels.materials[indices], pastes, boxes.astype(np.float32), kinds, valid,
                    ignored, labelled, np.stack(points).astype(np.float32), np.stack(seen))

    def _place(self, rng, shape: Shape, late: bool, index: int, may_turn: bool):
        labels = self.labels
        boxes, labelled = labels.boxes[index], labels.labelled[index]
        view = self._other_view(rng, shape, late, index) if may_turn else None
        if view is not None:
            labelled = np.zeros_like(labelled)
        else:
            view = draw_view(rng, shape, late, boxes[boxes[:, 0] >= 0], labels.largest_scale[index])
        mirrored = rng.random() < 0.5
        view = mirror(view, shape) if mirrored else view
        points, seen = place_points(view, shape, labels.points[index], labels.canvas_from_pitch[index], mirrored)
        return view, project_boxes(view, boxes), labelled, points, seen

    def _other_view(self, rng, shape: Shape, late: bool, index: int) -> np.ndarray | None:
        labels = self.labels
        seen = labels.points[index, :, 2] == pitch.VISIBLE
        known = np.isfinite(labels.canvas_from_pitch[index]).all() and seen.any()
        if not known or rng.random() > (LATE_OTHER_VIEW_SHARE if late else OTHER_VIEW_SHARE):
            return None
        extent_px = (CANVAS_WIDTH_PX, CANVAS_HEIGHT_PX)
        return pitch.draw_other_view(rng, labels.canvas_from_pitch[index], seen, extent_px, shape.height_px, shape.width_px)


@dataclass(frozen=True)
class Schedule:
    """When a run shows which shape. Late: mostly whole frames in mild looks, as the network will see them."""

    seed: int
    iterations: int
    late_share: float = 0.73
    large_share: float = 0.5
    late_large_share: float = 0.6

    def draw_shape(self, rng, iteration: int) -> tuple[str, bool]:
        late = iteration >= self.late_share * self.iterations
        return "1280" if rng.random() < (self.late_large_share if late else self.large_share) else "640", late


@torch.no_grad()
def paint(plan: Plan, store: PictureStore, props: looks.Props, shape: Shape) -> Batch:
    """The batch of a plan. Enqueued on the device; does not wait for it."""
    torch.manual_seed(plan.seed)
    warped = warp(store, plan.indices, plan.views, shape)
    materials = warped[:, 3]
    images = warped[:, :3].to(picture_type(store.device))
    rng = np.random.default_rng(plan.seed)
    images = looks.recolour_kits(rng, images, materials, plan.shown, plan.late)
    images = looks.recolour_backdrop(rng, images, materials, plan.shown, plan.late)
    images = looks.paste(images, props, plan.pastes)
    images = change_light_and_camera(rng, images, plan.late)
    labels = store.labels

    def put(array):
        return upload(array, store.device)

    return Batch(
        images=images.to(memory_format=torch.channels_last),
        boxes=put(plan.boxes),
        classes=put(plan.classes),
        valid=put(plan.valid),
        ignored=put(plan.ignored),
        labelled=put(plan.labelled),
        complete=put(labels.complete[plan.indices]),
        points=put(plan.points),
        points_seen=put(plan.points_seen),
        has_points=put(labels.has_points[plan.indices]),
    )
