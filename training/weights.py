"""Files of weights: written whole, read back, or refused in one sentence."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import torch
from torch import nn

from training.model import SIZES

CHECKPOINT = ("run", "network", "average", "optimizers", "iteration", "trained_s")


class CheckpointError(Exception):
    """A file of weights that is not what is wanted, or cannot be written."""


def write_whole(state, file: Path, save: Callable[[object, BinaryIO], None] = torch.save):
    """A run killed while writing leaves the old file, never half of a new one; so does a full disk, by CheckpointError."""
    partial = file.with_suffix(".partial")
    try:
        with partial.open("wb") as stream:
            save(state, stream)
        os.replace(partial, file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CheckpointError(f"{file}: cannot be written ({error.strerror})") from error


def read_foreign(file: Path, what: str, read: Callable[[Path], object]):
    """What read() makes of a file that may be anything."""
    try:
        return read(file)
    except CheckpointError:  # says itself what is wrong
        raise
    except Exception as error:  # readers of foreign bytes fail in as many ways as there are bytes
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise CheckpointError(f"{file}: no {what} of ours can be read from it ({reason})") from error


def read_checkpoint(file: Path, device: torch.device) -> dict:
    def read(file: Path) -> dict:
        state = torch.load(file, map_location=device, weights_only=True)
        return {name: state[name] for name in CHECKPOINT}

    return read_foreign(file, "checkpoint", read)


def read_weights(file: Path) -> dict:
    """size and weights of a weights.pt"""

    def read(file: Path) -> dict:
        state = torch.load(file, map_location="cpu", weights_only=True)
        if state["size"] not in SIZES:
            raise ValueError(f"unknown size '{state['size']}'")
        return {"size": state["size"], "weights": dict(state["weights"])}

    return read_foreign(file, "weights", read)


def put_weights(network: nn.Module, weights: dict, file: Path, size: str):
    """In single precision. A size may have had other channels when a file was written."""
    try:
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in weights.items()})
    except RuntimeError as error:
        raise CheckpointError(f"{file}: its weights have other shapes than size '{size}' of training/model.py") from error
