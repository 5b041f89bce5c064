"""Labelled pictures: reading, checking, holding out whole matches, and keeping them decoded on the device.

A set is a folder with images/ and labels/ (YOLO text). sets.json names the sets, what each labels and which matches are
held out; what a set does not label is masked in the losses, never taken for background.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch

from training.model import CLASSES, PITCH_POINTS
from training.pitch import VISIBLE, fit_homography
from training.teams import other_team, shirt_colours

CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX = 720, 1280
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
# Labels drawn by hand overshoot the picture's edge by a pixel or two; more than this is a mistake.
EDGE_TOLERANCE = 0.02
SAME_PLACE = 0.001  # of the picture
SAME_PICTURE_CORRELATION = 0.999
LOADER_THREADS = 12
GRASS_CELL_PX = 20
GRASS_CELL_SHARE = 0.8
# In a material map, beside the classes: boards, stands and whatever else is wide and no grass; players of the second team.
BACKDROP, OTHER_TEAM, MATERIALS = 4, 5, 6
BACKDROP_LEAST_PX = 11


def upload(array: np.ndarray, device: torch.device) -> torch.Tensor:
    """A small host array on the device without waiting for what the device is doing."""
    return torch.from_numpy(np.ascontiguousarray(array)).to(device, non_blocking=True)


class DataError(Exception):
    """Everything that is wrong with the sets, one "file:line: what" each; nothing starts before all are mended."""


@dataclass
class PictureSet:
    folder: str
    match: str
    group: str
    classes: list[str] = field(default_factory=list)
    points: bool = False  # labels/ holds pitch points instead of objects
    points_folder: str = ""  # beside labels/, for a set that has both
    ours: str = ""  # folder beside sets.json: rows that the set lacks, or has with another class, or should not have
    ours_classes: list[str] = field(default_factory=list)  # labelled too where ours has a file
    made: str = ""  # the command that makes this set; without its pictures it is left out and named, not an error
    complete: bool = True  # False: some people are not labelled, so an unlabelled place is no evidence
    largest_scale: float = 8.0  # low-resolution pictures are only shown smaller than they are


@dataclass
class Sample:
    file: Path
    match: str
    group: str
    boxes: np.ndarray  # [K, 5] class, centre x, centre y, width, height; 0..1 of the picture
    points: np.ndarray | None  # [32, 3] x, y in 0..1, visibility (VISIBLE)
    labelled: np.ndarray  # [4] which classes this picture's labels cover
    complete: bool
    largest_scale: float


def read_labels(file: Path, columns: int, classes: int) -> tuple[np.ndarray, list[str]]:
    """Rows of a label file and what is wrong with it, each as "file:line: what"."""
    rows, problems = [], []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        row, problem = read_row(line, columns, classes)
        if problem:
            problems.append(f"{file}:{number}: {problem}")
        elif row:
            rows.append(row)
    return as_rows(rows, columns), problems


def as_rows(rows: list[list[float]], columns: int) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, columns)


def read_row(line: str, columns: int, classes: int) -> tuple[list[float], str | None]:
    """The numbers of a line, none for an empty one, and what is wrong with it."""
    try:
        row = [float(word) for word in line.split()]
    except ValueError:
        return [], "not a row of numbers"
    return row, check_row(row, columns, classes) if row else None


def read_ours(file: Path, boxes: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A set's rows as a file of ours has them, and what is wrong with the file.

    A row of ours is added, or stands for the set's row at the same place; with "not" before it, it withdraws that row.
    """
    rows, withdrawn, problems = [], [], []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        into, words = (withdrawn, line[4:]) if line.startswith("not ") else (rows, line)
        found, problem = read_row(words, 5, len(CLASSES))
        if into is withdrawn and not problem and not is_among(found, boxes):
            problem = f"the set has no row '{words.strip()}' to withdraw"
        if problem:
            problems.append(f"{file}:{number}: {problem}")
        elif found:
            into.append(found)
    ours = as_rows(rows, 5)
    dropped = same_place(boxes, ours).any(1) | same_place(boxes, as_rows(withdrawn, 5)).any(1)
    return np.concatenate([boxes[~dropped], ours]), problems


def check_row(row: list[float], columns: int, classes: int) -> str | None:
    if len(row) != columns:
        return f"{len(row)} numbers, {columns} expected"
    if row[0] != int(row[0]) or not 0 <= row[0] < classes:
        return f"class {row[0]:g} does not exist (0 to {classes - 1})"
    x, y, width, height = row[1:5]
    low = min(x - width / 2, y - height / 2)
    high = max(x + width / 2, y + height / 2)
    if width <= 0 or height <= 0 or low < -EDGE_TOLERANCE or high > 1 + EDGE_TOLERANCE:
        return f"label outside the picture (edges {low:.3f} to {high:.3f} of 0 to 1)"
    points = np.array(row[5:]).reshape(-1, 3)
    seen = points[points[:, 2] == VISIBLE, :2]
    if seen.size and (seen.min() < -EDGE_TOLERANCE or seen.max() > 1 + EDGE_TOLERANCE):
        return "visible pitch point outside the picture"
    return None


def read_set(picture_set: PictureSet, root: Path, beside: Path) -> tuple[list[Sample], list[str]]:
    """The samples of a set below root, whose own additions lie beside its description, and what is wrong with them."""
    folder = root / picture_set.folder
    files = sorted(f for f in (folder / "images").glob("*") if f.suffix.lower() in PICTURE_SUFFIXES)
    if not files:
        return [], [f"{folder}/images: no pictures"]
    if not (beside / picture_set.ours).is_dir():
        return [], [f"{beside / picture_set.ours}: no such folder"]
    points_folder = "labels" if picture_set.points else picture_set.points_folder
    samples, problems = [], []
    for file in files:
        match = re.match(picture_set.match, file.name)
        if not match:
            problems.append(f"{file}: its name holds no match")
            continue
        boxes, wrong = np.zeros((0, 5), np.float32), []
        if not picture_set.points:
            boxes, wrong = read_label_file(folder / "labels", file, 5, len(CLASSES))
        added = beside / picture_set.ours / (file.stem + ".txt") if picture_set.ours else None
        is_added = added is not None and added.exists()
        if is_added:
            boxes, wrong_rows = read_ours(added, boxes)
            wrong = wrong + wrong_rows
        points = None
        if points_folder:
            points, wrong_points = read_points(folder / points_folder, file)
            wrong = wrong + wrong_points
        problems += wrong
        if not wrong:
            classes = picture_set.classes + (picture_set.ours_classes if is_added else [])
            samples.append(make_sample(picture_set, file, match[1], classes, boxes, points))
    return samples, problems


def same_place(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """[len(first), len(second)] of rows"""
    return np.abs(first[:, None, 1:] - second[None, :, 1:]).max(2) <= SAME_PLACE


def is_among(row: list[float], boxes: np.ndarray) -> bool:
    """A row of this class at this place."""
    return bool(row) and bool((same_place(boxes, as_rows([row], 5))[:, 0] & (boxes[:, 0] == row[0])).any())


def read_label_file(folder: Path, picture: Path, columns: int, classes: int) -> tuple[np.ndarray, list[str]]:
    label = folder / (picture.stem + ".txt")
    if not label.exists():
        return np.zeros((0, columns), np.float32), [f"{picture}: no label file {label}"]
    return read_labels(label, columns, classes)


def read_points(folder: Path, picture: Path) -> tuple[np.ndarray | None, list[str]]:
    rows, wrong = read_label_file(folder, picture, 5 + 3 * PITCH_POINTS, 1)
    if not wrong and len(rows) != 1:
        wrong = [f"{folder / picture.stem}.txt:1: {len(rows)} pitches, 1 expected"]
    return (None if wrong else rows[0, 5:].reshape(PITCH_POINTS, 3)), wrong


def make_sample(picture_set: PictureSet, file: Path, match: str, classes: list[str], boxes, points) -> Sample:
    labelled = np.array([name in classes for name in CLASSES])
    # Batches draw pictures with points by themselves; with people it serves as one of those too.
    group = "people" if picture_set.group == "points" and labelled.any() else picture_set.group
    return Sample(file, match, group, boxes, points, labelled, picture_set.complete, picture_set.largest_scale)


def read_sets(root: Path, description: Path, as_given: bool = False) -> tuple[list[Sample], dict[str, list[str]]]:
    """All samples of the sets, and the held-out matches of each validation group. Throws DataError with every problem.

    as_given: without rows of ours.
    """
    config = json.loads(description.read_text())
    samples, problems = [], []
    for entry in config["sets"]:
        picture_set = PictureSet(**entry)
        if as_given:
            picture_set.ours = ""
        if picture_set.made and not (root / picture_set.folder).exists():
            print(f"{root / picture_set.folder}: not there, left out; made by {picture_set.made}", file=sys.stderr)
            continue
        found, wrong = read_set(picture_set, root, description.parent)
        samples += found
        problems += wrong
    if problems:
        raise DataError("\n".join(problems))
    return merge_same_pictures(samples), config["validation"]


def merge_same_pictures(samples: list[Sample]) -> list[Sample]:
    """One sample for a picture that one set labels with people and another with points."""
    by_name = {s.file.stem: s for s in samples if s.labelled.any()}
    merged = []
    for sample in samples:
        twin = by_name.get(sample.file.stem)
        if sample.points is not None and twin and twin is not sample and same_picture(sample.file, twin.file):
            twin.points = sample.points
        else:
            merged.append(sample)
    return merged


def same_picture(first: Path, second: Path) -> bool:
    looks = []
    for file in (first, second):
        grey = cv2.resize(decode(file)[..., 1], (32, 18), interpolation=cv2.INTER_AREA).astype(np.float32)
        looks.append((grey - grey.mean()) / (grey.std() + 1e-6))
    return float((looks[0] * looks[1]).mean()) > SAME_PICTURE_CORRELATION


def decode(file: Path) -> np.ndarray:
    """RGB [h, w, 3]. Throws DataError for a file that is no whole picture."""
    raw = file.read_bytes()
    if file.suffix.lower() in (".jpg", ".jpeg") and b"\xff\xd9" not in raw[-64:]:
        raise DataError(f"{file}: broken picture (a JPEG without its end)")
    picture = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{file}: broken picture")
    return picture[..., ::-1]


def letterbox(picture: np.ndarray, height_px: int, width_px: int) -> tuple[np.ndarray, float]:
    """Picture at the top left, rest 0, and the scale; area average when shrinking, bilinear when enlarging."""
    scale = min(width_px / picture.shape[1], height_px / picture.shape[0])
    if scale != 1:
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    boxed = np.zeros((height_px, width_px, 3), picture.dtype)
    boxed[: picture.shape[0], : picture.shape[1]] = picture
    return boxed, scale


def split(samples: list[Sample], validation: dict[str, list[str]]) -> tuple[list[Sample], dict[str, list[Sample]]]:
    """Training samples, and the validation samples of each group of held-out matches."""
    held_out = {match for matches in validation.values() for match in matches}
    train = [s for s in samples if s.match not in held_out]
    return train, {group: [s for s in samples if s.match in matches] for group, matches in validation.items()}


def grass(picture: np.ndarray) -> np.ndarray:
    red, green, blue = (picture[..., c].astype(np.float32) for c in range(3))
    return (green > red * 1.02 + 2) & (green > blue * 1.06 + 2)


def material_map(picture: np.ndarray, green: np.ndarray, boxes_px: np.ndarray) -> np.ndarray:
    """[h, w] uint8: what may be given another colour: the class at a shirt or shorts, OTHER_TEAM at those of players whose
    shirts are unlike the other players', BACKDROP at boards and stands, else 0.

    green: grass() of the picture. Kits only of people who stand on grass: else the boards behind them are painted too,
    and become referees.
    """
    # Opened, so that lines, goal posts and balls, which lie on grass, are no backdrop.
    least = np.ones((BACKDROP_LEAST_PX, BACKDROP_LEAST_PX), np.uint8)
    materials = BACKDROP * cv2.morphologyEx((~green).astype(np.uint8), cv2.MORPH_OPEN, least)
    for _, x, y, width, height in boxes_px:
        left, top = max(int(x - 0.6 * width), 0), max(int(y - 0.6 * height), 0)
        materials[top : int(y + 0.6 * height) + 1, left : int(x + 0.6 * width) + 1] = 0
    kinds = boxes_px[:, 0].astype(int)
    players = np.flatnonzero(kinds == CLASSES.index("player"))
    kinds[players[other_team(shirt_colours(picture, green, boxes_px[players]))]] = OTHER_TEAM
    for kind, (_, x, y, width, height) in zip(kinds, boxes_px):
        if kind == CLASSES.index("ball"):
            continue
        feet = green[max(int(y + 0.42 * height), 0) : int(y + 0.58 * height) + 1,
                     max(int(x - 0.8 * width), 0) : int(x + 0.8 * width) + 1]
        top, bottom = max(int(y - 0.36 * height), 0), int(y + 0.2 * height) + 1
        left, right = max(int(x - width / 2), 0), int(x + width / 2) + 1
        body = ~green[top:bottom, left:right]
        if feet.size and body.size and feet.mean() > 0.5 and body.mean() < 0.85:
            area = materials[top:bottom, left:right]
            area[body] = kind
    return materials


@dataclass
class Labels:
    """The store's labels, on the host; a batch is planned from these alone.

    boxes   [N, K, 5] class (-1: none), centre x, y, width, height in canvas pixels
    points  [N, 32, 3] x, y in canvas pixels, visibility
    canvas_from_pitch [N, 3, 3] from the points (pitch.py), NaN where they are too few
    grass   [N, 36, 64] cells of 20 canvas pixels that are almost all grass
    materials [N, MATERIALS] which values of material_map() the picture shows
    """

    boxes: np.ndarray
    points: np.ndarray
    canvas_from_pitch: np.ndarray
    grass: np.ndarray
    materials: np.ndarray
    labelled: np.ndarray
    complete: np.ndarray
    has_points: np.ndarray
    largest_scale: np.ndarray
    groups: np.ndarray
    matches: np.ndarray


def most_boxes(samples: list[Sample]) -> int:
    """How many places for boxes each picture of a store has."""
    return max(max(len(s.boxes) for s in samples), 1)


def empty_labels(samples: list[Sample]) -> Labels:
    count, most = len(samples), most_boxes(samples)
    return Labels(
        boxes=np.full((count, most, 5), -1, np.float32),
        points=np.zeros((count, PITCH_POINTS, 3), np.float32),
        canvas_from_pitch=np.full((count, 3, 3), np.nan),
        grass=np.zeros((count, CANVAS_HEIGHT_PX // GRASS_CELL_PX, CANVAS_WIDTH_PX // GRASS_CELL_PX), bool),
        materials=np.zeros((count, MATERIALS), bool),
        labelled=np.stack([s.labelled for s in samples]),
        complete=np.array([s.complete for s in samples]),
        has_points=np.array([s.points is not None for s in samples]),
        largest_scale=np.array([s.largest_scale for s in samples]),
        groups=np.array([s.group for s in samples]),
        matches=np.array([s.match for s in samples]),
    )


class PictureStore:
    """Pictures on the device as uint8 [N, 4, 720, 1280] (RGB and material map) and at half size, with their labels."""

    def __init__(self, samples: list[Sample], device: torch.device):
        self.samples, self.device, self.labels = samples, device, empty_labels(samples)
        size = (len(samples), 4, CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX)
        self.full = torch.empty(size, dtype=torch.uint8, device=device)
        self.half = torch.empty(*size[:2], size[2] // 2, size[3] // 2, dtype=torch.uint8, device=device)
        with ThreadPoolExecutor(LOADER_THREADS) as pool:
            problems = [p for p in pool.map(self._load, range(len(samples))) if p]
        if problems:
            raise DataError("\n".join(problems))

    def _load(self, index: int) -> str | None:
        sample, labels = self.samples[index], self.labels
        try:
            picture = decode(sample.file)
        except DataError as error:
            return str(error)
        extent = np.array([picture.shape[1], picture.shape[0]], np.float32)
        canvas, scale = letterbox(picture, CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX)
        boxes = sample.boxes.copy()
        boxes[:, 1:] *= np.tile(extent * scale, 2)
        labels.boxes[index, : len(boxes)] = boxes
        if sample.points is not None:
            labels.points[index] = sample.points
            labels.points[index, :, :2] *= extent * scale
            found = fit_homography(labels.points[index, :, :2], sample.points[:, 2] > 0)
            if found is not None:
                labels.canvas_from_pitch[index] = found
        green = grass(canvas)
        cells = cv2.resize(green.astype(np.float32), labels.grass.shape[:0:-1], interpolation=cv2.INTER_AREA)
        labels.grass[index] = cells > GRASS_CELL_SHARE
        materials = material_map(canvas, green, boxes)
        # The letterbox's rest is no board: it stays black, as the network will see it.
        materials[round(extent[1] * scale) :], materials[:, round(extent[0] * scale) :] = 0, 0
        labels.materials[index] = np.bincount(materials.ravel(), minlength=MATERIALS) > 0
        planes = np.dstack([canvas, materials])
        small = cv2.resize(planes, (CANVAS_WIDTH_PX // 2, CANVAS_HEIGHT_PX // 2), interpolation=cv2.INTER_AREA)
        small[..., 3] = planes[::2, ::2, 3]
        self.full[index] = torch.from_numpy(planes.transpose(2, 0, 1).copy()).to(self.device)
        self.half[index] = torch.from_numpy(small.transpose(2, 0, 1).copy()).to(self.device)
        return None
