"""One step of the weights along their gradients, and of their moving average after them; on a GPU one CUDA graph."""

import math

import torch
from torch import nn

from training.muon import Muon, hidden_matrices

LEARNING_RATE = 2e-3
LAST_RATE_SHARE = 0.02
WARM_UP_ITERATIONS = 400
WEIGHT_DECAY = 0.05
GRADIENT_NORM = 10.0
AVERAGING, AVERAGING_WARM_UP = 0.9995, 200.0
STEPS_BEFORE_CAPTURE = 3


def learning_rate(iteration: int, iterations: int, highest: float = LEARNING_RATE, warm_up: int = WARM_UP_ITERATIONS) -> float:
    warm = min(1.0, (iteration + 1) / warm_up)
    cosine = 0.5 * (1 + math.cos(math.pi * min(iteration / iterations, 1.0)))
    return highest * warm * (cosine * (1 - LAST_RATE_SHARE) + LAST_RATE_SHARE)


def averaging_share(steps: int, averaging: float = AVERAGING, warm_up: float = AVERAGING_WARM_UP) -> float:
    """What the average takes of the weights after that many steps: more at first, or it would remember their random start."""
    return 1 - min(averaging, steps / (steps + warm_up))


def optimizers(network: nn.Module, rate: torch.Tensor) -> list[torch.optim.Optimizer]:
    """Muon for the matrices within, AdamW for the rest; both take the rate."""
    hidden = hidden_matrices(network)
    within = set(map(id, hidden))
    rest = [p for p in network.parameters() if id(p) not in within]
    groups = [{"params": [p for p in rest if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
              {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0}]
    on_gpu = rate.device.type == "cuda"
    return [Muon(hidden, lr=rate, weight_decay=WEIGHT_DECAY),
            torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), fused=on_gpu, capturable=on_gpu)]


def floats(module: nn.Module) -> list[torch.Tensor]:
    return [value for value in module.state_dict().values() if value.is_floating_point()]


class Step:
    """Of one network and its average; reads the gradients that lie in the parameters, at the addresses of the first call.

    Launched one by one, its thousand small kernels kept the host busy for 20 ms where the GPU needs 1.6.
    """

    def __init__(self, network: nn.Module, average: nn.Module, highest_rate: float = LEARNING_RATE):
        self.highest_rate = highest_rate
        self.parameters = list(network.parameters())
        self.current, self.averaged = floats(network), floats(average)
        device = self.parameters[0].device
        self.rate, self.share = torch.zeros((), device=device), torch.zeros((), device=device)
        self.optimizers = optimizers(network, self.rate)
        self.graph: torch.cuda.CUDAGraph | None = None
        self.calls = 0

    def __call__(self, iteration: int, iterations: int):
        self.rate.fill_(learning_rate(iteration, iterations, self.highest_rate))
        self.share.fill_(averaging_share(iteration + 1))
        if self.calls == STEPS_BEFORE_CAPTURE and self.rate.device.type == "cuda":
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self._move()
        self.calls += 1
        if self.graph:
            self.graph.replay()
        else:
            self._move()

    @torch.no_grad()
    def _move(self):
        nn.utils.clip_grad_norm_(self.parameters, GRADIENT_NORM)
        for optimizer in self.optimizers:
            optimizer.step()
        apart = torch._foreach_sub(self.current, self.averaged)
        torch._foreach_mul_(apart, self.share)
        torch._foreach_add_(self.averaged, apart)

    def state_dict(self) -> list[dict]:
        return [optimizer.state_dict() for optimizer in self.optimizers]

    def load_state_dict(self, state: list[dict]):
        for optimizer, saved in zip(self.optimizers, state, strict=True):
            optimizer.load_state_dict(saved)
            for group in optimizer.param_groups:
                group["lr"] = self.rate
