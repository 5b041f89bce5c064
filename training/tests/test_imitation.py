import math

import pytest
import torch

from training import imitation


def outputs(seed: int) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(seed)
    return tuple(torch.randn(2, *shape, requires_grad=True) for shape in ((68, 126), (96, 8, 12), (3, 16, 24)))


def test_who_says_what_the_teacher_says_pays_nothing():
    said = outputs(0)
    parts = imitation.imitation(said, tuple(maps.detach() for maps in said))
    assert parts.abs().max() < 1e-6
    assert imitation.imitation(said, outputs(1)).min() > 0.1


def test_sides_count_where_the_teacher_sees_somebody():
    """One cell of a person at .75, sides off by one bin out of two that the teacher holds equally likely: log 2 of each."""
    taught = torch.full((1, 68, 1), -20.0)
    taught[0, [0, 1, 16, 17, 32, 33, 48, 49]] = 20.0
    taught[0, 66] = math.log(3)  # sigmoid: 3/4
    said = taught.clone()
    said[0, [1, 17, 33, 49]] = -20.0  # all on the first of the two: half of log(.5 / 1) + half of log(.5 / e^-40)
    apart = 0.5 * math.log(0.5) + 0.5 * (math.log(0.5) + 40)
    assert imitation.detection_imitation(said, taught).item() == pytest.approx(apart * 0.75 / 1.75, rel=1e-4)
    taught[0, 66] = said[0, 66] = -1.0  # .27: nobody for certain
    assert imitation.detection_imitation(said, taught).item() == pytest.approx(0, abs=1e-6)


def test_offsets_count_at_the_teachers_answers_alone():
    """A peak of .5 and nothing elsewhere; wrong there by half a cell, and far off where no answer is."""
    taught, x, y = torch.full((1, 1, 2, 2), -20.0), torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)
    taught[0, 0, 0, 0] = 0.0
    said_x = torch.tensor([[[[0.5, 9.0], [9.0, 9.0]]]])
    # |0.5| - 0.05 by a weight of .5; over the weights' sum and one.
    expected = imitation.OFFSET_GAIN * 0.45 * 0.5 / 1.5
    assert imitation.map_imitation(taught, said_x, y, taught, x, y).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.filterwarnings("ignore:Dynamo detected a call to a `functools.lru_cache`")
def test_compiled_it_is_one_graph_and_the_same():
    said, taught = outputs(2), tuple(maps.detach() for maps in outputs(3))
    compiled = torch.compile(imitation.imitation, dynamic=False, fullgraph=True, backend="aot_eager")
    found = []
    for judge in (imitation.imitation, compiled):
        parts = judge(said, taught)
        found.append((parts, *torch.autograd.grad(parts.sum(), said)))
    for eager, other in zip(*found):
        assert eager.abs().max() > 0
        assert torch.allclose(eager, other, rtol=1e-4, atol=1e-6)
