import dataclasses
import math

import pytest
import torch

from training import imitation
from training.augment import Shape, blank_batch
from training.model import CLASSES

COUNTS = (1, 1, 0, 0, 0)
BATCH = blank_batch(Shape(64, 96, COUNTS, COUNTS, (1, 1)), 3, torch.device("cpu"))


def outputs(seed: int) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(seed)
    return tuple(torch.randn(2, *shape, requires_grad=True) for shape in ((68, 126), (96, 8, 12), (3, 16, 24)))


def test_who_says_what_the_teacher_says_pays_nothing():
    said = outputs(0)
    parts = imitation.imitation(said, tuple(maps.detach() for maps in said), BATCH)
    assert parts.abs().max() < 1e-6
    assert imitation.imitation(said, outputs(1), BATCH).min() > 0.1


def test_sides_count_where_the_teacher_sees_a_person():
    """One cell at .75, sides off by one bin out of two that the teacher holds equally likely: log 2 of each."""
    taught = torch.full((1, 68, 1), -20.0)
    taught[0, [0, 1, 16, 17, 32, 33, 48, 49]] = 20.0
    taught[0, 66] = math.log(3)  # sigmoid: 3/4
    said = taught.clone()
    said[0, [1, 17, 33, 49]] = -20.0  # all on the first of the two: half of log(.5 / 1) + half of log(.5 / e^-40)
    apart = 0.5 * math.log(0.5) + 0.5 * (math.log(0.5) + 40)
    expected = imitation.SIDES_GAIN * apart * 0.75 / 1.75
    assert imitation.detection_imitation(said, taught).item() == pytest.approx(expected, rel=1e-4)
    taught[0, 66] = said[0, 66] = -1.0  # .27: nobody for certain
    assert imitation.detection_imitation(said, taught).item() == pytest.approx(0, abs=1e-6)
    taught[0, 64] = said[0, 64] = math.log(3)  # a ball, whose size the labels say
    assert imitation.detection_imitation(said, taught).item() == pytest.approx(0, abs=1e-6)


def test_offsets_count_at_the_teachers_answers_alone():
    """A peak of .5 and nothing elsewhere; wrong there by half a cell, and far off where no answer is."""
    taught, x, y = torch.full((1, 1, 2, 2), -20.0), torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)
    taught[0, 0, 0, 0] = 0.0
    said_x = torch.tensor([[[[0.5, 9.0], [9.0, 9.0]]]])
    # |0.5| - 0.05 by a weight of .5; over the weights' sum and one.
    expected = imitation.OFFSET_GAIN * 0.45 * 0.5 / 1.5
    assert imitation.map_imitation(taught, said_x, y, taught, x, y).item() == pytest.approx(expected, rel=1e-4)


def test_of_a_pasted_ball_the_teacher_has_no_say():
    """A ball of 16 px pasted at (40, 28) into the first of two pictures: its cells, and those 8 px around them."""
    batch = dataclasses.replace(BATCH, boxes=BATCH.boxes.clone(), valid=BATCH.valid.clone(), classes=BATCH.classes.clone())
    batch.boxes[0, -1] = torch.tensor([32.0, 20, 48, 36])
    batch.valid[0, -1], batch.classes[0, -1] = True, CLASSES.index("ball")
    said = outputs(4)
    imitation.imitation(said, tuple(maps.detach() for maps in outputs(5)), batch).sum().backward()
    det, kp, ball = (maps.grad for maps in said)
    asked = ball[0].abs().sum(0) > 1e-6  # cells of 4 px with centres at 2, 6, ...
    wanted = torch.ones(16, 24, dtype=torch.bool)
    wanted[3:11, 6:14] = False  # centres from 14 to 42 and from 26 to 54
    assert torch.equal(asked, wanted)
    asked = (det[0].abs().sum(0) > 1e-5)[:96].view(8, 12)  # of stride 8, centres at 4, 12, ...
    wanted = torch.ones(8, 12, dtype=torch.bool)
    wanted[2:5, 3:7] = False  # centres from 20 to 36 and from 28 to 52
    assert torch.equal(asked, wanted)
    assert (kp.abs().sum((1, 2, 3)) > 0).all() and (ball[1].abs().sum(0) > 0).all()


@pytest.mark.filterwarnings("ignore:Dynamo detected a call to a `functools.lru_cache`")
def test_compiled_it_is_one_graph_and_the_same():
    said, taught = outputs(2), tuple(maps.detach() for maps in outputs(3))
    compiled = torch.compile(imitation.imitation, dynamic=False, fullgraph=True, backend="aot_eager")
    found = []
    for judge in (imitation.imitation, compiled):
        parts = judge(said, taught, BATCH)
        found.append((parts, *torch.autograd.grad(parts.sum(), said)))
    for eager, other in zip(*found):
        assert eager.abs().max() > 0
        assert torch.allclose(eager, other, rtol=1e-4, atol=1e-6)
