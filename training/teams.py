"""Which of two teams the players of a picture play for, by their shirts, so that one team alone can be given another kit.

Changed together, two teams keep the difference of their colours, and few matches are few differences.
"""

import cv2
import numpy as np

# Of a figure's height above its middle, and of its width beside it: the shirt, without arms.
SHIRT_TOP, SHIRT_BOTTOM, SHIRT_SIDE = 0.32, 0.02, 0.25
LEAST_SHIRT_PX = 4
LEAST_APART = 25.0  # of the teams' mean colours in L*a*b*: nearer ones are one team, or too small to tell
ROUNDS = 10


def shirt_colours(picture: np.ndarray, green: np.ndarray, boxes_px: np.ndarray) -> np.ndarray:
    """[K, 3] mean L*a*b* of what is no grass at the shirts of boxes [K, 5] (class, centre, size); NaN where too little is."""
    colours = np.full((len(boxes_px), 3), np.nan, np.float32)
    for k, (_, x, y, width, height) in enumerate(boxes_px):
        rows = slice(max(int(y - SHIRT_TOP * height), 0), int(y - SHIRT_BOTTOM * height) + 1)
        columns = slice(max(int(x - SHIRT_SIDE * width), 0), int(x + SHIRT_SIDE * width) + 1)
        shirt = picture[rows, columns][~green[rows, columns]]
        if len(shirt) >= LEAST_SHIRT_PX:
            mean = shirt.mean(0, dtype=np.float32)[None, None] / 255
            colours[k] = cv2.cvtColor(mean, cv2.COLOR_RGB2LAB)[0, 0]
    return colours


def other_team(colours: np.ndarray) -> np.ndarray:
    """[K] whether a shirt [K, 3] is of the second of two teams: two means, begun at the two shirts farthest apart.

    All False where the means lie near each other; NaN shirts are of the first.
    """
    known = np.flatnonzero(np.isfinite(colours).all(1))
    second = np.zeros(len(colours), bool)
    if len(known) < 2:
        return second
    shirts = colours[known]
    apart = np.linalg.norm(shirts[:, None] - shirts[None], axis=-1)
    means = shirts[list(np.unravel_index(apart.argmax(), apart.shape))]
    for _ in range(ROUNDS):
        nearer = np.linalg.norm(shirts[:, None] - means[None], axis=-1).argmin(1)
        means = np.stack([shirts[nearer == k].mean(0) if (nearer == k).any() else means[k] for k in range(2)])
    if np.linalg.norm(means[0] - means[1]) >= LEAST_APART:
        second[known] = nearer == 1
    return second
