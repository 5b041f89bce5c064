import dataclasses

import pytest
import torch

from training import model, train
from training.export import export, fold
from training.tests.conftest import made_up_network
from training.tests.test_train import options
from training.unfold import images_of_some, unfold


@torch.no_grad()
def test_it_answers_as_the_folded_network_does_and_its_statistics_are_those_of_the_pictures():
    images = [torch.rand(2, 3, 64, 96) for _ in range(3)]
    folded = fold(made_up_network("n"))
    network = unfold(folded, "n", images)
    other = torch.rand(1, 3, 96, 64)
    for said, wanted in zip(network(other), folded(other)):
        assert (said - wanted).abs().max() < 1e-4 * wanted.abs().max()
    stem = network.stem[0](torch.cat(images))
    assert torch.allclose(network.stem[1].running_mean, stem.mean((0, 2, 3)), atol=1e-5)
    assert torch.allclose(network.stem[1].running_var, stem.var((0, 2, 3), correction=0), atol=1e-5)


def test_a_run_starts_from_an_exported_file(sets, tmp_path):
    network = made_up_network("n")
    torch.save({"size": "n", "weights": network.state_dict()}, tmp_path / "weights.pt")
    export(tmp_path / "weights.pt", tmp_path / "n.onnx", "CC BY 4.0")
    samples, _ = train.split(*train.read_sets(*sets))
    run = train.Run(options(sets, tmp_path / "run", start_from=tmp_path / "n.onnx"), torch.device("cpu"), samples)
    image = next(images_of_some(samples, torch.device("cpu")))[:1, :, :64, :96]
    with torch.no_grad():
        for said, wanted in zip(run.network.eval()(image), network(image)):
            assert (said - wanted).abs().max() < 0.02 * wanted.abs().max()  # weights are stored in half precision


def test_another_size_or_other_channels_are_refused(sets, tmp_path, monkeypatch):
    torch.save({"size": "n", "weights": made_up_network("n").state_dict()}, tmp_path / "weights.pt")
    export(tmp_path / "weights.pt", tmp_path / "n.onnx", "CC BY 4.0")
    samples, _ = train.split(*train.read_sets(*sets))
    with pytest.raises(train.CheckpointError, match="n.onnx: holds weights of size 'n', not 's'"):
        train.Run(options(sets, tmp_path / "s", size="s", start_from=tmp_path / "n.onnx"), torch.device("cpu"), samples)
    monkeypatch.setitem(model.SIZES, "n", dataclasses.replace(model.SIZES["n"], ball_width=8))
    with pytest.raises(train.CheckpointError, match="n.onnx: its weights have other shapes"):
        train.Run(options(sets, tmp_path / "n", start_from=tmp_path / "n.onnx"), torch.device("cpu"), samples)
