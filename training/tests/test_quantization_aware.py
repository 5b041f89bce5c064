import argparse
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper, numpy_helper

from training import augment, export, looks, quantization_aware
from training.byte_network import ByteNetwork
from training.data import PictureStore, read_sets, split
from training.imitation import load_teacher
from training.tests.conftest import made_up_network

CPU = torch.device("cpu")
COUNTS = (2, 1, 1, 1, 0)
TINY = {name: augment.Shape(64, 96, COUNTS, COUNTS, (0.1, 0.3)) for name in augment.SHAPES}


def exported(file: Path) -> Path:
    weights = file.with_suffix(".pt")
    torch.save({"size": "n", "weights": made_up_network("n").state_dict()}, weights)
    export.export(weights, file, "CC BY 4.0")
    return file


def coarse(file: Path, out: Path) -> Path:
    """The network with its 1 x 1 convolutions' weights in 7 steps: far from what it was, so that little training helps much."""
    model = onnx.load(file)
    graph = model.graph
    stored = {i.name: i for i in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Cast" and n.input[0].endswith("weight_fp16")]:
        values = numpy_helper.to_array(stored[node.input[0]]).astype(np.float32)
        if values.shape[2:] != (1, 1):
            continue
        name, rows = node.output[0], values.shape[0]
        scale = np.abs(values).reshape(rows, -1).max(1) / 3 + 1e-9
        codes = np.rint(values / scale.reshape(-1, 1, 1, 1)).astype(np.int8)
        graph.initializer.extend([numpy_helper.from_array(codes, f"{name}_codes"), numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"),
                                  numpy_helper.from_array(np.zeros(rows, np.int8), f"{name}_zero")])
        pair = helper.make_node("DequantizeLinear", [f"{name}_codes", f"{name}_scale", f"{name}_zero"], [name], axis=0)
        graph.initializer.remove(stored[node.input[0]])
        graph.node.insert(0, pair)
        graph.node.remove(node)
    onnx.save(model, out)
    return out


def outputs(seed: int) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(seed)
    return tuple(torch.randn(2, *shape) for shape in ((68, 126), (96, 8, 12), (3, 16, 24)))


def test_who_says_what_the_teacher_says_is_at_no_distance():
    assert quantization_aware.distances(outputs(0), outputs(0)).abs().max() < 1e-6
    assert quantization_aware.distances(outputs(0), outputs(1)).min() > 0.1


def test_an_error_counts_most_where_the_teacher_wavers():
    """Two logits, 0 and log(1/99), each off by 1 and by 2: weights are the roots of .25 and of .01 * .99."""
    taught, said = torch.tensor([0.0, math.log(1 / 99)]), torch.tensor([1.0, math.log(1 / 99) + 2])
    mean = quantization_aware.weighted_mean((said - taught) ** 2, quantization_aware.doubt(taught), (0,))
    doubts = [0.5, math.sqrt(0.0099)]
    assert mean.item() == pytest.approx((doubts[0] * 1 + doubts[1] * 4) / (sum(doubts) + 1e-3), rel=1e-5)


def test_classes_count_alike_however_many_of_each_there_are():
    """A thousand players and one referee, of whom the teacher is as sure; the referee's logit alone is off."""
    taught = torch.full((1, 68, 1001), -60.0)
    taught[0, 66, :1000] = taught[0, 67, 1000] = 0.0
    said = taught.clone()
    said[0, 67, 1000] = 1.0
    maps = outputs(2)[1:]
    apart = quantization_aware.distances((said, *maps), (taught, *maps))
    assert apart[0].item() == pytest.approx(0.5 / 0.501 / 4, rel=1e-4)
    assert apart[1:].abs().max() < 1e-6


@pytest.fixture
def tiny_shapes(monkeypatch):
    monkeypatch.setattr(quantization_aware, "SHAPES", TINY)
    torch.set_num_threads(1)


def test_training_brings_the_rounded_network_nearer_and_writes_it(sets, tmp_path, tiny_shapes, capsys):
    teacher_file = exported(tmp_path / "n.onnx")
    model_file = coarse(teacher_file, tmp_path / "n_int8.onnx")
    samples, _ = split(*read_sets(*sets))
    store, teacher = PictureStore(samples, CPU), load_teacher(teacher_file, CPU)
    props = looks.Props(store, 5)
    planner = augment.Planner(store.labels, props.sizes, TINY, augment.Schedule(5, 1))
    seen = augment.paint(planner.plan(0), store, props, TINY["640"]).images

    def apart(file: Path) -> torch.Tensor:
        with torch.no_grad():
            return quantization_aware.distances(ByteNetwork(onnx.load(file), CPU)(seen), teacher(seen))

    out = tmp_path / "better.onnx"
    student = quantization_aware.Student(ByteNetwork(onnx.load(model_file), CPU), iterations=30)
    quantization_aware.train(student, teacher, store, argparse.Namespace(seed=1, iterations=30, workers=0, out=out))
    before, after = apart(model_file), apart(out)
    assert after.sum() < 0.9 * before.sum(), (before, after)
    assert "30/30" in capsys.readouterr().out
    assert [n.op_type for n in onnx.load(out).graph.node] == [n.op_type for n in onnx.load(model_file).graph.node]
    assert not out.with_suffix(".partial").exists()


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "training.quantization_aware", *map(str, arguments)], capture_output=True, text=True)


def test_what_cannot_be_started_is_named(sets, tmp_path):
    root, description = sets
    teacher = exported(tmp_path / "n.onnx")
    given = ["--teacher", teacher, "--data", root, "--sets", description, "--out", tmp_path / "out.onnx"]
    said = run(teacher, *given)
    assert said.returncode == 1 and "touchline model quantize" in said.stderr and "Traceback" not in said.stderr
    (tmp_path / "none.onnx").write_bytes(b"no network")
    said = run(tmp_path / "none.onnx", *given)
    assert said.returncode == 1 and "none.onnx: no network of ours can be read from it" in said.stderr
    assert not (tmp_path / "out.onnx").exists()


@pytest.fixture
def refusal(sets, tmp_path, monkeypatch):
    """What main() says before it ends, of a network coarse() and its teacher."""
    root, description = sets
    teacher = exported(tmp_path / "n.onnx")
    model = coarse(teacher, tmp_path / "n_int8.onnx")

    def call(*words, model=model, teacher=teacher) -> str:
        monkeypatch.setattr("sys.argv", ["quantization_aware", str(model), "--teacher", str(teacher), "--data", str(root), "--sets", str(description),
                                         "--out", str(tmp_path / "out.onnx"), "--iterations", "1", "--workers", "0", *words])
        with pytest.raises(SystemExit) as ended:
            quantization_aware.main()
        return str(ended.value.code)

    return call


def test_a_network_that_it_was_not_made_of_is_no_teacher(refusal, tmp_path):
    assert refusal(teacher=tmp_path / "n_int8.onnx").endswith("n_int8.onnx: is in 8 bits; name the network that it was made of")
    assert "n.pt: no network of ours can be read from it" in refusal(teacher=tmp_path / "n.pt")
    other = onnx.load(tmp_path / "n_int8.onnx")
    next(entry for entry in other.metadata_props if entry.key == "size").value = "s"
    onnx.save(other, tmp_path / "s_int8.onnx")
    assert refusal(model=tmp_path / "s_int8.onnx") == (
        f"quantization_aware: nothing was started\n{tmp_path}/n.onnx: is of size 'n'; "
        "name the network of size 's' that the one in 8 bits was made of")


def test_nothing_to_learn_from_and_nothing_to_learn_are_named(sets, refusal, tmp_path):
    (tmp_path / "empty.onnx").touch()
    assert refusal(model=tmp_path / "empty.onnx").endswith("empty.onnx is an empty file, or holds no network")
    sets[1].write_text(sets[1].read_text().replace('["match0"]', '["match0", "match1"]'))
    assert refusal().endswith("sets.json: every match is held out; leave some to train on")


@pytest.mark.parametrize("words", [["--seed", "-1"], ["--iterations", "0"], ["--workers", "-1"], ["--out", "none/out.onnx"], ["--out", "."]])
def test_words_that_cannot_be_are_refused_before_anything_is_read(refusal, tmp_path, capsys, words):
    assert refusal(*words, model=tmp_path / "missing.onnx") == "2"
    assert f"argument {words[0]}: {words[1]}: " in capsys.readouterr().err
