"""Trains an 8-bit network to say what the network before it was rounded says: quantization-aware training by imitation.

  touchline model quantize models/touchline_n.onnx pictures --pictures 256 --out n_int8.onnx
  python -m training.quantization_aware n_int8.onnx --teacher models/touchline_n.onnx --data ../shared/data --out better_int8.onnx

Labels have no say: what the network finds stays as it was measured, only what bytes take from it is given back. Pictures
are those of training, as its end shows them. OUT is the same graph, written anew every minute and at the end.
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import onnx
import torch

from training import looks
from training.ahead import plans
from training.arguments import file_to_write, whole
from training.augment import SHAPES, Planner, Schedule, paint
from training.byte_network import ByteNetwork, stored
from training.data import DataError, PictureStore
from training.export import size_of
from training.gradient import use_fast_arithmetic
from training.imitation import Outputs, load_teacher, sides_apart
from training.in_float import NotInBytesError
from training.losses import logits_and_offsets, sides_and_classes
from training.step import averaging_share, learning_rate
from training.train import ENDED_BY_INTERRUPT, read_pictures
from training.weights import CheckpointError, read_foreign, write_whole

# Of each tensor's root mean square, so that codes in steps and biases in logits need no rates of their own.
RATE = 4e-4
WIDTH_RATE = 6e-3
WARM_UP_ITERATIONS = 50
GRADIENT_NORM = 1.0
AVERAGING, AVERAGING_WARM_UP = 0.998, 10.0
LOG_EVERY_S, SAVE_EVERY_S = 15.0, 60.0
PARTS = ("classes", "sides", "points", "ball")


def weighted_mean(values: torch.Tensor, weights: torch.Tensor, dims: tuple[int, ...]) -> torch.Tensor:
    return (values * weights).sum(dims) / (weights.sum(dims) + 1e-3)


def doubt(logits: torch.Tensor) -> torch.Tensor:
    """What an error of a logit weighs: most where the teacher wavers, a little where it is sure of nothing."""
    scores = logits.sigmoid()
    return (scores * (1 - scores)).sqrt()


def map_distance(logits, offsets_x, offsets_y, taught, taught_x, taught_y) -> torch.Tensor:
    """Heat maps [B, C, h, w] with offsets in cells: mean squares of logits, and of offsets where the teacher sees something."""
    apart = weighted_mean((logits - taught) ** 2, doubt(taught), (0, 1, 2, 3))
    shift = (offsets_x - taught_x) ** 2 + (offsets_y - taught_y) ** 2
    return apart + weighted_mean(shift, taught.sigmoid(), (0, 1, 2, 3))


def distances(outputs: Outputs, taught: Outputs) -> torch.Tensor:
    """[4] as PARTS; 0 for who says what the teacher says. Classes count alike, however many of each a picture shows."""
    (det, kp, ball), (taught_det, taught_kp, taught_ball) = outputs, taught
    (sides, classes), (taught_sides, taught_classes) = sides_and_classes(det), sides_and_classes(taught_det)
    class_distance = weighted_mean((classes - taught_classes) ** 2, doubt(taught_classes), (0, 1)).mean()
    apart = sides_apart(sides, taught_sides)[..., None]
    side_distance = weighted_mean(apart, taught_classes.sigmoid(), (0, 1)).mean()
    points = map_distance(*logits_and_offsets(kp), *logits_and_offsets(taught_kp))
    balls = map_distance(*ball.split(1, 1), *taught_ball.split(1, 1))
    return torch.stack([class_distance, side_distance, points, balls])


def root_mean_square(values: torch.Tensor) -> float:
    return values.detach().square().mean().sqrt().item()


class Student:
    """The network, its steps, and the moving average that is written."""

    def __init__(self, network: ByteNetwork, iterations: int):
        self.network, self.iterations = network, iterations
        self.learnt = list(network.learnt().values())
        self.average = {name: value.detach().clone() for name, value in network.learnt().items()}
        groups = [{"params": [value], "rate": WIDTH_RATE if name in network.widths else RATE * root_mean_square(value)}
                  for name, value in network.learnt().items()]
        self.optimizer = torch.optim.Adam(groups, lr=0.0, betas=(0.9, 0.99), fused=network.device.type == "cuda")

    def step(self, iteration: int):
        share = learning_rate(iteration, self.iterations, 1.0, WARM_UP_ITERATIONS)
        for group in self.optimizer.param_groups:
            group["lr"] = share * group["rate"]
        torch.nn.utils.clip_grad_norm_(self.learnt, GRADIENT_NORM)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=False)
        newest = averaging_share(iteration + 1, AVERAGING, AVERAGING_WARM_UP)
        torch._foreach_lerp_(list(self.average.values()), [value.detach() for value in self.learnt], newest)

    def save(self, file: Path):
        write_whole(stored(self.network, self.average), file, onnx.save)


def train(student: Student, teacher: torch.nn.Module, store: PictureStore, options: argparse.Namespace):
    props = looks.Props(store, options.seed)
    planner = Planner(store.labels, props.sizes, SHAPES, Schedule(options.seed, student.iterations, late_share=0.0))
    total, steps = torch.zeros(len(PARTS), device=store.device), 0
    last_log_s = last_save_s = time.monotonic()
    for iteration, plan in enumerate(plans(planner, 0, student.iterations, options.workers)):
        images = paint(plan, store, props, SHAPES[plan.shape]).images.float()
        with torch.no_grad():
            taught = teacher(images)
        parts = distances(student.network(images), taught)
        parts.sum().backward()
        student.step(iteration)
        total += parts.detach()
        steps += 1
        if time.monotonic() - last_log_s > LOG_EVERY_S or iteration + 1 == student.iterations:
            said = ", ".join(f"{name} {value:.5f}" for name, value in zip(PARTS, (total / steps).tolist()))
            print(f"{iteration + 1}/{student.iterations} {steps / (time.monotonic() - last_log_s):.1f} a second, {said}", flush=True)
            total.zero_()
            steps, last_log_s = 0, time.monotonic()
        if time.monotonic() - last_save_s > SAVE_EVERY_S:
            student.save(options.out)
            last_save_s = time.monotonic()
    student.save(options.out)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="8-bit network of `touchline model quantize`")
    parser.add_argument("--teacher", type=Path, required=True, help="ONNX file of ours that it was made of")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder that holds the sets")
    parser.add_argument("--sets", type=Path, default=Path(__file__).with_name("sets.json"), help="which sets, what they label")
    parser.add_argument("--out", type=file_to_write, required=True)
    parser.add_argument("--iterations", type=whole(1), default=1500)
    parser.add_argument("--seed", type=whole(0), default=0)
    parser.add_argument("--workers", type=whole(0), default=6, help="processes that plan batches ahead")
    return parser.parse_args()


def main():
    options = parse_options()
    cv2.setNumThreads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    use_fast_arithmetic()
    try:
        network = ByteNetwork(read_foreign(options.model, "network", onnx.load), device)
        teacher = read_teacher(options.teacher, network, device)
        store = PictureStore(read_pictures(options)[0], device)
    except NotInBytesError as error:
        raise SystemExit(f"quantization_aware: nothing was started\n{options.model} {error}") from error
    except (DataError, CheckpointError) as error:
        raise SystemExit(f"quantization_aware: nothing was started\n{error}") from error
    try:
        train(Student(network, options.iterations), teacher, store, options)
    except CheckpointError as error:  # a disk that is full by now
        raise SystemExit(f"quantization_aware: stopped\n{error}") from error
    except KeyboardInterrupt:
        print(f"\nquantization_aware: interrupted; {options.out} is as last written, if it was", file=sys.stderr)
        sys.exit(ENDED_BY_INTERRUPT)


def read_teacher(file: Path, student: ByteNetwork, device: torch.device) -> torch.nn.Module:
    """Throws CheckpointError for one that the student cannot have been made of."""
    size, made_of = size_of(read_foreign(file, "network", onnx.load)), size_of(student.model)
    if made_of not in ("", size):
        raise CheckpointError(f"{file}: is of size '{size}'; name the network of size '{made_of}' that the one in 8 bits was made of")
    return read_foreign(file, "network", lambda file: load_teacher(file, device))


if __name__ == "__main__":
    main()
