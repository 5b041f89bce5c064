import json

import cv2
import numpy as np
import pytest
import torch

from training.data import (
    BACKDROP, OTHER_TEAM, DataError, PictureStore, check_pictures, grass, letterbox, material_map, read_sets, split)


def problems_of(sets) -> list[str]:
    with pytest.raises(DataError) as error:
        read_sets(*sets)
    return str(error.value).splitlines()


def describe(sets, change):
    """Writes the description anew, changed, one key or match a line."""
    config = json.loads(sets[1].read_text())
    change(config)
    sets[1].write_text(json.dumps(config, indent=1))


def test_whole_matches_are_held_out(sets):
    train, validation = split(*read_sets(*sets))
    assert {s.match for s in train} == {"match1"}
    assert {s.match for s in validation["home"]} == {"match0"}
    assert len(train) == len(validation["home"]) == 6


def test_what_a_set_does_not_label_is_known(sets):
    samples, _ = read_sets(*sets)
    by_group = {s.group: s for s in samples}
    assert by_group["ball"].labelled.tolist() == [True, False, False, False]
    assert by_group["points"].labelled.tolist() == [False] * 4
    assert by_group["points"].points.shape == (32, 3)
    assert by_group["people"].points is None


@pytest.mark.parametrize("row, complaint", [
    ("2 0.99 0.5 0.2 0.2", "label outside the picture"),
    ("2 0.5 -0.2 0.1 0.1", "label outside the picture"),
    ("7 0.5 0.5 0.1 0.1", "class 7 does not exist (0 to 3)"),
    ("1.5 0.5 0.5 0.1 0.1", "class 1.5 does not exist (0 to 3)"),
    ("2 0.5 0.5 0.1", "4 numbers, 5 expected"),
    ("2 0.5 half 0.1 0.1", "not a row of numbers"),
    ("2 0.5 0.5 0 0.1", "a label without width or height"),
    ("2 nan 0.5 0.1 0.1", "a number that is not finite"),
    ("2 0.5 0.5 0.1 1e300", "a number that is not finite"),
    ("nan 0.5 0.5 0.1 0.1", "a number that is not finite"),
    ("-inf 0.5 0.5 0.1 0.1", "a number that is not finite"),
    ("2 0.5 0.5 0.1 0,1é", "not a row of numbers"),
])
def test_a_bad_row_is_named_with_file_and_line(sets, row, complaint):
    label = next((sets[0] / "players" / "labels").glob("*.txt"))
    label.write_text("2 0.3 0.5 0.05 0.2\n\n" + row + "\n", encoding="latin-1")  # é is not UTF-8 then
    (problem,) = problems_of(sets)
    assert problem.startswith(f"{label}:3: ")
    assert complaint in problem


def test_every_problem_is_named_not_only_the_first(sets):
    labels = sorted((sets[0] / "players" / "labels").glob("*.txt"))
    labels[0].write_text("9 0.5 0.5 0.1 0.1\n8 0.5 0.5 0.1 0.1\n")
    labels[1].unlink()
    problems = problems_of(sets)
    assert len(problems) == 3
    assert any("no label file" in p and labels[1].stem in p for p in problems)


def test_a_visible_point_outside_the_picture_is_named(sets):
    label = next((sets[0] / "pitch" / "labels").glob("*.txt"))
    words = label.read_text().split()
    words[5 + 3], words[5 + 3 + 2] = "1.4", "2"
    label.write_text(" ".join(words) + "\n")
    assert problems_of(sets) == [f"{label}:1: visible pitch point outside the picture"]


@pytest.mark.parametrize("x, visibility, complaint", [
    ("0.4", "3", "visibility 3 does not exist (2 visible, 1 hidden or outside, 0 unknown)"),
    ("0.4", "-1", "visibility -1 does not exist (2 visible, 1 hidden or outside, 0 unknown)"),
    ("nan", "0", "a number that is not finite"),
    ("inf", "1", "a number that is not finite"),
])
def test_a_point_that_says_nothing_is_named(sets, x, visibility, complaint):
    label = next((sets[0] / "pitch" / "labels").glob("*.txt"))
    words = label.read_text().split()
    words[5 + 3], words[5 + 3 + 2] = x, visibility
    label.write_text(" ".join(words) + "\n")
    assert problems_of(sets) == [f"{label}:1: {complaint}"]


@pytest.mark.parametrize("change, line, complaint", [
    (lambda c: c["sets"][0].update(classes=["ball", "plyer"]), 8, "class 'plyer' does not exist (one of ball, goalkeeper, player, referee)"),
    (lambda c: c["sets"][1].update(ours_classes=["kit"]), 20, "class 'kit' does not exist (one of ball, goalkeeper, player, referee)"),
    (lambda c: c["sets"][0].update(group="peeple"), 12, "group 'peeple' does not exist (one of people, broadcast, ball, points, synth)"),
    (lambda c: c["sets"][1].update(match="^.{6}"), 16, "'^.{6}' is no pattern whose first group, in brackets, is the match"),
    (lambda c: c["sets"][1].update(match="^(.{6}"), 16, "'^(.{6}' is no pattern whose first group, in brackets, is the match"),
    (lambda c: c["sets"][1].update(pionts=True), 19, "unknown key 'pionts' (one of folder, match, group, classes, points, points_folder,"),
    (lambda c: c["sets"][1].update(points="yes"), 17, "'points' must be true or false"),
    (lambda c: c["sets"][2].update(classes="ball"), 23, "'classes' must be a list of texts"),
    (lambda c: c["sets"][0].update(largest_scale=0), 13, "'largest_scale' must be above 0, not 0"),
    (lambda c: c["sets"][0].update(largest_scale=float("nan")), 13, "'largest_scale' must be above 0, not nan"),
    (lambda c: c["sets"][0].update(largest_scale=True), 13, "'largest_scale' must be a number"),
    (lambda c: c["sets"][1].update(classes=["player"]), 19, "'classes' beside 'points', of a set whose labels/ hold points alone; one with both"),
    (lambda c: c["sets"][1].update(points_folder="points"), 19, "'points_folder' beside 'points', of a set whose labels/ hold points alone;"),
    (lambda c: c.update(sets=[]), 1, '"sets", a list of one or more, and "validation"'),
    (lambda c: c["sets"][2].pop("match"), 21, "a set without 'match'"),
    (lambda c: c.pop("validation"), 1, '"sets", a list of one or more, and "validation", lists of matches by group, expected'),
    (lambda c: c.update(validation=["match0"]), 1, '"sets", a list of one or more, and "validation", lists of matches by group, expected'),
])
def test_a_mistake_in_the_description_is_named_with_its_line(sets, change, line, complaint):
    describe(sets, change)
    (problem,) = problems_of(sets)
    assert problem.startswith(f"{sets[1]}:{line}: {complaint}")


def test_files_from_other_systems_and_editors_are_read_alike(sets):
    """Windows line ends, the mark before UTF-8, tabs, empty lines, names in any letters."""
    root, description = sets
    label = sorted((root / "players" / "labels").glob("*.txt"))[0]
    text, (plain, *_) = label.read_text(), read_sets(*sets)[0]
    for raw in (text.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + text.encode(), text.replace(" ", "\t").encode(),
                ("\n" + text.replace("\n", "\n\n")).encode()):
        label.write_bytes(raw)
        assert (read_sets(*sets)[0][0].boxes == plain.boxes).all()
    description.write_bytes(b"\xef\xbb\xbf" + description.read_bytes())
    for folder, suffix in (("images", ".jpg"), ("labels", ".txt")):
        (root / "players" / folder / (label.stem + suffix)).rename(root / "players" / folder / f"match0_Köln \u8db3\u7403{suffix}")
    samples = read_sets(*sets)[0]
    assert any(s.file.stem == "match0_Köln \u8db3\u7403" and len(s.boxes) == 3 for s in samples)
    check_pictures(samples)


def test_rows_of_a_class_that_the_set_does_not_name_are_a_mistake(sets):
    """Else a new class whose name was forgotten would be masked, and never learnt."""
    describe(sets, lambda c: c["sets"][0].update(classes=["ball", "player"]))
    assert problems_of(sets) == [f"{sets[0]}/players/labels: has rows of class 'goalkeeper', which the set's 'classes' do not name; "
                                 "add it there, or delete the rows"]


def test_two_pictures_of_one_name_are_a_mistake(sets):
    first = sorted((sets[0] / "players" / "images").glob("*.jpg"))[0]
    cv2.imwrite(str(first.with_suffix(".png")), cv2.imread(str(first)))
    assert problems_of(sets) == [f"{first.with_suffix('.png')}: {first.name} has the same name, and so the same label; rename one, or delete it"]


def test_what_is_no_file_is_named(sets):
    root, _ = sets
    pictures = sorted((root / "ball" / "images").glob("*.jpg"))
    samples, _ = read_sets(*sets)
    pictures[0].unlink()
    pictures[0].mkdir()
    pictures[1].unlink()
    pictures[1].symlink_to("/nowhere.jpg")
    with pytest.raises(DataError) as error:
        check_pictures(samples)
    assert str(error.value).splitlines() == [f"{pictures[0]}: cannot be read (Is a directory)", f"{pictures[1]}: cannot be read (No such file or directory)"]
    label = sorted((root / "ball" / "labels").glob("*.txt"))[2]
    label.unlink()
    label.mkdir()
    assert problems_of(sets)[0] == f"{pictures[2]}: no label file {label}"


def test_a_description_that_is_none_is_named(sets):
    sets[1].write_text('{\n"sets": [,]}')
    assert problems_of(sets) == [f"{sets[1]}:2: no JSON (Expecting value)"]
    sets[1].write_bytes(b"\xff")
    assert problems_of(sets)[0].startswith(f"{sets[1]}: no description of sets can be read from it (")
    sets[1].unlink()
    assert problems_of(sets)[0].startswith(f"{sets[1]}: no description of sets can be read from it (")


def test_a_held_out_match_without_pictures_is_named(sets, capsys):
    root, description = sets
    describe(sets, lambda c: c["validation"].update(home=["match0", "match7"], away=["match8"]))
    match7, match8 = (f"{description}:{line}: no picture is of match '{match}', held out as '{group}'; mend its name, or delete it"
                      for line, match, group in ((32, "match7", "home"), (35, "match8", "away")))
    assert problems_of(sets) == [match7]
    assert capsys.readouterr().err == match8 + "\n"  # of a whole group: of a set that is not described here
    describe(sets, lambda c: c["sets"].append({"folder": "synth", "match": "^(.)", "group": "synth", "made": "the command"}))
    assert len(read_sets(*sets)[0]) == 12
    assert "'match7'" in capsys.readouterr().err  # may be of the set that is left out


def test_a_group_of_the_name_of_all_and_a_match_held_out_twice_are_named(sets):
    describe(sets, lambda c: c["validation"].update(all=["match1"], away=["match0"]))
    assert [problem.split(": ", 1)[1] for problem in problems_of(sets)] == [
        "a group 'all', which stands for all groups together; call it another name", "match 'match0' is held out 2 times; once is enough"]


def test_a_label_without_a_picture_is_named(sets):
    root, description = sets
    describe(sets, lambda c: c["sets"][0].update(ours="added", points_folder="points"))
    (root / "added").mkdir()
    (root / "players" / "points").mkdir()
    for label in (root / "players" / "labels").glob("*.txt"):
        points = next((root / "pitch" / "labels").glob("*.txt")).read_text()
        (root / "players" / "points" / label.name).write_text(points)
    alone = [root / "players" / "labels" / "a.txt", root / "players" / "points" / "b.txt", root / "added" / "c.txt"]
    for label in alone:
        label.write_text("")
    assert problems_of(sets) == [f"{label}: no picture has this name (.jpg, .jpeg, .png, .webp); add it, or delete the label" for label in alone]


def test_all_broken_pictures_are_named(sets):
    samples, _ = read_sets(*sets)
    files = [sample.file for sample in samples]
    whole = files[0].read_bytes()
    files[1].write_bytes(whole[:-200])
    picture = np.random.default_rng(0).integers(0, 256, (360, 640, 3), np.uint8)
    for file, flags in ((files[2], []), (files[3], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]), (files[4], [cv2.IMWRITE_JPEG_RST_INTERVAL, 8])):
        cv2.imwrite(str(file), picture, flags)
    raw = files[2].read_bytes()
    files[2].write_bytes(raw[: len(raw) // 2] + raw[len(raw) * 2 // 3 :])
    files[5].write_bytes(b"no picture at all \xff\xd9")
    with pytest.raises(DataError) as error:
        check_pictures(samples)
    assert str(error.value).splitlines() == [
        f"{files[1]}: broken picture (a JPEG without its end)", f"{files[2]}: broken picture (a JPEG without its middle)",
        f"{files[5]}: broken picture (no JPEG; name it by what it is)"]


def test_a_cut_off_jpeg_is_named_and_nothing_is_loaded(sets):
    samples, _ = read_sets(*sets)
    file = samples[0].file
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(DataError, match=f"{file.name}: broken picture"):
        PictureStore(samples, torch.device("cpu"))


def test_a_file_that_is_no_picture_is_named(sets):
    samples, _ = read_sets(*sets)
    samples[2].file.write_bytes(b"no picture at all \xff\xd9")
    with pytest.raises(DataError, match=f"{samples[2].file.name}: broken picture"):
        PictureStore(samples, torch.device("cpu"))


def test_a_folder_of_ours_that_is_not_there_is_named(sets):
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"][0]["ours"] = "mistyped"
    description.write_text(json.dumps(config))
    assert problems_of(sets) == [f"{root}/mistyped: no such folder; add it, or delete 'ours' from the set's description"]
    assert len(read_sets(*sets, as_given=True)[0]) == 12


def test_an_empty_set_is_named(sets):
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"].append({"folder": "nothing", "match": "^(.)", "group": "people"})
    description.write_text(json.dumps(config))
    assert problems_of(sets) == [f"{root}/nothing/images: no pictures; add them, or delete the set from its description"]


def test_a_set_that_can_be_made_is_left_out_by_name(sets, capsys):
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"].append({"folder": "synth", "match": "^(.)", "group": "synth", "made": "the command"})
    description.write_text(json.dumps(config))
    assert len(read_sets(*sets)[0]) == 12
    assert capsys.readouterr().err == f"{root}/synth: not there, left out; made by the command\n"


def test_a_set_with_people_and_points_is_one_sample_each(sets):
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"][0]["points_folder"] = "points"
    description.write_text(json.dumps(config))
    (root / "players" / "points").mkdir()
    assert [p.split(": no label file")[0] for p in problems_of(sets)] == [
        str(f) for f in sorted((root / "players" / "images").glob("*.jpg"))]
    row = "0 0.5 0.5 1 1 " + " ".join(["0.5 0.25 2", "1.7 -0.3 1"] + ["0 0 0"] * 30)
    for label in (root / "players" / "labels").glob("*.txt"):
        (root / "players" / "points" / label.name).write_text(row + "\n")
    sample = next(s for s in read_sets(*sets)[0] if s.group == "people")
    assert len(sample.boxes) == 3 and sample.points[:2].tolist() == [[0.5, 0.25, 2], pytest.approx([1.7, -0.3, 1])]


def test_one_picture_with_two_label_sets_is_one_sample(sets):
    root, _ = sets
    people = next((root / "players" / "images").glob("*.jpg"))
    (root / "pitch" / "images" / people.name).write_bytes(people.read_bytes())
    pitch_label = next((root / "pitch" / "labels").glob("*.txt"))
    (root / "pitch" / "labels" / (people.stem + ".txt")).write_text(pitch_label.read_text())
    samples, _ = read_sets(*sets)
    (sample,) = [s for s in samples if s.file.name == people.name]
    assert sample.points is not None and len(sample.boxes) == 3


def test_rows_of_ours_are_added_and_label_more_classes(sets):
    """What nobody had labelled yet, in a folder beside sets.json; pictures without such a file stay as they are."""
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"][1] |= {"ours": "added/pitch", "ours_classes": ["player", "referee"]}
    config["sets"][0] |= {"ours": "added/players"}
    description.write_text(json.dumps(config))
    (root / "added" / "pitch").mkdir(parents=True)
    (root / "added" / "players").mkdir()
    (root / "added" / "pitch" / "match1_pitch_1.txt").write_text("3 0.2 0.5 0.05 0.2\n")
    (root / "added" / "players" / "match1_players_1.txt").write_text("2 0.9 0.5 0.05 0.2\n")
    samples = {s.file.stem: s for s in read_sets(*sets)[0]}
    pitch = samples["match1_pitch_1"]
    assert pitch.labelled.tolist() == [False, False, True, True] and pitch.boxes[:, 0].tolist() == [3]
    assert pitch.points is not None and pitch.group == "people"
    assert not samples["match1_pitch_3"].labelled.any() and samples["match1_pitch_3"].group == "points"
    assert len(samples["match1_players_1"].boxes) == 4 and len(samples["match1_players_3"].boxes) == 3
    as_given = {s.file.stem: s for s in read_sets(*sets, as_given=True)[0]}
    assert len(as_given["match1_players_1"].boxes) == 3 and as_given["match1_pitch_1"].group == "points"
    # At the place of the first row, and a little beside that of the second.
    (root / "added" / "players" / "match1_players_1.txt").write_text("1 0.3 0.5 0.05 0.2\n2 0.70 0.402 0.04 0.18\n")
    corrected = next(s for s in read_sets(*sets)[0] if s.file.stem == "match1_players_1")
    assert corrected.boxes[:, 0].tolist() == [1, 0, 1, 2]
    (root / "added" / "players" / "match1_players_1.txt").write_text("not 2 0.3 0.5 0.05 0.2\n2 0.31 0.5 0.04 0.2\n")
    moved = next(s for s in read_sets(*sets)[0] if s.file.stem == "match1_players_1")
    assert len(moved.boxes) == 3 and moved.boxes[2] == pytest.approx([2, 0.31, 0.5, 0.04, 0.2])
    (root / "added" / "players" / "match1_players_1.txt").write_text(
        "not \n5 0.9 0.5 0.05 0.2\nnot 2 0.3\nnot 2 0.35 0.5 0.05 0.2\nnot 3 0.3 0.5 0.05 0.2\n")
    file = f"{root}/added/players/match1_players_1.txt"
    assert problems_of(sets) == [
        f"{file}:1: the set has no row '' to withdraw", f"{file}:2: class 5 does not exist (0 to 3)",
        f"{file}:3: 2 numbers, 5 expected", f"{file}:4: the set has no row '2 0.35 0.5 0.05 0.2' to withdraw",
        f"{file}:5: the set has no row '3 0.3 0.5 0.05 0.2' to withdraw"]


@pytest.mark.parametrize("height, width", [(1, 1), (7, 11), (48, 64), (300, 100), (96, 128), (97, 500)])
def test_letterbox_against_its_definition(height, width):
    target_height, target_width = 64, 96
    picture = np.random.default_rng(height).integers(1, 256, (height, width, 3), dtype=np.uint8)
    boxed, scale = letterbox(picture, target_height, target_width)
    assert scale == min(target_width / width, target_height / height)
    inner = (round(height * scale), round(width * scale))
    assert boxed.shape == (target_height, target_width, 3)
    assert not boxed[inner[0] :].any() and not boxed[:, inner[1] :].any()
    assert boxed[: inner[0], : inner[1]].all()


def test_letterbox_averages_areas_when_it_shrinks():
    picture = np.zeros((128, 192, 3), np.uint8)
    picture[::2] = 200  # every second line: half the area
    boxed, _ = letterbox(picture, 64, 96)
    assert np.abs(boxed.astype(int) - 100).max() <= 1


def pitch_and_boards() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A player on grass, beside a line and a ball; a referee before boards, which begin at column 200."""
    picture = np.full((200, 400, 3), (40, 140, 60), np.uint8)
    picture[:, 200:] = (90, 90, 200)
    for x in (100, 300):
        cv2.rectangle(picture, (x - 6, 80), (x + 6, 120), (200, 30, 30), -1)
    cv2.line(picture, (0, 160), (199, 160), (255, 255, 255), 5)
    cv2.circle(picture, (40, 60), 5, (255, 255, 255), -1)
    return picture, grass(picture), np.array([[2, 100, 105, 24, 60], [3, 300, 105, 24, 60]], np.float32)


def test_kits_are_found_only_on_people_who_stand_on_grass():
    materials = material_map(*pitch_and_boards())
    assert materials[100, 100] == 2
    assert materials[100, 92] == 0  # grass inside the box
    assert set(np.unique(materials[:, 200:])) == {0, BACKDROP}


def test_the_two_teams_are_kept_apart_and_other_roles_are_no_team():
    picture = np.full((200, 400, 3), (40, 140, 60), np.uint8)
    kinds = [2, 2, 2, 1, 3, 2]
    colours = [(200, 30, 30), (210, 40, 30), (30, 30, 200), (240, 240, 0), (0, 0, 0), (30, 40, 190)]
    boxes = np.array([[kind, 40 + 60 * k, 105, 24, 60] for k, kind in enumerate(kinds)], np.float32)
    for (_, x, *_), colour in zip(boxes, colours):
        cv2.rectangle(picture, (int(x) - 6, 80), (int(x) + 6, 120), colour, -1)
    at_shirts = material_map(picture, grass(picture), boxes)[100, boxes[:, 1].astype(int)]
    assert at_shirts.tolist() in ([2, 2, OTHER_TEAM, 1, 3, OTHER_TEAM], [OTHER_TEAM, OTHER_TEAM, 2, 1, 3, 2])


def test_backdrop_is_wide_and_no_grass_and_nobody():
    materials = material_map(*pitch_and_boards())
    expected = np.zeros(materials.shape, bool)
    expected[:, 200:] = True
    expected[69:142, 285:315] = False  # the referee's box, 1.2 times: rows 69 to 141, columns 285.6 to 314.4
    assert ((materials == BACKDROP) == expected).all()
    assert not materials[155:166, :200].any() and not materials[54:67, 34:47].any()  # the line and the ball


def test_the_rest_of_the_letterbox_is_no_backdrop(sets):
    root, _ = sets
    file = next((root / "players" / "images").glob("*.jpg"))
    cv2.imwrite(str(file), np.full((360, 320, 3), (200, 90, 90), np.uint8))  # boards everywhere, half as wide as the canvas
    samples = [s for s in read_sets(*sets)[0] if s.file == file]
    materials = PictureStore(samples, torch.device("cpu")).full[0, 3].numpy()
    assert (materials[:100, :640] == BACKDROP).all() and not materials[:, 640:].any()
