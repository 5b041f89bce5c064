"""An exported network as one that can be trained on: the normalisation that export folded into the convolutions, put back.

Each convolution's maps are measured on pictures; a normalisation by their mean and variance, with gain and offset that undo
it, leaves the network's answers as they were.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from torch import nn

from training.data import Sample, decode, letterbox
from training.model import Conv, Network, build

MEASURED_PICTURES, MEASURED_AT_ONCE = 48, 4
MEASURED_SIZE_PX = (736, 1280)


class Moments:
    """Mean and variance of each channel of the maps that a convolution gave."""

    def __init__(self):
        self.count, self.total, self.squares = 0, 0.0, 0.0

    def add(self, _module: nn.Module, _inputs, maps: torch.Tensor):
        wide = maps.double()
        self.count += maps.numel() // maps.shape[1]
        self.total = self.total + wide.sum((0, 2, 3))
        self.squares = self.squares + (wide * wide).sum((0, 2, 3))

    def mean_and_variance(self) -> tuple[torch.Tensor, torch.Tensor]:
        mean = self.total / self.count
        return mean.float(), (self.squares / self.count - mean * mean).clamp(min=0).float()


@torch.no_grad()
def unfold(folded: Network, size: str, images: Iterable[torch.Tensor]) -> Network:
    """What answers as `folded` does, with normalisations measured on batches of images [N, 3, H, W], RGB 0..1."""
    convolutions = {name: module for name, module in folded.named_modules() if isinstance(module, Conv)}
    moments = {name: Moments() for name in convolutions}
    hooks = [module[0].register_forward_hook(moments[name].add) for name, module in convolutions.items()]
    for batch in images:
        folded(batch)
    for hook in hooks:
        hook.remove()
    network = build(size).to(next(folded.parameters()).device)
    network.load_state_dict(folded.state_dict(), strict=False)
    for name, module in network.named_modules():
        if isinstance(module, Conv):
            mean, variance = moments[name].mean_and_variance()
            normalisation = module[1]
            normalisation.running_mean.copy_(mean - convolutions[name][0].bias)
            normalisation.running_var.copy_(variance)
            normalisation.weight.copy_((variance + normalisation.eps).sqrt())
            normalisation.bias.copy_(mean)
    return network.eval()


def images_of_some(samples: Sequence[Sample], device: torch.device) -> Iterator[torch.Tensor]:
    """Batches [N, 3, H, W], RGB 0..1, of pictures spread evenly over the samples, each letterboxed."""
    step = max(len(samples) // MEASURED_PICTURES, 1)
    files = [sample.file for sample in samples[::step][:MEASURED_PICTURES]]
    for first in range(0, len(files), MEASURED_AT_ONCE):
        pictures = [letterbox(decode(file), *MEASURED_SIZE_PX)[0] for file in files[first : first + MEASURED_AT_ONCE]]
        yield torch.from_numpy(np.stack(pictures)).to(device).permute(0, 3, 1, 2).float() / 255
