"""Trains one size from nothing, or from a checkpoint, in pieces that each end when their time is over.

  python -m training.train --size n --data ../shared/data --out runs/n --iterations 30000 --piece-s 570
  python -m training.train --size n ... --teacher models/touchline_s.onnx   # learns from its answers too

Run the same command again to go on where the last piece stopped; batches depend on (seed, iteration) alone.
OUT holds checkpoint.pt (everything), weights.pt (the averaged weights in half precision), log.jsonl and curves.png.
"""

import argparse
import hashlib
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch

from training import evaluate, looks
from training.ahead import plans
from training.arguments import rate, seconds, whole
from training.augment import SHAPES, Batch, Plan, Planner, Schedule, paint
from training.curves import draw_curves
from training.data import DataError, PictureStore, Sample, check_pictures, most_boxes, read_sets, split
from training.export import load_exported
from training.gradient import CapturedGradient, CompilersAhead, gradient, taught_losses, use_fast_arithmetic
from training.imitation import load_teacher
from training.model import SIZES, build
from training.step import LEARNING_RATE, Step
from training.unfold import images_of_some, unfold
from training.weights import CheckpointError, put_weights, read_checkpoint, read_foreign, read_weights, write_whole

SHIPPED_SIZES = [(736, 1280), (384, 640)]
LOG_EVERY_S = 15.0
SYNCHRONISE_EVERY = 20
ENDED_BY_INTERRUPT = 130  # as shells have it


@dataclass
class Options:
    size: str
    data: Path
    sets: Path
    out: Path
    iterations: int
    piece_s: float
    seed: int
    learning_rate: float
    start_from: Path | None
    teacher: Path | None
    workers: int
    evaluate_every_s: float
    save_every_s: float


def describe(options: Options) -> dict:
    """What a run begins with and must go on with; of files what they hold, wherever they lie."""
    return {"size": options.size, "seed": options.seed, "iterations": options.iterations, "learning_rate": options.learning_rate,
            "teacher": fingerprint(options.teacher, "network"), "start_from": fingerprint(options.start_from, "weights"),
            "sets": fingerprint(options.sets, "description")}


def fingerprint(file: Path | None, what: str) -> str | None:
    return read_foreign(file, what, lambda file: hashlib.sha256(file.read_bytes()).hexdigest()) if file else None


def differences(run: dict, wanted: dict) -> list[str]:
    """What a checkpoint's run began with otherwise, in words."""
    if "taught" in run:  # an older checkpoint, which says nothing else of files
        run = {**wanted, **run, "teacher": (wanted["teacher"] or "some") if run["taught"] else None}
    said = []
    for name in (name for name in wanted if run.get(name) != wanted[name]):
        option = "--" + name.replace("_", "-")
        if name not in ("teacher", "start_from", "sets"):
            said.append(f"{option} {run[name]} instead of {wanted[name]}")
        elif run[name] and wanted[name]:
            said.append(f"another {option}")
        else:
            said.append(f"{'a' if run[name] else 'no'} {option}")
    return said


class Run:
    """Network, its moving average, their steps, and how far they have come."""

    def __init__(self, options: Options, device: torch.device, samples: Sequence[Sample] = ()):
        """samples: pictures to measure the maps of an exported network on that the run starts from."""
        torch.manual_seed(options.seed)
        self.description = describe(options)
        self.options, self.device, self.iteration, self.trained_s = options, device, 0, 0.0
        self.network = build(options.size).to(device).to(memory_format=torch.channels_last)
        self.average = build(options.size).to(device).to(memory_format=torch.channels_last).eval()
        self.checkpoint = options.out / "checkpoint.pt"
        if options.start_from and not self.checkpoint.exists():
            self._start_from(options.start_from, samples)
        teacher = options.teacher
        self.teacher = read_foreign(teacher, "network", lambda file: load_teacher(file, device)) if teacher else None
        self.average.load_state_dict(self.network.state_dict())
        self.step = Step(self.network, self.average, options.learning_rate)
        if self.checkpoint.exists():
            self._resume()

    def _start_from(self, file: Path, samples: Sequence[Sample]):
        size = self.options.size
        state = read_exported(file, samples, self.device) if file.suffix == ".onnx" else read_weights(file)
        if state["size"] != size:
            raise CheckpointError(f"{file}: holds weights of size '{state['size']}', not '{size}'")
        put_weights(self.network, state["weights"], file, size)

    def _resume(self):
        state = read_checkpoint(self.checkpoint, self.device)
        other = differences(state["run"], self.description)
        if other:
            raise CheckpointError(f"{self.checkpoint}: is of a run with {' and '.join(other)}; go on with what it began with, or name another --out")
        put_weights(self.network, state["network"], self.checkpoint, self.options.size)
        put_weights(self.average, state["average"], self.checkpoint, self.options.size)
        self.step.load_state_dict(state["optimizers"])
        self.iteration, self.trained_s = state["iteration"], state["trained_s"]

    def save(self):
        options = self.options
        state = {
            "run": self.description,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": self.step.state_dict(),
            "iteration": self.iteration,
            "trained_s": self.trained_s,
        }
        write_whole(state, self.checkpoint)
        half = {k: v.half() if v.is_floating_point() else v for k, v in self.average.state_dict().items()}
        write_whole({"size": options.size, "weights": half}, options.out / "weights.pt")


def read_exported(file: Path, samples: Sequence[Sample], device: torch.device) -> dict:
    """As read_weights(), of an exported file."""
    size, folded = read_foreign(file, "network", load_exported)
    return {"size": size, "weights": unfold(folded.to(device), size, images_of_some(samples, device)).state_dict()}


class Trainer:
    def __init__(self, run: Run, store: PictureStore, ahead: CompilersAhead | None = None):
        self.run, self.store, self.ahead = run, store, ahead
        self.props = looks.Props(store, run.options.seed)
        schedule = Schedule(run.options.seed, run.options.iterations)
        self.planner = Planner(store.labels, self.props.sizes, SHAPES, schedule)
        self.captured: dict[str, CapturedGradient] = {}

    def steps(self):
        """Runs one iteration after the other; gives the three losses of each, still on the device."""
        run = self.run
        for plan in plans(self.planner, run.iteration, run.options.iterations, run.options.workers):
            yield self._step(plan)

    def _step(self, plan: Plan) -> torch.Tensor:
        run = self.run
        batch = paint(plan, self.store, self.props, SHAPES[plan.shape])
        run.network.train()
        parts = self._gradient(plan.shape, batch)
        run.step(run.iteration, run.options.iterations)
        run.iteration += 1
        return parts

    def _gradient(self, shape: str, batch: Batch) -> torch.Tensor:
        if self.run.device.type != "cuda":
            return gradient(self.run.network, self.run.teacher, taught_losses, batch)
        if shape not in self.captured:
            if self.ahead:
                self.ahead.wait()
            self.captured[shape] = CapturedGradient(self.run.network, self.run.teacher, batch)
        return self.captured[shape](batch)


def measure(run: Run, validation: dict[str, list[Sample]], sizes: list[tuple[int, int]]) -> dict:
    """Accuracy of the averaged weights on every group of held-out matches."""

    @torch.no_grad()
    def network(images):
        with torch.autocast(run.device.type, torch.bfloat16):
            outputs = run.average(torch.from_numpy(images).to(run.device))
        return tuple(o.float().cpu().numpy() for o in outputs)

    return {f"{group} {height}x{width}": evaluate.evaluate(network, samples, height, width).result()
            for height, width in sizes for group, samples in validation.items() if samples}


class Log:
    """log.jsonl: one line each time; the same on the terminal, shorter."""

    def __init__(self, out: Path):
        self.file = out / "log.jsonl"

    def has(self, iteration: int) -> bool:
        return self.file.exists() and f'"iteration": {iteration},' in self.file.read_text()

    def write(self, run: Run, parts: list[float], rate: float, accuracy: dict | None):
        entry = {"iteration": run.iteration, "trained_s": round(run.trained_s, 1), "rate": round(rate, 2),
                 "loss_boxes": round(parts[0], 4), "loss_points": round(parts[1], 4), "loss_ball": round(parts[2], 4)}
        if accuracy:
            entry["accuracy"] = accuracy
        with self.file.open("a") as file:
            file.write(json.dumps(entry) + "\n")
        left_s = (run.options.iterations - run.iteration) / max(rate, 1e-6)
        print(f"{run.iteration}/{run.options.iterations} {run.trained_s:.0f} s, {rate:.1f} a second, {left_s:.0f} s left,"
              f" boxes {parts[0]:.3f} points {parts[1]:.3f} ball {parts[2]:.3f}", flush=True)
        for group, values in (accuracy or {}).items():
            print(f"  {group}: " + ", ".join(f"{k} {v:.3f}" for k, v in values.items()), flush=True)


def train_piece(run: Run, trainer: Trainer, validation: dict[str, list[Sample]], started_s: float):
    """Steps until all are done or the piece's time is over; saves, measures and logs on the way and at the end."""
    options, log = run.options, Log(run.options.out)
    before_s, total, steps = run.trained_s, torch.zeros(3, device=run.device), 0
    begun_s = last_log_s = last_save_s = last_measure_s = time.monotonic()
    for parts in trainer.steps():
        total += parts
        steps += 1
        # Without the wait the host runs ahead of the device by more than the piece's last seconds.
        if steps % SYNCHRONISE_EVERY == 0 and run.device.type == "cuda":
            torch.cuda.synchronize()
        now_s = time.monotonic()
        if now_s - started_s > options.piece_s or run.iteration == options.iterations:
            break
        if now_s - last_log_s < LOG_EVERY_S:
            continue
        run.trained_s = before_s + now_s - begun_s
        due = now_s - last_measure_s > options.evaluate_every_s
        accuracy = measure(run, validation, SHIPPED_SIZES[:1]) if due else None
        log.write(run, (total / steps).tolist(), steps / (now_s - last_log_s), accuracy)
        last_measure_s = time.monotonic() if due else last_measure_s
        if now_s - last_save_s > options.save_every_s:
            run.save()
            last_save_s = now_s
        total.zero_()
        steps, last_log_s = 0, time.monotonic()
    run.trained_s = before_s + time.monotonic() - begun_s
    run.save()
    if run.iteration == options.iterations:
        log.write(run, (total / max(steps, 1)).tolist(), 0.0, measure(run, validation, SHIPPED_SIZES))
    draw_curves(options.out / "log.jsonl", options.out / "curves.png")


def parse_options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="n")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder that holds the sets")
    parser.add_argument("--sets", type=Path, default=Path(__file__).with_name("sets.json"), help="which sets, what they label")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--iterations", type=whole(1), default=30000, help="of the whole run, not of a piece")
    parser.add_argument("--piece-s", type=seconds, default=570, help="stop after this many seconds, to be run again")
    parser.add_argument("--seed", type=whole(0), default=0)
    parser.add_argument("--learning-rate", type=rate, default=LEARNING_RATE, help="highest of the run; half or less for a short round")
    parser.add_argument("--start-from", type=Path, help="weights.pt or ONNX file of this size, ours, to fine-tune")
    parser.add_argument("--teacher", type=Path, help="weights.pt or ONNX file of a larger network, to learn from beside the labels")
    parser.add_argument("--workers", type=whole(0), default=6, help="processes that plan batches ahead")
    parser.add_argument("--evaluate-every-s", type=seconds, default=400)
    parser.add_argument("--save-every-s", type=seconds, default=60)
    return Options(**vars(parser.parse_args()))


def main():
    options = parse_options()
    try:
        run_piece(options)
    except KeyboardInterrupt:
        from_where = "from the last checkpoint" if (options.out / "checkpoint.pt").exists() else "from the beginning: there is no checkpoint yet"
        print(f"\ntrain: interrupted; run again to go on {from_where}", file=sys.stderr)
        sys.exit(ENDED_BY_INTERRUPT)


def run_piece(options: Options):
    started_s = time.monotonic()
    cv2.setNumThreads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    use_fast_arithmetic()
    # Harmless: the compiler only ignores the caches in losses.py, whose constants then become part of the graph.
    warnings.filterwarnings("ignore", r"Dynamo detected a call to a `functools\.lru_cache`-wrapped function at 'losses\.py:")
    try:
        make_folder(options.out)
        train_samples, validation = read_pictures(options)
        run = Run(options, device, train_samples)
    except (DataError, CheckpointError) as error:
        raise SystemExit(f"train: nothing was started\n{error}") from error
    log = Log(options.out)
    if not run.checkpoint.exists():
        log.file.unlink(missing_ok=True)  # of a run that was killed before its first checkpoint
    if run.iteration < options.iterations or not log.has(options.iterations):
        try:
            load_and_train(run, train_samples, validation, started_s)
        except (DataError, CheckpointError, OSError) as error:  # a disk that is full by now, a picture that is gone
            raise SystemExit(f"train: stopped at iteration {run.iteration}; run again to go on from the last checkpoint\n{error}") from error
    print(f"{run.iteration} of {options.iterations} iterations{', run again to go on' * (run.iteration < options.iterations)}")


def load_and_train(run: Run, train_samples: list[Sample], validation: dict[str, list[Sample]], started_s: float):
    with compilers_ahead(run.options, train_samples, run.device) as ahead:
        store = PictureStore(train_samples, run.device)
        held_out = sum(len(samples) for samples in validation.values())
        print(f"{len(train_samples)} pictures, {held_out} held out, from iteration {run.iteration},"
              f" loaded in {time.monotonic() - started_s:.0f} s", flush=True)
        train_piece(run, Trainer(run, store, ahead), validation, started_s)


def make_folder(out: Path):
    """Throws CheckpointError where nothing could be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise CheckpointError(f"{out}: no folder to write into ({error.strerror})") from error


def read_pictures(options: Options) -> tuple[list[Sample], dict[str, list[Sample]]]:
    """split() of the sets, after a look at every picture: a broken one of those held out would end the run when it measures."""
    samples, validation = read_sets(options.data, options.sets)
    check_pictures(samples)
    train_samples, validation = split(samples, validation)
    if not train_samples:
        raise DataError(f"{options.sets}: every match is held out; leave some to train on")
    return train_samples, validation


def compilers_ahead(options: Options, samples: list[Sample], device: torch.device) -> AbstractContextManager[CompilersAhead | None]:
    if device.type != "cuda":
        return nullcontext()
    return CompilersAhead(options.size, options.teacher, looks.boxes_with_pasted(most_boxes(samples)), options.out / "compile.log")


if __name__ == "__main__":
    main()
