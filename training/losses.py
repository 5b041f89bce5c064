"""What the outputs should have been: boxes by task-aligned assignment, points and ball as heat maps with offsets."""

import math
from functools import lru_cache

import torch
import torch.nn.functional as F

from training.augment import Batch
from training.model import BALL_STRIDE, CLASSES, DISTANCE_BINS, PITCH_POINTS, POINT_STRIDE, STRIDES, by_class

CELLS_PER_BOX = 10
SMALLEST_ASSIGN_SIDE_PX = 16.0
# Loss weight of a class where it is the target: goalkeepers and referees are rare.
CLASS_WEIGHTS = {"ball": 1.5, "goalkeeper": 2.0, "player": 1.0, "referee": 1.6}
# A box that lies inside a person and covers little of it (a torso, the legs) is the most frequent false one.
PART_INSIDE_SHARE, PART_IOU, PART_WEIGHT = 0.7, 0.5, 2.5
BOX_GAIN, DISTANCE_GAIN, CLASS_GAIN = 7.5, 1.5, 0.5
POINT_SIGMA_PX, POINT_OFFSET_RADIUS_PX = 10.0, 20.0
BALL_SIGMA_OF_SIZE, BALL_SIGMA_PX, BALL_OFFSET_RADIUS_PX = 0.55, (3.0, 8.0), 8.0
HEAT_GAIN, OFFSET_GAIN = 2.0, 0.5
# Small balls are found last.
BALL_GAIN = 2.0
# Offsets err by less than a cell: squared, such errors pull at nothing, and a wild label outweighs them all.
ROUND_CELLS = 0.1
FAR = 1e9


@lru_cache
def cell_grid(height: int, width: int, stride: int, device) -> tuple[torch.Tensor, torch.Tensor]:
    """x and y of the cells' centres in pixels, [height, width] each."""
    y, x = torch.meshgrid(torch.arange(height, device=device), torch.arange(width, device=device), indexing="ij")
    return (x + 0.5) * stride, (y + 0.5) * stride


@lru_cache
def all_cells(height_px: int, width_px: int, device) -> tuple[torch.Tensor, torch.Tensor]:
    """Centres [A, 2] and strides [A] of the det output's cells, in its order."""
    centres, strides = [], []
    for stride in STRIDES:
        x, y = cell_grid(height_px // stride, width_px // stride, stride, device)
        centres.append(torch.stack([x, y], -1).view(-1, 2))
        strides.append(torch.full((x.numel(),), float(stride), device=device))
    return torch.cat(centres), torch.cat(strides)


def decode_boxes(sides: torch.Tensor, centres: torch.Tensor, strides: torch.Tensor) -> torch.Tensor:
    """[B, A, 64] distribution logits to [B, A, 4] corners in pixels."""
    bins = torch.arange(DISTANCE_BINS, device=sides.device, dtype=torch.float32)
    distances = (sides.unflatten(-1, (4, DISTANCE_BINS)).softmax(-1) @ bins) * strides[:, None]
    return torch.cat([centres - distances[..., :2], centres + distances[..., 2:]], -1)


def area(sides: torch.Tensor) -> torch.Tensor:
    # Not prod(): its gradient asks the host whether any side is zero, which a CUDA graph cannot.
    return sides[..., 0] * sides[..., 1]


def overlap(first: torch.Tensor, second: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Intersection and union areas of corners, broadcast."""
    low = torch.maximum(first[..., :2], second[..., :2])
    high = torch.minimum(first[..., 2:], second[..., 2:])
    shared = area((high - low).clamp(0))
    areas = area(first[..., 2:] - first[..., :2]) + area(second[..., 2:] - second[..., :2])
    return shared, areas - shared + 1e-7


def complete_iou(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """IoU less the centres' distance and the difference of aspect ratio, so that boxes apart still attract."""
    shared, union = overlap(first, second)
    iou = shared / union
    hull = torch.maximum(first[..., 2:], second[..., 2:]) - torch.minimum(first[..., :2], second[..., :2])
    apart = ((first[..., :2] + first[..., 2:] - second[..., :2] - second[..., 2:]) ** 2).sum(-1) / 4
    size1, size2 = first[..., 2:] - first[..., :2], second[..., 2:] - second[..., :2]
    angle = torch.atan(size2[..., 0] / (size2[..., 1] + 1e-7)) - torch.atan(size1[..., 0] / (size1[..., 1] + 1e-7))
    shape = 4 / math.pi**2 * angle**2
    with torch.no_grad():
        weight = shape / (shape - iou + 1 + 1e-7)
    return iou - apart / ((hull**2).sum(-1) + 1e-7) - shape * weight


@torch.no_grad()
def assign(batch: Batch, boxes: torch.Tensor, scores: torch.Tensor, centres: torch.Tensor):
    """Which cell answers for which label, as the network itself finds them (task-aligned assignment).

    Returns strength [B, A] (0: background), label index [B, A], part [B, A] (a part box), ignored [B, A].
    """
    middle = (batch.boxes[..., :2] + batch.boxes[..., 2:]) / 2
    half = (batch.boxes[..., 2:] - batch.boxes[..., :2]).clamp(min=SMALLEST_ASSIGN_SIDE_PX) / 2
    inside = ((centres - middle[:, :, None]).abs() < half[:, :, None]).all(-1)
    candidates = inside & batch.valid[..., None]
    shared, union = overlap(batch.boxes[:, :, None], boxes[:, None])
    iou = shared / union * candidates
    kinds = batch.classes[..., None].expand(-1, -1, scores.shape[1])
    fit = scores.transpose(1, 2).gather(1, kinds).sqrt() * iou**4 + 1e-9 * candidates
    least = fit.topk(CELLS_PER_BOX, -1).values[..., -1:]
    owned = torch.where((fit >= least) & candidates, iou + 1e-6, 0)
    best, label = owned.max(1)
    taken = torch.zeros_like(candidates).scatter_(1, label[:, None], (best > 0)[:, None])
    fit_taken, iou_taken = fit * taken, iou * taken
    peak, best_iou = fit_taken.amax(2, keepdim=True), iou_taken.amax(2, keepdim=True)
    strength = (fit_taken / (peak + 1e-9) * best_iou.clamp(min=0.1)).amax(1) * (best > 0)
    said = area((boxes[..., 2:] - boxes[..., :2]).clamp(0)).clamp(min=1e-3)
    person = candidates & (batch.classes > 0)[..., None]
    part = (person & (shared / said[:, None] > PART_INSIDE_SHARE)).any(1) & (iou.amax(1) < PART_IOU)
    return strength, label, part, (inside & batch.ignored[..., None]).any(1)


@lru_cache
def rare_weights(device) -> torch.Tensor:
    return torch.tensor(by_class(CLASS_WEIGHTS), device=device)


def class_weights(batch: Batch, target: torch.Tensor, part: torch.Tensor, ignored: torch.Tensor) -> torch.Tensor:
    """[B, A, 4]: 0 where a label's absence says nothing, more for rare classes and for part boxes."""
    found = target > 0
    rare = rare_weights(target.device)
    weight = torch.where(found, rare, torch.where(part[..., None], PART_WEIGHT, 1.0))
    says_nothing = ignored | ~batch.complete[:, None]
    weight = torch.where(says_nothing[..., None] & ~found, 0.0, weight)
    return weight * batch.labelled[:, None]


def sides_and_classes(det: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """[B, 68, A] to logits of the sides' distributions [B, A, 64] and of the classes [B, A, 4]."""
    det = det.float().transpose(1, 2)
    return det[..., : 4 * DISTANCE_BINS], det[..., 4 * DISTANCE_BINS :]


def logits_and_offsets(kp: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """[B, 96, h, w] to the points' logits and offsets in x and y, [B, 32, h, w] each."""
    kp = kp.float()
    offsets = kp[:, PITCH_POINTS:].unflatten(1, (PITCH_POINTS, 2))
    return kp[:, :PITCH_POINTS], offsets[:, :, 0], offsets[:, :, 1]


def detection_loss(det: torch.Tensor, batch: Batch) -> torch.Tensor:
    height, width = batch.images.shape[2:]
    centres, strides = all_cells(height, width, det.device)
    sides, classes = sides_and_classes(det)
    boxes = decode_boxes(sides, centres, strides)
    strength, label, part, ignored = assign(batch, boxes.detach(), classes.detach().sigmoid(), centres)
    kind = batch.classes.gather(1, label)
    target = torch.zeros_like(classes).scatter_(2, kind[..., None], strength[..., None])
    weight = class_weights(batch, target, part, ignored)
    total = strength.sum() + 1
    class_loss = (F.binary_cross_entropy_with_logits(classes, target, reduction="none") * weight).sum() / total
    wanted = batch.boxes.gather(1, label[..., None].expand(-1, -1, 4))
    box_loss = ((1 - complete_iou(boxes, wanted)) * strength).sum() / total
    distances = torch.cat([centres - wanted[..., :2], wanted[..., 2:] - centres], -1) / strides[:, None]
    distance_loss = (distribution_loss(sides, distances) * strength).sum() / total
    return BOX_GAIN * box_loss + DISTANCE_GAIN * distance_loss + CLASS_GAIN * class_loss


def distribution_loss(sides: torch.Tensor, distances: torch.Tensor) -> torch.Tensor:
    """[B, A] cross entropy against the two bins beside each true distance."""
    distances = distances.clamp(0, DISTANCE_BINS - 1.01)
    low = distances.long()
    share = distances - low
    logs = sides.unflatten(-1, (4, DISTANCE_BINS)).log_softmax(-1)
    below, above = logs.gather(-1, low[..., None])[..., 0], logs.gather(-1, low[..., None] + 1)[..., 0]
    return -(below * (1 - share) + above * share).mean(-1)


def heat_loss(logits: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Cross entropy that counts what is far off (quality focal loss)."""
    far_off = (target - logits.sigmoid()).abs() ** 1.5
    return (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * far_off * weight).sum()


def offset_loss(offsets_x, offsets_y, dx, dy, near: torch.Tensor) -> torch.Tensor:
    error = F.smooth_l1_loss(offsets_x, dx, reduction="none", beta=ROUND_CELLS)
    error = error + F.smooth_l1_loss(offsets_y, dy, reduction="none", beta=ROUND_CELLS)
    return (error * near).sum() / (near.sum() + 1)


def point_loss(kp: torch.Tensor, batch: Batch) -> torch.Tensor:
    logits, offsets_x, offsets_y = logits_and_offsets(kp)
    x, y = cell_grid(*kp.shape[2:], POINT_STRIDE, kp.device)
    dx, dy = batch.points[..., 0, None, None] - x, batch.points[..., 1, None, None] - y
    seen = (batch.points_seen & batch.has_points[:, None])[..., None, None]
    distance2 = dx**2 + dy**2
    target = torch.exp(-distance2 / (2 * POINT_SIGMA_PX**2)) * seen
    heat = heat_loss(logits, target, batch.has_points[:, None, None, None].float()) / (seen.sum() + 1)
    near = (distance2 < POINT_OFFSET_RADIUS_PX**2) & seen
    return HEAT_GAIN * heat + OFFSET_GAIN * offset_loss(
        offsets_x, offsets_y, dx / POINT_STRIDE, dy / POINT_STRIDE, near)


def ball_loss(ball: torch.Tensor, batch: Batch) -> torch.Tensor:
    ball = ball.float()
    x, y = cell_grid(*ball.shape[2:], BALL_STRIDE, ball.device)
    is_ball = batch.valid & (batch.classes == CLASSES.index("ball"))
    middle = (batch.boxes[..., :2] + batch.boxes[..., 2:]) / 2
    size = (batch.boxes[..., 2:] - batch.boxes[..., :2]).mean(-1)
    dx, dy = middle[..., 0, None, None] - x, middle[..., 1, None, None] - y
    distance2 = torch.where(is_ball[..., None, None], dx**2 + dy**2, FAR)
    sigma = (BALL_SIGMA_OF_SIZE * size).clamp(*BALL_SIGMA_PX)[..., None, None]
    target = torch.exp(-distance2 / (2 * sigma**2)).amax(1)
    labelled = batch.labelled[:, CLASSES.index("ball"), None, None].float()
    heat = heat_loss(ball[:, 0], target, labelled) / (is_ball.sum() + 1)
    nearest, which = distance2.min(1, keepdim=True)
    near = nearest[:, 0] < BALL_OFFSET_RADIUS_PX**2
    dx, dy = dx.gather(1, which)[:, 0], dy.gather(1, which)[:, 0]
    return HEAT_GAIN * heat + OFFSET_GAIN * offset_loss(ball[:, 1], ball[:, 2], dx / BALL_STRIDE, dy / BALL_STRIDE, near)


def losses(outputs: tuple[torch.Tensor, torch.Tensor, torch.Tensor], batch: Batch) -> torch.Tensor:
    """[3]: boxes and classes, points, ball."""
    det, kp, ball = outputs
    return torch.stack([detection_loss(det, batch), point_loss(kp, batch), BALL_GAIN * ball_loss(ball, batch)])
