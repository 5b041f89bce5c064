import dataclasses
import itertools
import json
from pathlib import Path

import pytest
import torch

from training import augment, model, train
from training.data import PictureStore, read_sets, split
from training.gradient import gradient, taught_losses

COUNTS = (2, 1, 1, 1, 0)
TINY = {"1280": augment.Shape(64, 96, COUNTS, COUNTS, (0.1, 0.3)), "640": augment.Shape(64, 64, COUNTS, COUNTS, (0.05, 0.2))}


def options(sets, out: Path, **changes) -> train.Options:
    root, description = sets
    values = dict(size="n", data=root, sets=description, out=out, iterations=4, piece_s=1e6, seed=3, learning_rate=0.002, start_from=None,
                  teacher=None, workers=0, evaluate_every_s=1e6, save_every_s=1e6)
    out.mkdir(exist_ok=True)
    return train.Options(**{**values, **changes})


def run_steps(run: train.Run, samples, steps: int):
    trainer = train.Trainer(run, PictureStore(samples, torch.device("cpu")))
    return list(itertools.islice(trainer.steps(), steps))


@pytest.fixture(autouse=True)
def tiny_shapes(monkeypatch):
    monkeypatch.setattr(train, "SHAPES", TINY)
    monkeypatch.setattr(augment.Schedule, "draw_shape", lambda self, rng, iteration: ("640", False))
    torch.set_num_threads(1)


def test_a_resumed_run_ends_where_an_unbroken_one_does(sets, tmp_path):
    samples, _ = split(*read_sets(*sets))
    whole = train.Run(options(sets, tmp_path / "whole"), torch.device("cpu"))
    run_steps(whole, samples, 4)
    first = train.Run(options(sets, tmp_path / "pieces"), torch.device("cpu"))
    run_steps(first, samples, 2)
    first.save()
    second = train.Run(options(sets, tmp_path / "pieces"), torch.device("cpu"))
    assert second.iteration == 2
    run_steps(second, samples, 2)
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[name]), name


def test_losses_are_finite_and_fall_on_one_batch(sets, tmp_path):
    samples, _ = split(*read_sets(*sets))
    run = train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    store = PictureStore(samples, torch.device("cpu"))
    trainer = train.Trainer(run, store)
    batch = augment.paint(trainer.planner.plan(0), store, trainer.props, TINY["640"])
    optimizer = torch.optim.Adam(run.network.parameters(), 1e-3)
    history = []
    for _ in range(25):
        history.append(float(gradient(run.network, None, taught_losses, batch).sum()))
        optimizer.step()
    assert 0 < history[-1] < 0.7 * history[0]


def test_a_checkpoint_of_another_run_is_refused(sets, tmp_path):
    run = train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    run.save()
    with pytest.raises(train.CheckpointError, match="run/checkpoint.pt: is of a run with --size n instead of s; go on with what it began with, or name another --out"):
        train.Run(options(sets, tmp_path / "run", size="s"), torch.device("cpu"))
    with pytest.raises(train.CheckpointError, match="--seed 3 instead of 4 and --learning-rate 0.002 instead of 0.001;"):
        train.Run(options(sets, tmp_path / "run", seed=4, learning_rate=0.001), torch.device("cpu"))
    with pytest.raises(train.CheckpointError, match="weights of size 'n', not 's'"):
        train.Run(options(sets, tmp_path / "new", size="s", start_from=tmp_path / "run" / "weights.pt"), torch.device("cpu"))


def test_weights_of_other_channels_are_refused(sets, tmp_path, monkeypatch):
    run = train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    run.save()
    narrower = dataclasses.replace(model.SIZES["n"], ball_width=8)
    monkeypatch.setitem(model.SIZES, "n", narrower)
    with pytest.raises(train.CheckpointError, match="checkpoint.pt: its weights have other shapes than size 'n'"):
        train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    with pytest.raises(train.CheckpointError, match="weights.pt: its weights have other shapes"):
        train.Run(options(sets, tmp_path / "new", start_from=tmp_path / "run" / "weights.pt"), torch.device("cpu"))


def test_a_piece_logs_saves_and_measures_at_the_end(sets, tmp_path, monkeypatch):
    samples, validation = split(*read_sets(*sets))
    run = train.Run(options(sets, tmp_path / "run", iterations=2), torch.device("cpu"))
    monkeypatch.setattr(train, "SHIPPED_SIZES", [(64, 96)])
    train.train_piece(run, train.Trainer(run, PictureStore(samples, torch.device("cpu"))), validation, 0.0)
    entry = json.loads((tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1])
    assert entry["iteration"] == 2
    assert 0 <= entry["accuracy"]["home 64x96"]["person"] <= 1
    assert (tmp_path / "run" / "curves.png").stat().st_size > 0
    assert (tmp_path / "run" / "weights.pt").exists()


def test_a_student_comes_nearer_to_a_teacher_of_another_size(sets, tmp_path):
    """On pictures without any label, where nothing else pulls."""
    samples, _ = split(*read_sets(*sets))
    larger = train.Run(options(sets, tmp_path / "larger", size="s", seed=8), torch.device("cpu"))
    for head in larger.network.heads:
        torch.nn.init.constant_(head.classes.bias, 1.0)  # sure of people everywhere, which labels would deny
    larger.average.load_state_dict(larger.network.state_dict())
    larger.save()
    run = train.Run(options(sets, tmp_path / "run", teacher=tmp_path / "larger" / "weights.pt"), torch.device("cpu"))
    store = PictureStore(samples, torch.device("cpu"))
    trainer = train.Trainer(run, store)
    batch = augment.paint(trainer.planner.plan(0), store, trainer.props, TINY["640"])
    batch.labelled[:], batch.valid[:], batch.has_points[:] = False, False, False
    # As the GPU path wraps them: a compiled teacher is a module that has no length.
    compiled = [torch.compile(module, backend="eager") for module in (run.network, run.teacher)]
    plain = gradient(run.network, run.teacher, taught_losses, batch)
    assert torch.allclose(gradient(*compiled, taught_losses, batch), plain, rtol=1e-4)
    taught_before = [p.clone() for p in run.teacher.state_dict().values()]
    optimizer = torch.optim.Adam(run.network.parameters(), 1e-2)
    history = []
    for _ in range(15):
        history.append(float(gradient(run.network, run.teacher, taught_losses, batch)[0]))
        optimizer.step()
    assert 0 < history[-1] < 0.5 * history[0]
    assert all(torch.equal(a, b) for a, b in zip(taught_before, run.teacher.state_dict().values()))


def test_a_run_goes_on_with_the_files_that_it_began_with(sets, tmp_path):
    for seed in (5, 6):
        train.Run(options(sets, tmp_path / f"seed{seed}", seed=seed), torch.device("cpu")).save()
    first, second = (tmp_path / f"seed{seed}" / "weights.pt" for seed in (5, 6))
    taught = dict(teacher=first, start_from=first)
    train.Run(options(sets, tmp_path / "run", **taught), torch.device("cpu")).save()

    def problem_of(**changes) -> str:
        with pytest.raises(train.CheckpointError) as error:
            train.Run(options(sets, tmp_path / "run", **{**taught, **changes}), torch.device("cpu"))
        return str(error.value).split("is of a run with ")[1].split(";")[0]

    moved = tmp_path / "moved.pt"
    moved.write_bytes(first.read_bytes())
    assert train.Run(options(sets, tmp_path / "run", teacher=moved, start_from=moved), torch.device("cpu")).iteration == 0
    assert problem_of(teacher=None) == "a --teacher"
    assert problem_of(teacher=second, start_from=second) == "another --teacher and another --start-from"
    sets[1].write_text(sets[1].read_text() + "\n")
    assert problem_of(start_from=None) == "a --start-from and another --sets"


def test_an_older_checkpoint_is_compared_by_what_it_says(sets, tmp_path):
    run = train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    run.description = {"size": "n", "seed": 3, "iterations": 4, "learning_rate": 0.002, "taught": False}
    run.save()
    assert train.Run(options(sets, tmp_path / "run"), torch.device("cpu")).iteration == 0
    with pytest.raises(train.CheckpointError, match="is of a run with no --teacher;"):
        train.Run(options(sets, tmp_path / "run", teacher=tmp_path / "run" / "weights.pt"), torch.device("cpu"))
    run.description["taught"] = True
    run.save()
    assert train.Run(options(sets, tmp_path / "run", teacher=tmp_path / "run" / "weights.pt"), torch.device("cpu")).iteration == 0
    with pytest.raises(train.CheckpointError, match="is of a run with a --teacher;"):
        train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))


def test_what_is_no_checkpoint_is_named(sets, tmp_path):
    run = options(sets, tmp_path / "run")
    for write in (lambda file: file.write_bytes(b"none"), lambda file: torch.save({"size": "n"}, file)):
        write(run.out / "checkpoint.pt")
        with pytest.raises(train.CheckpointError, match="checkpoint.pt: no checkpoint of ours can be read from it"):
            train.Run(run, torch.device("cpu"))


@pytest.fixture
def command(sets, tmp_path, monkeypatch):
    """training.train as it is called, with further words."""
    root, description = sets
    monkeypatch.setattr(train, "SHIPPED_SIZES", [(64, 96)])

    def call(*words):
        monkeypatch.setattr("sys.argv", ["train", "--data", str(root), "--sets", str(description), "--out", str(tmp_path / "run"),
                                         "--iterations", "2", "--workers", "0", *words])
        train.main()

    return call


def test_a_piece_says_how_far_it_came_and_a_finished_run_ends_at_once(command, tmp_path, capsys):
    run = tmp_path / "run"
    run.mkdir()
    (run / "log.jsonl").write_text('{"iteration": 2, "trained_s": 1}\n')  # of a run without a checkpoint
    command("--piece-s", "0")
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 2 iterations, run again to go on"
    assert not (run / "log.jsonl").exists()
    command()
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 2 iterations"
    log = (run / "log.jsonl").read_text()
    assert json.loads(log)["iteration"] == 2
    command()
    assert capsys.readouterr().out == "2 of 2 iterations\n" and (run / "log.jsonl").read_text() == log
    with pytest.raises(SystemExit, match="train: nothing was started\n.*with --size n instead of s;"):
        command("--size", "s")


def test_broken_pictures_of_training_and_held_out_are_named_before_the_start(sets, command, tmp_path):
    broken = [sets[0] / "players" / "images" / f"match{k}_players_{k}.jpg" for k in (0, 1)]
    for file in broken:
        file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == "\n".join(
        ["train: nothing was started", *(f"{file}: broken picture (a JPEG without its end)" for file in broken)])
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


def test_holding_everything_out_is_named(sets, command):
    sets[1].write_text(sets[1].read_text().replace('["match0"]', '["match0", "match1"]'))
    with pytest.raises(SystemExit, match="sets.json: every match is held out; leave some to train on"):
        command()


@pytest.mark.parametrize("name", ["missing.pt", "missing.onnx", "words.pt", "words.onnx"])
def test_a_teacher_that_cannot_be_read_is_named(sets, tmp_path, name):
    (tmp_path / "words.pt").write_bytes(b"no network")
    (tmp_path / "words.onnx").write_bytes(b"no network")
    with pytest.raises(train.CheckpointError, match=f"{name}: no (network|weights) of ours can be read from it"):
        train.Run(options(sets, tmp_path / "run", teacher=tmp_path / name), torch.device("cpu"))


@pytest.mark.parametrize("words", [["--seed", "-1"], ["--iterations", "0"], ["--workers", "-1"], ["--piece-s", "nan"], ["--learning-rate", "2"]])
def test_numbers_that_cannot_be_are_refused(command, tmp_path, capsys, words):
    with pytest.raises(SystemExit):
        command(*words)
    assert f"argument {words[0]}: {words[1]}: must be a" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_an_out_that_is_no_folder_is_named(command, tmp_path):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == f"train: nothing was started\n{tmp_path}/run: no folder to write into (File exists)"
    assert (tmp_path / "run").read_text() == "mine"


def test_an_interrupt_says_where_the_run_goes_on(command, tmp_path, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "train_piece", interrupted)
    for told in ("the beginning: there is no checkpoint yet", "the last checkpoint"):
        with pytest.raises(SystemExit) as ended:
            command()
        assert ended.value.code == 130
        assert capsys.readouterr().err == f"\ntrain: interrupted; run again to go on from {told}\n"
        monkeypatch.setattr(train, "train_piece", lambda run, *_: run.save())
        command()
        monkeypatch.setattr(train, "train_piece", interrupted)


def test_a_full_disk_ends_the_piece_in_a_sentence(command, monkeypatch):
    def full(run):
        raise train.CheckpointError("checkpoint.pt: cannot be written (No space left on device)")

    monkeypatch.setattr(train.Run, "save", full)
    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == ("train: stopped at iteration 2; run again to go on from the last checkpoint\n"
                                "checkpoint.pt: cannot be written (No space left on device)")
