import cv2
import numpy as np
import pytest
import torch

from training import looks
from training.data import BACKDROP, MATERIALS, OTHER_TEAM

HEIGHT_PX, WIDTH_PX = 12, 160
PLAYER = 2
ALL_SHOWN = np.ones((1, MATERIALS), bool)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(5)


def runs(row: torch.Tensor) -> list[int]:
    """Lengths of the stretches of one colour in [3, width]."""
    changes = (row[:, 1:] != row[:, :-1]).any(0).nonzero().ravel().tolist()
    return np.diff([0, *(c + 1 for c in changes), row.shape[1]]).tolist()


@pytest.mark.parametrize("late", [False, True])
def test_only_backdrop_is_repainted(late):
    materials = torch.tensor([0, 1, PLAYER, 3, BACKDROP]).repeat_interleave(WIDTH_PX // 5).expand(40, HEIGHT_PX, -1).float()
    images = torch.rand(40, 3, HEIGHT_PX, WIDTH_PX)
    painted = looks.recolour_backdrop(np.random.default_rng(1), images, materials, ALL_SHOWN, late)
    backdrop = (materials == BACKDROP)[:, None].expand_as(images)
    assert torch.equal(painted[~backdrop], images[~backdrop])
    changed = (painted != images).flatten(1).any(1).float().mean()
    assert changed == pytest.approx(looks.LATE_BACKDROP_SHARE if late else looks.BACKDROP_SHARE, abs=0.2)
    assert 0 <= painted.min() and painted.max() <= 1


def test_backdrop_looks_another_way_from_panel_to_panel(monkeypatch):
    monkeypatch.setattr(looks, "BACKDROP_SHARE", 1.0)
    plain = torch.tensor([0.7, 0.4, 0.2]).view(1, 3, 1, 1).expand(40, 3, HEIGHT_PX, WIDTH_PX)
    backdrop = torch.full((40, HEIGHT_PX, WIDTH_PX), float(BACKDROP))
    painted = looks.recolour_backdrop(np.random.default_rng(1), plain, backdrop, ALL_SHOWN, False)
    assert torch.equal(painted, painted[:, :, :1].expand_as(painted))  # a panel stands upright
    panels = [len(runs(picture[:, 0])) for picture in painted]
    assert max(panels) <= looks.PANELS + 1 and np.mean([count > 1 for count in panels]) > 0.7


def test_stripes_alternate_across_a_kit(monkeypatch):
    monkeypatch.setattr(looks, "STRIPED_SHARE", 1.0)
    monkeypatch.setattr(looks, "RECOLOUR_SHARE", 1.0)
    kit = torch.tensor([0.7, 0.4, 0.2]).view(1, 3, 1, 1).expand(20, 3, HEIGHT_PX, WIDTH_PX)
    painted = looks.recolour_kits(np.random.default_rng(1), kit, torch.full((20, HEIGHT_PX, WIDTH_PX), float(PLAYER)), ALL_SHOWN, False)
    inner = painted[:, :, 1:-1, 1:-1]  # the mask is soft at the picture's edge
    assert torch.equal(inner, inner[:, :, :1].expand_as(inner))
    low_px, high_px = looks.STRIPE_PERIODS_PX
    for picture in inner:
        assert len(torch.unique(picture[:, 0], dim=1).T) == 2
        widths = runs(picture[:, 0])[1:-1]
        assert low_px / 2 - 1 < min(widths) and max(widths) < high_px / 2 + 1


def test_a_black_kit_may_become_a_bright_one(monkeypatch):
    monkeypatch.setattr(looks, "RECOLOUR_SHARE", 1.0)
    black = torch.rand(100, 1, HEIGHT_PX, WIDTH_PX).expand(-1, 3, -1, -1) * 0.1
    painted = looks.recolour_kits(np.random.default_rng(1), black, torch.full((100, HEIGHT_PX, WIDTH_PX), 3.0), ALL_SHOWN, False)
    bright = (painted.amax(1).mean((1, 2)) > 0.5).float().mean()
    assert 0.5 * looks.PLAIN_SHARE / 2 < bright < looks.PLAIN_SHARE  # of the plain ones about half


def test_a_recoloured_kit_leaves_boards_and_other_classes():
    materials = torch.tensor([0, BACKDROP, PLAYER]).repeat_interleave(60).expand(40, HEIGHT_PX, -1).float()
    images = torch.rand(40, 3, HEIGHT_PX, 180)
    painted = looks.recolour_kits(np.random.default_rng(1), images, materials, ALL_SHOWN, False)
    assert torch.equal(painted[..., :119], images[..., :119])  # the mask is a pixel softer than the kit
    assert (painted[..., 120:] != images[..., 120:]).any()


@pytest.mark.parametrize("change", ["other_kit", "other_backdrop"])
def test_pictures_that_do_not_show_a_material_are_not_looked_at(change, monkeypatch):
    for share in ("RECOLOUR_SHARE", "BACKDROP_SHARE"):
        monkeypatch.setattr(looks, share, 1.0)
    looked_at = []
    monkeypatch.setattr(looks, change, lambda images, where: looked_at.append(images[:, 0, 0, 0].tolist()) or images)
    pictures = torch.arange(5.0).view(5, 1, 1, 1).expand(5, 3, HEIGHT_PX, WIDTH_PX)
    shown = np.zeros((5, MATERIALS), bool)
    shown[1:4, PLAYER] = shown[3, OTHER_TEAM] = shown[4, 3] = shown[[0, 2], BACKDROP] = True
    rng, materials = np.random.default_rng(1), torch.zeros(5, HEIGHT_PX, WIDTH_PX)
    looks.recolour_kits(rng, pictures, materials, shown, False)
    looks.recolour_backdrop(rng, pictures, materials, shown, False)
    assert looked_at == {"other_kit": [[1, 2, 3], [4], [3]], "other_backdrop": [[0, 2]]}[change]


def test_a_lone_team_changes_as_often_as_two_together():
    pictures = 400
    materials = torch.full((pictures, HEIGHT_PX, 50), float(PLAYER))
    images = torch.rand(pictures, 3, HEIGHT_PX, 50)
    shown = np.zeros((pictures, MATERIALS), bool)
    shown[:, PLAYER] = True
    painted = looks.recolour_kits(np.random.default_rng(1), images, materials, shown, False)
    assert (painted != images).flatten(1).any(1).float().mean() == pytest.approx(looks.RECOLOUR_SHARE, abs=0.07)


def test_one_team_changes_without_the_other():
    pictures = 400
    materials = torch.tensor([PLAYER, 0, OTHER_TEAM]).repeat_interleave(50).expand(pictures, HEIGHT_PX, -1).float()
    images = torch.rand(pictures, 3, HEIGHT_PX, 150)
    painted = looks.recolour_kits(np.random.default_rng(1), images, materials, ALL_SHOWN.repeat(pictures, 0), False)
    first, second = ((painted != images)[..., part].flatten(1).any(1) for part in (slice(0, 49), slice(101, 150)))
    assert (first | second).float().mean() == pytest.approx(looks.RECOLOUR_SHARE, abs=0.07)
    assert (first & ~second).float().mean() == pytest.approx(0.25, abs=0.07)  # each half of the time
    assert (second & ~first).float().mean() == pytest.approx(0.25, abs=0.07)
    assert torch.equal(painted[..., 60:90], images[..., 60:90])


@pytest.mark.parametrize("late, share", [(False, 0.3), (True, 0.15)])
def test_a_share_of_the_pictures_is_shaded(late, share, monkeypatch):
    for change in ("blur_by_motion", "lower_resolution", "interlace"):
        monkeypatch.setattr(looks, change, lambda rng, images: images)
    monkeypatch.setattr(looks, "compress", lambda images: images)
    monkeypatch.setattr(looks, "change_colours", lambda rng, images, late: images)
    white = torch.ones(400, 3, 8, 16)
    changed = looks.change_light_and_camera(np.random.default_rng(2), white, late)
    shaded = (changed < 1).flatten(1).any(1)
    assert shaded.float().mean() == pytest.approx(share, abs=0.06)
    assert changed.min() > 0.4  # 1 less the deepest shadow


def test_one_map_stands_for_four_changes_one_after_the_other():
    images = torch.rand(4, 3, 6, 8)
    brightness, saturation, contrast = (torch.rand(4, 1, 1, 1) + 0.5 for _ in range(3))
    white = torch.rand(4, 3, 1, 1) + 0.5
    wanted = images * brightness
    grey = wanted.mean(1, keepdim=True)
    wanted = (grey + (wanted - grey) * saturation) * white
    mean = wanted.mean((1, 2, 3), keepdim=True)
    wanted = mean + (wanted - mean) * contrast
    found = looks.through(*looks.colour_map(images.mean((2, 3)), brightness, saturation, white, contrast), images)
    assert torch.allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("height, width", [(6, 9), (1, 1), (2, 5)])
def test_the_mean_of_nine_repeats_the_edge(height, width):
    picture = np.random.default_rng(3).random((height, width), np.float32)
    wanted = cv2.blur(picture, (3, 3), borderType=cv2.BORDER_REPLICATE)
    found = looks.mean_of_nine(torch.from_numpy(picture).expand(2, 3, -1, -1))
    assert np.allclose(found, np.broadcast_to(wanted, found.shape), atol=1e-6)


@pytest.mark.parametrize("late", [False, True])
def test_changed_colours_stay_colours_and_some_pictures_are_noisy(late):
    flat = torch.full((200, 3, 8, 8), 0.5)
    changed = looks.change_colours(np.random.default_rng(4), flat, late)
    assert 0 <= changed.min() and changed.max() <= 1
    noisy = (changed.std((2, 3)) > 1e-5).any(1).float().mean()
    assert noisy == pytest.approx(looks.NOISE_SHARE, abs=0.1)


@pytest.mark.parametrize("length, slope", [(2, 0.0), (7, 0.5), (5, -0.3)])
def test_motion_blur_is_the_mean_along_a_line(length, slope):
    picture = np.random.default_rng(2).random((14, 20), np.float32)
    kernel = np.zeros((9, 9), np.float32)
    for step in np.linspace(-length / 2, length / 2, 9):
        kernel[round(4 + step * slope), round(4 + step)] += 1 / 9
    wanted = cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    blurred = looks.mean_along(torch.from_numpy(picture).expand(2, 3, -1, -1), length, slope)
    assert np.allclose(blurred, np.broadcast_to(wanted, (2, 3, 14, 20)), atol=1e-6)


class Drawn:
    """A generator that draws what it is given, and notes from where."""

    def __init__(self, *draws):
        self.draws, self.asked = list(draws), []

    def _draw(self, *words):
        self.asked.append(words)
        return self.draws.pop(0)

    choice = integers = uniform = _draw


@pytest.mark.parametrize("side, pixels, odd_lines", [
    (1, 2, [[14, 15, 10, 11, 12, 13], [34, 35, 30, 31, 32, 33]]),
    (-1, 1, [[11, 12, 13, 14, 15, 10], [31, 32, 33, 34, 35, 30]]),
])
def test_interlaced_lines_come_from_a_camera_that_moved_on(side, pixels, odd_lines):
    """Lines 1 and 3 move along by as many pixels, and what leaves one side of the picture comes back at the other; 0, 2 and 4 stay."""
    picture = torch.tensor([[10 * y + x for x in range(6)] for y in range(5)])
    images = picture.expand(2, 3, 5, 6).clone()
    rng = Drawn(side, pixels)
    combed = looks.interlace(rng, images)
    assert rng.asked == [([-1, 1],), (1, 6)]  # 1 to 5 pixels, to either side
    for channel in combed.flatten(0, 1):
        assert channel[1::2].tolist() == odd_lines
        assert torch.equal(channel[::2], picture[::2])
    assert torch.equal(images, picture.expand(2, 3, 5, 6))  # others may still look at them


def test_half_the_resolution_is_a_mean_over_area_drawn_out_again():
    """A step from 0 to 1 between pixels 3 and 4 of 8. Halved: each small pixel i a mean of pixels 2i - 1 to 2i + 2, weighing 1, 3, 3, 1
    of 8: 0, 1/8, 7/8, 1. Drawn out: 3/4 of the small pixel that a pixel lies in and 1/4 of the neighbour that is nearer, edges repeated.
    """
    images = torch.tensor([0.0, 0, 0, 0, 1, 1, 1, 1]).expand(2, 3, 4, 8)
    rng = Drawn(0.5)
    lower = looks.lower_resolution(rng, images)
    assert rng.asked == [(0.4, 0.9)]
    assert torch.allclose(lower, torch.tensor([0, 1, 3, 10, 22, 29, 31, 32]).expand(2, 3, 4, 8) / 32, atol=1e-6)


@pytest.mark.parametrize("factor", [0.4, 0.77, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_at_a_lower_resolution_the_size_and_what_is_flat_stay_and_fine_lines_pale(factor, dtype):
    flat = torch.full((1, 3, 37, 50), 0.5, dtype=dtype)
    same = looks.lower_resolution(Drawn(factor), flat)
    assert same.shape == flat.shape and same.dtype == dtype and torch.allclose(same, flat, atol=1e-3)
    lines = (torch.arange(50) % 2).to(dtype).expand(1, 3, 37, 50)
    pale = looks.lower_resolution(Drawn(factor), lines)
    assert pale.float().std() < 0.7 * lines.float().std()
    assert 0 <= pale.min() and pale.max() <= 1


def test_coarse_compression_changes_a_picture_and_none_does_not():
    picture = torch.rand(1, 3, 16, 24)
    rough = looks.compress(picture)
    assert 0.005 < float((rough - picture).abs().mean()) < 0.2
    flat = torch.full((1, 3, 16, 24), 0.5)
    assert float((looks.compress(flat) - flat).abs().max()) < 0.03


SPOT = (60, 40, 1.0)


def plan_of(person, spot=SPOT, balls: int = 3, seed: int = 0):
    """Plan of one picture of 200 x 120 px with one person, corners, or nobody."""
    corners = np.array([[person or (0, 0, 0, 0)]], np.float32)
    classes = np.array([[PLAYER if person else -1]], np.float32)
    sizes = looks.PropSizes(np.full((balls, 2), 10, np.float32))
    return looks.plan_pastes(np.random.default_rng(seed), sizes, [spot], corners, classes, 120, 200)


def test_beside_a_large_figure_the_ball_is_drawn_beside_others_a_labelled_one(monkeypatch):
    monkeypatch.setattr(looks, "PASTE_PROP_SHARE", 0.0)
    monkeypatch.setattr(looks, "AT_FEET_SHARE", 0.0)
    large, small = (50, -180, 110, 20), (50, 0, 90, 100)  # 200 px: 22 to 32; 100 px: 11 to 16
    pastes, corners, classes = plan_of(large)
    assert len(pastes.drawn_balls) == 1 and len(pastes.balls) == 0 and classes[0].tolist() == [PLAYER, 0]
    side_px = corners[0, 1, 2:] - corners[0, 1, :2]
    assert 22 <= side_px[0] <= 32 and side_px[1] == pytest.approx(side_px[0])
    assert (corners[0, 1, :2] + corners[0, 1, 2:]).tolist() == pytest.approx([120, 80])
    for person in (small, None):
        pastes, _, classes = plan_of(person)
        assert len(pastes.balls) == 1 and len(pastes.drawn_balls) == 0 and classes[0, 1] == 0
    pastes, _, classes = plan_of(small, balls=0)  # no set labels balls
    assert len(pastes.balls) == len(pastes.drawn_balls) == 0 and classes[0, 1] == -1
    pastes, _, classes = plan_of(large, spot=None)
    assert len(pastes.drawn_balls) == 0 and classes[0, 1] == -1


def test_half_of_the_drawn_balls_lie_at_the_feet(monkeypatch):
    monkeypatch.setattr(looks, "PASTE_PROP_SHARE", 0.0)
    person = (50, -180, 110, 20)
    plans = [plan_of(person, seed=seed)[1][0, 1] for seed in range(200)]
    centres = np.array([(box[:2] + box[2:]) / 2 for box in plans])
    elsewhere = np.isclose(centres, SPOT[:2], atol=1e-3).all(1)
    assert elsewhere.mean() == pytest.approx(0.5, abs=0.12)
    at_feet = centres[~elsewhere]
    assert np.abs(at_feet[:, 0] - 80).max() <= 100  # half of 200 px
    bottoms = np.array([box[3] for box in plans])[~elsewhere]
    assert 20 - 6 - 1e-3 <= bottoms.min() and bottoms.max() <= 20 + 12 + 1e-3


def test_a_pasted_patch_fills_its_corners_and_nothing_else():
    patch = torch.zeros(2, 4, 16, 16)
    patch[1, 0], patch[1, 3] = 1.0, 1.0  # red, opaque
    images = torch.zeros(3, 3, 40, 60)
    looks.paste_patches(images, patch, torch.tensor([[2.0, 1, 10, 5, 42, 37, 0.5]]))
    assert images[:2].abs().max() == 0 and images[2, 1:].abs().max() == 0
    assert torch.allclose(images[2, 0, 7:35, 12:40], torch.tensor(0.5))  # a patch's edge is soft by one of its pixels
    outside = torch.ones(40, 60, dtype=torch.bool)
    outside[4:38, 9:43] = False
    assert images[2, 0][outside].abs().max() == 0
