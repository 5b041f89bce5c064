"""The network: one description in three sizes.

Built of what the CPU and GPU engines run fast: convolution, SiLU, add, concatenation, nearest upsampling and max pooling;
only kit_shares() sums over whole maps. docs/training.md says where the time goes and why the shapes are what they are.

Outputs for an input [N, 3, H, W], RGB in 0..1, H and W multiples of 32:
  det   [N, 68, cells of strides 8, 16, 32]   4 x 16 distribution logits of left, top, right, bottom in strides, 4 classes
  kp    [N, 96, H/8, W/8]                     32 logits, then dx, dy of each pitch point in cells from the cell's centre
  ball  [N, 3, H/4, W/4]                      logit, dx, dy in cells from the cell's centre
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

# Labels count them from 0, so a new one comes last. All but the ball are people.
CLASSES = ("ball", "goalkeeper", "player", "referee")
DISTANCE_BINS = 16
PITCH_POINTS = 32
STRIDES = (8, 16, 32)
POINT_STRIDE = 8
BALL_STRIDE = 4
KITS, COMPARED_WIDTH = 32, 24


def by_class(named: dict[str, float]) -> list[float]:
    """A weight for each of CLASSES; a class that is not named counts as referees."""
    return [named.get(name, named["referee"]) for name in CLASSES]


@dataclass(frozen=True)
class Size:
    """Channels at strides 2, 4, 8, 16, 32; blocks of the stages 4, 8, 16, 32 and of each join; widths of the heads."""

    channels: tuple[int, int, int, int, int]
    blocks: tuple[int, int, int, int]
    join_blocks: int
    box_width: int
    class_width: int
    point_width: int
    ball_width: int


SIZES = {
    "n": Size((16, 32, 96, 160, 224), (1, 2, 3, 2), 1, 80, 64, 64, 16),
    "s": Size((32, 64, 128, 256, 512), (1, 2, 3, 2), 1, 96, 64, 96, 24),
    "m": Size((48, 96, 192, 384, 576), (2, 4, 4, 2), 2, 128, 96, 128, 32),
}


class Conv(nn.Sequential):
    """Convolution, normalisation, SiLU; the normalisation is folded into the convolution on export."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
            nn.SiLU(),
        )


class Residual(nn.Module):
    """x + two convolutions; the first may be a thin 1x1, which is what a wide stride-4 map can afford."""

    def __init__(self, channels: int, hidden: int, first_kernel: int = 3):
        super().__init__()
        self.body = nn.Sequential(Conv(channels, hidden, first_kernel), Conv(hidden, channels, 3))

    def forward(self, x):
        return x + self.body(x)


class Stage(nn.Module):
    """Half of the channels pass through residual blocks, the other half around them."""

    def __init__(self, inputs: int, outputs: int, blocks: int):
        super().__init__()
        half = outputs // 2
        self.around = Conv(inputs, half)
        self.through = nn.Sequential(Conv(inputs, half), *(Residual(half, half) for _ in range(blocks)))
        self.join = Conv(2 * half, outputs)

    def forward(self, x):
        return self.join(torch.cat([self.around(x), self.through(x)], 1))


class Context(nn.Module):
    """Three chained max pools see ever wider; their join tells a cell what surrounds it."""

    def __init__(self, channels: int):
        super().__init__()
        self.enter = Conv(channels, channels // 2)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.join = Conv(2 * channels, channels)

    def forward(self, x):
        maps = [self.enter(x)]
        for _ in range(3):
            maps.append(self.pool(maps[-1]))
        return self.join(torch.cat(maps, 1))


@dataclass
class Look:
    """What one head sees before it knows the rest of the picture."""

    sides: torch.Tensor  # [N, 64, h, w] distribution logits
    classes: torch.Tensor  # [N, 4, h, w] logits by this place alone
    kits: torch.Tensor  # [N, KITS, h, w] 0..1, learnt traits of what is worn here
    people: torch.Tensor  # [N, 1, h, w] 0 or more, how surely a person is here: of all classes together, squared


class DetectHead(nn.Module):
    """One 3x3 trunk for sides and classes: two separate pairs of them took a quarter of the whole network's time."""

    def __init__(self, inputs: int, box_width: int, class_width: int):
        super().__init__()
        self.trunk = Conv(inputs, box_width, 3)
        self.sides = nn.Sequential(Conv(box_width, box_width), nn.Conv2d(box_width, 4 * DISTANCE_BINS, 1))
        self.features = Conv(box_width, class_width)
        self.classes = nn.Conv2d(class_width, len(CLASSES), 1)
        self.kits = nn.Conv2d(class_width, KITS, 1)
        self.compared = nn.Sequential(Conv(2 * KITS, COMPARED_WIDTH), nn.Conv2d(COMPARED_WIDTH, len(CLASSES), 1))
        self.register_buffer("person_classes", torch.tensor([float(name != "ball") for name in CLASSES]).view(1, -1, 1, 1), persistent=False)

    def look(self, x) -> Look:
        x = self.trunk(x)
        features = self.features(x)
        classes = self.classes(features)
        people = F.conv2d(classes.detach().sigmoid(), self.person_classes)
        # Squared, or a field of grass would outvote a referee.
        return Look(self.sides(x), classes, self.kits(features).sigmoid(), people * people)

    def decide(self, look: Look, shares) -> torch.Tensor:
        """[N, 68, cells]; shares [N, KITS, 1, 1] of the picture's people who wear each kit."""
        corrected = look.classes + self.compared(torch.cat([look.kits, look.kits * shares], 1))
        return torch.cat([look.sides, corrected], 1).flatten(2)


def kit_shares(looks: list[Look]) -> torch.Tensor:
    """[N, KITS, 1, 1] share of each kit among the picture's people.

    A referee is who wears what hardly anybody else wears: no window round a person shows that, the whole picture does.
    """
    worn = sum((look.people * look.kits).sum((2, 3), keepdim=True) for look in looks)
    people = sum(look.people.sum((2, 3), keepdim=True) for look in looks)
    return worn / (people + 1)


class PointHead(nn.Sequential):
    def __init__(self, inputs: int, width: int):
        super().__init__(Conv(inputs, width, 3), Conv(width, width), nn.Conv2d(width, 3 * PITCH_POINTS, 1))


class BallHead(nn.Module):
    """Fine map of stride 4 plus what stride 8 knows of the scene."""

    def __init__(self, fine: int, coarse: int, width: int):
        super().__init__()
        self.fine = Conv(fine, width)
        self.coarse = Conv(coarse, width)
        self.up = nn.Upsample(scale_factor=2)
        self.body = nn.Sequential(Conv(width, width, 3), Conv(width, width, 3), nn.Conv2d(width, 3, 1))

    def forward(self, fine, coarse):
        return self.body(self.fine(fine) + self.up(self.coarse(coarse)))


class Network(nn.Module):
    def __init__(self, size: Size):
        super().__init__()
        c2, c4, c8, c16, c32 = size.channels
        b4, b8, b16, b32 = size.blocks
        self.stem = Conv(3, c2, 3, 2)
        self.stage4 = nn.Sequential(Conv(c2, c4, 3, 2), *(Residual(c4, c4 // 2, 1) for _ in range(b4)))
        self.stage8 = nn.Sequential(Conv(c4, c8, 3, 2), Stage(c8, c8, b8))
        self.stage16 = nn.Sequential(Conv(c8, c16, 3, 2), Stage(c16, c16, b16))
        self.stage32 = nn.Sequential(Conv(c16, c32, 3, 2), Stage(c32, c32, b32), Context(c32))
        self.up = nn.Upsample(scale_factor=2)
        self.top16 = Stage(c32 + c16, c16, size.join_blocks)
        self.top8 = Stage(c16 + c8, c8, size.join_blocks)
        self.down16 = Conv(c8, c8, 3, 2)
        self.bottom16 = Stage(c8 + c16, c16, size.join_blocks)
        self.down32 = Conv(c16, c16, 3, 2)
        self.bottom32 = Stage(c16 + c32, c32, size.join_blocks)
        self.heads = nn.ModuleList(DetectHead(c, size.box_width, size.class_width) for c in (c8, c16, c32))
        self.points = PointHead(c8, size.point_width)
        self.ball = BallHead(c4, c8, size.ball_width)
        self._start_quiet()

    def _start_quiet(self):
        """Biases that say "nothing here", so that the first steps are not spent on unlearning noise."""
        for head in self.heads:
            nn.init.constant_(head.classes.bias, -6.0)
            nn.init.zeros_(head.compared[-1].weight)
            nn.init.zeros_(head.compared[-1].bias)
        nn.init.constant_(self.points[-1].bias[:PITCH_POINTS], -5.0)
        nn.init.constant_(self.ball.body[-1].bias[:1], -6.0)

    def forward(self, images):
        fine = self.stage4(self.stem(images))
        mid8 = self.stage8(fine)
        mid16 = self.stage16(mid8)
        mid32 = self.stage32(mid16)
        top16 = self.top16(torch.cat([self.up(mid32), mid16], 1))
        out8 = self.top8(torch.cat([self.up(top16), mid8], 1))
        out16 = self.bottom16(torch.cat([self.down16(out8), top16], 1))
        out32 = self.bottom32(torch.cat([self.down32(out16), mid32], 1))
        looks = [head.look(x) for head, x in zip(self.heads, (out8, out16, out32))]
        shares = kit_shares(looks)
        det = torch.cat([head.decide(look, shares) for head, look in zip(self.heads, looks)], 2)
        return det, self.points(out8), self.ball(fine, out8)


def build(name: str) -> Network:
    if name not in SIZES:
        raise ValueError(f"unknown size '{name}': one of {', '.join(SIZES)}")
    return Network(SIZES[name])
