"""The pitch behind the labels: where its landmarks lie, how they are numbered from other sides, and other cameras on it.

Metres from the centre spot, x toward the goal on the right, y toward the far touchline; headings in radians, 0 toward
the far touchline, positive toward the right goal.

A pitch looks the same when it is turned by half a circle, so a picture alone does not say which goal is the left one.
For the network it is the goal on the left of who looks across the pitch; who looks along it from behind a goal has the
left goal behind him. Labels with other numbers are renumbered by the camera's heading (LOWEST_HEADING).
"""

import cv2
import numpy as np

LENGTH_M, WIDTH_M = 105.0, 68.0
CIRCLE_M, PENALTY_M, PENALTY_HALF_M, GOAL_AREA_M, GOAL_AREA_HALF_M, SPOT_M = 9.15, 16.5, 20.16, 5.5, 9.16, 11.0
ARC_HALF_M = (CIRCLE_M**2 - (PENALTY_M - SPOT_M) ** 2) ** 0.5
# Headings from here up to half a circle more keep their numbers. Between -65 and -70 degrees few cameras look.
LOWEST_HEADING = np.deg2rad(-68)
# Of a labelled point, as COCO counts. PLACED: there, but hidden or outside the picture. UNKNOWN says nothing of where it is.
VISIBLE, PLACED, UNKNOWN = 2, 1, 0
INLIER_PX = 6.0
LEAST_POINTS = 5
# A view from another place must show this share of the picture that it is made from.
LEAST_COVER = 0.45
VIEW_TRIES = 12


def landmarks_m() -> np.ndarray:
    """[32, 2] in the labels' order; Laws of the Game, law 1."""
    half_length, half_width = LENGTH_M / 2, WIDTH_M / 2
    depths = [(0, half_width), (0, PENALTY_HALF_M), (0, GOAL_AREA_HALF_M), (0, -GOAL_AREA_HALF_M), (0, -PENALTY_HALF_M),
              (0, -half_width), (GOAL_AREA_M, GOAL_AREA_HALF_M), (GOAL_AREA_M, -GOAL_AREA_HALF_M), (SPOT_M, 0),
              (PENALTY_M, PENALTY_HALF_M), (PENALTY_M, ARC_HALF_M), (PENALTY_M, -ARC_HALF_M), (PENALTY_M, -PENALTY_HALF_M)]
    left = [(depth - half_length, y) for depth, y in depths]
    right = [(-x, y) for x, y in left]
    middle = [(0, half_width), (0, CIRCLE_M), (0, -CIRCLE_M), (0, -half_width)]
    return np.array(left + middle + right[9:] + right[8:9] + right[6:8] + right[:6] + [(-CIRCLE_M, 0), (CIRCLE_M, 0)])


LANDMARKS_M = landmarks_m()


def order_under(flip: tuple[float, float]) -> np.ndarray:
    """[32]: at each number the landmark that comes to lie there when x and y are multiplied by flip."""
    apart = np.linalg.norm(LANDMARKS_M[:, None] - LANDMARKS_M[None] * flip, axis=-1)
    return apart.argmin(1)


MIRRORED_POINTS = order_under((-1, 1))
TURNED_POINTS = order_under((-1, -1))


def fit_homography(points_px: np.ndarray, seen: np.ndarray) -> np.ndarray | None:
    """[3, 3] pixels from pitch, or None where too few points are seen or they lie on a line."""
    if seen.sum() < LEAST_POINTS:
        return None
    found, inliers = cv2.findHomography(LANDMARKS_M[seen], points_px[seen].astype(float), cv2.RANSAC, INLIER_PX)
    if found is None or inliers.sum() < LEAST_POINTS or np.linalg.cond(found) > 1e9:
        return None
    # Positive w in front of the camera, where the points are.
    middle = found @ np.append(LANDMARKS_M[seen].mean(0), 1)
    return found * np.sign(middle[2])


def heading(pixels_from_pitch: np.ndarray, at_px: np.ndarray) -> float:
    """Where a camera looks at a place of its picture that shows grass."""
    ground = np.linalg.inv(pixels_from_pitch)
    here, ahead = (ground @ (at_px[0], at_px[1] - step, 1) for step in (0.0, 2.0))
    across, along = ahead[:2] / ahead[2] - here[:2] / here[2]
    return float(np.arctan2(across, along))


def numbering_turned(angle: float) -> bool:
    """Whether a camera of this heading numbers the landmarks from the other end."""
    return (angle - LOWEST_HEADING) % (2 * np.pi) > np.pi


def pixels_from_pitch(place_m: np.ndarray, aim_m: np.ndarray, focal_px: float, centre_px: np.ndarray) -> np.ndarray:
    """[3, 3] of a camera without roll at a place in space that has aim_m, on the grass, at centre_px."""
    ahead = np.append(aim_m, 0) - place_m
    ahead = ahead / np.linalg.norm(ahead)
    right = np.cross(ahead, (0, 0, 1))
    right = right / np.linalg.norm(right)
    axes = np.stack([right, np.cross(ahead, right), ahead])
    plane = np.column_stack([axes[:, 0], axes[:, 1], -axes @ place_m])
    return np.array([[focal_px, 0, centre_px[0]], [0, focal_px, centre_px[1]], [0, 0, 1]]) @ plane


def draw_camera(rng, around_m: np.ndarray, height_px: int, width_px: int) -> np.ndarray:
    """[3, 3] pixels from pitch of some camera of any heading that looks near around_m."""
    aim = around_m + rng.uniform(-8, 8, 2)
    angle, away = rng.uniform(-np.pi, np.pi), np.exp(rng.uniform(np.log(14), np.log(95)))
    up = away * np.tan(np.deg2rad(rng.uniform(8, 42)))
    place = np.append(aim - away * np.array([np.sin(angle), np.cos(angle)]), up)
    shown_m = np.exp(rng.uniform(np.log(16), np.log(75)))
    focal = max(width_px, height_px) * np.hypot(away, up) / shown_m
    return pixels_from_pitch(place, aim, focal, np.array([width_px, height_px]) / 2)


def draw_other_view(rng, canvas_from_pitch: np.ndarray, seen: np.ndarray, extent_px: tuple[int, int], height_px: int,
                    width_px: int):
    """[3, 3] network pixels from canvas, w = 1 in the middle: the grass of a picture as a camera elsewhere would show it.

    Looks at one of the landmarks seen, [32]. None if no view fits. Only what lies flat is right in such a view: people and goals lean.
    """
    x, y = np.meshgrid(np.linspace(0, width_px, 17), np.linspace(0, height_px, 10))
    grid = np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    canvas = np.array(extent_px, float)
    pitch_from_canvas = np.linalg.inv(canvas_from_pitch)
    for _ in range(VIEW_TRIES):
        view = draw_camera(rng, LANDMARKS_M[rng.choice(np.flatnonzero(seen))], height_px, width_px) @ pitch_from_canvas
        canvas_from_view = np.linalg.inv(view)
        middle = canvas_from_view[2] @ (width_px / 2, height_px / 2, 1)
        back = canvas_from_view @ grid / middle
        shown = back[:2] / back[2]
        inside = (back[2] > 0) & (shown > 0).all(0) & (shown < canvas[:, None]).all(0)
        if inside.mean() > LEAST_COVER:
            return view * middle
    return None
