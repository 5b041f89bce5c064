from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from training import quantize

openvino = pytest.importorskip("openvino")
MODEL = Path(__file__).parents[2] / "models" / "touchline_n.onnx"


def run(model: onnx.ModelProto, images: np.ndarray) -> dict[str, np.ndarray]:
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(model.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    said = compiled(images)
    return {name: said[name].copy() for name in ("det", "kp", "ball")}


def pictures(count: int, height: int, width: int) -> list[np.ndarray]:
    """Smooth colours with a few bright blocks: noise alone would leave most maps silent."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(count):
        coarse = rng.random((1, 3, height // 16, width // 16), np.float32)
        found.append(coarse.repeat(16, 2).repeat(16, 3))
    return found


@pytest.fixture(scope="module")
def networks():
    whole = onnx.load(MODEL)
    return whole, quantize.quantize(whole, pictures(6, 128, 192))


@pytest.mark.parametrize("batch, height, width", [(1, 128, 192), (2, 96, 64)])
def test_the_integers_say_what_the_network_says_at_any_size(networks, batch, height, width):
    whole, integer = networks
    images = np.concatenate(pictures(batch, height, width))
    wanted, said = run(whole, images), run(integer, images)
    for name, values in wanted.items():
        assert said[name].shape == values.shape
        assert np.sqrt(np.mean((said[name] - values) ** 2)) < 0.1 * np.std(values), name


def test_fine_maps_and_the_ball_stay_in_floating_point(networks):
    graph = networks[1].graph
    floating = {i.name for i in graph.initializer if i.data_type == TensorProto.FLOAT}
    whole = {n.name for n in graph.node if n.op_type == "Conv" and n.input[1] in floating}
    # Of 71 convolutions: stem, downsampling and stage of stride 4 with 4 inside, 2 + 3 of the ball's head.
    assert len(whole) == 11
    assert all(n.startswith(("/m/b0/", "/m/b1/", "/m/b2/", "/m/q")) for n in whole)


def test_maps_are_unsigned(networks):
    graph = networks[1].graph
    types = {i.name: i.data_type for i in graph.initializer}
    zeros = [types[n.input[2]] for n in graph.node if n.op_type == "QuantizeLinear"]
    assert zeros and set(zeros) == {TensorProto.UINT8}


def test_what_is_joined_shares_one_range(networks):
    graph = networks[1].graph
    scales = {i.name: float(numpy_helper.to_array(i)) for i in graph.initializer
              if i.name.endswith("_scale") and not i.dims}
    maker = {name: node for node in graph.node for name in node.output}

    def origin(name):
        while not name.endswith("_rounded") and maker[name].op_type in ("Slice", "MaxPool", "Resize"):
            name = maker[name].input[0]
        return name

    joins = [[origin(i) for i in n.input] for n in graph.node if n.op_type == "Concat"]
    joins = [{name.removesuffix("_rounded") for name in join} for join in joins
             if all(name.endswith("_rounded") for name in join)]
    assert len(joins) == 12  # 7 stages of stride 8 and up, the context's pools, 4 joins of neighbouring strides
    for join in joins:
        assert len({scales[f"{name}_scale"] for name in join}) == 1


def test_half_precision_weights_are_read_exactly(networks):
    folded = quantize.single_precision(networks[0])
    stored = {i.name: numpy_helper.to_array(i) for i in networks[0].graph.initializer}
    unfolded = {i.name: numpy_helper.to_array(i) for i in folded.graph.initializer}
    casts = [n for n in networks[0].graph.node if n.op_type == "Cast" and n.input[0] in stored]
    assert casts and not any(n.op_type == "Cast" and n.input[0] in unfolded for n in folded.graph.node)
    for cast in casts:
        assert np.array_equal(unfolded[cast.output[0]], stored[cast.input[0]].astype(np.float32))


def test_weights_by_hand():
    weights = np.array([[[[1.27, -0.64, 0.0]]], [[[0.0, 0.0, 0.0]]]], np.float32)
    integers, scales = quantize.quantize_weights(weights)
    assert scales[0] == pytest.approx(0.01) and integers[0].ravel().tolist() == [127, -64, 0]
    assert not integers[1].any()


def test_codes_by_hand():
    spread = np.linspace(-0.5, 2.05, 256, dtype=np.float32)
    codes = quantize.choose_codes(quantize.Values(spread, -0.5, 2.05))
    assert codes.scale == pytest.approx(0.01) and codes.zero == 50
    lonely = quantize.choose_codes(quantize.Values(spread, -0.5, 100.0))
    assert codes.scale < lonely.scale < 0.3 * 102.55 / 255  # one wild value does not take the range


def test_strides_follow_convolution_and_doubling():
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["half"], strides=[2, 2]),
        helper.make_node("MaxPool", ["half"], ["same"], kernel_shape=[5, 5], strides=[1, 1]),
        helper.make_node("Conv", ["same", "w"], ["quarter"], strides=[2, 2]),
        helper.make_node("Resize", ["quarter", "", "scales"], ["back"]),
        helper.make_node("Concat", ["back", "half"], ["joined"], axis=1),
    ]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, None)], [])
    found = quantize.strides(graph)
    assert [found[n] for n in ("half", "same", "quarter", "back", "joined")] == [2, 2, 4, 2, 2]
