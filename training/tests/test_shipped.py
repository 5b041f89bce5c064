"""The networks that ship, on real pictures: OpenVINO says what PyTorch says, and the files say how to be read."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from training.data import decode, letterbox
from training.detect import decode_balls, decode_people_and_ball, decode_points
from training.export import load_exported

openvino = pytest.importorskip("openvino")
ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
HEIGHT_PX, WIDTH_PX = 384, 640
# Of one look each: main stand, television, television at low resolution. The first is in the repository.
PICTURES = [ROOT / "docs/images/overlay.jpg", DATA / "players/images/744b27_1_1.jpg",
            DATA / "extra/objectify/images/arsenal_sevilla__00001.jpg", DATA / "extra/ferfilho/images/benfica_barcelona__00001.jpg"]
# Sums in another order: logits, and offsets in cells, of single precision through 89 layers.
MOST_APART = {"det": 1e-3, "kp": 2e-4, "ball": 2e-4}


def images_of(picture: Path) -> np.ndarray:
    if not picture.exists():
        pytest.skip(f"{picture.relative_to(picture.parents[3])} is not there")
    boxed, _ = letterbox(decode(picture), HEIGHT_PX, WIDTH_PX)
    return np.ascontiguousarray(boxed.transpose(2, 0, 1)[None], np.float32) / 255


@pytest.fixture(scope="module", params=["touchline_n", "touchline_s"])
def engines(request):
    """The same file in PyTorch and in OpenVINO."""
    file = ROOT / "models" / f"{request.param}.onnx"
    core = openvino.Core()
    loaded = core.read_model(file)
    loaded.reshape([1, 3, HEIGHT_PX, WIDTH_PX])
    return load_exported(file)[1], core.compile_model(loaded, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_openvino_says_of_a_picture_what_pytorch_says(engines, picture):
    network, compiled = engines
    images = images_of(picture)
    with torch.no_grad():
        wanted = dict(zip(MOST_APART, (output[0].numpy() for output in network(torch.from_numpy(images)))))
    said = {name: compiled(images)[name][0] for name in MOST_APART}
    for name, most in MOST_APART.items():
        assert np.abs(said[name] - wanted[name]).max() < most, name
    people, by_class, scores, _ = decode_people_and_ball(said["det"], HEIGHT_PX, WIDTH_PX)
    wanted_people, wanted_by_class, wanted_scores, _ = decode_people_and_ball(wanted["det"], HEIGHT_PX, WIDTH_PX)
    sure, wanted_sure = scores > 0.3, wanted_scores > 0.3
    assert sure.sum() >= 5  # each picture shows more people than that
    assert np.allclose(people[sure], wanted_people[wanted_sure], atol=0.05)
    assert np.allclose(by_class[sure], wanted_by_class[wanted_sure], atol=2e-3)
    for decoded, output in ((decode_points, "kp"), (decode_balls, "ball")):
        for mine, theirs in zip(decoded(said[output]), decoded(wanted[output])):
            assert np.allclose(mine[:4], theirs[:4], atol=0.05)


@pytest.mark.parametrize("name", ["touchline_n", "touchline_s", "touchline_n_int8", "touchline_s_int8"])
def test_what_ships_says_how_it_is_read(name):
    model = onnx.load(ROOT / "models" / f"{name}.onnx")
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert model.opset_import[0].version == 17
    assert metadata["names"] == "{0: 'ball', 1: 'goalkeeper', 2: 'player', 3: 'referee'}"
    assert metadata["input"] == "RGB, 0..1, NCHW, letterbox at the top left, rest 0"
    assert metadata["strides"] == "8,16,32" and metadata["license"] == "CC BY 4.0"
    batch, channels, height, width = model.graph.input[0].type.tensor_type.shape.dim
    assert channels.dim_value == 3 and all(side.dim_param and not side.dim_value for side in (batch, height, width))
    assert [output.name for output in model.graph.output] == ["det", "kp", "ball"]


@pytest.mark.parametrize("name", ["touchline_n", "touchline_s"])
def test_weights_that_ship_are_half_precision(name):
    large = [i for i in onnx.load(ROOT / "models" / f"{name}.onnx").graph.initializer if np.prod(i.dims) >= 256]
    assert len(large) > 80 and {i.data_type for i in large} == {onnx.TensorProto.FLOAT16}
