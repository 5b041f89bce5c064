import cv2
import numpy as np
import pytest

from training import drawn_ball


@pytest.fixture(scope="module")
def balls():
    rng = np.random.default_rng(3)
    return [drawn_ball.draw_ball(rng) for _ in range(80)]


def test_a_ball_is_a_disc_of_its_size(balls, monkeypatch):
    monkeypatch.setattr(drawn_ball, "SHARE_BLURRED", 0)
    sharp = drawn_ball.draw_ball(np.random.default_rng(0))
    cover = sharp[..., 3] / 255
    radius_px = drawn_ball.SIDE_PX * drawn_ball.BALL_SHARE / 2
    assert cover.sum() == pytest.approx(np.pi * radius_px**2, rel=0.01)
    y, x = np.nonzero(cover > 0.5)
    assert x.max() - x.min() + 1 == y.max() - y.min() + 1 == pytest.approx(2 * radius_px, abs=1)
    for ball in balls:  # a blur softens the edge and keeps the size
        assert ball.shape == (96, 96, 4) and ball.dtype == np.uint8
        assert (ball[..., 3] > 127).sum() == pytest.approx(np.pi * radius_px**2, rel=0.06)


def test_balls_differ_in_colour_and_pattern(balls):
    insides = [ball[24:72, 24:72, :3].astype(float) for ball in balls]
    bright = np.array([np.median(inside.max(-1)) for inside in insides])
    colourful = np.array([np.median(inside.max(-1) - inside.min(-1)) for inside in insides])
    patterned = np.array([cv2.Laplacian(inside.mean(-1), cv2.CV_64F).std() for inside in insides])
    assert (bright > 110).mean() > 0.7
    assert 0.05 < (colourful > 60).mean() < 0.5
    assert np.percentile(patterned, 90) > 5 * max(np.percentile(patterned, 10), 0.1)


def test_twelve_pentagons_lie_as_on_a_football():
    """Each has five neighbours, 63.43 degrees away."""
    angles = np.degrees(np.arccos(np.clip(drawn_ball.PENTAGONS @ drawn_ball.PENTAGONS.T, -1, 1)))
    assert np.allclose(np.linalg.norm(drawn_ball.PENTAGONS, axis=1), 1)
    assert (np.abs(angles - 63.4349) < 0.01).sum(1).tolist() == [5] * 12
