"""Weights between those of a run and of one that started from it.

  python -m training.average runs/s/weights.pt runs/s2/weights.pt --share 0.7 --out runs/s2/average.pt

A run with --start-from seldom leaves the valley that it starts in: every point on the way between is a network, and one
before the end has often kept what the second run forgot ("Robust fine-tuning of zero-shot models", Wortsman et al. 2022).
Of two runs that began apart nothing of the kind holds.
"""

import argparse
from pathlib import Path

import torch

from training.arguments import file_to_write, share
from training.weights import CheckpointError, read_weights, write_whole


def average(first: Path, second: Path, share: float) -> dict:
    """weights.pt of (1 - share) of the first and share of the second."""
    before, after = read_weights(first), read_weights(second)
    shapes = [{name: value.shape for name, value in state["weights"].items()} for state in (before, after)]
    if before["size"] != after["size"] or shapes[0] != shapes[1]:
        raise CheckpointError(f"{second}: its network of size '{after['size']}' is not that of {first}, '{before['size']}'")

    def between(old: torch.Tensor, new: torch.Tensor) -> torch.Tensor:
        return torch.lerp(old.float(), new.float(), share).half() if new.is_floating_point() else new

    return {"size": after["size"], "weights": {k: between(before["weights"][k], v) for k, v in after["weights"].items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path, help="weights.pt")
    parser.add_argument("second", type=Path, help="weights.pt of a run with --start-from FIRST")
    parser.add_argument("--share", type=share, required=True, help="of the second, 0 to 1")
    parser.add_argument("--out", type=file_to_write, required=True)
    options = parser.parse_args()
    try:
        write_whole(average(options.first, options.second, options.share), options.out)
    except CheckpointError as error:
        raise SystemExit(f"average: {error}") from error


if __name__ == "__main__":
    main()
