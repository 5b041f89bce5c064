import numpy as np
import pytest

from training import pitch
from training.augment import project

CENTRE = np.array([640.0, 360.0])


def camera_at(x, y, z, aim=(0.0, 0.0), focal=900.0):
    return pitch.pixels_from_pitch(np.array([x, y, z]), np.array(aim), focal, CENTRE)


def test_landmarks_against_the_laws_of_the_game():
    """Distances by hand: numbers as in the labels, from 1."""
    def apart(first, second):
        return np.linalg.norm(pitch.LANDMARKS_M[first - 1] - pitch.LANDMARKS_M[second - 1])

    assert apart(1, 25) == apart(6, 30) == 105 and apart(1, 6) == apart(14, 17) == 68
    assert apart(2, 5) == pytest.approx(40.32) and apart(3, 4) == pytest.approx(18.32)
    assert apart(9, 11) == apart(9, 12) == pytest.approx(9.15) and apart(22, 19) == pytest.approx(9.15)
    assert apart(15, 16) == apart(31, 32) == pytest.approx(18.3)
    assert apart(2, 10) == apart(26, 18) == 16.5 and apart(3, 7) == apart(27, 23) == 5.5
    assert pitch.LANDMARKS_M[0].tolist() == [-52.5, 34] and pitch.LANDMARKS_M[29].tolist() == [52.5, -34]


def test_mirrored_order_is_that_of_the_data_set():
    assert pitch.MIRRORED_POINTS.tolist() == [
        24, 25, 26, 27, 28, 29, 22, 23, 21, 17, 18, 19, 20, 13, 14, 15, 16, 9, 10, 11, 12, 8, 6, 7, 0, 1, 2, 3, 4, 5, 31, 30]


def test_turned_twice_is_nothing_and_turns_corners_across():
    assert (pitch.TURNED_POINTS[pitch.TURNED_POINTS] == np.arange(32)).all()
    assert pitch.TURNED_POINTS[0] == 29 and pitch.TURNED_POINTS[8] == 21 and pitch.TURNED_POINTS[13] == 16


@pytest.mark.parametrize("place, degrees", [((0, -60, 15), 0), ((-80, 0, 12), 90), ((80, 0, 12), -90), ((0, 60, 15), 180)])
def test_heading_of_cameras_around_the_pitch(place, degrees):
    found = np.rad2deg(pitch.heading(camera_at(*place), CENTRE))
    assert abs((found - degrees + 180) % 360 - 180) < 1e-6


def test_who_looks_along_the_pitch_has_the_left_goal_behind_him():
    turned = [pitch.numbering_turned(np.deg2rad(angle)) for angle in (0, 45, 90, 110, -60, -75, -90, 180, 130)]
    assert turned == [False, False, False, False, False, True, True, True, True]


def test_a_homography_is_found_despite_a_wrong_label():
    camera = camera_at(-10, -55, 14)
    points = project(camera, pitch.LANDMARKS_M)
    seen = ((points > 0) & (points < 2 * CENTRE)).all(1)
    assert seen.sum() >= 8
    wrong = points.copy()
    wrong[np.flatnonzero(seen)[2]] += 80
    found = pitch.fit_homography(wrong, seen)
    assert np.abs(project(found, pitch.LANDMARKS_M[seen]) - points[seen]).max() < 0.5


def test_no_homography_from_few_points_or_points_on_a_line():
    points = project(camera_at(0, -55, 14), pitch.LANDMARKS_M)
    assert pitch.fit_homography(points, np.arange(32) < 4) is None
    assert pitch.fit_homography(points, np.isin(np.arange(32), [0, 1, 2, 3, 4, 5])) is None


def test_other_views_show_the_landmark_they_look_at_and_enough_of_the_picture():
    camera = camera_at(-20, -55, 14, aim=(-25.0, 0.0))
    points = project(camera, pitch.LANDMARKS_M)
    seen = ((points > 0) & (points < 2 * CENTRE)).all(1)
    rng = np.random.default_rng(0)
    views = [pitch.draw_other_view(rng, camera, seen, (1280, 720), 384, 640) for _ in range(60)]
    found = [view for view in views if view is not None]
    assert len(found) > 40
    x, y = np.meshgrid(np.linspace(0, 640, 33), np.linspace(0, 384, 21))
    for view in found:
        middle = project(np.linalg.inv(view), np.array([320.0, 192.0]))
        assert view[2] @ (*middle, 1) == pytest.approx(1)
        shown = project(np.linalg.inv(view), np.stack([x.ravel(), y.ravel()], 1))
        assert ((shown > 0) & (shown < 2 * CENTRE)).all(1).mean() > 0.4
    headings = np.array([pitch.heading(view @ camera, np.array([320.0, 192.0])) for view in found])
    assert (np.abs(headings) > 2).any() and (np.abs(headings) < 1).any()
