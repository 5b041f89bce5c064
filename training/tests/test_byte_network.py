import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from training.byte_network import ByteNetwork, Rounded, stored
from training.in_float import NotInBytesError

CPU = torch.device("cpu")


def constant(name, value, kind=np.float32):
    return numpy_helper.from_array(np.asarray(value, kind), name)


def in_bytes() -> onnx.ModelProto:
    """Two maps in bytes that a Concat joins, both read with the step .02: one, whose channels have steps of their own, pooled;
    the other halved and doubled again. Then a convolution in bytes, and sums of whole maps by a constant's convolution."""
    rng = np.random.default_rng(7)
    kept = [constant("first.weight_fp16", rng.normal(size=(2, 3, 3, 3)), np.float16), constant("first.bias", [0.1, -0.2])]
    maps = [constant("a_scales", [0.02, 0.03]), constant("a_zeros", [8, 8], np.uint8), constant("a_scale", 0.02),
            constant("a_zero", 8, np.uint8), constant("b_scale", 0.02), constant("b_zero", 8, np.uint8)]
    weights = [constant("join.weight_codes", rng.integers(-127, 128, (4, 4, 1, 1)), np.int8),
               constant("join.weight_scale", [0.01, 0.02, 0.005, 0.001]), constant("join.weight_zero", np.zeros(4), np.int8),
               constant("join.bias", [0.5, 0.0, -1.0, 2.0]), constant("/Constant_codes", [[[[0]], [[127]], [[127]], [[0]]]], np.int8),
               constant("/Constant_scale", [1 / 127]), constant("/Constant_zero", [0], np.int8)]
    shapes = [constant("axes", [2, 3], np.int64), constant("flat", [0, 4, -1], np.int64)]
    twice = helper.make_node("Constant", [], ["twice"], value=numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32)))
    nodes = [
        helper.make_node("Cast", ["first.weight_fp16"], ["first.weight"], to=TensorProto.FLOAT),
        helper.make_node("DequantizeLinear", ["join.weight_codes", "join.weight_scale", "join.weight_zero"], ["join.weight"], axis=0),
        helper.make_node("DequantizeLinear", ["/Constant_codes", "/Constant_scale", "/Constant_zero"], ["people"], axis=0),
        helper.make_node("Conv", ["images", "first.weight", "first.bias"], ["seen"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Sigmoid", ["seen"], ["gate"]),
        helper.make_node("Mul", ["seen", "gate"], ["a"]),
        helper.make_node("QuantizeLinear", ["a", "a_scales", "a_zeros"], ["a_codes"], axis=1),
        helper.make_node("DequantizeLinear", ["a_codes", "a_scales", "a_zeros"], ["a_own"], axis=1),
        helper.make_node("DequantizeLinear", ["a_codes", "a_scale", "a_zero"], ["a_read"]),
        helper.make_node("MaxPool", ["a_read"], ["a_pooled"], kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]),
        helper.make_node("MaxPool", ["a_own"], ["halved"], kernel_shape=[2, 2], strides=[2, 2]),
        twice,
        helper.make_node("Resize", ["halved", "", "twice"], ["doubled"], mode="nearest", nearest_mode="floor",
                         coordinate_transformation_mode="asymmetric"),
        helper.make_node("QuantizeLinear", ["doubled", "b_scale", "b_zero"], ["b_codes"]),
        helper.make_node("DequantizeLinear", ["b_codes", "b_scale", "b_zero"], ["b_read"]),
        helper.make_node("Concat", ["a_pooled", "b_read"], ["joined"], axis=1),
        helper.make_node("Conv", ["joined", "join.weight", "join.bias"], ["answer"]),
        helper.make_node("Conv", ["answer", "people"], ["who"]),
        helper.make_node("ReduceSum", ["who", "axes"], ["all"], keepdims=1),
        helper.make_node("Div", ["answer", "all"], ["shares"]),
        helper.make_node("Add", ["answer", "shares"], ["sum"]),
        helper.make_node("Reshape", ["sum", "flat"], ["det"]),
    ]
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, [2, 3, 8, 12])
    det = helper.make_tensor_value_info("det", TensorProto.FLOAT, [2, 4, 24])
    graph = helper.make_graph(nodes, "bytes", [images], [det], kept + maps + weights + shapes)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])  # the oracle knows roundings from 19 on


def images(seed=1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 1, (2, 3, 8, 12)).astype(np.float32)


def codes_of(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    return {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}


def test_answers_as_the_file_does():
    wanted = ReferenceEvaluator(in_bytes()).run(None, {"images": images()})[0]
    with torch.no_grad():
        said = ByteNetwork(in_bytes(), CPU)(torch.from_numpy(images()))
    assert len(said) == 1 and np.abs(wanted).max() > 1
    np.testing.assert_allclose(said[0].numpy(), wanted, rtol=1e-4, atol=1e-4)


def test_what_learnt_nothing_is_the_file_it_came_from():
    network = ByteNetwork(in_bytes(), CPU)
    assert stored(network, network.learnt()).SerializeToString() == in_bytes().SerializeToString()


def test_the_network_as_it_learns_answers_as_the_file_that_is_stored_of_it():
    network = ByteNetwork(in_bytes(), CPU)
    with torch.no_grad():
        network.codes["join.weight_codes"][0] += 40.4  # beyond 127 for some
        network.floats["join.bias"] += 0.25
        network.floats["first.weight_fp16"] *= 2  # exact in half precision
        next(iter(network.widths.values())).fill_(-0.3)
        said = network(torch.from_numpy(images()))[0]
    wanted = ReferenceEvaluator(stored(network, network.learnt())).run(None, {"images": images()})[0]
    np.testing.assert_allclose(said.numpy(), wanted, rtol=1e-4, atol=1e-4)
    kept = codes_of(stored(network, network.learnt()))["join.weight_codes"]
    before = codes_of(in_bytes())["join.weight_codes"]
    np.testing.assert_array_equal(kept[0], np.minimum(before[0].astype(int) + 40, 127))
    np.testing.assert_array_equal(kept[1:], before[1:])


def test_maps_of_one_step_keep_one():
    """Both maps are read with .02, so one width serves them, and the file's two numbers stay the same to the last bit."""
    network = ByteNetwork(in_bytes(), CPU)
    assert len(network.widths) == 1
    with torch.no_grad():
        next(iter(network.widths.values())).fill_(0.1234)
    now = codes_of(stored(network, network.learnt()))
    assert now["a_scale"] == now["b_scale"] and now["a_scale"].dtype == np.float32
    np.testing.assert_allclose(now["a_scale"], 0.02 * np.exp(0.1234), rtol=1e-6)
    np.testing.assert_allclose(now["a_scales"], np.array([0.02, 0.03]) * np.exp(0.1234), rtol=1e-6)


def test_a_rounding_lets_the_gradient_through_but_where_it_cuts():
    steps = torch.tensor([0.5, 1.5, -0.4, 3.6, -9.0], requires_grad=True)
    whole = Rounded.apply(steps, -2, 3)
    assert whole.tolist() == [0, 2, 0, 3, -2]
    (whole * torch.tensor([1.0, 2, 3, 4, 5])).sum().backward()
    assert steps.grad.tolist() == [1, 2, 3, 0, 0]


def test_everything_that_may_learn_gets_a_gradient_and_constants_are_nobodys_weights():
    network = ByteNetwork(in_bytes(), CPU)
    assert set(network.codes) == {"join.weight_codes"}
    assert set(network.floats) == {"first.weight_fp16", "first.bias", "join.bias"}
    network(torch.from_numpy(images()))[0].square().sum().backward()
    assert all(value.grad.abs().max() > 0 for value in network.learnt().values())


def test_a_step_learns_of_rounding_errors_and_of_cuts():
    """The derivative of codes times step by the step's logarithm: within, code less value; cut off, the limit."""
    values, log_step = torch.tensor([0.3, 0.9, 2.2, 400.0]), torch.zeros((), requires_grad=True)
    (Rounded.apply(values / log_step.exp(), -8, 247) * log_step.exp()).sum().backward()
    assert log_step.grad.item() == pytest.approx((0 - 0.3) + (1 - 0.9) + (2 - 2.2) + 247, rel=1e-5)


def test_what_cannot_be_trained_is_named():
    model = in_bytes()
    model.graph.node.append(helper.make_node("Softmax", ["det"], ["other"]))
    with pytest.raises(NotInBytesError, match="not trained in 8 bits here: Softmax"):
        ByteNetwork(model, CPU)
    model = in_bytes()
    for node in model.graph.node:
        if node.op_type == "Conv" and node.output[0] == "seen":
            node.attribute[0].ints[:] = [0, 1, 1, 1]
    with pytest.raises(NotInBytesError, match="more border on one side"):
        ByteNetwork(model, CPU)
    plain = helper.make_model(helper.make_graph(
        [helper.make_node("Conv", ["images", "w"], ["det"])], "plain", in_bytes().graph.input, in_bytes().graph.output,
        [constant("w", np.ones((4, 3, 1, 1)))]))
    with pytest.raises(NotInBytesError, match="touchline model quantize"):
        ByteNetwork(plain, CPU)
