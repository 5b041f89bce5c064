import sys

import pytest
import torch

from training import augment, gradient, looks
from training.data import PictureStore, most_boxes, read_sets
from training.model import build

COUNTS = (2, 1, 1, 1, 0)
SHAPE = augment.Shape(64, 96, COUNTS, COUNTS, (0.1, 0.3))


def test_what_is_compiled_ahead_is_compiled_for_batches_as_they_are_painted(sets):
    """One number or one layout apart, and everything would be compiled again when it is needed."""
    samples, cpu = read_sets(*sets)[0], torch.device("cpu")
    store = PictureStore(samples, cpu)
    props = looks.Props(store, 0)
    planner = augment.Planner(store.labels, props.sizes, {"1280": SHAPE, "640": SHAPE}, augment.Schedule(0, 100))
    painted = vars(augment.paint(planner.plan(0), store, props, SHAPE))
    blank = vars(augment.blank_batch(SHAPE, looks.boxes_with_pasted(most_boxes(samples)), cpu))
    assert painted.keys() == blank.keys()
    for name, value in painted.items():
        assert (value.shape, value.dtype, value.stride()) == (blank[name].shape, blank[name].dtype, blank[name].stride()), name


@pytest.mark.parametrize("part", ["network", "losses"])
def test_one_part_is_compiled_and_the_rest_is_not(part, monkeypatch):
    made = []

    def keep(module):
        made.append(module)
        return module

    monkeypatch.setattr(gradient, "SHAPES", {"640": SHAPE})
    monkeypatch.setattr(gradient, "compiled", keep)
    gradient.compile_part("n", None, "640", 3, part, torch.device("cpu"))
    assert len(made) == 1
    assert isinstance(made[0], torch.nn.Module) == (part == "network")


def test_compilers_still_at_it_end_with_the_block_and_what_they_say_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(gradient, "SHAPES", {"none": SHAPE})
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    with gradient.CompilersAhead("n", None, 7, tmp_path / "compile.log") as ahead:
        ahead.wait()
        assert len(ahead.processes) == 2  # no teacher
    said = (tmp_path / "compile.log").read_text()
    assert "--shape none --part network --boxes 7" in said and "--part losses" in said and "teacher" not in said
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    with gradient.CompilersAhead("n", tmp_path / "teacher.pt", 7, tmp_path / "compile.log") as ahead:
        assert len(ahead.processes) == 3
    assert all(process.returncode for process in ahead.processes)


def test_the_gradient_is_that_of_the_losses():
    torch.manual_seed(0)
    network = build("n").train()
    batch = augment.blank_batch(SHAPE, 3, torch.device("cpu"))
    batch.images.uniform_()
    batch.labelled[:] = batch.complete[:] = True
    parts = gradient.gradient(network, None, gradient.taught_losses, batch)
    assert parts[0] > 0 and parts[2] > 0 and parts[1] == 0  # no picture has points
    assert network.stem[0].weight.grad.abs().sum() > 0
