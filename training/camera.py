"""Other light, lenses, codecs and cables than those that took the pictures."""

import math
from collections import Counter
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F

from training.pixels import chance, change_some, mean_of_nine, through, uniform

NOISE_SHARE = 0.3
SHARPENED_SHARE = 0.4
BLUR_STEPS, BLUR_REACH_PX = 9, 4


def change_light_and_camera(rng, images: torch.Tensor, late: bool) -> torch.Tensor:
    rare = 0.5 if late else 1.0
    changes = ((0.3, shade), (0.12, partial(blur_by_motion, rng)), (0.15, partial(lower_resolution, rng)),
               (0.04, partial(interlace, rng)), (0.3, compress))
    for share, change in changes:
        images = change_some(rng, share * rare, change, images)
    return change_colours(rng, images, late)


def change_colours(rng, images: torch.Tensor, late: bool) -> torch.Tensor:
    """Sharpness, brightness, saturation, white balance, contrast, noise, gamma; a share of the pictures strongly."""
    strong = chance(len(images), 0.25 if late else 0.45, images)
    images = change_some(rng, SHARPENED_SHARE, sharpen_or_soften, images, strong)
    either = partial(mild_or_wild, strong)
    brightness, saturation = either((0.8, 1.2), (0.55, 1.45)), either((0.8, 1.25), (0.4, 1.6))
    white, contrast = either((0.94, 1.06), (0.8, 1.2), 3), either((0.85, 1.15), (0.65, 1.35))
    images = through(*colour_map(images.mean((2, 3)), brightness, saturation, white, contrast), images)
    images = change_some(rng, NOISE_SHARE, add_noise, images)
    return images.clamp(0, 1) ** either((0.88, 1.15), (0.75, 1.35))


def mild_or_wild(strong: torch.Tensor, mild, wild, channels=1) -> torch.Tensor:
    """[B, channels, 1, 1] drawn from one range or, where strong [B, 1, 1, 1] is 1, from the other."""
    count = len(strong)
    return uniform(count, *mild, strong, channels) * (1 - strong) + uniform(count, *wild, strong, channels) * strong


def sharpen_or_soften(images: torch.Tensor, strong: torch.Tensor) -> torch.Tensor:
    return torch.lerp(images, mean_of_nine(images), -mild_or_wild(strong, (-0.3, 0.5), (-1.0, 1.0)))


def add_noise(images: torch.Tensor) -> torch.Tensor:
    return images + torch.randn_like(images) * uniform(len(images), 0, 0.035, images)


def colour_map(mean, brightness, saturation, white, contrast) -> tuple[torch.Tensor, torch.Tensor]:
    """One matrix [B, 3, 3] and offset [B, 3, 1] for four changes one after the other; contrast about the changed picture's mean.

    mean [B, 3] of a picture's channels; white [B, 3, 1, 1], the other factors [B, 1, 1, 1].
    """
    brightness, saturation, white, contrast = (v[..., 0] for v in (brightness, saturation, white, contrast))
    matrix = (saturation * torch.eye(3, device=mean.device, dtype=mean.dtype) + (1 - saturation) / 3) * brightness * white
    changed = (matrix @ mean[..., None]).mean(1, keepdim=True)
    return contrast * matrix, ((1 - contrast) * changed).expand(-1, 3, -1)


def shade(images: torch.Tensor) -> torch.Tensor:
    """Half of the pitch in the stand's shadow: a soft edge across the picture."""
    count, _, height, width = images.shape
    x = torch.linspace(-1, 1, width, device=images.device, dtype=images.dtype).view(1, 1, 1, width)
    y = torch.linspace(-1, 1, height, device=images.device, dtype=images.dtype).view(1, 1, height, 1)
    angle = uniform(count, 0, 2 * math.pi, images)
    side = (x * angle.cos() + y * angle.sin() - uniform(count, -0.6, 0.6, images)) * uniform(count, 2, 40, images)
    return images * (1 - torch.sigmoid(side) * uniform(count, 0.1, 0.55, images))


def blur_by_motion(rng, images: torch.Tensor) -> torch.Tensor:
    length, slope = int(rng.integers(2, 8)), rng.uniform(-0.5, 0.5)
    return mean_along(images, length, slope)


def mean_along(images: torch.Tensor, length: int, slope: float) -> torch.Tensor:
    """Each pixel the mean of BLUR_STEPS places on a line through it, `length` pixels along x, edges repeated."""
    height, width = images.shape[2:]
    padded = F.pad(images, (BLUR_REACH_PX,) * 4, mode="replicate")
    places = Counter((round(step * slope), round(step)) for step in np.linspace(-length / 2, length / 2, BLUR_STEPS))
    blurred = torch.zeros_like(images)
    # Sums of moved pictures: as a convolution of single channels this took longer than the network.
    for (down, along), steps in places.items():
        top, left = BLUR_REACH_PX + down, BLUR_REACH_PX + along
        blurred += padded[:, :, top : top + height, left : left + width] * (steps / BLUR_STEPS)
    return blurred


def lower_resolution(rng, images: torch.Tensor) -> torch.Tensor:
    height, width = images.shape[2:]
    factor = rng.uniform(0.4, 0.9)
    small = F.interpolate(images.float(), (int(height * factor), int(width * factor)), mode="bilinear", antialias=True)
    return F.interpolate(small, (height, width), mode="bilinear").to(images.dtype)


def interlace(rng, images: torch.Tensor) -> torch.Tensor:
    """Odd lines come from 1/50 s later, when a panning camera has moved on."""
    combed = images.clone()
    combed[:, :, 1::2] = images[:, :, 1::2].roll(int(rng.choice([-1, 1]) * rng.integers(1, 6)), 3)
    return combed


def compress(images: torch.Tensor) -> torch.Tensor:
    """8 x 8 cosine blocks quantised ever more coarsely toward high frequencies, as JPEG and H.264 do."""
    count, channels, height, width = images.shape
    step = torch.arange(8, device=images.device, dtype=torch.float32)
    basis = torch.cos((step[None] + 0.5) * step[:, None] * math.pi / 8) / 2
    basis[0] /= 2**0.5
    blocks = images.float().view(count, channels, height // 8, 8, width // 8, 8)
    waves = torch.einsum("ki,bchiwj,lj->bchkwl", basis, blocks, basis)
    table = (0.01 + 0.012 * (step[:, None] + step[None])).view(1, 1, 1, 8, 1, 8)
    table = table * torch.empty(count, 1, 1, 1, 1, 1, device=images.device).uniform_(0.5, 4.0)
    waves = (waves / table).round() * table
    return torch.einsum("ki,bchkwl,lj->bchiwj", basis, waves, basis).reshape(images.shape).clamp(0, 1).to(images.dtype)
