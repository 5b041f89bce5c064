import json
from pathlib import Path

import numpy as np
import pytest

from training import evaluate
from training.data import Sample
from training.tests.conftest import det_of

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "models" / "touchline_n.onnx"


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
    assert alone == {"points PCK@10": 0, "points false a picture": 0}  # no median of nothing, which JSON cannot write


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


@pytest.mark.parametrize("content, said", [
    (None, "no network of ours can be read from it (RuntimeError)"),
    (b"no network", "no network of ours can be read from it (RuntimeError)"),
    ((ROOT / "tests/data/models/yolov8_64.onnx").read_bytes(), "has no output ball, det, kp; only networks of this layout can be measured"),
])
def test_a_file_that_is_no_network_of_this_layout_is_refused(sets, tmp_path, monkeypatch, content, said):
    root, description = sets
    model = tmp_path / "mine.onnx"
    if content:
        model.write_bytes(content)
    monkeypatch.setattr("sys.argv", ["evaluate", str(model), "--data", str(root), "--sets", str(description), "--size", "64x96"])
    with pytest.raises(SystemExit) as ended:
        evaluate.main()
    assert ended.value.code == f"evaluate: nothing was measured\n{model}: {said}"


def refusal(monkeypatch, capsys, root, description, *arguments) -> str:
    monkeypatch.setattr("sys.argv", ["evaluate", *arguments, "--data", str(root), "--sets", str(description)])
    with pytest.raises(SystemExit) as ended:
        evaluate.main()
    return str(ended.value.code) + capsys.readouterr().err


@pytest.mark.parametrize("option, value, said", [
    ("--size", "736", "736: must be HxW, multiples of 32 as 736x1280"),
    ("--size", "0x0", "0x0: must be HxW, multiples of 32 as 736x1280"),
    ("--size", "64x97", "64x97: must be HxW, multiples of 32 as 736x1280"),
    ("--threads", "0", "0: must be a whole number from 1 to "),
])
def test_sizes_and_threads_that_cannot_be_are_refused(sets, monkeypatch, capsys, option, value, said):
    assert said in refusal(monkeypatch, capsys, *sets, str(SHIPPED), option, value)


def test_nothing_held_out_is_said(sets, monkeypatch, capsys):
    root, description = sets
    description.write_text(json.dumps(json.loads(description.read_text()) | {"validation": {}}))
    said = refusal(monkeypatch, capsys, root, description, str(SHIPPED))
    assert said.startswith(f'evaluate: nothing was measured\n{description}: no picture is held out; name whole matches in "validation"')


def test_a_network_of_other_classes_is_refused(sets, monkeypatch, capsys):
    monkeypatch.setattr(evaluate, "CLASSES", (*evaluate.CLASSES, "coach"))
    said = refusal(monkeypatch, capsys, *sets, str(SHIPPED), "--size", "64x96")
    assert f"{SHIPPED}: has 4 classes, and training/model.py names 5" in said
