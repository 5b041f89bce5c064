"""A larger network's answers as further targets.

Labels say who is there; a teacher also says how sure one can be, and answers where labels are missing: people of pictures
that label points or a ball alone, points of broadcasts. It sees the very pictures that the student sees.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training.augment import Batch
from training.export import load_exported, load_folded
from training.looks import PASTED_BALLS
from training.losses import BALL_GAIN, all_cells, cell_grid, heat_loss, logits_and_offsets, offset_loss, sides_and_classes
from training.model import BALL_STRIDE, DISTANCE_BINS

LEAST_SURE = 0.3
BESIDE_PX = 8.0
CLASS_GAIN, SIDES_GAIN, HEAT_GAIN, OFFSET_GAIN = 1.0, 5.0, 1.0, 0.25

Outputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def load_teacher(file: Path, device: torch.device) -> nn.Module:
    """Of weights.pt or an exported file, whatever its size; gives no gradients and keeps its statistics."""
    _, teacher = (load_exported if file.suffix == ".onnx" else load_folded)(file)
    return teacher.requires_grad_(False).to(device, memory_format=torch.channels_last)


def sure_ones(logits: torch.Tensor) -> torch.Tensor:
    scores = logits.sigmoid()
    return torch.where(scores > LEAST_SURE, scores, 0.0)


def sides_apart(sides: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """[B, A] Kullback-Leibler divergence from the teacher's distributions to these, the mean of four sides; logits [B, A, 64]."""
    logs = sides.unflatten(2, (4, DISTANCE_BINS)).log_softmax(-1)
    wanted = taught.unflatten(2, (4, DISTANCE_BINS)).log_softmax(-1)
    return F.kl_div(logs, wanted, reduction="none", log_target=True).sum(-1).mean(-1)


def detection_imitation(det: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """Classes everywhere, sides where the teacher sees a person: its distribution of each side, not one number.

    A ball's size is left to the labels: teachers may have learnt from looser ones.
    """
    (sides, classes), (taught_sides, taught_classes) = sides_and_classes(det), sides_and_classes(taught)
    sure = sure_ones(taught_classes)
    total = sure.amax(2).sum() + 1
    class_loss = heat_loss(classes, taught_classes.sigmoid(), torch.ones_like(classes)) / total
    people = sure[..., 1:].amax(2)
    return CLASS_GAIN * class_loss + SIDES_GAIN * (sides_apart(sides, taught_sides) * people).sum() / total


def map_imitation(logits, offsets_x, offsets_y, taught, taught_x, taught_y) -> torch.Tensor:
    """Heat maps [B, C, h, w], and the offsets where the teacher's answer."""
    sure = sure_ones(taught)
    found = (sure.flatten(2).amax(2) > 0).sum()
    heat = heat_loss(logits, taught.sigmoid(), torch.ones_like(logits)) / (found + 1)
    return HEAT_GAIN * heat + OFFSET_GAIN * offset_loss(offsets_x, offsets_y, taught_x, taught_y, sure)


def beside_pasted(batch: Batch, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """[B, *x.shape]: which of the places, in pixels, lie in a pasted ball or beside it."""
    places = (...,) + (None,) * x.dim()
    x0, y0, x1, y1 = (side[places] for side in batch.boxes[:, -PASTED_BALLS:].unbind(2))
    within = (x > x0 - BESIDE_PX) & (x < x1 + BESIDE_PX) & (y > y0 - BESIDE_PX) & (y < y1 + BESIDE_PX)
    return (within & batch.valid[:, -PASTED_BALLS:][places]).any(1)


def imitation(outputs: Outputs, taught: Outputs, batch: Batch) -> torch.Tensor:
    """[3] as losses(): boxes and classes, points, ball. 0 for a student who says what the teacher says.

    What is pasted the labels know for certain and the teacher may never have seen: there the student is asked for its own answer.
    """
    (det, kp, ball), (taught_det, taught_kp, taught_ball) = outputs, taught
    centres, _ = all_cells(*batch.images.shape[2:], det.device)
    taught_det = torch.where(beside_pasted(batch, *centres.unbind(1))[:, None], det.detach(), taught_det)
    taught_ball = torch.where(beside_pasted(batch, *cell_grid(*ball.shape[2:], BALL_STRIDE, ball.device))[:, None], ball.detach(), taught_ball)
    points = map_imitation(*logits_and_offsets(kp), *logits_and_offsets(taught_kp))
    balls = map_imitation(*ball.float().split(1, 1), *taught_ball.float().split(1, 1))
    return torch.stack([detection_imitation(det, taught_det), points, BALL_GAIN * balls])
