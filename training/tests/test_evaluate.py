from pathlib import Path

import numpy as np
import pytest

from training import evaluate
from training.data import Sample


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
    assert evaluate.suppress(boxes, scores, people) == [[1, 0], [2], [3]]


def test_a_suppressed_box_belongs_to_the_first_that_it_overlaps():
    """A row of boxes 10 wide, each moved by 2: neighbours share 8 of 12, next ones 6 of 14."""
    boxes = np.array([[x, 0, x + 10, 20] for x in (0, 2, 4, 6)], float)
    people = np.ones(4, bool)
    assert evaluate.suppress(boxes, np.array([0.9, 0.8, 0.7, 0.6]), people) == [[0, 1], [2, 3]]
    assert evaluate.suppress(boxes, np.array([0.6, 0.8, 0.9, 0.7]), people) == [[2, 1, 3], [0]]


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
    assert kinds.tolist() == [3] and scores[0, 3] == pytest.approx(1 / (1 + np.exp(-2)))


def det_of(*people) -> np.ndarray:
    """[68, 126] for 64 x 96: each a cell of stride 8 (row, column) and its scores; 32 x 32 px about the cell's centre."""
    det = np.full((68, 126), -20.0, np.float32)
    for row, column, scores in people:
        det[[2, 18, 34, 50], row * 12 + column] = 20
        det[64:, row * 12 + column] = [np.log(score / (1 - score)) for score in scores]
    return det


def test_a_person_has_the_highest_score_of_each_class_among_what_he_suppresses():
    one, other = (1e-3, 0.5, 0.4, 0.02), (1e-3, 0.1, 0.6, 0.03)
    det = det_of((3, 4, one), (3, 5, other))
    det[[2, 3], 3 * 12 + 5] = -20, 20  # the left side a cell further: they share 32 of 40 columns
    boxes, scores, kinds = evaluate.decode_people_and_ball(det, 64, 96)
    assert np.allclose(boxes, [[20, 12, 60, 44]], atol=1e-3)  # that of the .6
    assert np.allclose(scores[:, 1:], [[0.5, 0.6, 0.03]]) and kinds.tolist() == [2]
    apart = det_of((3, 4, one), (3, 6, other))  # 16 of 48: two people, each with his own
    _, scores, kinds = evaluate.decode_people_and_ball(apart, 64, 96)
    assert np.allclose(scores[:, 1:], [other[1:], one[1:]]) and kinds.tolist() == [2, 1]


def accuracy_of(det: np.ndarray, *labels) -> dict[str, float]:
    """Of one picture of 96 x 64 px; labels are class and centre, 32 x 32 px."""
    truth = np.array([[kind, x / 96, y / 64, 32 / 96, 32 / 64] for kind, x, y in labels], np.float32)
    sample = Sample(Path("made.jpg"), "made", "people", truth, None, np.array([False, True, True, True]), True, 8.0)
    score = evaluate.Score()
    empty = np.full((96, 8, 12), -9.0, np.float32)
    score.add(sample, np.array([96.0, 64.0]), 1.0, (det, empty, empty[:3]), 64, 96)
    return score.result()


def test_average_precision_of_a_class_ranks_all_people_by_its_score():
    """The referee is first of all said to be a player, the player a referee: by score of referee, right then wrong."""
    det = det_of((3, 2, (1e-3, 1e-3, 0.6, 0.5)), (3, 8, (1e-3, 1e-3, 0.3, 0.4)))
    # The player's label is met by the second of two: one right of two.
    assert accuracy_of(det, (3, 20, 28), (2, 68, 28)) == {"person": 1.0, "player": 0.5, "referee": 1.0}


def test_of_two_people_on_one_label_the_class_score_decides():
    """Both share 24 of 40 columns with the label; the better player is the worse referee and must not take it."""
    det = det_of((3, 4, (1e-3, 1e-3, 0.6, 0.1)), (3, 6, (1e-3, 1e-3, 0.3, 0.4)))
    assert accuracy_of(det, (3, 44, 28)) == {"person": 1.0, "referee": 1.0}
