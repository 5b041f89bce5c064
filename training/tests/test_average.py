import pytest
import torch

from training.average import average
from training.model import build
from training.weights import CheckpointError


def weights_of(seed: int, size: str = "n") -> dict:
    torch.manual_seed(seed)
    state = build(size).state_dict()
    return {"size": size, "weights": {k: v.half() if v.is_floating_point() else v + seed for k, v in state.items()}}


@pytest.fixture
def files(tmp_path):
    for seed in (0, 1):
        torch.save(weights_of(seed), tmp_path / f"{seed}.pt")
    return tmp_path / "0.pt", tmp_path / "1.pt"


def test_every_weight_lies_where_the_share_says(files):
    joined = average(*files, 0.75)
    assert joined["size"] == "n"
    old, new = weights_of(0)["weights"], weights_of(1)["weights"]
    assert joined["weights"].keys() == new.keys()
    for name, value in joined["weights"].items():
        if value.is_floating_point():
            assert value.dtype == torch.float16
            assert torch.allclose(value.float(), 0.25 * old[name].float() + 0.75 * new[name].float(), atol=1e-3)
        else:
            assert torch.equal(value, new[name])


def test_the_ends_are_the_two_runs(files):
    for share, seed in ((0, 0), (1, 1)):
        joined, run = average(*files, share)["weights"], weights_of(seed)["weights"]
        assert all(torch.equal(joined[name], run[name]) for name in run if run[name].is_floating_point())


def test_files_that_do_not_belong_together_are_named(files, tmp_path):
    torch.save(weights_of(0, "s"), tmp_path / "s.pt")
    with pytest.raises(CheckpointError, match="s.pt: its network of size 's' is not that of .*0.pt, 'n'"):
        average(files[0], tmp_path / "s.pt", 0.5)
    changed = weights_of(0)
    changed["weights"].popitem()
    torch.save(changed, tmp_path / "less.pt")
    with pytest.raises(CheckpointError, match="0.pt: its network of size 'n' is not that of .*less.pt"):
        average(tmp_path / "less.pt", files[0], 0.5)
    torch.save(torch.zeros(3), tmp_path / "broken.pt")
    with pytest.raises(CheckpointError, match="broken.pt: no weights of ours"):
        average(files[0], tmp_path / "broken.pt", 0.5)
    (tmp_path / "broken.pt").write_bytes(b"broken")
    with pytest.raises(CheckpointError, match="broken.pt: no weights of ours"):
        average(tmp_path / "broken.pt", files[0], 0.5)
    with pytest.raises(CheckpointError, match="absent.pt: no weights of ours"):
        average(files[0], tmp_path / "absent.pt", 0.5)
