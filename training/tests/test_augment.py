import numpy as np
import pytest
import torch

from training import augment, looks, pitch
from training.data import PictureStore, read_sets

SHAPE = augment.Shape(128, 224, (3, 1, 1, 1, 0), (3, 1, 1, 1, 0), (0.2, 0.5))


@pytest.fixture
def store(sets):
    return PictureStore(read_sets(*sets)[0], torch.device("cpu"))


def planner(store, seed=0):
    sizes = looks.Props(store, seed).sizes
    return augment.Planner(store.labels, sizes, {"1280": SHAPE, "640": SHAPE}, augment.Schedule(seed, 100))


def test_a_plan_depends_on_seed_and_iteration_alone(store):
    first, again = planner(store).plan(7), planner(store).plan(7)
    assert (first.views == again.views).all() and (first.boxes == again.boxes).all()
    assert not (first.views == planner(store).plan(8).views).all()
    assert not (first.views == planner(store, seed=1).plan(7).views).all()


def test_late_batches_hold_their_own_share_of_each_group(store):
    """The sets have no broadcasts and no made-up pictures: those places go to people."""
    shape = augment.Shape(128, 224, (1, 1, 1, 1, 3), (2, 0, 3, 2, 0), (0.2, 0.5))
    maker = augment.Planner(store.labels, looks.Props(store, 0).sizes, {"1280": shape, "640": shape}, augment.Schedule(0, 100))
    for iteration, expected in ((0, (5, 1, 1)), (72, (5, 1, 1)), (73, (2, 3, 2)), (99, (2, 3, 2))):
        groups = list(store.labels.groups[maker.plan(iteration).indices])
        assert tuple(groups.count(name) for name in ("people", "ball", "points")) == expected


@pytest.mark.parametrize("shape", augment.SHAPES.values(), ids=augment.SHAPES)
def test_late_batches_are_as_large_as_early_ones_and_less_made_up(shape):
    assert len(shape.counts) == len(shape.late_counts) == len(augment.GROUPS)
    assert sum(shape.counts) == sum(shape.late_counts)
    made_up = augment.GROUPS.index("synth")
    assert 0 < shape.late_counts[made_up] <= sum(shape.counts) / 15


@pytest.mark.parametrize("name", augment.SHAPES)
def test_some_figures_are_taller_than_the_picture(name):
    """Close-ups cut off what does not fit; small figures of far cameras are not blown up beyond what a picture holds."""
    shape, rng = augment.SHAPES[name], np.random.default_rng(6)
    near = np.array([augment.draw_scale(rng, shape, True, 400.0)[0] for _ in range(4000)]) * 400 / shape.height_px
    whole = shape.width_px / augment.CANVAS_WIDTH_PX
    zoomed_px = 4 * whole * 400 / shape.height_px
    assert 1.5 < near.max() < max(1.7, zoomed_px) + 1e-6
    assert 0.02 < ((near > 1.05) & (near <= 1.7)).mean() < 0.12
    far = [augment.draw_scale(rng, shape, True, 5.0)[0] for _ in range(4000)]
    assert max(far) == augment.LARGEST_SCALE


class Drawn:
    """A generator whose numbers, and shares of the ranges it is asked for, are given."""

    def __init__(self, *draws):
        self.draws = list(draws)

    def random(self):
        return self.draws.pop(0)

    def uniform(self, low, high):
        return low + self.draws.pop(0) * (high - low)


@pytest.mark.parametrize("name, whole", [("1280", 1.0), ("640", 0.5)])
@pytest.mark.parametrize("late, kind", [(False, 0.76), (True, 0.88), (True, 0.9199)])
def test_a_zoom_goes_up_to_four_times_the_whole_frame(name, whole, late, kind):
    """From the whole frame's scale, 1 or 1/2, to four times that; half of the draws below twice that, for sizes are drawn as ratios."""
    shape = augment.SHAPES[name]
    for drawn, times in ((0.0, 1), (0.5, 2), (1.0, 4)):
        assert augment.draw_scale(Drawn(kind, drawn), shape, late, 100.0) == (pytest.approx(times * whole), False)
    # Where nobody is a figure's height cannot be asked for: these are zooms too.
    assert augment.draw_scale(Drawn(0.99, 1.0), shape, late, 0.0) == (pytest.approx(4 * whole), False)


@pytest.mark.parametrize("late, zooms", [(False, 0.16), (True, 0.04)])
def test_how_often_a_view_is_a_zoom(late, zooms):
    """Draws from 0.76 to 0.92 early, from 0.88 late. At 1280 only they go beyond 1.6, log(4 / 1.6) / log(4) = 0.661 of them, and figures,
    0.08 of the draws: those of this height at scales of 0.35 to 1.7, of which 0.1 / 1.35 lie beyond.
    """
    rng, shape = np.random.default_rng(8), augment.SHAPES["1280"]
    scales = np.array([augment.draw_scale(rng, shape, late, float(shape.height_px))[0] for _ in range(20000)])
    assert (scales > 1.6).mean() == pytest.approx(zooms * 0.661 + 0.08 * 0.1 / 1.35, abs=0.006)
    assert 3.9 < scales.max() <= 4.0


def test_a_zoom_of_four_shows_a_quarter_of_the_frame_and_no_coarse_picture_larger_than_it_may_be(monkeypatch):
    """One sixteenth of its area, all inside but for 15 canvas pixels at an edge; a set's largest_scale is the most."""
    monkeypatch.setattr(augment, "draw_scale", lambda *_: (4.0, False))
    monkeypatch.setattr(augment, "view_around", lambda rng, shape, late, scale, centre: (scale, centre))
    shape, nobody = augment.SHAPES["1280"], np.zeros((0, 5))
    for seed in range(50):
        scale, (x, y) = augment.draw_view(np.random.default_rng(seed), shape, False, nobody, 8.0)
        assert scale == 4.0 and 160 - 15 <= x <= 1280 - 160 + 15 and 92 - 15 <= y <= 720 - 92 + 15
    assert augment.draw_view(np.random.default_rng(0), shape, False, nobody, 0.6)[0] == 0.6


def test_a_view_from_another_place_tells_of_points_alone(store, monkeypatch):
    """Pictures drawn for their points; the homography of the canvas is known, people of the picture are labelled too."""
    points = np.flatnonzero(store.labels.groups == "points")
    camera = pitch.pixels_from_pitch(np.array([0.0, -60, 20]), np.array([0.0, 0]), 900.0, np.array([640.0, 360]))
    store.labels.canvas_from_pitch[points] = camera
    store.labels.points[points] = np.column_stack([augment.project(camera, pitch.LANDMARKS_M), np.full(32, pitch.VISIBLE)])
    store.labels.labelled[points] = True
    store.labels.boxes[points, 0] = (2, 640, 360, 40, 90)
    for share, told in ((1.0, False), (0.0, True)):
        monkeypatch.setattr(augment, "OTHER_VIEW_SHARE", share)
        plan = planner(store).plan(5)
        row = list(np.isin(plan.indices, points)).index(True)
        assert plan.labelled[row].all() == plan.labelled[row].any() == told
        assert not plan.ignored[row].any() or told
        assert plan.labelled[:3].all()


def test_a_plan_knows_what_its_pictures_show(store):
    plan = planner(store).plan(3)
    assert plan.shown.any()
    for row, index in enumerate(plan.indices):
        assert set(np.flatnonzero(plan.shown[row])) == set(store.full[index, 3].unique().tolist())


def test_labels_follow_the_view():
    """A picture that is black but for one box: after any view the bright pixels lie inside the placed label."""
    rng = np.random.default_rng(4)
    box = np.array([[2, 640, 360, 60, 120]], np.float32)
    for _ in range(20):
        view = augment.view_around(rng, SHAPE, False, 0.35, (640, 360))
        corners = augment.project_boxes(view, box)[0]
        inner = np.array([[640, 330], [640, 390], [625, 360], [655, 360]], float)
        placed = augment.project(view, inner)
        assert (placed > corners[:2] - 1).all() and (placed < corners[2:] + 1).all()
        size = corners[2:] - corners[:2]
        assert 0.6 < size[0] / (60 * 0.35) < 1.6 and 0.6 < size[1] / (120 * 0.35) < 1.6


def test_warp_puts_pixels_where_project_puts_points(store):
    store.full[:, :3] = 0
    store.full[0, :3, 300:304, 500:504] = 255
    view = augment.view_around(np.random.default_rng(2), SHAPE, False, 0.9, (520, 310))
    warped = augment.warp(store, np.array([0]), view[None], SHAPE)[0, 0].numpy()
    y, x = np.unravel_index(warped.argmax(), warped.shape)
    assert np.abs(augment.project(view, np.array([502.0, 302.0])) - (x + 0.5, y + 0.5)).max() < 3


def test_points_are_numbered_as_the_camera_of_the_view_numbers_them():
    """A camera behind the right goal; seen in a mirror it stands behind the left one, whose numbers it keeps."""
    camera = pitch.pixels_from_pitch(np.array([80.0, 3, 12]), np.array([40.0, 0]), 200.0, np.array([112.0, 64]))
    there = augment.project(camera, pitch.LANDMARKS_M)
    landmarks = np.column_stack([there, np.full(32, 2)])
    points, seen = augment.place_points(np.eye(3), SHAPE, landmarks, camera, False)
    assert seen[8] and points[8] == pytest.approx(there[21])  # the near spot is the left one: number 9
    mirrored = augment.mirror(np.eye(3), SHAPE)
    points, seen = augment.place_points(mirrored, SHAPE, landmarks, camera, True)
    assert seen[8] and points[8] == pytest.approx((224 - there[21, 0], there[21, 1]))


def test_points_behind_the_camera_of_a_view_are_not_seen():
    """The grass itself as the picture: a camera at y = -5 that looks up the pitch sees nothing of y < -6."""
    camera = pitch.pixels_from_pitch(np.array([0.0, -5, 2]), np.array([0.0, 8]), 60.0, np.array([112.0, 64]))
    landmarks = np.column_stack([pitch.LANDMARKS_M, np.full(32, 2)])
    _, seen = augment.place_points(camera, SHAPE, landmarks, np.full((3, 3), np.nan), False)
    assert seen[14] and not seen[pitch.LANDMARKS_M[:, 1] < -6].any()


def test_cut_off_people_are_ignored_not_background():
    corners = np.array([[[-90.0, 10, 10, 60], [20, 10, 60, 60], [-300, 10, -200, 60]]], np.float32)
    boxes, valid, ignored = augment.place_labels(SHAPE, corners, np.array([[2.0, 2, 2]]))
    assert valid.tolist() == [[False, True, False]]
    assert ignored.tolist() == [[True, False, False]]
    assert boxes[0, 0].tolist() == [0, 10, 10, 60]


def test_painted_pictures_are_in_range_and_of_the_shape(store):
    props = looks.Props(store, 0)
    for iteration in range(4):
        batch = augment.paint(planner(store).plan(iteration), store, props, SHAPE)
        assert batch.images.shape == (6, 3, 128, 224)
        assert 0 <= batch.images.min() and batch.images.max() <= 1
        assert torch.isfinite(batch.images).all()
