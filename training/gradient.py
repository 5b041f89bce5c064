"""The gradient of one batch: on a GPU compiled, ahead of time and all parts at once, and captured as one CUDA graph."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from training.augment import SHAPES, Batch, blank_batch
from training.imitation import imitation, load_teacher
from training.losses import losses
from training.model import build

CAPTURE_WARM_UPS = 3
PARTS = ("network", "teacher", "losses")


def taught_losses(outputs, batch: Batch, taught) -> torch.Tensor:
    """The three losses against the labels, and against the teacher's answers where there is one."""
    parts = losses(outputs, batch)
    return parts if taught is None else parts + imitation(outputs, taught, batch)


def gradient(network: nn.Module, teacher: nn.Module | None, losses_of: Callable[..., torch.Tensor], batch: Batch):
    """Leaves the gradients in the parameters; returns the three losses."""
    network.zero_grad(set_to_none=False)
    with torch.autocast(batch.images.device.type, torch.bfloat16):
        outputs = network(batch.images)
        with torch.no_grad():
            taught = None if teacher is None else teacher(batch.images)
    parts = losses_of(outputs, batch, taught)
    parts.sum().backward()
    return parts.detach()


def compiled(module):
    return module if module is None else torch.compile(module, dynamic=False)


class CapturedGradient:
    """gradient() compiled, as one CUDA graph: launching its thousand small kernels one by one takes longer than they do.

    Compiling takes minutes, once for each shape of a batch, but for what CompilersAhead have done.
    """

    def __init__(self, network: nn.Module, teacher: nn.Module | None, batch: Batch):
        self.batch = Batch(**{name: value.clone() for name, value in vars(batch).items()})
        statistics = {name: value.clone() for name, value in network.named_buffers()}
        modules = [compiled(module) for module in (network, teacher, taught_losses)]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(CAPTURE_WARM_UPS):
                gradient(*modules, self.batch)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.parts = gradient(*modules, self.batch)
        # The warm-up must leave no trace, or a resumed run would differ from an unbroken one.
        with torch.no_grad():
            for name, value in network.named_buffers():
                value.copy_(statistics[name])

    def __call__(self, batch: Batch) -> torch.Tensor:
        for name, value in vars(batch).items():
            getattr(self.batch, name).copy_(value)
        self.graph.replay()
        return self.parts.clone()


class CompilersAhead:
    """Processes that each compile one part for one shape, while the pictures are read; those still at it end with the block.

    What they find lies in the compiler's cache; one that fails only leaves its part to be compiled where it is needed.
    """

    def __init__(self, size: str, teacher: Path | None, boxes: int, log: Path):
        """boxes: those of a batch's pictures, which compiled losses are made for."""
        parts = [part for part in PARTS if teacher or part != "teacher"]
        taught = ["--teacher", str(teacher.resolve())] if teacher else []
        with log.open("w") as messages:
            self.processes = [
                subprocess.Popen([sys.executable, "-m", "training.gradient", "--size", size, "--shape", shape, "--part", part,
                                  "--boxes", str(boxes), *taught], cwd=Path(__file__).parent.parent, stdout=messages, stderr=messages)
                for shape in SHAPES for part in parts]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        self.wait()

    def wait(self):
        for process in self.processes:
            process.wait()


def compile_part(size: str, teacher: Path | None, shape: str, boxes: int, part: str, device: torch.device):
    """Runs gradient() once with one part compiled, on a batch of nothing."""
    network = build(size).to(device).to(memory_format=torch.channels_last).train()
    taught = load_teacher(teacher, device) if teacher else None
    modules = [compiled(module) if name == part else module
               for name, module in zip(PARTS, (network, taught, taught_losses))]
    gradient(*modules, blank_batch(SHAPES[shape], boxes, device))


def main():
    parser = argparse.ArgumentParser(description="Compiles one part of the gradient of one shape into the compiler's cache.")
    parser.add_argument("--size", required=True)
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--part", choices=PARTS, required=True)
    parser.add_argument("--boxes", type=int, required=True)
    parser.add_argument("--teacher", type=Path)
    options = parser.parse_args()
    use_fast_arithmetic()
    compile_part(options.size, options.teacher, options.shape, options.boxes, options.part, torch.device("cuda"))


def use_fast_arithmetic():
    """Settings that are part of the compiler's cache's keys: alike in every process of a run."""
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True


if __name__ == "__main__":
    main()
