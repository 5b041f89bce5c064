import numpy as np
import pytest

from training import detect
from training.tests.conftest import det_of


def test_suppression_keeps_the_better_and_lets_the_ball_be():
    boxes = np.array([[0, 0, 10, 20], [0, 0, 10, 19], [0, 0, 10, 20], [50, 0, 60, 20]], float)
    scores, people = np.array([0.5, 0.9, 0.4, 0.3]), np.array([True, True, False, True])
    assert detect.suppress(boxes, scores, people) == [[1, 0], [2], [3]]


def test_a_suppressed_box_belongs_to_the_first_that_it_overlaps():
    """A row of boxes 10 wide, each moved by 2: neighbours share 8 of 12, next ones 6 of 14."""
    boxes = np.array([[x, 0, x + 10, 20] for x in (0, 2, 4, 6)], float)
    people = np.ones(4, bool)
    assert detect.suppress(boxes, np.array([0.9, 0.8, 0.7, 0.6]), people) == [[0, 1], [2, 3]]
    assert detect.suppress(boxes, np.array([0.6, 0.8, 0.9, 0.7]), people) == [[2, 1, 3], [0]]


def test_a_persons_box_is_the_mean_of_all_by_their_share_of_the_body():
    """The numbers of the program's own test, src/touchline/detect/assemble_test.cc."""
    boxes = np.array([[100, 20, 110, 50], [101, 20, 111, 50], [102, 20, 112, 50], [100, 20, 110, 38]], float)
    joined = detect.join_boxes(boxes, np.array([0.8, 0.4, 0.4, 0.8]))
    assert joined == pytest.approx([100 + 58 / 311, 20, 110 + 58 / 311, 50])


def test_decoded_places_are_where_they_were_written():
    kp = np.full((96, 8, 12), -40.0, np.float32)
    kp[5, 3, 7], kp[32 + 10, 3, 7], kp[32 + 11, 3, 7] = 4.0, 0.25, -0.5
    places, scores = detect.decode_points(kp)
    assert places[5] == pytest.approx([(7.5 + 0.25) * 8, (3.5 - 0.5) * 8])
    assert scores[5] > 0.9 and scores[4] < 0.01
    ball = np.full((3, 16, 24), -9.0, np.float32)
    ball[0, 8, 13], ball[1, 8, 13], ball[2, 8, 13] = 3.0, -0.25, 0.5
    places, scores = detect.decode_balls(ball)
    assert places.tolist() == [[(13.5 - 0.25) * 4, (8.5 + 0.5) * 4]] and scores[0] > 0.9


def test_neighbours_of_a_peak_vote_by_their_scores():
    """The numbers of the program's own test, src/touchline/detect/fused_head_test.cc."""
    kp = np.zeros((96, 4, 8), np.float32)
    kp[:32] = -40
    kp[0, 0, 2], kp[0, 0, 3], kp[0, 1, 1], kp[0, 2, 4] = np.log(3), -np.log(3), 0, -np.log(3)
    kp[0, 3, 2] = kp[0, 0, 5] = 1
    kp[32, 0, 3], kp[33, 1, 1] = 1, 0.5
    places, scores = detect.decode_points(kp)
    assert places[0] == pytest.approx([4.875 / 1.75 * 8, 2.125 / 1.75 * 8], rel=1e-5)
    assert scores[0] == pytest.approx(0.75)


def test_decoded_box_is_the_written_one():
    det = np.full((68, 126), -20.0, np.float32)
    cell = 3 * 12 + 4  # stride 8, row 3, column 4: centre 36, 28
    for side, bins in enumerate((2, 1, 3, 2)):
        det[side * 16 + bins, cell] = 20
    det[64 + 3, cell] = 2
    boxes, scores, own, kinds = detect.decode_people_and_ball(det, 64, 96)
    assert np.allclose(boxes, [[36 - 16, 28 - 8, 36 + 24, 28 + 16]], atol=1e-3)
    assert kinds.tolist() == [3] and scores[0, 3] == own[0] == pytest.approx(1 / (1 + np.exp(-2)))


def test_a_person_is_scored_by_all_looks_at_him():
    one, other = (1e-3, 0.5, 0.4, 0.02), (1e-3, 0.1, 0.6, 0.03)
    det = det_of((3, 4, one), (3, 5, other))
    det[[2, 3], 3 * 12 + 5] = -20, 20  # the left side a cell further: they share 32 of 40 columns
    boxes, scores, own, kinds = detect.decode_people_and_ball(det, 64, 96)
    # That of the .6 counts .36, that of the .5, which overlaps it by .8, half of .25.
    assert np.allclose(boxes, [[20, 12, 60 - 8 * 0.125 / 0.485, 44]], atol=1e-3)
    # Highest .5, .6, .03, together 1.13; the root of .6 / 1.13 is .728678.
    assert np.allclose(scores[:, 1:], [[0.364339, 0.437207, 0.02186]], atol=1e-5)
    assert kinds.tolist() == [2] and own.tolist() == pytest.approx([0.6])
    apart = det_of((3, 4, one), (3, 6, other))  # 16 of 48: two people, each with his own
    _, scores, own, kinds = detect.decode_people_and_ball(apart, 64, 96)
    shares = np.sqrt([0.6 / 0.73, 0.5 / 0.92])
    assert np.allclose(scores[:, 1:], shares[:, None] * [other[1:], one[1:]]) and kinds.tolist() == [2, 1]


EXTENT = np.array([1280.0, 720.0])
NOBODY = np.zeros((0, 4))
NO_PEAKS = np.zeros((0, 2)), np.zeros(0)


def seen_of(*boxes) -> tuple[np.ndarray, np.ndarray]:
    """Each a centre and a score; 4 px wide and high."""
    x, y, scores = np.array(boxes, float).reshape(-1, 3).T
    return np.stack([x - 2, y - 2, x + 2, y + 2], 1), scores


def test_a_ball_is_a_peak_with_its_box_or_a_square_or_a_box_alone(monkeypatch):
    peaks = np.array([[100.0, 100.0], [300.0, 200.0]]), np.array([0.9, 0.5])
    # 12.2 px from the second peak; 7.1 px from the first; too weak alone.
    seen = seen_of((312, 202, 0.6), (105, 105, 0.4), (502, 302, 0.24))
    people = np.array([[590, 300, 610, 400], [290, 150, 310, 200]], float)
    monkeypatch.setattr(detect, "BALL_SIZE_SPREAD", 1e9)
    places, boxes, scores = detect.join_balls(peaks, seen, people, EXTENT, 8)
    assert scores == pytest.approx([0.65, 0.3, 0.25])
    assert places.tolist() == [[100, 100], [312, 202], [300, 200]]
    # Beside a person of 50 px: side 0.14 * 50 + 3 = 10.
    assert np.allclose(boxes, [[98, 98, 102, 102], [310, 200, 314, 204], [295, 195, 305, 205]])  # the first moved to the peak


def test_a_box_is_taken_once_by_the_better_peak_which_takes_the_best_box():
    peaks = np.array([[100.0, 100.0], [106.0, 100.0]]), np.array([0.9, 0.7])
    # 5 px from the first peak and 1 px from the second; nearer to the first, but weaker.
    seen = seen_of((105, 100, 0.5), (100, 100, 0.3))
    seen[0][0] += (-1, 0, 1, 0)  # six wide
    _, boxes, scores = detect.join_balls(peaks, seen, NOBODY, EXTENT, 8)
    assert scores == pytest.approx([0.7, 0.5])
    assert boxes.tolist() == [[97, 98, 103, 102], [104, 98, 108, 102]]


def test_the_reach_of_a_peak_is_its_edge_included():
    peaks = np.array([[100.0, 100.0]]), np.array([0.8])
    assert detect.join_balls(peaks, seen_of((108, 100, 0.4)), NOBODY, EXTENT, 8)[2] == pytest.approx([0.6])
    assert detect.join_balls(peaks, seen_of((108.1, 100, 0.4)), NOBODY, EXTENT, 8)[2] == pytest.approx([0.4, 0.2])


def test_a_second_look_at_one_ball_is_none():
    """As ASecondLookAtOneBallIsNone of the program: beside the peak's box, moved to 95..105, one shares 50 of 150 px, one 30 of 170."""
    seen = np.array([[92.0, 95, 102, 105], [100, 95, 110, 105], [88, 95, 98, 105]]), np.array([0.6, 0.5, 0.4])
    _, boxes, scores = detect.join_balls((np.array([[100.0, 100.0]]), np.array([0.8])), seen, NOBODY, EXTENT, 8)
    assert boxes.tolist() == [[95, 95, 105, 105], [88, 95, 98, 105]] and scores == pytest.approx([0.7, 0.2])


def test_boxes_where_there_are_no_peaks_keep_their_scores():
    seen = seen_of(*((40 * i + 2, 2, 0.22 - 0.01 * i) for i in range(12)))
    places, boxes, scores = detect.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)
    assert scores == pytest.approx([0.22 - 0.01 * i for i in range(8)])
    assert places[7].tolist() == [282, 2] and boxes[7].tolist() == [280, 0, 284, 4]
    nothing = detect.join_balls(NO_PEAKS, seen_of(), NOBODY, EXTENT, 8)
    assert [part.shape for part in nothing] == [(0, 2), (0, 4), (0,)]


def test_a_ball_alone_has_a_size_and_stays_inside_the_picture():
    # 0.008 * 1280 = 10.24; the second reaches over the left edge, the third lies below the picture.
    peaks = np.array([[640.0, 360.0], [1.0, 360.0], [640.0, 726.0]]), np.array([0.9, 0.8, 0.7])
    places, boxes, scores = detect.join_balls(peaks, seen_of(), NOBODY, EXTENT, 8)
    assert np.allclose(boxes, [[634.88, 354.88, 645.12, 365.12], [0, 354.88, 6.12, 365.12]])
    assert scores == pytest.approx([0.45, 0.4]) and places[1].tolist() == [1, 360]


def test_what_is_too_large_beside_people_is_no_ball():
    people = np.array([[600.0, 300, 620, 350], [200, 300, 240, 400]])  # the taller one has 100 px: 40 is a ball yet
    seen = np.array([[0.0, 0, 40, 90], [100, 0, 141, 41]]), np.array([0.9, 0.8])
    _, boxes, scores = detect.join_balls(NO_PEAKS, seen, people, EXTENT, 8)
    assert boxes.tolist() == [[0, 0, 40, 90]] and scores == pytest.approx([0.9])
    peaks = np.array([[20.0, 45.0], [120.0, 20.0]]), np.array([0.5, 0.7])
    assert detect.join_balls(peaks, seen, people, EXTENT, 8)[0].tolist() == [[20, 45]]
    assert len(detect.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)[0]) == 2


def test_what_is_smaller_than_on_the_grass_beside_people_loses_score():
    """As SmallerThanOnTheGrassBesidePeopleLoseScore of the program: side 0.14 * 100 + 3 = 17 beside a person of 100 px."""
    people = np.array([[590.0, 300, 610, 400]])
    boxes = np.array([[0.0, 0, 34, 34], [100, 0, 117, 17], [200, 0, 208.5, 8.5], [-8.5, 100, 8.5, 110]])
    seen = boxes, np.full(4, 0.5)
    wanted = [0.5, 0.5, 0.402504, 0.070357]
    assert detect.join_balls(NO_PEAKS, seen, people, EXTENT, 8)[2] == pytest.approx(wanted, abs=1e-6)
    assert detect.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)[2] == pytest.approx([0.5] * 4)
    peaks = np.array([[204.0, 4]]), np.array([0.9])
    assert detect.join_balls(peaks, seen, people, EXTENT, 8)[2] == pytest.approx([0.25, 0.25, 0.201252, 0.098499], abs=1e-6)
