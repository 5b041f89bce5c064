import stat
import sys

import cv2
import numpy as np
import pytest

from training import synth_pictures
from training.synth_pictures import SynthError, label_rows, make_set, middle_frames, point_row, size_of

SIZE = (200, 100)


BEHIND = [0, 0, 0, 0, 0, 0, 0, 0, -1]  # a camera in front of which no landmark lies


def record(frame=0, shot=0, objects=(), ball=None, points=None, camera=BEHIND):
    return {"frame": frame, "shot": shot, "objects": list(objects), "ball": ball,
            "pitch": {"points": points or [[0, 0, 0]] * 32, "image_from_pitch": camera}}


def numbers(row: str) -> np.ndarray:
    return np.array([float(word) for word in row.split()])


def test_boxes_are_clipped_and_named_by_class():
    truth = record(objects=[{"class": "goalkeeper", "box_px": [-20, 10, 20, 50]},
                            {"class": "referee", "box_px": [100, 40, 120, 120]},
                            {"class": "player", "box_px": [210, 0, 230, 20]}],
                   ball={"box_px": [50, 50, 54, 54]})
    assert label_rows(truth, SIZE) == ["1 0.050000 0.300000 0.100000 0.400000", "3 0.550000 0.700000 0.100000 0.600000",
                                       "0 0.260000 0.520000 0.020000 0.040000"]


def test_points_behind_people_are_not_visible_but_behind_the_ball_they_are():
    points = [[20, 20, 1], [60, 40, 1], [100, 80, 1]] + [[0, 0, 0]] * 29
    truth = record(objects=[{"class": "player", "box_px": [55, 10, 65, 45]}], ball={"box_px": [95, 75, 105, 85]},
                   points=points)
    row = numbers(point_row(truth, SIZE))
    assert row[:5] == pytest.approx([0, 0.3, 0.5, 0.4, 0.6])
    seen = row[5:].reshape(32, 3)
    assert np.flatnonzero(seen[:, 2] == 2).tolist() == [0, 2]
    assert seen[1] == pytest.approx([0.3, 0.4, 1])
    assert seen[2] == pytest.approx([0.5, 0.8, 2])


def test_a_picture_without_points_has_a_row_that_says_so():
    row = numbers(point_row(record(), SIZE))
    assert row[:5].tolist() == [0, 0.5, 0.5, 1, 1]
    assert not row[5:].any()


def test_points_outside_the_picture_are_placed_unless_they_are_far():
    # From straight above, 2 pixels a metre, the left goal line at the left edge: corner 1 at (-52.5, 34) m.
    seen = numbers(point_row(record(camera=[2, 0, 105, 0, -2, 50, 0, 0, 1]), SIZE))[5:].reshape(32, 3)
    assert (seen[:, 2] == 1).all()
    assert seen[0] == pytest.approx([0, -0.18, 1])
    assert seen[29] == pytest.approx([1.05, 1.18, 1])
    far = numbers(point_row(record(camera=[20, 0, 0, 0, -20, 0, 0, 0, 1]), SIZE))[5:].reshape(32, 3)
    assert far[0].tolist() == [0, 0, 0]


def test_a_single_point_at_the_edge_has_a_box_inside_the_picture():
    row = numbers(point_row(record(points=[[199.9, 0, 1]] + [[0, 0, 0]] * 31), SIZE))
    assert (row[3:5] > 0).all()
    assert (row[1:3] - row[3:5] / 2 >= 0).all() and (row[1:3] + row[3:5] / 2 <= 1).all()


def test_one_frame_a_shot_away_from_the_cuts():
    records = [record(frame=i, shot=i // 4) for i in range(12)]
    assert middle_frames(records) == {2, 6, 10}


def test_most_pictures_are_of_broadcast_shape_but_not_all():
    sizes = [size_of(seed) for seed in range(1000, 1060)]
    assert sizes.count((1280, 720)) > 30
    assert len(set(sizes)) == 4


# Stands in for the program: a clip of 4 frames in 2 shots, each frame of one grey.
FAKE = """#!{python}
import json, sys
import cv2
import numpy as np
at = lambda name: sys.argv[sys.argv.index(name) + 1]
assert sys.argv[1] == "synth" and at("--camera") == "mixed"
writer = cv2.VideoWriter(at("--out"), cv2.VideoWriter_fourcc(*"mp4v"), 1, (64, 48))
lines = []
for i in range(4):
    writer.write(np.full((48, 64, 3), 60 * i + 10, np.uint8))
    lines.append(json.dumps(dict(frame=i, shot=i // 2, objects=[{{"class": "player", "box_px": [0, 0, 8, 24]}}],
                                 ball=None, pitch=dict(points=[[0, 0, 0]] * 32, image_from_pitch=[0] * 8 + [-1]))))
writer.release()
open(at("--truth"), "w").write("\\n".join(lines))
"""


def program(tmp_path, text: str):
    file = tmp_path / "touchline"
    file.write_text(text.format(python=sys.executable))
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_a_set_has_picture_labels_and_points_of_the_same_frame(tmp_path):
    assert make_set(program(tmp_path, FAKE), tmp_path / "set", pictures=3, seed=5, quality=90) == 3
    names = sorted(file.stem for file in (tmp_path / "set" / "images").iterdir())
    assert names == ["s5__0001", "s5__0003", "s6__0001"]
    for folder in ("labels", "points"):
        assert sorted(file.stem for file in (tmp_path / "set" / folder).iterdir()) == names
    picture = cv2.imread(str(tmp_path / "set" / "images" / "s5__0003.jpg"))
    assert picture.mean() == pytest.approx(190, abs=6)
    assert (tmp_path / "set" / "labels" / "s5__0001.txt").read_text() == "2 0.062500 0.250000 0.125000 0.500000\n"


def test_matches_made_at_once_are_those_made_one_after_the_other(tmp_path):
    """Two pictures a match, so 19 take ten: two begun at once for 15 and 4, then as many as are still missing."""
    assert make_set(program(tmp_path, FAKE), tmp_path / "set", pictures=19, seed=5, quality=90) == 19
    names = [f"s{seed}__000{frame}" for seed in range(5, 15) for frame in (1, 3)]
    assert {file.stem for file in (tmp_path / "set" / "images").iterdir()} == set(names[:19])


def test_what_goes_wrong_is_one_sentence(tmp_path, monkeypatch, capsys):
    with pytest.raises(SynthError, match="build it with make build"):
        make_set(tmp_path / "nothing", tmp_path / "set", 1, 0, 90)
    failing = program(tmp_path, "#!{python}\nimport sys\nsys.exit('no room on the disk')\n")
    monkeypatch.setattr(sys, "argv", ["synth_pictures", "--touchline", str(failing), "--out", str(tmp_path / "set")])
    assert synth_pictures.main() == 1
    assert capsys.readouterr().err == "synth_pictures: touchline synth failed with seed 1000: no room on the disk\n"


def test_a_place_that_cannot_be_written_and_impossible_numbers_are_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "words").write_text("mine")
    command = ["synth_pictures", "--touchline", str(program(tmp_path, FAKE)), "--out"]
    monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / "words")])
    assert synth_pictures.main() == 1
    assert capsys.readouterr().err == f"synth_pictures: {tmp_path}/words/images: cannot be written (Not a directory)\n"
    for words in (["--pictures", "0"], ["--seed", "-1"], ["--quality", "101"]):
        monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / "set"), *words])
        with pytest.raises(SystemExit):
            synth_pictures.main()
        assert f"argument {words[0]}: {words[1]}: must be a whole number from " in capsys.readouterr().err
    assert not (tmp_path / "set").exists()
    monkeypatch.setattr(cv2, "imwrite", lambda *_: False)  # as where the disk is full
    monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / "set"), "--seed", "5"])
    assert synth_pictures.main() == 1
    assert capsys.readouterr().err == f"synth_pictures: {tmp_path}/set/images/s5__0001.jpg: cannot be written; is the disk full?\n"
