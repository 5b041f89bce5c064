import pytest
import torch

from training import losses
from training.augment import Batch
from training.model import DISTANCE_BINS

HEIGHT_PX, WIDTH_PX = 64, 96


def batch(**changes) -> Batch:
    values = dict(
        images=torch.zeros(1, 3, HEIGHT_PX, WIDTH_PX),
        boxes=torch.tensor([[[20.0, 12, 44, 52]]]),
        classes=torch.tensor([[2]]),
        valid=torch.tensor([[True]]),
        ignored=torch.tensor([[False]]),
        labelled=torch.ones(1, 4, dtype=torch.bool),
        complete=torch.tensor([True]),
        points=torch.zeros(1, 32, 2),
        points_seen=torch.zeros(1, 32, dtype=torch.bool),
        has_points=torch.tensor([True]),
    )
    return Batch(**{**values, **changes})


def perfect_det() -> torch.Tensor:
    """Logits that say exactly the box of batch() in every cell, and nothing's class."""
    centres, strides = losses.all_cells(HEIGHT_PX, WIDTH_PX, torch.device("cpu"))
    box = torch.tensor([20.0, 12, 44, 52])
    sides = torch.cat([centres - box[:2], box[2:] - centres], -1) / strides[:, None]
    sides = sides.clamp(0, DISTANCE_BINS - 1.01)
    low = sides.long()
    logits = torch.full((len(centres), 4, DISTANCE_BINS), -30.0)
    logits.scatter_(2, low[..., None], torch.log(1 - (sides - low) + 1e-9)[..., None])
    logits.scatter_(2, low[..., None] + 1, torch.log(sides - low + 1e-9)[..., None])
    classes = torch.full((len(centres), 4), -12.0)
    return torch.cat([logits.flatten(1), classes], 1).T[None]


def test_decoded_sides_are_the_box():
    det = perfect_det().transpose(1, 2)
    centres, strides = losses.all_cells(HEIGHT_PX, WIDTH_PX, torch.device("cpu"))
    boxes = losses.decode_boxes(det[..., :64], centres, strides)[0]
    inside = ((centres > torch.tensor([20.0, 12])) & (centres < torch.tensor([44.0, 52]))).all(-1)
    assert torch.allclose(boxes[inside], torch.tensor([20.0, 12, 44, 52]).expand_as(boxes[inside]), atol=0.05)


def test_iou_by_hand():
    shared, union = losses.overlap(torch.tensor([[0.0, 0, 4, 4]]), torch.tensor([[2.0, 2, 6, 6]]))
    assert shared.item() == 4 and abs(union.item() - 28) < 1e-5


def test_cells_outside_the_box_answer_for_nothing():
    det = perfect_det().transpose(1, 2)
    centres, strides = losses.all_cells(HEIGHT_PX, WIDTH_PX, torch.device("cpu"))
    boxes = losses.decode_boxes(det[..., :64], centres, strides)
    scores = torch.linspace(0.1, 0.9, len(centres))[None, :, None].expand(1, -1, 4)  # no ties
    strength, _, _, _ = losses.assign(batch(), boxes, scores, centres)
    taken = strength[0] > 0
    assert 1 <= taken.sum() <= losses.CELLS_PER_BOX
    assert ((centres[taken] > torch.tensor([20.0, 12])) & (centres[taken] < torch.tensor([44.0, 52]))).all()


def test_a_part_box_is_known_as_one():
    centres, strides = losses.all_cells(HEIGHT_PX, WIDTH_PX, torch.device("cpu"))
    torso = torch.tensor([22.0, 14, 42, 24]).expand(1, len(centres), 4)
    _, _, part, _ = losses.assign(batch(), torso, torch.zeros(1, len(centres), 4), centres)
    inside = ((centres > torch.tensor([20.0, 12])) & (centres < torch.tensor([44.0, 52]))).all(-1)
    assert part[0, inside].all() and not part[0, ~inside].any()


def test_what_is_not_labelled_costs_nothing():
    loud = perfect_det()
    loud[:, 64 + 3] = 5.0  # referees everywhere
    nobody = dict(valid=torch.tensor([[False]]))
    unlabelled = torch.tensor([[True, True, True, False]])
    assert losses.detection_loss(loud, batch(**nobody)) > 10
    assert losses.detection_loss(loud, batch(**nobody, labelled=unlabelled)) < 0.1
    assert losses.detection_loss(loud, batch(**nobody, complete=torch.tensor([False]))) < 0.1
    kp = torch.full((1, 96, 8, 12), 3.0)
    assert losses.point_loss(kp, batch()) > 10
    assert losses.point_loss(kp, batch(has_points=torch.tensor([False]))) == 0
    ball = torch.full((1, 3, 16, 24), 3.0)
    assert losses.ball_loss(ball, batch(labelled=torch.tensor([[False, True, True, True]]))) == 0


def test_an_ignored_place_costs_nothing():
    loud = torch.full((1, 68, 126), -12.0)
    centres, _ = losses.all_cells(HEIGHT_PX, WIDTH_PX, torch.device("cpu"))
    inside = ((centres > torch.tensor([20.0, 12])) & (centres < torch.tensor([44.0, 52]))).all(-1)
    loud[0, 66, inside] = 5.0
    seen = losses.detection_loss(loud, batch(valid=torch.tensor([[False]])))
    hidden = losses.detection_loss(loud, batch(valid=torch.tensor([[False]]), ignored=torch.tensor([[True]])))
    assert seen > 1 and hidden < 0.1


def test_offsets_point_from_the_cell_to_the_ball():
    ball_box = torch.tensor([[[49.0, 29, 57, 37]]])  # centre 53, 33: cell (13, 8) of stride 4, centre 54, 34
    there = batch(boxes=ball_box, classes=torch.tensor([[0]]))
    ball = torch.zeros(1, 3, 16, 24)
    x, y = losses.cell_grid(16, 24, 4, torch.device("cpu"))
    ball[0, 0] = -30
    right, wrong = ball.clone(), ball.clone()
    right[0, 1], right[0, 2] = (53 - x) / 4, (33 - y) / 4
    wrong[0, 1], wrong[0, 2] = (x - 53) / 4, (y - 33) / 4
    assert losses.ball_loss(right, there) < losses.ball_loss(wrong, there) - 0.1


def test_small_offsets_pull_as_hard_as_large_ones():
    """Beyond a tenth of a cell |e| - 0.05, below e squared over 0.2; the mean counts one place more than are near."""
    x, y = torch.tensor([0.3, -0.2, 9.0], requires_grad=True), torch.tensor([0.05, 0.0, 9.0])
    loss = losses.offset_loss(x, y, torch.zeros(3), torch.zeros(3), torch.tensor([1.0, 1.0, 0.0]))
    assert loss.item() == pytest.approx((0.25 + 0.0125 + 0.15) / 3)
    loss.backward()
    assert x.grad.tolist() == pytest.approx([1 / 3, -1 / 3, 0])


@pytest.mark.filterwarnings("ignore:Dynamo detected a call to a `functools.lru_cache`")
def test_compiled_the_losses_are_one_graph_and_the_same():
    """What the GPU captures; a question to the host would break the graph."""
    torch.manual_seed(0)
    outputs = [torch.randn(1, *shape, requires_grad=True) for shape in ((68, 126), (96, 8, 12), (3, 16, 24))]
    balls_too = batch(boxes=torch.tensor([[[20.0, 12, 44, 52], [49, 29, 57, 37]]]), classes=torch.tensor([[2, 0]]),
                      valid=torch.tensor([[True, True]]), ignored=torch.tensor([[False, False]]),
                      points_seen=torch.ones(1, 32, dtype=torch.bool))
    found = []
    for judge in (losses.losses, torch.compile(losses.losses, dynamic=False, fullgraph=True, backend="aot_eager")):
        parts = judge(outputs, balls_too)
        found.append((parts, *torch.autograd.grad(parts.sum(), outputs)))
    for eager, compiled in zip(*found):
        assert eager.abs().max() > 0
        assert torch.allclose(eager, compiled, rtol=1e-4, atol=1e-6)
