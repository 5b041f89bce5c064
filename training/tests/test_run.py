"""run.sh with a python3 that only notes what it is asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PYTHON = r"""#!/bin/sh
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
    ended, asked = run("n", "nowhere", "runs/n")
    assert ended.returncode != 0 and not asked and "nowhere" in ended.stderr


def test_another_description_is_handed_on_and_may_do_without_made_up_pictures(run, tmp_path):
    (tmp_path / "mine.json").write_text('{"sets": [], "validation": {}}')
    _, asked = run("n", "first", "runs/n", SETS="mine.json")
    assert modules(asked) == ["train", "train", "export", "evaluate"]
    assert all("--sets mine.json" in line for line in asked if not line.startswith("export"))


def test_a_failed_measurement_is_no_success(run, tmp_path):
    (tmp_path / "broken").touch()
    assert run("n", "first", "runs/n")[0].returncode == 1
