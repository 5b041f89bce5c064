"""A larger network's answers as further targets.

Labels say who is there; a teacher also says how sure one can be, and answers where labels are missing: people of pictures
that label points or a ball alone, points of broadcasts. It sees the very pictures that the student sees.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training.export import load_exported, load_folded
from training.losses import BALL_GAIN, heat_loss, logits_and_offsets, offset_loss, sides_and_classes
from training.model import DISTANCE_BINS

LEAST_SURE = 0.3
CLASS_GAIN, SIDES_GAIN, HEAT_GAIN, OFFSET_GAIN = 0.5, 1.0, 1.0, 0.25

Outputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def load_teacher(file: Path, device: torch.device) -> nn.Module:
    """Of weights.pt or an exported file, whatever its size; gives no gradients and keeps its statistics."""
    _, teacher = (load_exported if file.suffix == ".onnx" else load_folded)(file)
    return teacher.requires_grad_(False).to(device, memory_format=torch.channels_last)


def sure_ones(logits: torch.Tensor) -> torch.Tensor:
    scores = logits.sigmoid()
    return torch.where(scores > LEAST_SURE, scores, 0.0)


def detection_imitation(det: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """Classes everywhere, sides where the teacher sees somebody: its distribution of each side, not one number."""
    (sides, classes), (taught_sides, taught_classes) = sides_and_classes(det), sides_and_classes(taught)
    sure = sure_ones(taught_classes).amax(2)
    total = sure.sum() + 1
    class_loss = heat_loss(classes, taught_classes.sigmoid(), torch.ones_like(classes)) / total
    logs = sides.unflatten(2, (4, DISTANCE_BINS)).log_softmax(-1)
    wanted = taught_sides.unflatten(2, (4, DISTANCE_BINS)).log_softmax(-1)
    apart = F.kl_div(logs, wanted, reduction="none", log_target=True).sum(-1).mean(-1)
    return CLASS_GAIN * class_loss + SIDES_GAIN * (apart * sure).sum() / total


def map_imitation(logits, offsets_x, offsets_y, taught, taught_x, taught_y) -> torch.Tensor:
    """Heat maps [B, C, h, w], and the offsets where the teacher's answer."""
    sure = sure_ones(taught)
    found = (sure.flatten(2).amax(2) > 0).sum()
    heat = heat_loss(logits, taught.sigmoid(), torch.ones_like(logits)) / (found + 1)
    return HEAT_GAIN * heat + OFFSET_GAIN * offset_loss(offsets_x, offsets_y, taught_x, taught_y, sure)


def imitation(outputs: Outputs, taught: Outputs) -> torch.Tensor:
    """[3] as losses(): boxes and classes, points, ball. 0 for a student who says what the teacher says."""
    (det, kp, ball), (taught_det, taught_kp, taught_ball) = outputs, taught
    points = map_imitation(*logits_and_offsets(kp), *logits_and_offsets(taught_kp))
    balls = map_imitation(*ball.float().split(1, 1), *taught_ball.float().split(1, 1))
    return torch.stack([detection_imitation(det, taught_det), points, BALL_GAIN * balls])
