import numpy as np
import onnx
import pytest
import torch

from training import export, model
from training.tests.conftest import made_up_network
from training.weights import CheckpointError

openvino = pytest.importorskip("openvino")
TOLERANCE = 0.02  # of the largest value: weights are stored in half precision


def export_made_up(folder, size: str):
    network = made_up_network(size)
    torch.save({"size": size, "weights": network.state_dict()}, folder / "weights.pt")
    export.export(folder / "weights.pt", folder / f"{size}.onnx", "CC BY 4.0")
    return network, folder / f"{size}.onnx"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export_made_up(tmp_path_factory.mktemp("export"), "n")


@pytest.mark.parametrize("batch, height, width", [(1, 64, 96), (2, 96, 64)])
def test_the_file_says_what_the_network_says(exported, batch, height, width):
    compare(*exported, batch, height, width)


@pytest.mark.parametrize("size", ["s", "m"])
def test_the_file_of_every_size_says_what_the_network_says(tmp_path, size):
    compare(*export_made_up(tmp_path, size), 1, 64, 96)


def compare(network, file, batch: int, height: int, width: int):
    images = torch.rand(batch, 3, height, width)
    core = openvino.Core()
    loaded = core.read_model(file)
    loaded.reshape([batch, 3, height, width])
    compiled = core.compile_model(loaded, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    said = compiled(images.numpy())
    with torch.no_grad():
        for name, wanted in zip(("det", "kp", "ball"), network(images)):
            assert said[name].shape == tuple(wanted.shape)
            assert np.abs(said[name] - wanted.numpy()).max() < TOLERANCE * float(wanted.abs().max())


def test_an_exported_network_can_be_asked_again(exported):
    network, file = exported
    size, again = export.load_exported(file)
    assert size == "n"
    images = torch.rand(1, 3, 64, 96)
    with torch.no_grad():
        for said, wanted in zip(again(images), network(images)):
            assert (said - wanted).abs().max() < TOLERANCE * wanted.abs().max()


def test_only_the_operators_that_every_engine_runs_fast(exported):
    kinds = {node.op_type for node in onnx.load(exported[1]).graph.node}
    fast = {"Cast", "Conv", "Sigmoid", "Mul", "Add", "Concat", "Resize", "MaxPool", "Reshape", "Constant", "Identity"}
    assert kinds <= fast | {"ReduceSum", "Div"}  # of kit_shares()


def test_metadata_names_what_a_reader_needs(exported):
    loaded = onnx.load(exported[1])
    metadata = {entry.key: entry.value for entry in loaded.metadata_props}
    assert metadata["names"] == "{0: 'ball', 1: 'goalkeeper', 2: 'player', 3: 'referee'}"
    assert metadata["strides"] == "8,16,32" and metadata["license"] == "CC BY 4.0"
    assert loaded.opset_import[0].version == 17


@pytest.mark.parametrize("name, most", [("n", 3.5e6), ("s", 12e6), ("m", 26e6)])
def test_sizes_stay_within_their_limits(name, most):
    assert sum(p.numel() for p in model.build(name).parameters()) <= most


def test_what_holds_no_weights_of_the_wanted_size_is_refused(exported, tmp_path, monkeypatch):
    (tmp_path / "words.pt").write_bytes(b"no weights")
    torch.save({"size": "huge", "weights": {}}, tmp_path / "huge.pt")
    torch.save({"size": "n", "weights": {}}, tmp_path / "empty.pt")
    weights = exported[1].with_name("weights.pt")
    for file, problem in ((tmp_path / "absent.pt", "no weights of ours can be read from it (No such file or directory)"),
                          (tmp_path / "words.pt", "no weights of ours can be read from it (UnpicklingError)"),
                          (tmp_path / "huge.pt", "no weights of ours can be read from it (ValueError)"),
                          (tmp_path / "empty.pt", "its weights have other shapes than size 'n' of training/model.py"),
                          (weights, "holds weights of size 'n', not 's'")):
        monkeypatch.setattr("sys.argv", ["export", str(file), str(tmp_path / "out.onnx"), "--size", "s"])
        with pytest.raises(SystemExit) as ended:
            export.main()
        assert ended.value.code == f"export: nothing was written\n{file}: {problem}"
    assert not (tmp_path / "out.onnx").exists()


def test_what_is_not_written_leaves_the_old_file(exported, tmp_path, monkeypatch, capsys):
    file, weights = tmp_path / "n.onnx", exported[1].with_name("weights.pt")
    file.write_text("old")
    monkeypatch.setattr("sys.argv", ["export", str(weights), str(tmp_path / "none" / "n.onnx")])
    with pytest.raises(SystemExit):
        export.main()
    assert capsys.readouterr().err.endswith("none/n.onnx: not a file in a folder that is there\n")
    monkeypatch.setattr(export, "halve_weights", lambda graph: graph.node[0].output.append(graph.node[0].output[0]))
    with pytest.raises(onnx.checker.ValidationError):
        export.export(weights, file, "CC BY 4.0")
    assert file.read_text() == "old"


def test_nobody_is_warned_of_what_is_meant(exported, tmp_path, recwarn):
    export.export(exported[1].with_name("weights.pt"), tmp_path / "n.onnx", "CC BY 4.0")
    assert [str(warning.message) for warning in recwarn] == []


def test_a_network_in_bytes_or_of_other_classes_is_no_start(exported, tmp_path, monkeypatch):
    model_of = onnx.load(exported[1])
    model_of.graph.node.add(op_type="DequantizeLinear")
    onnx.save(model_of, tmp_path / "n_int8.onnx")
    with pytest.raises(CheckpointError, match="n_int8.onnx: is in 8 bits; name the network that it was made of"):
        export.load_exported(tmp_path / "n_int8.onnx")
    monkeypatch.setattr(model, "CLASSES", (*model.CLASSES, "coach"))
    with pytest.raises(CheckpointError, match="n.onnx: its weights have other shapes than size 'n' of training/model.py"):
        export.load_exported(exported[1])
