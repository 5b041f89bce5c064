import cv2
import numpy as np
import pytest
import torch

from training import camera, pixels

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize("late, share", [(False, 0.3), (True, 0.15)])
def test_a_share_of_the_pictures_is_shaded(late, share, monkeypatch):
    for change in ("blur_by_motion", "lower_resolution", "interlace"):
        monkeypatch.setattr(camera, change, lambda rng, images: images)
    monkeypatch.setattr(camera, "compress", lambda images: images)
    monkeypatch.setattr(camera, "change_colours", lambda rng, images, late: images)
    white = torch.ones(400, 3, 8, 16)
    changed = camera.change_light_and_camera(np.random.default_rng(2), white, late)
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
    found = pixels.through(*camera.colour_map(images.mean((2, 3)), brightness, saturation, white, contrast), images)
    assert torch.allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("height, width", [(6, 9), (1, 1), (2, 5)])
def test_the_mean_of_nine_repeats_the_edge(height, width):
    picture = np.random.default_rng(3).random((height, width), np.float32)
    wanted = cv2.blur(picture, (3, 3), borderType=cv2.BORDER_REPLICATE)
    found = pixels.mean_of_nine(torch.from_numpy(picture).expand(2, 3, -1, -1))
    assert np.allclose(found, np.broadcast_to(wanted, found.shape), atol=1e-6)


@pytest.mark.parametrize("late", [False, True])
def test_changed_colours_stay_colours_and_some_pictures_are_noisy(late):
    flat = torch.full((200, 3, 8, 8), 0.5)
    changed = camera.change_colours(np.random.default_rng(4), flat, late)
    assert 0 <= changed.min() and changed.max() <= 1
    noisy = (changed.std((2, 3)) > 1e-5).any(1).float().mean()
    assert noisy == pytest.approx(camera.NOISE_SHARE, abs=0.1)


@pytest.mark.parametrize("length, slope", [(2, 0.0), (7, 0.5), (5, -0.3)])
def test_motion_blur_is_the_mean_along_a_line(length, slope):
    picture = np.random.default_rng(2).random((14, 20), np.float32)
    kernel = np.zeros((9, 9), np.float32)
    for step in np.linspace(-length / 2, length / 2, 9):
        kernel[round(4 + step * slope), round(4 + step)] += 1 / 9
    wanted = cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    blurred = camera.mean_along(torch.from_numpy(picture).expand(2, 3, -1, -1), length, slope)
    assert np.allclose(blurred, np.broadcast_to(wanted, (2, 3, 14, 20)), atol=1e-6)


class Drawn:
    """A generator that draws what it is given, and notes from where."""

    def __init__(self, *draws):
        self.draws, self.asked = list(draws), []

    def _draw(self, *words):
        self.asked.append(words)
        return self.draws.pop(0)

    choice = integers = uniform = _draw


@pytest.mark.parametrize("side, shift_px, odd_lines", [
    (1, 2, [[14, 15, 10, 11, 12, 13], [34, 35, 30, 31, 32, 33]]),
    (-1, 1, [[11, 12, 13, 14, 15, 10], [31, 32, 33, 34, 35, 30]]),
])
def test_interlaced_lines_come_from_a_camera_that_moved_on(side, shift_px, odd_lines):
    """Lines 1 and 3 move along by as many pixels, and what leaves one side of the picture comes back at the other; 0, 2 and 4 stay."""
    picture = torch.tensor([[10 * y + x for x in range(6)] for y in range(5)])
    images = picture.expand(2, 3, 5, 6).clone()
    rng = Drawn(side, shift_px)
    combed = camera.interlace(rng, images)
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
    lower = camera.lower_resolution(rng, images)
    assert rng.asked == [(0.4, 0.9)]
    assert torch.allclose(lower, torch.tensor([0, 1, 3, 10, 22, 29, 31, 32]).expand(2, 3, 4, 8) / 32, atol=1e-6)


@pytest.mark.parametrize("factor", [0.4, 0.77, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_at_a_lower_resolution_the_size_and_what_is_flat_stay_and_fine_lines_pale(factor, dtype):
    flat = torch.full((1, 3, 37, 50), 0.5, dtype=dtype)
    same = camera.lower_resolution(Drawn(factor), flat)
    assert same.shape == flat.shape and same.dtype == dtype and torch.allclose(same, flat, atol=1e-3)
    lines = (torch.arange(50) % 2).to(dtype).expand(1, 3, 37, 50)
    pale = camera.lower_resolution(Drawn(factor), lines)
    assert pale.float().std() < 0.7 * lines.float().std()
    assert 0 <= pale.min() and pale.max() <= 1


def test_coarse_compression_changes_a_picture_and_none_does_not():
    picture = torch.rand(1, 3, 16, 24)
    rough = camera.compress(picture)
    assert 0.005 < float((rough - picture).abs().mean()) < 0.2
    flat = torch.full((1, 3, 16, 24), 0.5)
    assert float((camera.compress(flat) - flat).abs().max()) < 0.03
