"""Chances and sums over a batch of pictures [B, C, h, w], which kits, backdrops, light and camera share."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from training.data import upload


def uniform(count: int, low: float, high: float, like: torch.Tensor, channels: int = 1) -> torch.Tensor:
    return torch.empty(count, channels, 1, 1, device=like.device, dtype=like.dtype).uniform_(low, high)


def chance(count: int, share: float, like: torch.Tensor) -> torch.Tensor:
    return (torch.rand(count, 1, 1, 1, device=like.device) < share).to(like.dtype)


def change_some(rng, share: float | np.ndarray, change: Callable[..., torch.Tensor], images: torch.Tensor, *masks) -> torch.Tensor:
    """images with a share of the pictures, or each by its own chance, as change(pictures, their masks) makes them; the others
    are not even looked at.
    """
    rows = np.flatnonzero(rng.random(len(images)) < share)
    if not len(rows):
        return images
    picked = upload(rows, images.device)
    return images.index_copy(0, picked, change(images[picked], *(mask[picked] for mask in masks)))


def through(matrices: torch.Tensor, offsets: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """Every pixel of [B, 3, h, w] through its picture's matrix [B, 3, 3], and [B, 3, 1] added."""
    # Sums of channels: the library's product of so small a matrix takes nine times as long as the memory does.
    mapped = offsets[..., None].expand_as(images)
    for channel in range(3):
        mapped = torch.addcmul(mapped, matrices[:, :, channel, None, None], images[:, channel, None])
    return mapped


def mean_of_nine(images: torch.Tensor) -> torch.Tensor:
    """Each pixel of [B, C, h, w] the mean of itself and its eight neighbours, edges repeated."""
    padded = F.pad(images, (1, 1, 1, 1), mode="replicate")
    across = padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]
    return (across[..., :-2, :] + across[..., 1:-1, :] + across[..., 2:, :]) / 9


def mean_where(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """[B, 1, 1, 1] mean of [B, 1, h, w] where mask is 1; 0 where it nowhere is."""
    total = (values * mask).sum((2, 3), keepdim=True, dtype=torch.float32)
    return (total / mask.sum((2, 3), keepdim=True, dtype=torch.float32).clamp(min=1)).to(values.dtype)
