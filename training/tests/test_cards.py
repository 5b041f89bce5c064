import json
import subprocess
import sys

import pytest

from training import cards

# As `touchline eval detect` and `eval pitch` print them.
PEOPLE = """AP50, recall, precision         frames               people           goalkeeper               player              referee                 ball    sure   roles   false
portrait_720x1280p25.mp4            14  0.938  0.932  0.958  0.599  0.500  0.750  0.940  0.908  0.922  0.600  0.333  0.250  0.876  0.909  0.667   0.818   0.913   0.214
closeups_1080p25.mp4                10  0.864  0.833  1.000      -      -      -  0.885  0.833  0.781      -      -      -  0.322  0.500  0.152   0.200   1.000   0.800
goalmouth_720p50.mp4                14  0.977  0.978  0.895  0.253  0.214  0.167  0.952  0.968  0.862  0.851  0.500  0.875  0.803  1.000  0.250   0.462   0.894   1.500
decisions                           42  0.979  0.976  0.986  0.828  0.480  0.923  0.976  0.970  0.944  0.967  0.814  0.941  0.880  0.946  0.330   0.811   0.956   0.190
"""
POINTS = """pitch points                      frames visible   found  median px   p90 px false a frame
portrait_720x1280p25.mp4              14      32   0.594      2.758    4.796         0.357
closeups_1080p25.mp4                  10       0       -          -        -         0.000
goalmouth_720p50.mp4                  14      11   0.000          -        -         0.000
decisions                             42     281   1.000      2.409    4.593         0.119
"""
LOG = f"""
== players, five unseen matches, network 1280
portrait_720x1280p25.mp4            14  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111  0.111   0.111   0.111   0.111

== other cameras, 88 frames of seven clips labelled by hand, net_a, network 1280
{PEOPLE}{POINTS}
== the same clips analyzed whole, network 1280: roles by track, one ball a frame
{PEOPLE.replace("0.9", "0.2")}"""
HELD_OUT = [
    {"size": "736x1280", "validation": "home", "ball": 0.7, "ball8px heat, ball set": 0.8524, "ball8px heat, people": 0.7861,
     "ball8px, ball set": 0.853, "ball8px, people": 0.7906, "goalkeeper": 0.944, "person": 1.0, "player": 0.9876, "referee": 0.82849,
     "points PCK@10": 0.9976, "points median px": 1.0149, "points false a picture": 0.0513},
    {"size": "736x1280", "validation": "broadcast", "ball": 0.71, "ball8px heat, people": 0.764, "ball8px, people": 0.789,
     "goalkeeper": 0.722, "person": 0.964, "player": 0.941, "referee": 0.7},
    {"size": "736x1280", "validation": "all", "person": 0.123},
]
CARD = """# net_a

| | person | and so on |
| --- | --- | --- |
| home, 736 × 1280 | .1 | .2 |
| broadcasts, 736 × 1280, this | .1 |
| home, 384 × 640 | not measured |
| net_b, home, 736 × 1280 | another's |
| first network, home, 736 × 1280 | .979 |

| 1280 px | person AP / recall / precision |
| --- | --- |
| portrait | .1 |
| closeups | .2 |
| goalmouth | .25 |
| decisions | .3 |
| tactical | not measured |

After tracking: decisions and reported.

| clips | person AP / recall / precision |
| --- | --- |
| decisions | .4 |
| decisions, net_b | another's |
"""


@pytest.fixture
def files(tmp_path):
    for name, text in (("log", LOG), ("whole.txt", PEOPLE), ("net_a.md", CARD), ("a.jsonl", "\n".join(map(json.dumps, HELD_OUT)))):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_measured_rows_are_replaced_and_all_else_stays(files):
    card = cards.fill(CARD, "net_a", {"net_a": cards.read_held_out(files / "a.jsonl")}, cards.read_clips(files / "log"),
                      {"net_a": cards.read_whole(files / "whole.txt")})
    new = [line for old, line in zip(CARD.splitlines(), card.splitlines(), strict=True) if old != line]
    assert new == [
        "| home, 736 × 1280 | 1.000 | .988 | .944 | .828 | .700 | .791 / .853 | .786 / .852 | .998, 1.01 px, 0.05 |",
        "| broadcasts, 736 × 1280, this | .964 | .941 | .722 | .700 | .710 | .789 | .764 |  |",
        "| portrait | .938 / .932 / .958 | .940 | .599 | .600 | .913 | 0.21 | .909 / .667 | .818 | .594, 2.76 px | 0.36 |",
        "| closeups | .864 / .833 / 1.000 | .885 | - | - | 1.000 | 0.80 | .500 / .152 | .200 | - | 0.00 |",
        "| goalmouth | .977 / .978 / .895 | .952 | .253 | .851 | .894 | 1.50 | 1.000 / .250 | .462 | .000 | 0.00 |",
        "| decisions | .979 / .976 / .986 | .976 | .828 | .967 | .956 | 0.19 | .946 / .330 | .811 | 1.000, 2.41 px | 0.12 |",
        "| decisions | .979 / .976 / .986 | .480 / .923 | .814 / .941 | .956 | .946 / .330 |",
    ]


def test_a_card_is_written_again_the_same_once_its_figures_are_in(files):
    command = [sys.executable, "-m", "training.cards", "--held-out", f"net_a={files}/a.jsonl", "--clips", f"{files}/log", f"{files}/net_a.md"]
    said = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2)]
    assert said == [f"{files}/net_a.md: 6 rows changed\n", f"{files}/net_a.md: 0 rows changed\n"]


@pytest.mark.parametrize("arguments, said", [
    (["--held-out", "net_a"], "is not NAME=FILE"),
    (["--held-out", "net_a=gone.jsonl"], "gone.jsonl: nothing can be read from it ([Errno 2] No such file or directory: 'gone.jsonl')\n"),
    (["--held-out", "net_a={}/people.jsonl"], "people.jsonl: nothing can be read from it (it has no 'goalkeeper')\n"),
    (["--held-out", "net_a={}/number.jsonl"], "number.jsonl: nothing can be read from it ("),
    (["--clips", "{}/net_a.onnx"], "net_a.onnx: nothing can be read from it ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte)\n"),
    (["--held-out", "net_a={}/net_a.md"], "net_a.md: nothing can be read from it"),
    (["--clips", "gone.log"], "gone.log: nothing can be read from it"),
    (["gone.md"], "gone.md: nothing can be read from it"),
])
def test_files_that_hold_no_figures_are_named(files, arguments, said):
    (files / "people.jsonl").write_text(json.dumps({"size": "736x1280", "validation": "home", "person": 1.0, "player": 1.0}))
    (files / "number.jsonl").write_text("5")
    (files / "net_a.onnx").write_bytes(b"\xff" * 1000)
    command = [sys.executable, "-m", "training.cards", *(argument.format(files) for argument in arguments), f"{files}/net_a.md"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and said in done.stderr and (files / "net_a.md").read_text() == CARD


def test_what_holds_no_table_stays_as_it_is(files):
    (files / "words.md").write_bytes(b"two lines,\r\nnone of them a table's")
    command = [sys.executable, "-m", "training.cards", "--held-out", f"words={files}/a.jsonl", f"{files}/words.md"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == f"{files}/words.md: 0 rows changed\n"
    assert (files / "words.md").read_bytes() == b"two lines,\r\nnone of them a table's"
