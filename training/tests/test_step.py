import math

import pytest
import torch

from training import model
from training.step import LAST_RATE_SHARE, LEARNING_RATE, Step, averaging_share, learning_rate


@pytest.fixture
def pair():
    torch.manual_seed(0)
    network, average = model.build("n"), model.build("n")
    average.load_state_dict(network.state_dict())
    for weight in network.parameters():
        weight.grad = torch.randn_like(weight)
    return network, average


def test_the_rate_rises_then_falls_to_its_last_share():
    assert learning_rate(0, 10000) == pytest.approx(LEARNING_RATE / 400)
    assert learning_rate(5000, 10000) == pytest.approx(LEARNING_RATE * (0.5 * (1 - LAST_RATE_SHARE) + LAST_RATE_SHARE))
    assert learning_rate(10000, 10000) == pytest.approx(LEARNING_RATE * LAST_RATE_SHARE)
    assert learning_rate(10000, 10000, 0.5) == pytest.approx(0.5 * LAST_RATE_SHARE)


def test_the_average_follows_closely_at_first():
    assert averaging_share(1) == pytest.approx(200 / 201)
    assert averaging_share(10**7) == pytest.approx(0.0005)


def test_a_step_moves_biases_as_adam_does_and_the_average_after_them(pair):
    network, average = pair
    bias, slow = network.heads[0].classes.bias, average.heads[0].classes.bias
    before = bias.detach().clone()
    Step(network, average)(399, 10**9)
    # Adam's first step is the rate, whatever the gradient; the average takes 1 - 400 / 600 of it.
    moved = bias.detach() - before
    assert torch.allclose(moved, -LEARNING_RATE * torch.sign(bias.grad), rtol=1e-3)
    assert torch.allclose(slow.detach() - before, moved / 3, rtol=1e-3)


def test_gradients_are_cut_to_their_norm(pair):
    network, average = pair
    for weight in network.parameters():
        weight.grad.mul_(1000)
    Step(network, average)(0, 100)
    norm = math.sqrt(sum(float((weight.grad**2).sum()) for weight in network.parameters()))
    assert norm == pytest.approx(10.0, rel=1e-3)


def test_a_loaded_state_steps_at_the_rate_of_its_iteration(pair):
    network, average = pair
    first = Step(network, average)
    first(50, 100)
    second = Step(network, average)
    second.load_state_dict(first.state_dict())
    second(90, 100)
    for optimizer in second.optimizers:
        for group in optimizer.param_groups:
            assert float(group["lr"]) == pytest.approx(learning_rate(90, 100))
