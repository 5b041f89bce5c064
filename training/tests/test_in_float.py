import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from training.in_float import NotInBytesError, in_float


def constant(name, value):
    return numpy_helper.from_array(np.asarray(value), name)


def in_bytes() -> onnx.ModelProto:
    """A map in bytes, of one scale for each channel; a 3 x 3 convolution whose weights have one for each row."""
    rng = np.random.default_rng(3)
    stored = [
        constant("map_scale", np.array([0.02, 0.5], np.float32)), constant("map_zero", np.array([3, 200], np.uint8)),
        constant("weight_codes", rng.integers(-127, 128, (4, 2, 3, 3), np.int8)),
        constant("weight_scale", np.array([0.1, 0.02, 1.5, 0.003], np.float32)), constant("weight_zero", np.zeros(4, np.int8)),
    ]
    nodes = [
        helper.make_node("QuantizeLinear", ["images", "map_scale", "map_zero"], ["map_codes"], axis=1),
        helper.make_node("DequantizeLinear", ["map_codes", "map_scale", "map_zero"], ["map"], axis=1),
        helper.make_node("DequantizeLinear", ["weight_codes", "weight_scale", "weight_zero"], ["weight"], axis=0),
        helper.make_node("Conv", ["map", "weight"], ["det"], pads=[1, 1, 1, 1]),
    ]
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 6, 8]) for name, channels in (("images", 2), ("det", 4))]
    graph = helper.make_graph(nodes, "bytes", value[:1], value[1:], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])  # the oracle knows these two from 19 on
    model.metadata_props.add(key="names", value="{0: 'ball'}")
    return model


def test_rounds_and_cuts_as_bytes_do():
    # Halves go to the even neighbour, and what is beyond the range of bytes is cut at both ends.
    images = np.random.default_rng(1).normal(0, 40, (1, 2, 6, 8)).astype(np.float32)
    images[0, 0, 0] = np.array([0.01, 0.03, -0.01, -0.03, 5.04, 5.05, -0.06, -0.07], np.float32)
    wanted = ReferenceEvaluator(in_bytes()).run(None, {"images": images})[0]
    said = ReferenceEvaluator(in_float(in_bytes())).run(None, {"images": images})[0]
    np.testing.assert_allclose(said, wanted, rtol=1e-5, atol=1e-3)
    assert np.abs(wanted).max() > 100


def test_no_engine_finds_bytes_in_it_and_its_reader_the_same_facts():
    model = in_float(in_bytes())
    assert {node.op_type for node in model.graph.node} == {"Div", "Round", "Add", "Clip", "Sub", "Mul", "Conv"}
    assert all(i.data_type == TensorProto.FLOAT for i in model.graph.initializer)
    assert model.metadata_props[0].value == "{0: 'ball'}"


def test_a_network_without_bytes_and_a_file_that_is_none_are_named(tmp_path):
    model = in_float(in_bytes())
    with pytest.raises(NotInBytesError):
        in_float(model)
    (tmp_path / "none.onnx").write_bytes(b"no network")
    ran = subprocess.run([sys.executable, "-m", "training.in_float", tmp_path / "none.onnx", tmp_path / "out.onnx"],
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1 and "none.onnx" in ran.stderr and "Traceback" not in ran.stderr
    assert not (tmp_path / "out.onnx").exists()
