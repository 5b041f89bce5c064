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
    kp = np.full((96, 8, 12), -40.0, np.float32)
    kp[5, 3, 7], kp[32 + 10, 3, 7], kp[32 + 11, 3, 7] = 4.0, 0.25, -0.5
    places, scores = evaluate.decode_points(kp)
    assert places[5] == pytest.approx([(7.5 + 0.25) * 8, (3.5 - 0.5) * 8])
    assert scores[5] > 0.9 and scores[4] < 0.01
    ball = np.full((3, 16, 24), -9.0, np.float32)
    ball[0, 8, 13], ball[1, 8, 13], ball[2, 8, 13] = 3.0, -0.25, 0.5
    places, scores = evaluate.decode_balls(ball)
    assert places.tolist() == [[(13.5 - 0.25) * 4, (8.5 + 0.5) * 4]] and scores[0] > 0.9


def test_neighbours_of_a_peak_vote_by_their_scores():
    """The numbers of the program's own test, src/touchline/detect/fused_head_test.cc."""
    kp = np.zeros((96, 4, 8), np.float32)
    kp[:32] = -40
    kp[0, 0, 2], kp[0, 0, 3], kp[0, 1, 1], kp[0, 2, 4] = np.log(3), -np.log(3), 0, -np.log(3)
    kp[0, 3, 2] = kp[0, 0, 5] = 1
    kp[32, 0, 3], kp[33, 1, 1] = 1, 0.5
    places, scores = evaluate.decode_points(kp)
    assert places[0] == pytest.approx([4.875 / 1.75 * 8, 2.125 / 1.75 * 8], rel=1e-5)
    assert scores[0] == pytest.approx(0.75)


def test_decoded_box_is_the_written_one():
    det = np.full((68, 126), -20.0, np.float32)
    cell = 3 * 12 + 4  # stride 8, row 3, column 4: centre 36, 28
    for side, bins in enumerate((2, 1, 3, 2)):
        det[side * 16 + bins, cell] = 20
    det[64 + 3, cell] = 2
    boxes, scores, own, kinds = evaluate.decode_people_and_ball(det, 64, 96)
    assert np.allclose(boxes, [[36 - 16, 28 - 8, 36 + 24, 28 + 16]], atol=1e-3)
    assert kinds.tolist() == [3] and scores[0, 3] == own[0] == pytest.approx(1 / (1 + np.exp(-2)))


def det_of(*people) -> np.ndarray:
    """[68, 126] for 64 x 96: each a cell of stride 8 (row, column) and its scores; 32 x 32 px about the cell's centre."""
    det = np.full((68, 126), -20.0, np.float32)
    for row, column, scores in people:
        det[[2, 18, 34, 50], row * 12 + column] = 20
        det[64:, row * 12 + column] = [np.log(score / (1 - score)) for score in scores]
    return det


def test_a_person_is_scored_by_all_looks_at_him():
    one, other = (1e-3, 0.5, 0.4, 0.02), (1e-3, 0.1, 0.6, 0.03)
    det = det_of((3, 4, one), (3, 5, other))
    det[[2, 3], 3 * 12 + 5] = -20, 20  # the left side a cell further: they share 32 of 40 columns
    boxes, scores, own, kinds = evaluate.decode_people_and_ball(det, 64, 96)
    # That of the .6 counts .36, that of the .5, which shares 32 of its 40 columns, .25.
    assert np.allclose(boxes, [[20, 12, 60 - 8 * 0.25 / 0.61, 44]], atol=1e-3)
    # Highest .5, .6, .03, together 1.13; the root of .6 / 1.13 is .728678.
    assert np.allclose(scores[:, 1:], [[0.364339, 0.437207, 0.02186]], atol=1e-5)
    assert kinds.tolist() == [2] and own.tolist() == pytest.approx([0.6])
    apart = det_of((3, 4, one), (3, 6, other))  # 16 of 48: two people, each with his own
    _, scores, own, kinds = evaluate.decode_people_and_ball(apart, 64, 96)
    shares = np.sqrt([0.6 / 0.73, 0.5 / 0.92])
    assert np.allclose(scores[:, 1:], shares[:, None] * [other[1:], one[1:]]) and kinds.tolist() == [2, 1]


def score_of(det: np.ndarray, *labels, ball_map: np.ndarray | None = None, group="people", classes=(1, 2, 3), points=None):
    """Of one picture of 96 x 64 px; labels are class, centre and side, 32 px where none is said."""
    sides = [label[3] if len(label) > 3 else 32 for label in labels]
    truth = np.array([[kind, x / 96, y / 64, side / 96, side / 64] for (kind, x, y, *_), side in zip(labels, sides)], np.float32)
    labelled = np.isin(np.arange(4), classes)
    sample = Sample(Path("made.jpg"), "made", group, truth, points, labelled, True, 8.0)
    score = evaluate.Score()
    kp = np.full((96, 8, 12), -9.0, np.float32)
    if points is not None:  # Two sure points, the first and the last, in the middle of the picture's first cell.
        kp[[0, 31], 0, 0], kp[32:] = 3.0, 0.0
    score.add(sample, np.array([96.0, 64.0]), 1.0, (det, kp, map_of() if ball_map is None else ball_map), 64, 96)
    return score


def accuracy_of(det: np.ndarray, *labels, steady=False, **more):
    """The steady figures of one picture, or all others."""
    return {name: value for name, value in score_of(det, *labels, **more).result().items() if steady == name.endswith(" steady")}


def map_of(*peaks) -> np.ndarray:
    """[3, 16, 24] for 64 x 96: each peak x, y in pixels and its score; the place is half a cell off its cell's centre."""
    ball = np.full((3, 16, 24), -9.0, np.float32)
    for x, y, score in peaks:
        ball[:, y // 4 - 1, x // 4 - 1] = np.log(score / (1 - score)), 0.5, 0.5
    return ball


def test_average_precision_of_a_class_ranks_all_people_by_its_score():
    """The referee is first of all said to be a player, the player a referee: by score of referee, right then wrong."""
    det = det_of((3, 2, (1e-3, 1e-3, 0.6, 0.5)), (3, 8, (1e-3, 1e-3, 0.3, 0.4)))
    # The player's label is met by the second of two: one right of two.
    assert accuracy_of(det, (3, 20, 28), (2, 68, 28)) == {"person": 1.0, "player": 0.5, "referee": 1.0}


def test_of_two_people_on_one_label_the_class_score_decides():
    """Both share 24 of 40 columns with the label; the better player is the worse referee and must not take it."""
    det = det_of((3, 4, (1e-3, 1e-3, 0.6, 0.1)), (3, 6, (1e-3, 1e-3, 0.3, 0.4)))
    assert accuracy_of(det, (3, 44, 28)) == {"person": 1.0, "referee": 1.0}


def test_steady_accuracy_is_the_mean_over_five_overlaps():
    """Ten pixels beside its label a box of 32 shares 22 of 42 columns, .524: right at .4, .45 and .5, wrong at .55 and .6."""
    det = det_of((3, 4, (1e-3, 1e-3, 0.1, 0.6)))
    assert accuracy_of(det, (3, 46, 28)) == {"person": 1.0, "referee": 1.0}
    assert accuracy_of(det, (3, 46, 28), steady=True) == {"person steady": 0.6, "referee steady": 0.6}


def test_matches_together_rank_the_people_of_all():
    """A right one of .6 in the first match; in the second a wrong one of .7 before a right one of .5. Alone 1 and 1 of 2, together wrong,
    right, right: 2/3 at every recall. Of two visible points one lies where it is said, of the other match's none.
    """
    points = np.zeros((32, 3))
    points[0], points[31] = (4 / 96, 4 / 64, 2), (90 / 96, 60 / 64, 2)
    first = score_of(det_of((3, 2, (1e-3, 1e-3, 0.6, 1e-3))), (2, 20, 28), points=points)
    second = score_of(det_of((3, 2, (1e-3, 1e-3, 0.7, 1e-3)), (3, 8, (1e-3, 1e-3, 0.5, 1e-3))), (2, 68, 28), points=np.zeros((32, 3)))
    assert (first.result()["player"], second.result()["player"]) == (1.0, 0.5)
    first.take_in(second)
    together = first.result()
    assert (together["player"], together["player steady"], together["person"]) == (0.6667, 0.6667, 0.6667)
    assert (together["points PCK@10"], together["points false a picture"]) == (0.5, 1.0)


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
    monkeypatch.setattr(evaluate, "BALL_SIZE_SPREAD", 1e9)
    places, boxes, scores = evaluate.join_balls(peaks, seen, people, EXTENT, 8)
    assert scores == pytest.approx([0.65, 0.3, 0.25])
    assert places.tolist() == [[100, 100], [312, 202], [300, 200]]
    # Beside a person of 50 px: side 0.14 * 50 + 3 = 10.
    assert np.allclose(boxes, [[98, 98, 102, 102], [310, 200, 314, 204], [295, 195, 305, 205]])  # the first moved to the peak


def test_a_box_is_taken_once_by_the_better_peak_which_takes_the_best_box():
    peaks = np.array([[100.0, 100.0], [106.0, 100.0]]), np.array([0.9, 0.7])
    # 5 px from the first peak and 1 px from the second; nearer to the first, but weaker.
    seen = seen_of((105, 100, 0.5), (100, 100, 0.3))
    seen[0][0] += (-1, 0, 1, 0)  # six wide
    _, boxes, scores = evaluate.join_balls(peaks, seen, NOBODY, EXTENT, 8)
    assert scores == pytest.approx([0.7, 0.5])
    assert boxes.tolist() == [[97, 98, 103, 102], [104, 98, 108, 102]]


def test_the_reach_of_a_peak_is_its_edge_included():
    peaks = np.array([[100.0, 100.0]]), np.array([0.8])
    assert evaluate.join_balls(peaks, seen_of((108, 100, 0.4)), NOBODY, EXTENT, 8)[2] == pytest.approx([0.6])
    assert evaluate.join_balls(peaks, seen_of((108.1, 100, 0.4)), NOBODY, EXTENT, 8)[2] == pytest.approx([0.4, 0.2])


def test_a_second_look_at_one_ball_is_none():
    """As ASecondLookAtOneBallIsNone of the program: beside the peak's box, moved to 95..105, one shares 50 of 150 px, one 30 of 170."""
    seen = np.array([[92.0, 95, 102, 105], [100, 95, 110, 105], [88, 95, 98, 105]]), np.array([0.6, 0.5, 0.4])
    _, boxes, scores = evaluate.join_balls((np.array([[100.0, 100.0]]), np.array([0.8])), seen, NOBODY, EXTENT, 8)
    assert boxes.tolist() == [[95, 95, 105, 105], [88, 95, 98, 105]] and scores == pytest.approx([0.7, 0.2])


def test_boxes_where_there_are_no_peaks_keep_their_scores():
    seen = seen_of(*((40 * i + 2, 2, 0.22 - 0.01 * i) for i in range(12)))
    places, boxes, scores = evaluate.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)
    assert scores == pytest.approx([0.22 - 0.01 * i for i in range(8)])
    assert places[7].tolist() == [282, 2] and boxes[7].tolist() == [280, 0, 284, 4]
    nothing = evaluate.join_balls(NO_PEAKS, seen_of(), NOBODY, EXTENT, 8)
    assert [part.shape for part in nothing] == [(0, 2), (0, 4), (0,)]


def test_a_ball_alone_has_a_size_and_stays_inside_the_picture():
    # 0.008 * 1280 = 10.24; the second reaches over the left edge, the third lies below the picture.
    peaks = np.array([[640.0, 360.0], [1.0, 360.0], [640.0, 726.0]]), np.array([0.9, 0.8, 0.7])
    places, boxes, scores = evaluate.join_balls(peaks, seen_of(), NOBODY, EXTENT, 8)
    assert np.allclose(boxes, [[634.88, 354.88, 645.12, 365.12], [0, 354.88, 6.12, 365.12]])
    assert scores == pytest.approx([0.45, 0.4]) and places[1].tolist() == [1, 360]


def test_what_is_too_large_beside_people_is_no_ball():
    people = np.array([[600.0, 300, 620, 350], [200, 300, 240, 400]])  # the taller one has 100 px: 40 is a ball yet
    seen = np.array([[0.0, 0, 40, 90], [100, 0, 141, 41]]), np.array([0.9, 0.8])
    _, boxes, scores = evaluate.join_balls(NO_PEAKS, seen, people, EXTENT, 8)
    assert boxes.tolist() == [[0, 0, 40, 90]] and scores == pytest.approx([0.9])
    peaks = np.array([[20.0, 45.0], [120.0, 20.0]]), np.array([0.5, 0.7])
    assert evaluate.join_balls(peaks, seen, people, EXTENT, 8)[0].tolist() == [[20, 45]]
    assert len(evaluate.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)[0]) == 2


def test_what_is_smaller_than_on_the_grass_beside_people_loses_score():
    """As SmallerThanOnTheGrassBesidePeopleLoseScore of the program: side 0.14 * 100 + 3 = 17 beside a person of 100 px."""
    people = np.array([[590.0, 300, 610, 400]])
    boxes = np.array([[0.0, 0, 34, 34], [100, 0, 117, 17], [200, 0, 208.5, 8.5], [-8.5, 100, 8.5, 110]])
    seen = boxes, np.full(4, 0.5)
    wanted = [0.5, 0.5, 0.402504, 0.070357]
    assert evaluate.join_balls(NO_PEAKS, seen, people, EXTENT, 8)[2] == pytest.approx(wanted, abs=1e-6)
    assert evaluate.join_balls(NO_PEAKS, seen, NOBODY, EXTENT, 8)[2] == pytest.approx([0.5] * 4)
    peaks = np.array([[204.0, 4]]), np.array([0.9])
    assert evaluate.join_balls(peaks, seen, people, EXTENT, 8)[2] == pytest.approx([0.25, 0.25, 0.201252, 0.098499], abs=1e-6)


def test_peak_and_box_together_rank_a_ball_before_a_better_peak_alone():
    det = det_of((3, 4, (0.4, 1e-3, 1e-3, 1e-3)))  # 32 px about 36, 28
    said = map_of((36, 28, 0.8), (80, 52, 0.9))  # .6 with its box, .45 alone
    label = 0, 36, 28
    heat = {"ball8px heat, people": 0.5}  # the map alone: wrong, then right
    assert accuracy_of(det, label, ball_map=said, classes=(0, 1)) == {"ball": 1.0, "ball8px, people": 1.0} | heat
    # Without the box wrong comes before right, and a square in a picture without people is far too small.
    alone = accuracy_of(det_of(), label, ball_map=said, classes=(0, 1))
    assert alone == {"ball": 0.0, "ball8px, people": 0.5} | heat
    of_ball_set = accuracy_of(det, label, ball_map=said, group="ball", classes=(0,))
    assert of_ball_set == {"ball8px, ball set": 1.0, "ball8px heat, ball set": 0.5}


def test_the_square_of_a_ball_is_sized_by_people_that_the_program_reports():
    """Of 32 px: side 0.14 * 32 + 3 * 96 / 1280 = 4.7, that of the label; without him 0.008 * 96 = 0.8."""
    said, label = map_of((36, 28, 0.8)), (0, 36, 28, 4.705)
    for score, accuracy in ((0.26, 1.0), (0.24, 0.0)):
        det = det_of((3, 8, (1e-3, 1e-3, score, 1e-3)))
        assert accuracy_of(det, label, ball_map=said, classes=(0, 2))["ball"] == accuracy


def test_a_picture_without_two_sure_points_shows_no_pitch():
    points = np.zeros((32, 3), np.float32)
    points[4] = (44 / 96, 28 / 64, 2)

    def accuracy_with(other_score: float) -> dict[str, float]:
        kp = np.full((96, 8, 12), -40.0, np.float32)
        kp[32:] = 0
        for point, score in ((4, 0.9), (5, other_score), (6, 0.4)):
            kp[point, 3, 5] = np.log(score / (1 - score))
        sample = Sample(Path("made.jpg"), "made", "points", np.zeros((0, 5), np.float32), points, np.zeros(4, bool), True, 8.0)
        score = evaluate.Score()
        score.add(sample, np.array([96.0, 64.0]), 1.0, (None, kp, None), 64, 96)
        return score.result()

    pair = accuracy_with(0.6)
    assert pair["points PCK@10"] == 1 and pair["points false a picture"] == 2
    alone = accuracy_with(0.45)
    assert alone["points PCK@10"] == 0 and alone["points false a picture"] == 0


def test_all_broken_pictures_are_named_before_the_network_is_read(sets, monkeypatch):
    root, description = sets
    broken = [root / "ball" / "images" / f"match0_ball_{k}.jpg" for k in (0, 2)]
    for file in broken:
        file.write_bytes(file.read_bytes()[:-200])
    monkeypatch.setattr("sys.argv", ["evaluate", "no_such_model.onnx", "--data", str(root), "--sets", str(description)])
    with pytest.raises(SystemExit) as ended:
        evaluate.main()
    assert ended.value.code == "\n".join(
        ["evaluate: nothing was measured", *(f"{file}: broken picture (a JPEG without its end)" for file in broken)])
