"""What the labels lack: other kits, boards and stands, pasted balls and things that are none."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from training.data import BACKDROP, OTHER_TEAM, PictureStore, upload
from training.detect import nearest_person
from training.drawn_ball import BALL_SHARE, draw_ball
from training.model import CLASSES
from training.pixels import chance, change_some, mean_where, through, uniform

BALL_PATCH_PX = 48
GREY_AXIS_CROSS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], np.float32) / 3**0.5
PROP_HEIGHT_PX, PROP_WIDTH_PX = 64, 192
PROP_COUNT = 192
PASTE_BALL_SHARE = 0.3
PASTED_BALLS = 1  # at most, in one picture
DRAWN_BALLS = 128
# Of the nearest person's height; from that many pixels on a labelled ball, enlarged, is a blot.
BALL_OF_HEIGHT, DRAWN_FROM_PX = (0.11, 0.16), 18.0
AT_FEET_SHARE, AT_FEET_X, AT_FEET_Y = 0.5, 0.5, (-0.03, 0.06)  # reach in heights of the person
PASTE_PROP_SHARE = 0.3
HIDDEN_SHARE = 0.5
# Few matches are few kits: what is rarely recoloured is learnt by heart, a referee's black above all.
RECOLOUR_SHARE, LATE_RECOLOUR_SHARE = 0.75, 0.5
PLAIN_SHARE = 0.4
STRIPED_SHARE, STRIPE_PERIODS_PX = 0.2, (3.0, 10.0)
BACKDROP_SHARE, LATE_BACKDROP_SHARE = 0.4, 0.2
PANELS, NEGATIVE_SHARE = 6, 0.2
# The dot of a watermark's i passed for a ball in every frame of a clip.
CAPITALS, SMALL_LETTERS = "ABCDEFGHIKLMNOPRSTUVWXYZ0123456789", "abcdefghijklmnopqrstuvwxyziij..:%!"


# --- kits ---------------------------------------------------------------------------------------------------------


def hue_rotations(count: int, like: torch.Tensor) -> torch.Tensor:
    """[count, 3, 3] rotations of the colour cube about its grey axis."""
    angle = torch.empty(count, 1, 1, device=like.device).uniform_(-math.pi, math.pi)
    cross = upload(GREY_AXIS_CROSS, like.device)
    return (angle.cos() * torch.eye(3, device=like.device) + (1 - angle.cos()) / 3 + angle.sin() * cross).to(like.dtype)


def recolour_kits(rng, images: torch.Tensor, materials: torch.Tensor, shown: np.ndarray, late: bool) -> torch.Tensor:
    """Gives all goalkeepers, the players of a team, or all referees of a picture another kit: hue turned, tinted, plain or striped.

    shown [B, MATERIALS]: what each picture shows. The chance that players change is the others'; two teams share it.
    """
    share = LATE_RECOLOUR_SHARE if late else RECOLOUR_SHARE
    share_of_team = np.where(shown[:, OTHER_TEAM], 1 - (1 - share) ** 0.5, share)
    for kind in (*range(1, len(CLASSES)), OTHER_TEAM):
        chance_of_kit = share_of_team if kind in (CLASSES.index("player"), OTHER_TEAM) else share
        images = change_some(rng, chance_of_kit * shown[:, kind], other_kit, images, materials == kind)
    return images


def other_kit(images: torch.Tensor, worn: torch.Tensor) -> torch.Tensor:
    """worn [B, h, w]: where the kit is that changes."""
    count = len(images)
    worn = worn.to(images.dtype)[:, None]
    grey = images.mean(1, keepdim=True)
    tint = uniform(count, 0.15, 1, images, 3)
    tint = tint / tint.amax(1, keepdim=True)
    gains = torch.where(chance(count, 0.55, images) > 0, tint, 1.0) * uniform(count, 0.65, 1.25, images)
    tinted = through(hue_rotations(count, images) * gains.view(count, 3, 1), torch.zeros_like(gains[..., 0]), images)
    # About a new brightness, or black would stay black.
    folds = grey - mean_where(grey, worn)
    plain = (uniform(count, 0.05, 1, images) + folds * uniform(count, 0.4, 1.2, images)) * tint
    new = torch.where(chance(count, PLAIN_SHARE, images) > 0, plain, tinted)
    columns = torch.arange(images.shape[3], device=images.device, dtype=torch.float32).view(1, 1, 1, -1)
    period_px = torch.empty(count, 1, 1, 1, device=images.device).uniform_(*STRIPE_PERIODS_PX)
    stripe = ((columns / period_px) % 1 < 0.5) & (chance(count, STRIPED_SHARE, images) > 0)
    new = torch.where(stripe, grey * uniform(count, 0.1, 2.0, images, 3), new).clamp(0, 1)
    return torch.lerp(images, new, F.avg_pool2d(worn, 3, 1, 1))


def recolour_backdrop(rng, images: torch.Tensor, materials: torch.Tensor, shown: np.ndarray, late: bool) -> torch.Tensor:
    """Other boards and stands: hue and light turned or made negative, another way from panel to panel.

    Edges of panels and letters, always in the same few colours, were taken for referees.
    """
    share = LATE_BACKDROP_SHARE if late else BACKDROP_SHARE
    return change_some(rng, share * shown[:, BACKDROP], other_backdrop, images, materials == BACKDROP)


def other_backdrop(images: torch.Tensor, backdrop: torch.Tensor) -> torch.Tensor:
    """backdrop [B, h, w]: where it is."""
    count, _, _, width = images.shape
    panels = torch.rand(count, 1, device=images.device) * PANELS
    place = torch.linspace(0, 1, width, device=images.device) * panels + torch.rand(count, 1, device=images.device)
    panel = place.long()

    def of_panel(low: float, high: float) -> torch.Tensor:
        values = torch.empty(count, PANELS + 2, device=images.device).uniform_(low, high).gather(1, panel)
        return values.view(count, 1, 1, width).to(images.dtype)

    angle, gain, negative = of_panel(-math.pi, math.pi), of_panel(0.5, 1.5), of_panel(0, 1) < NEGATIVE_SHARE
    grey = images.mean(1, keepdim=True)
    across = (images.roll(1, 1) - images.roll(-1, 1)) / 3**0.5
    turned = (grey + angle.cos() * (images - grey) + angle.sin() * across) * gain
    new = torch.where(negative, 1 - turned, turned).clamp(0, 1)
    return torch.where(backdrop[:, None], new, images)


# --- pasted balls, and things that are neither ball nor people ------------------------------------------------------


@dataclass
class PropSizes:
    """What planning needs to know of the props: the balls' width and height in canvas pixels, [N, 2]."""

    balls: np.ndarray


class Props:
    """Patches of labelled balls, drawn balls, and drawn hard negatives: clocks, letters, badges, boards, scraps of paper."""

    def __init__(self, store: PictureStore, seed: int):
        half = BALL_PATCH_PX // 2
        patches, geometry = [], []
        for index, boxes in enumerate(store.labels.boxes):
            for _, x, y, width, height in boxes[boxes[:, 0] == CLASSES.index("ball")]:
                if half < x < store.full.shape[3] - half and half < y < store.full.shape[2] - half:
                    patches.append(store.full[index, :3, int(y) - half : int(y) + half, int(x) - half : int(x) + half])
                    geometry.append((x - int(x), y - int(y), width, height))
        empty = torch.zeros(1, 3, BALL_PATCH_PX, BALL_PATCH_PX, device=store.device)
        self.balls = torch.stack(patches).float() / 255 if patches else empty
        geometry = np.array(geometry, np.float32).reshape(-1, 4)
        self.sizes = PropSizes(geometry[:, 2:])
        self.ball_geometry = upload(geometry, store.device)
        rng = np.random.default_rng(seed)

        def drawn(draw: Callable, count: int) -> torch.Tensor:
            patches = np.stack([draw(rng) for _ in range(count)]).transpose(0, 3, 1, 2)
            return torch.tensor(patches, device=store.device, dtype=torch.float32) / 255

        self.negatives, self.drawn_balls = drawn(draw_prop, PROP_COUNT), drawn(draw_ball, DRAWN_BALLS)


def draw_prop(rng) -> np.ndarray:
    """[64, 192, 4] RGBA of one hard negative."""
    canvas = np.zeros((PROP_HEIGHT_PX, PROP_WIDTH_PX, 4), np.uint8)
    ink = tuple(int(v) for v in rng.integers(0, 256, 3))
    paper = tuple(int(v) for v in rng.integers(0, 256, 3))
    kind = rng.integers(5)
    if kind == 0:  # clock or score on its board
        canvas[...] = (*paper, 255)
        cv2.putText(canvas, f"{rng.integers(91):02d}:{rng.integers(60):02d} {rng.integers(6)}", (6, 46), 0, 1.3, (*ink, 255), 3)
    elif kind == 1:  # letters without a ground, as watermarks and boards show
        text = "".join(rng.choice(list(CAPITALS if rng.random() < 0.5 else SMALL_LETTERS), 7))
        face, opacity, thickness = (int(rng.integers(*span)) for span in ((0, 4), (120, 256), (2, 6)))
        cv2.putText(canvas, text, (4, 48), face, 1.2, (*ink, opacity), thickness)
    elif kind == 2:  # badges
        for x in (32, 96, 160):
            cv2.circle(canvas, (x, 32), int(rng.integers(14, 30)), (*ink, 255), -1 if rng.random() < 0.5 else 4)
            cv2.putText(canvas, chr(65 + rng.integers(26)), (x - 11, 43), 0, 1, (*paper, 255), 3)
    elif kind == 3:  # scraps of paper, sprinklers, marks: pale, but not round
        for _ in range(rng.integers(1, 5)):
            corners = rng.integers(8, 56, 2) + rng.integers(-8, 9, (4, 2)) * (2, 1) + (int(rng.integers(0, 110)), 0)
            cv2.fillPoly(canvas, [corners.astype(np.int32)], (230, 230, 230, 255))
    else:  # boards of coloured blocks
        blocks = rng.integers(0, 256, (rng.integers(1, 5), rng.integers(1, 15), 3), np.uint8)
        canvas[..., :3] = cv2.resize(blocks, (PROP_WIDTH_PX, PROP_HEIGHT_PX), interpolation=cv2.INTER_NEAREST)
        canvas[..., 3] = 255
    return canvas


@dataclass
class Pastes:
    """What is pasted where. balls: row, prop, x, y, scale, smear, angle, opacity; others: row, prop, corners, opacity."""

    balls: np.ndarray  # [K, 8]
    drawn_balls: np.ndarray  # [D, 7]
    negatives: np.ndarray  # [M, 7]


def boxes_with_pasted(boxes: int) -> int:
    """How many places plan_pastes() makes of a picture's."""
    return boxes + PASTED_BALLS


def plan_pastes(rng, props: PropSizes, spots, corners, classes, height_px: int, width_px: int):
    """A ball where there is a spot (x, y, scale) for one, some pictures partly covered; corners and classes follow."""
    extra_corners = np.zeros((len(spots), PASTED_BALLS, 4), np.float32)
    extra_classes = np.full((len(spots), PASTED_BALLS), -1.0, np.float32)
    balls, drawn, negatives = [], [], []
    for row, spot in enumerate(spots):
        if spot is None:
            continue
        people = corners[row, classes[row] > 0]
        person = nearest_person(spot[:2], people) if len(people) else np.zeros(4)
        side_px = rng.uniform(*BALL_OF_HEIGHT) * (person[3] - person[1])
        if side_px >= DRAWN_FROM_PX:
            centre = at_feet(rng, person, side_px) if rng.random() < AT_FEET_SHARE else spot[:2]
            place, extra_corners[row, 0] = plan_drawn_ball(rng, centre, side_px)
            drawn.append((row, *place))
        elif len(props.balls):
            ball, extra_corners[row, 0] = plan_ball(rng, props, *spot)
            balls.append((row, *ball))
        else:
            continue
        extra_classes[row, 0] = CLASSES.index("ball")
    corners = np.concatenate([corners, extra_corners], 1)
    classes = np.concatenate([classes, extra_classes], 1)
    for row in np.flatnonzero(rng.random(len(spots)) < PASTE_PROP_SHARE):
        covered = plan_negative(rng, height_px, width_px)
        negatives.append((row, rng.integers(PROP_COUNT), *covered, rng.uniform(0.5, 1)))
        low, high = np.maximum(corners[row, :, :2], covered[:2]), np.minimum(corners[row, :, 2:], covered[2:])
        area = np.maximum((corners[row, :, 2:] - corners[row, :, :2]).prod(-1), 1e-3)
        classes[row, np.clip(high - low, 0, None).prod(-1) / area > HIDDEN_SHARE] = -1
    pastes = Pastes(*(np.array(rows, np.float32).reshape(-1, width) for rows, width in ((balls, 8), (drawn, 7), (negatives, 7))))
    return pastes, corners, classes


def at_feet(rng, person: np.ndarray, side_px: float) -> tuple[float, float]:
    """Centre of a ball that lies beside the feet of a person's box, or in front of them."""
    height_px = person[3] - person[1]
    x = (person[0] + person[2]) / 2 + rng.uniform(-AT_FEET_X, AT_FEET_X) * height_px
    return x, person[3] - side_px / 2 + rng.uniform(*AT_FEET_Y) * height_px


def plan_drawn_ball(rng, centre: tuple[float, float], side_px: float):
    """Prop, corners of its patch and opacity; and the ball's own corners."""
    def around(side: float) -> list[float]:
        return [centre[0] - side / 2, centre[1] - side / 2, centre[0] + side / 2, centre[1] + side / 2]

    return (rng.integers(DRAWN_BALLS), *around(side_px / BALL_SHARE), 1.0), around(side_px)


def plan_ball(rng, props: PropSizes, x: int, y: int, scale: float):
    """A labelled ball drawn elsewhere, resized and perhaps smeared by motion; and its corners."""
    pick = int(rng.integers(len(props.balls)))
    size = float(np.clip(scale * np.exp(rng.uniform(np.log(0.75), np.log(1.35))), 0.3, 2.0))
    smear = float(rng.uniform(1, 1.8)) if rng.random() < 0.3 else 1.0
    angle = rng.uniform(0, 2 * np.pi)
    sides = props.balls[pick].mean() * size * ((smear - 1) * np.abs([np.cos(angle), np.sin(angle)]) + 1)
    corners = np.concatenate([(x, y) - sides / 2, (x, y) + sides / 2])
    return (pick, x, y, size, smear, angle, rng.uniform(0.75, 1)), corners


def plan_negative(rng, height_px: int, width_px: int) -> tuple[float, float, float, float]:
    """Corners of a hard negative: often at the picture's edge as broadcasters do, else anywhere."""
    if rng.random() < 0.6:
        width, height = rng.uniform(0.06, 0.3) * width_px, rng.uniform(0.03, 0.11) * height_px
        x = rng.choice([rng.uniform(0, 0.1), rng.uniform(0.9, 1)]) * (width_px - width)
        y = rng.choice([rng.uniform(0, 0.1), rng.uniform(0.88, 1)]) * (height_px - height)
    else:
        width = rng.uniform(0.04, 0.2) * width_px
        height = width * rng.uniform(0.25, 0.5)
        x, y = rng.uniform(0, width_px - width), rng.uniform(0, height_px - height)
    return x, y, x + width, y + height


def paste(images: torch.Tensor, props: Props, pastes: Pastes) -> torch.Tensor:
    if len(pastes.balls):
        paste_balls(images, props, upload(pastes.balls, images.device))
    for patches, rows in ((props.drawn_balls, pastes.drawn_balls), (props.negatives, pastes.negatives)):
        if len(rows):
            paste_patches(images, patches, upload(rows, images.device))
    return images


def paste_balls(images: torch.Tensor, props: Props, balls: torch.Tensor):
    row, pick, x, y = balls[:, :4].long().unbind(1)
    size, smear, angle, opacity = (v[:, None, None] for v in balls[:, 4:].unbind(1))
    half = BALL_PATCH_PX // 2
    steps = torch.arange(BALL_PATCH_PX, device=images.device) + 0.5 - half
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    along = (u * angle.cos() + v * angle.sin()) / (size * smear)
    over = (v * angle.cos() - u * angle.sin()) / size
    dx, dy, width, height = (v[:, None, None] for v in props.ball_geometry[pick].unbind(1))
    patches = F.grid_sample(props.balls[pick], torch.stack([along + dx, over + dy], -1) / half, align_corners=False)
    radius = torch.sqrt((along / (width / 2 + 0.6)) ** 2 + (over / (height / 2 + 0.6)) ** 2)
    cover = (((1.18 - radius) / 0.3).clamp(0, 1) * opacity)[:, None].to(images.dtype)
    offsets = torch.arange(-half, half, device=images.device)
    place = (row[:, None, None, None], torch.arange(3, device=images.device)[None, :, None, None],
             (y[:, None] + offsets)[:, None, :, None], (x[:, None] + offsets)[:, None, None, :])
    below = images[place]
    images[place] = below + cover * (patches.to(images.dtype) - below)


def paste_patches(images: torch.Tensor, patches: torch.Tensor, places: torch.Tensor):
    """patches [N, 4, h, w] RGBA; places [M, 7]: row, patch, corners, opacity."""
    height, width = images.shape[2:]
    rows, picks = places[:, :2].long().unbind(1)
    x0, y0, x1, y1, opacity = (v[:, None, None] for v in places[:, 2:].unbind(1))
    x = (torch.arange(width, device=images.device) + 0.5).view(1, 1, -1)
    y = (torch.arange(height, device=images.device) + 0.5).view(1, -1, 1)
    across = (2 * (x - x0) / (x1 - x0) - 1).expand(-1, height, -1)
    down = (2 * (y - y0) / (y1 - y0) - 1).expand(-1, -1, width)
    drawn = F.grid_sample(patches[picks], torch.stack([across, down], -1), align_corners=False).to(images.dtype)
    below = images[rows]
    images[rows] = below + drawn[:, 3:] * opacity[:, None].to(images.dtype) * (drawn[:, :3] - below)
