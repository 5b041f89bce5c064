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
    with pytest.raises(train.CheckpointError, match="'size': 'n'"):
        train.Run(options(sets, tmp_path / "run", size="s"), torch.device("cpu"))
    with pytest.raises(train.CheckpointError, match="'learning_rate': 0.002"):
        train.Run(options(sets, tmp_path / "run", learning_rate=0.001), torch.device("cpu"))
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


def test_a_run_with_a_teacher_is_not_continued_without(sets, tmp_path):
    run = train.Run(options(sets, tmp_path / "run"), torch.device("cpu"))
    run.save()
    with pytest.raises(train.CheckpointError, match="'taught': True"):
        train.Run(options(sets, tmp_path / "run", teacher=tmp_path / "run" / "weights.pt"), torch.device("cpu"))


@pytest.mark.parametrize("name", ["missing.pt", "missing.onnx", "words.pt", "words.onnx"])
def test_a_teacher_that_cannot_be_read_is_named(sets, tmp_path, name):
    (tmp_path / "words.pt").write_bytes(b"no network")
    (tmp_path / "words.onnx").write_bytes(b"no network")
    with pytest.raises(train.CheckpointError, match=f"{name}: no network of ours can be read from it"):
        train.Run(options(sets, tmp_path / "run", teacher=tmp_path / name), torch.device("cpu"))
