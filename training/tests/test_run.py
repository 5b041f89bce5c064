"""run.sh with a python3 that only notes what it is asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PYTHON = r"""#!/bin/sh
if [ "$1" = -c ]; then [ ! -e lacking ]; exit; fi
echo "$@" >> asked.txt
module=$2
while [ $# -gt 1 ]; do
  if [ "$1" = --out ]; then out=$2; fi
  shift
done
case $module in
  training.synth_pictures) mkdir "$out" ;;
  training.train) [ ! -e refuse ] || exit 1
    [ -e begun ] && echo '{"iteration": 20, "rate": 1}' >> "$out/log.jsonl"
    touch begun ;;
  training.evaluate) [ ! -e broken ] || exit 1
    echo accuracy ;;
esac
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Calls run.sh in a made-up repository; gives its end and the modules that it asked for, with their words."""
    (tmp_path / "training").mkdir()
    for file in ("run.sh", "sets.json"):
        shutil.copy(Path(__file__).parents[1] / file, tmp_path / "training")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text(PYTHON)
    (tmp_path / "bin" / "python3").chmod(0o755)
    for data, folder in (("first", "players"), ("second", "pitch")):
        (tmp_path / data / folder).mkdir(parents=True)

    def call(*words, **variables):
        (tmp_path / "asked.txt").unlink(missing_ok=True)
        environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "ITERATIONS": "20", **variables}
        ended = subprocess.run(["sh", tmp_path / "training" / "run.sh", *words], env=environment, capture_output=True, text=True)
        asked = (tmp_path / "asked.txt").read_text() if (tmp_path / "asked.txt").exists() else ""
        return ended, [line.removeprefix("-m training.") for line in asked.splitlines()]

    return call


def modules(asked: list[str]) -> list[str]:
    return [line.split()[0] for line in asked]


def test_pieces_follow_until_all_is_measured(run, tmp_path):
    ended, asked = run("n", "first", "runs/n")
    assert modules(asked) == ["synth_pictures", "train", "train", "export", "evaluate"]
    assert ended.stdout == "accuracy\n" == (tmp_path / "runs" / "n" / "accuracy.jsonl").read_text()
    assert asked[3] == "export runs/n/weights.pt runs/n/touchline_n.onnx --size n"
    assert all("--sets training/sets.json" in line for line in asked if line.startswith(("train", "evaluate")))


def test_a_finished_run_is_asked_again_and_what_is_refused_is_not_exported(run, tmp_path):
    run("n", "first", "runs/n")
    assert modules(run("n", "first", "runs/n")[1]) == ["train", "export", "evaluate"]
    (tmp_path / "refuse").touch()
    ended, asked = run("s", "first", "runs/n", TEACHER="teacher.onnx")
    assert ended.returncode == 1 and modules(asked) == ["train"] and "--teacher teacher.onnx" in asked[0]


def test_each_run_sees_the_sets_that_it_was_given(run, tmp_path):
    run("n", "first", "runs/n")
    run("n", "second", "runs/n")
    assert sorted(os.listdir(tmp_path / "runs" / "n" / "data")) == ["pitch", "synth"]
    assert os.path.samefile(tmp_path / "runs" / "n" / "data" / "pitch", tmp_path / "second" / "pitch")


def test_another_description_is_handed_on_and_may_do_without_made_up_pictures(run, tmp_path):
    (tmp_path / "mine.json").write_text('{"sets": [], "validation": {}}')
    _, asked = run("n", "first", "runs/n", SETS="mine.json")
    assert modules(asked) == ["train", "train", "export", "evaluate"]
    assert all("--sets mine.json" in line for line in asked if not line.startswith("export"))


def test_a_failed_measurement_is_no_success(run, tmp_path):
    (tmp_path / "broken").touch()
    assert run("n", "first", "runs/n")[0].returncode == 1


@pytest.mark.parametrize("iterations", ["-1", "0", "020", "2e4", "many"])
def test_a_run_without_an_end_is_not_begun(run, iterations):
    ended, asked = run("n", "first", "runs/n", ITERATIONS=iterations)
    assert ended.returncode == 2 and not asked
    assert ended.stderr == f"run.sh: nothing was started: ITERATIONS={iterations}: must be a whole number above 0\n"


def test_what_is_lacking_is_named_before_anything_is_made(run, tmp_path):
    (tmp_path / "empty").mkdir()
    for data, complaint in (("nowhere", f"nowhere: no such folder; paths are from {tmp_path}"),
                            ("empty", f"{tmp_path}/empty: an empty folder; it must hold the sets that training/sets.json names")):
        ended, asked = run("n", data, "runs/n")
        assert ended.stderr == f"run.sh: nothing was started: {complaint}\n" and not asked
    (tmp_path / "lacking").touch()
    ended, asked = run("n", "first", "runs/n")
    assert "python3 lacks what training/requirements.txt lists; pip install -r it, or name another by PYTHON=" in ended.stderr
    assert ended.returncode == 2 and not asked and not (tmp_path / "runs").exists()


def test_another_python_may_be_named(run, tmp_path):
    (tmp_path / "bin" / "python3").rename(tmp_path / "bin" / "python3.14")
    ended, asked = run("n", "first", "runs/n", PYTHON="python3.14")
    assert ended.returncode == 0 and modules(asked)[-1] == "evaluate"


def test_help_is_said_and_nothing_made(run, tmp_path):
    ended, asked = run("--help")
    assert ended.returncode == 2 and not asked and not (tmp_path / "runs").exists()
    assert ended.stdout.startswith("One size from nothing to a measured ONNX file: training/run.sh [SIZE] [DATA] [OUT]\n")
    assert ended.stdout.splitlines()[-1].startswith("Killed at any moment") and ended.stderr == ""


def test_links_of_others_stay(run, tmp_path):
    """Pictures may be links themselves: in a folder data that is DATA, or that lies where OUT's should."""
    picture = tmp_path / "mine" / "data" / "players" / "images" / "a.jpg"
    picture.parent.mkdir(parents=True)
    picture.symlink_to("/somewhere")
    ended, asked = run("n", "mine/data", "mine")
    assert ended.stderr.startswith("run.sh: nothing was started: mine/data is DATA itself, ") and not asked
    run("n", "first", "mine")
    assert picture.is_symlink()
