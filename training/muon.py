"""Steps of the convolutions' weights in which every direction counts alike, all matrices of a network at once.

A gradient's few strong directions drown the many weak ones, and those are what rare classes are learnt from: Muon (Jordan and others, 2024) replaces
the momentum of a weight matrix by the nearest matrix whose singular values are all one.
"""

from collections import defaultdict

import torch
from torch import nn

from training.model import Conv

MOMENTUM = 0.95
# Five steps of a polynomial that takes singular values from 0..1 to about 1 (0.7 to 1.2): exact is no better, and slower.
ITERATIONS, LINEAR, CUBIC, QUINTIC = 5, 3.4445, -4.7750, 2.0315
# Root mean square of a step's entries as Adam's are (Liu and others, 2025), so that one learning rate and decay serve both.
STEP_RMS = 0.2


def hidden_matrices(network: nn.Module) -> list[nn.Parameter]:
    """Weights of the convolutions that a normalisation follows; the first, of colours, and those that answer are not among them."""
    return [module[0].weight for module in network.modules() if isinstance(module, Conv) and module[0].in_channels > 3]


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """The nearest matrices with equal singular values, of [N, rows, columns], rows no more than columns (Newton and Schulz)."""
    # Half precision is enough for a direction, and what the GPU multiplies fastest.
    dtype = torch.bfloat16 if matrices.device.type == "cuda" else torch.float32
    x = (matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-30)).to(dtype)
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=CUBIC, alpha=QUINTIC), x, beta=LINEAR)
    return x


class Muon(torch.optim.Optimizer):
    """For convolutions' weights [outputs, inputs, k, k], each taken as the matrix [outputs, inputs k k].

    Matrices of one number of rows are worked on together, shorter ones filled with zeros, which stay zeros: one by one,
    launching their products would take as long as the network.
    """

    def __init__(self, weights: list[nn.Parameter], lr: float | torch.Tensor, weight_decay: float):
        super().__init__(weights, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            if not weights:
                continue
            for weight in weights:
                if not self.state[weight]:
                    self.state[weight]["momentum"] = torch.zeros_like(weight)
            gradients, momenta = [w.grad for w in weights], [self.state[w]["momentum"] for w in weights]
            torch._foreach_lerp_(momenta, gradients, 1 - MOMENTUM)
            steps = orthogonal_steps(torch._foreach_lerp(gradients, momenta, MOMENTUM))
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_mul_(steps, -group["lr"])
            torch._foreach_add_(weights, steps)


def orthogonal_steps(directions: list[torch.Tensor]) -> list[torch.Tensor]:
    """Of [outputs, inputs, k, k] each, in their layout."""
    by_rows = defaultdict(list)
    for place, direction in enumerate(directions):
        by_rows[min(len(direction), direction[0].numel())].append(place)
    steps: list = [None] * len(directions)
    for rows, places in by_rows.items():
        flat = [directions[place].flatten(1) for place in places]
        upright = [matrix.shape[0] > rows for matrix in flat]
        flat = [matrix.T if turned else matrix for matrix, turned in zip(flat, upright)]
        widths = [matrix.shape[1] for matrix in flat]
        stack = torch.zeros(len(flat), rows, max(widths), device=flat[0].device)
        for matrix, padded, width in zip(flat, stack, widths):
            padded[:, :width] = matrix
        for place, turned, width, found in zip(places, upright, widths, orthogonal(stack)):
            step = found[:, :width] * (STEP_RMS * width**0.5)
            direction = directions[place]
            steps[place] = torch.empty_like(direction).copy_((step.T if turned else step).reshape(direction.shape))
    return steps
