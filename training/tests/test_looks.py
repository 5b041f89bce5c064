import cv2
import numpy as np
import pytest
import torch

from training import looks
from training.data import BACKDROP, MATERIALS, OTHER_TEAM

HEIGHT_PX, WIDTH_PX = 12, 160
PLAYER = 2
ALL_SHOWN = np.ones((1, MATERIALS), bool)

pytestmark = pytest.mark.usefixtures("seeded")


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
