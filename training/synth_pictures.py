"""Training pictures from made-up matches: many cameras, exact labels.

Runs `touchline synth --camera mixed` once a seed and keeps one frame of each shot:
images/s<seed>__<frame>.jpg, labels/ (YOLO boxes of people and ball) and points/ (one pitch row of 32 points).
Of a point that is not visible the row still says where it lies (v 1), so that a picture without any is one too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from training.arguments import whole
from training.pitch import LANDMARKS_M, PLACED, VISIBLE

CLASS_NUMBERS = {"ball": 0, "goalkeeper": 1, "player": 2, "referee": 3}
PITCH_POINTS = len(LANDMARKS_M)
SHOTS_A_SEED = 15
SHOT_LENGTH_S = 4  # at one frame a second: people have gone elsewhere by the next shot
FARTHEST = 4  # pictures from the middle; points beyond say nothing
LEAST_EXTENT = 0.01  # of the picture; a single point still needs a box
# Most pictures are of broadcast shape; the seed chooses.
SIZES = [(1280, 720)] * 7 + [(1280, 736), (1024, 768), (720, 1280)]


class SynthError(Exception):
    """One sentence: what went wrong and what to do."""


def size_of(seed: int) -> tuple[int, int]:
    return SIZES[int(np.random.default_rng(seed).integers(len(SIZES)))]


def box_row(kind: str, box_px: list[float], size: tuple[int, int]) -> str | None:
    """A YOLO row of the part of the box inside the picture; None when nothing is."""
    width, height = size
    x0, x1 = np.clip([box_px[0], box_px[2]], 0, width) / width
    y0, y1 = np.clip([box_px[1], box_px[3]], 0, height) / height
    if x1 <= x0 or y1 <= y0:
        return None
    return f"{CLASS_NUMBERS[kind]} {(x0 + x1) / 2:.6f} {(y0 + y1) / 2:.6f} {x1 - x0:.6f} {y1 - y0:.6f}"


def label_rows(record: dict, size: tuple[int, int]) -> list[str]:
    found = [(person["class"], person["box_px"]) for person in record["objects"]]
    if record["ball"]:
        found.append(("ball", record["ball"]["box_px"]))
    rows = [box_row(kind, box, size) for kind, box in found]
    return [row for row in rows if row]


def places(record: dict, size: tuple[int, int]) -> np.ndarray:
    """[32, 3] x, y in 0..1 and VISIBLE, PLACED or 0.

    VISIBLE: inside the picture and behind nobody's box. PLACED: elsewhere in front of the camera and not far outside the
    picture; where outside, without the lens's bend, as a homography has it.
    """
    points = np.zeros((PITCH_POINTS, 3))
    straight = np.c_[LANDMARKS_M, np.ones(PITCH_POINTS)] @ np.reshape(record["pitch"]["image_from_pitch"], (3, 3)).T
    boxes = [person["box_px"] for person in record["objects"]]
    for i, (x, y, score) in enumerate(record["pitch"]["points"]):
        if score > 0:
            hidden = any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)
            points[i] = x / size[0], y / size[1], PLACED if hidden else VISIBLE
        elif straight[i, 2] > 0:
            place = straight[i, :2] / straight[i, 2] / size
            if (np.abs(place - 0.5) < FARTHEST).all():
                points[i] = *place, PLACED
    return points


def point_row(record: dict, size: tuple[int, int]) -> str:
    points = places(record, size)
    seen = points[points[:, 2] == VISIBLE, :2]
    low, high = (seen.min(0), seen.max(0)) if len(seen) else (np.zeros(2), np.ones(2))
    extent = np.maximum(high - low, LEAST_EXTENT)
    centre = np.clip((low + high) / 2, extent / 2, 1 - extent / 2)
    row = [0, *centre, *extent]
    return " ".join(f"{v:.6g}" for v in row) + " " + " ".join(f"{x:.6f} {y:.6f} {v:.0f}" for x, y, v in points)


def run_synth(touchline: Path, seed: int, folder: Path) -> tuple[Path, list[dict]]:
    clip, truth = folder / "clip.mp4", folder / "truth.jsonl"
    width, height = size_of(seed)
    command = [touchline, "synth", "--out", clip, "--truth", truth, "--camera", "mixed", "--rate", 1, "--seed", seed,
               "--shots", SHOTS_A_SEED, "--duration", SHOTS_A_SEED * SHOT_LENGTH_S, "--size", f"{width}x{height}"]
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    except OSError as error:
        raise SynthError(f"cannot run {touchline} ({error.strerror}); build it with make build") from error
    if done.returncode:
        raise SynthError(f"touchline synth failed with seed {seed}: {done.stderr.strip()}")
    return clip, [json.loads(line) for line in truth.read_text().splitlines()]


def middle_frames(records: list[dict]) -> set[int]:
    """One frame of each shot, far from its cuts."""
    shots: dict[int, list[int]] = {}
    for record in records:
        shots.setdefault(record["shot"], []).append(record["frame"])
    return {frames[len(frames) // 2] for frames in shots.values()}


def write_pictures(clip: Path, records: list[dict], seed: int, out: Path, most: int, quality: int) -> int:
    """Writes at most `most` pictures with their labels; returns how many."""
    kept = middle_frames(records)
    reader = cv2.VideoCapture(str(clip))
    written = 0
    for record in records:
        ok, picture = reader.read()
        if not ok:
            raise SynthError(f"the clip of seed {seed} ends before frame {record['frame']}; run again")
        if record["frame"] not in kept or written == most:
            continue
        name, size = f"s{seed}__{record['frame']:04d}", (picture.shape[1], picture.shape[0])
        file = out / "images" / f"{name}.jpg"
        if not cv2.imwrite(str(file), picture, [cv2.IMWRITE_JPEG_QUALITY, quality]):
            raise SynthError(f"{file}: cannot be written; is the disk full?")
        (out / "labels" / f"{name}.txt").write_text("".join(row + "\n" for row in label_rows(record, size)))
        (out / "points" / f"{name}.txt").write_text(point_row(record, size) + "\n")
        written += 1
    return written


def make_match(touchline: Path, out: Path, most: int, seed: int, quality: int) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        clip, records = run_synth(touchline, seed, Path(scratch))
        return write_pictures(clip, records, seed, out, most, quality)


def make_set(touchline: Path, out: Path, pictures: int, seed: int, quality: int) -> int:
    """As many matches at once as there are cores. The first failure is told once those begun have run to their end; no further one is begun."""
    for folder in ("images", "labels", "points"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    written = 0
    pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
    try:
        while written < pictures:
            shares = [min(SHOTS_A_SEED, left) for left in range(pictures - written, 0, -SHOTS_A_SEED)]
            matches = [pool.submit(make_match, touchline, out, most, seed + k, quality) for k, most in enumerate(shares)]
            written += sum(match.result() for match in matches)
            seed += len(matches)
    finally:
        pool.shutdown(cancel_futures=True)
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchline", type=Path, default=Path("build/release/touchline"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=whole(1), default=900)
    parser.add_argument("--seed", type=whole(0), default=1000, help="of the first match; each further match has the next one")
    parser.add_argument("--quality", type=whole(1, 100), default=88, help="of the JPEG files")
    args = parser.parse_args()
    try:
        written = make_set(args.touchline, args.out, args.pictures, args.seed, args.quality)
    except OSError as error:
        print(f"synth_pictures: {error.filename or args.out}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    except SynthError as error:
        print(f"synth_pictures: {error}", file=sys.stderr)
        return 1
    print(f"{written} pictures in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
