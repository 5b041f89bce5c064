import numpy as np
import pytest

from training import evaluate


def test_average_precision_by_hand():
    assert evaluate.average_precision([0.9, 0.8, 0.7], [True, True, True], 3) == pytest.approx(1.0)
    # Right, wrong, right of two labels: precision 1 up to recall 0.5, then 2/3, joined by straight lines.
    assert evaluate.average_precision([0.9, 0.8, 0.7], [True, False, True], 2) == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert evaluate.average_precision([], [], 4) == 0
    assert evaluate.average_precision([0.5], [False], 0) is None


def test_a_label_is_taken_once():
    likeness = np.array([[0.9], [0.8]])
    assert evaluate.match_greedily(likeness, 0.5).tolist() == [True, False]
    assert evaluate.match_greedily(np.zeros((2, 0)), 0.5).tolist() == [False, False]


def test_suppression_keeps_the_better_and_lets_the_ball_be():
    boxes = np.array([[0, 0, 10, 20], [0, 0, 10, 19], [0, 0, 10, 20], [50, 0, 60, 20]], float)
    scores, people = np.array([0.5, 0.9, 0.4, 0.3]), np.array([True, True, False, True])
    assert evaluate.suppress(boxes, scores, people) == [1, 2, 3]


def test_decoded_places_are_where_they_were_written():
    kp = np.full((96, 8, 12), -9.0, np.float32)
    kp[5, 3, 7], kp[32 + 10, 3, 7], kp[32 + 11, 3, 7] = 4.0, 0.25, -0.5
    places, scores = evaluate.decode_points(kp)
    assert places[5].tolist() == [(7.5 + 0.25) * 8, (3.5 - 0.5) * 8]
    assert scores[5] > 0.9 and scores[4] < 0.01
    ball = np.full((3, 16, 24), -9.0, np.float32)
    ball[0, 8, 13], ball[1, 8, 13], ball[2, 8, 13] = 3.0, -0.25, 0.5
    places, scores = evaluate.decode_balls(ball)
    assert places.tolist() == [[(13.5 - 0.25) * 4, (8.5 + 0.5) * 4]] and scores[0] > 0.9


def test_decoded_box_is_the_written_one():
    det = np.full((68, 126), -20.0, np.float32)
    cell = 3 * 12 + 4  # stride 8, row 3, column 4: centre 36, 28
    for side, bins in enumerate((2, 1, 3, 2)):
        det[side * 16 + bins, cell] = 20
    det[64 + 3, cell] = 2
    boxes, scores, kinds = evaluate.decode_people_and_ball(det, 64, 96)
    assert np.allclose(boxes, [[36 - 16, 28 - 8, 36 + 24, 28 + 16]], atol=1e-3)
    assert kinds.tolist() == [3] and scores[0] == pytest.approx(1 / (1 + np.exp(-2)))
