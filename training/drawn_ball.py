"""Balls as large and sharp as close-ups show them. No set has such: theirs are a dozen pixels wide, and blurred when enlarged."""

import math

import cv2
import numpy as np

SIDE_PX = 96
EDGE_PX = 2  # between the ball and the patch's edge
BALL_SHARE = 1 - 2 * EDGE_PX / SIDE_PX
GOLDEN = (1 + 5**0.5) / 2
# Twelve directions, the corners of an icosahedron: where the pentagons of a football lie.
PENTAGONS = np.array([p for a in (-1, 1) for b in (-GOLDEN, GOLDEN) for p in ((0, a, b), (a, b, 0), (b, 0, a))]) / math.hypot(1, GOLDEN)
PENTAGON_ANGLE = 0.36
SHARE_WHITE, SHARE_DARK_INK, SHARE_BLURRED = 0.75, 0.6, 0.6


def draw_ball(rng) -> np.ndarray:
    """[96, 96, 4] RGBA of one ball, turned, patterned and lit anyhow."""
    steps = (np.arange(SIDE_PX) + 0.5 - SIDE_PX / 2) / (SIDE_PX / 2 - EDGE_PX)
    y, x = np.meshgrid(steps, steps, indexing="ij")
    radius = np.hypot(x, y)
    rim = np.maximum(radius, 1)
    normals = np.stack([x / rim, y / rim, np.sqrt(np.clip(1 - radius**2, 0, None))], -1)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    paper = rng.uniform(200, 256) * np.array([1, 1, rng.uniform(0.9, 1)]) if rng.random() < SHARE_WHITE else bright_colour(rng)
    ink = rng.uniform(0, 70) * np.ones(3) if rng.random() < SHARE_DARK_INK else rng.uniform(0, 256, 3)
    inked = pattern(rng, normals @ turn)[..., None]
    light = np.array([rng.uniform(-0.7, 0.7), rng.uniform(-1, -0.2), rng.uniform(0.3, 1)])
    lit = np.clip(normals @ (light / np.linalg.norm(light)), 0, 1)[..., None]
    ambient = rng.uniform(0.4, 0.8)
    colours = (paper * (1 - inked) + ink * inked) * (ambient + (1 - ambient) * lit)
    cover = np.clip((1 - radius) * (SIDE_PX / 2 - EDGE_PX) + 0.5, 0, 1)
    ball = np.dstack([colours, 255 * cover]).astype(np.float32)
    if rng.random() < SHARE_BLURRED:
        ball = cv2.GaussianBlur(ball, (0, 0), rng.uniform(0.5, 4))
    return ball.clip(0, 255).astype(np.uint8)


def bright_colour(rng) -> np.ndarray:
    """Yellow, orange, pink, blue: balls for snow and fog, of futsal and of street."""
    hue = np.array([[[rng.integers(180), rng.integers(90, 256), rng.integers(180, 256)]]], np.uint8)
    return cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0].astype(float)


def pattern(rng, directions: np.ndarray) -> np.ndarray:
    """[h, w] 0..1, how much of the second colour lies in each of the directions [h, w, 3]."""
    kind = rng.integers(5)
    if kind <= 1:  # pentagons, the seams between them faint
        nearest = np.sort(np.arccos(np.clip(directions @ PENTAGONS.T, -1, 1)), -1)
        seam = (nearest[..., 1] - nearest[..., 0] < 0.06) * rng.uniform(0, 0.5)
        return np.maximum(soft(PENTAGON_ANGLE * rng.uniform(0.8, 1.1) - nearest[..., 0]), seam)
    if kind == 2:  # panels
        waves = np.prod(np.sin(directions * rng.uniform(2, 5, 3) + rng.uniform(0, 2 * np.pi, 3)), -1)
        return soft(waves - rng.uniform(0.05, 0.3))
    if kind == 3:  # bands
        return soft(np.sin(directions[..., 0] * rng.uniform(3, 9) + directions[..., 1] * rng.uniform(-4, 4)) - rng.uniform(0, 0.7))
    return np.zeros(directions.shape[:2])


def soft(signed: np.ndarray) -> np.ndarray:
    """1 where positive, 0 where negative, over an edge of a tenth."""
    return np.clip(0.5 + signed / 0.1, 0, 1)
