import pytest
import torch

from training import model


def look(people, kits) -> model.Look:
    """A map of one row; sides and classes play no part."""
    return model.Look(torch.zeros(1), torch.zeros(1), torch.tensor(kits).view(1, len(kits), 1, -1),
                      torch.tensor(people).view(1, 1, 1, -1))


def test_kit_shares_by_hand():
    """Three people in red, one in yellow, grass that looks red but is nobody; on maps of two strides."""
    fine = look([1.0, 1.0, 0.0], [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    coarse = look([1.0, 1.0], [[1.0, 1.0], [0.0, 0.0]])
    shares = model.kit_shares([fine, coarse])
    assert shares.flatten().tolist() == pytest.approx([3 / 5, 1 / 5])  # of four people and one more, so that an empty picture has a share


def test_an_empty_picture_has_no_shares():
    assert model.kit_shares([look([0.0], [[1.0], [1.0]])]).flatten().tolist() == [0, 0]


def test_the_rest_of_the_picture_changes_a_class_and_nothing_else():
    """The same place in two pictures that differ far away: boxes, points and ball see no difference, classes do."""
    torch.manual_seed(0)
    network = model.build("n").eval()
    for head in network.heads:
        torch.nn.init.normal_(head.compared[-1].weight)
        torch.nn.init.constant_(head.classes.bias, 0.0)  # everybody everywhere, so that far things weigh
    images = torch.rand(1, 3, 64, 2048)
    changed = images.clone()
    changed[..., 1600:] = torch.rand(1, 3, 64, 448)
    with torch.no_grad():
        (before, *maps), (after, *other_maps) = network(images), network(changed)
    first = slice(0, 1)  # stride 8, the top left cell
    assert torch.equal(before[:, :64, first], after[:, :64, first])
    assert not torch.equal(before[:, 64:, first], after[:, 64:, first])
    for one, other in zip(maps, other_maps):
        assert torch.equal(one[..., :1], other[..., :1])
