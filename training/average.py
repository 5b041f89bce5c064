"""Weights between those of a run and of one that started from it.

  python -m training.average runs/s/weights.pt runs/s2/weights.pt --share 0.7 --out runs/s2/average.pt

A run with --start-from seldom leaves the valley that it starts in: every point on the way between is a network, and one
before the end has often kept what the second run forgot ("Robust fine-tuning of zero-shot models", Wortsman et al. 2022).
Of two runs that began apart nothing of the kind holds.
"""

import argparse
from pathlib import Path

import torch

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


def parse_share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text}: a share is a number in 0 to 1")
    return share


def parse_out(text: str) -> Path:
    file = Path(text)
    if file.is_dir() or not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text}: not a file in a folder that is there")
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path, help="weights.pt")
    parser.add_argument("second", type=Path, help="weights.pt of a run with --start-from FIRST")
    parser.add_argument("--share", type=parse_share, required=True, help="of the second, 0 to 1")
    parser.add_argument("--out", type=parse_out, required=True)
    options = parser.parse_args()
    try:
        write_whole(average(options.first, options.second, options.share), options.out)
    except CheckpointError as error:
        raise SystemExit(f"average: {error}") from error


if __name__ == "__main__":
    main()
