import copy

import pytest
import torch

from training import model
from training.muon import MOMENTUM, STEP_RMS, Muon, hidden_matrices, orthogonal_steps

SHAPES = [(16, 32, 3, 3), (64, 8, 1, 1), (24, 64, 1, 1), (16, 16, 1, 1)]


def as_matrices(steps):
    """Matrices of singular values about one, were the polynomial exact."""
    flat = [step.flatten(1) for step in steps]
    return [matrix / (STEP_RMS * max(matrix.shape) ** 0.5) for matrix in flat]


def test_every_direction_of_a_step_counts_about_alike_and_none_is_turned():
    torch.manual_seed(0)
    directions = [torch.randn(shape) * 10.0**k for k, shape in enumerate(SHAPES)]
    for direction, step in zip(directions, as_matrices(orthogonal_steps(directions))):
        # The nearest orthogonal matrix has the direction's own singular vectors.
        left, values, right = torch.linalg.svd(direction.flatten(1).double(), full_matrices=False)
        gains = (left.T @ step.double() @ right.T).diagonal()
        inside = values > 0.05 * values.norm()
        assert 0.6 < gains[inside].min() and gains.max() < 1.25
        off = left.T @ step.double() @ right.T - gains.diag()
        assert off.abs().max() < 1e-3


def test_matrices_worked_on_together_become_what_they_become_alone():
    torch.manual_seed(1)
    directions = [torch.randn(16, 32, 3, 3), torch.randn(16, 24, 1, 1), torch.randn(40, 16, 1, 1)]
    together = orthogonal_steps(directions)
    for direction, step in zip(directions, together):
        assert torch.allclose(orthogonal_steps([direction])[0], step, atol=1e-5)


def test_layout_of_the_weights_changes_nothing():
    torch.manual_seed(2)
    direction = torch.randn(16, 8, 3, 3)
    step = orthogonal_steps([direction.to(memory_format=torch.channels_last)])[0]
    assert step.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(step, orthogonal_steps([direction])[0], atol=1e-6)


def test_a_first_step_by_hand():
    weight = torch.nn.Parameter(torch.eye(2).view(2, 2, 1, 1) * 3)
    weight.grad = torch.diag(torch.tensor([2.0, 1.0])).view(2, 2, 1, 1)
    Muon([weight], lr=0.1, weight_decay=0.5).step()
    # Singular values 2 / sqrt 5 and 1 / sqrt 5, five times through 3.4445 x - 4.7750 x^3 + 2.0315 x^5.
    values = []
    for x in (2 / 5**0.5, 1 / 5**0.5):
        for _ in range(5):
            x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
        values.append(x)
    wanted = 3 * (1 - 0.1 * 0.5) - 0.1 * STEP_RMS * 2**0.5 * torch.tensor(values)
    assert torch.allclose(weight.detach()[:, :, 0, 0].diagonal(), wanted, atol=1e-5)


def test_momentum_remembers_and_is_saved():
    def steps(count: int, optimizer, weight):
        for k in range(count):
            weight.grad = torch.full((2, 2, 1, 1), 1.0) + torch.eye(2).view(2, 2, 1, 1) * k
            optimizer.step()

    start = torch.arange(4.0).view(2, 2, 1, 1)
    whole = torch.nn.Parameter(start.clone())
    optimizer = Muon([whole], lr=0.1, weight_decay=0.0)
    steps(1, optimizer, whole)
    saved, there = copy.deepcopy(optimizer.state_dict()), whole.detach().clone()
    momentum = saved["state"][0]["momentum"]
    assert torch.allclose(momentum, torch.full((2, 2, 1, 1), 1 - MOMENTUM))
    steps(2, optimizer, whole)
    resumed = torch.nn.Parameter(there)
    again = Muon([resumed], lr=0.1, weight_decay=0.0)
    again.load_state_dict(saved)
    steps(2, again, resumed)
    assert torch.equal(whole, resumed)


def test_weights_without_a_gradient_stay():
    weight = torch.nn.Parameter(torch.ones(2, 2, 1, 1))
    Muon([weight], lr=0.1, weight_decay=0.5).step()
    assert torch.equal(weight, torch.ones(2, 2, 1, 1))


@pytest.mark.parametrize("size", model.SIZES)
def test_neither_the_first_convolution_nor_those_that_answer_are_hidden(size):
    network = model.build(size)
    hidden = {id(weight) for weight in hidden_matrices(network)}
    assert id(network.stem[0].weight) not in hidden
    for head in network.heads:
        assert not {id(head.classes.weight), id(head.sides[-1].weight), id(head.kits.weight)} & hidden
        assert id(head.trunk[0].weight) in hidden
    assert id(network.ball.body[-1].weight) not in hidden and id(network.points[-1].weight) not in hidden
    assert sum(w.numel() for w in hidden_matrices(network)) > 0.95 * sum(p.numel() for p in network.parameters())
