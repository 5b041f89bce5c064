"""Labelled pictures: reading, checking, holding out whole matches, and keeping them decoded on the device.

A set is a folder with images/ and labels/ (YOLO text). sets.json names the sets, what each labels and which matches are
held out; what a set does not label is masked in the losses, never taken for background.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from training.model import CLASSES, PITCH_POINTS
from training.pitch import fit_homography
from training.sets import DataError, Description, PictureSet, read_description, read_label_file, read_ours, read_points
from training.teams import other_team, shirt_colours

CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX = 720, 1280
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
SAME_PICTURE_CORRELATION = 0.999
LOADER_THREADS = 12
JPEG_SUFFIXES, JPEG_BEGIN, JPEG_END, JPEG_PROGRESSIVE = (".jpg", ".jpeg"), b"\xff\xd8", b"\xff\xd9", b"\xff\xc2"
MORE_OF_A_JPEG = bytes(range(1, 255)) * 16
GRASS_CELL_PX = 20
GRASS_CELL_SHARE = 0.8
# In a material map, beside the classes: boards, stands and whatever else is wide and no grass; players of the second team.
BACKDROP, OTHER_TEAM, MATERIALS = len(CLASSES), len(CLASSES) + 1, len(CLASSES) + 2
BACKDROP_LEAST_PX = 11


def upload(array: np.ndarray, device: torch.device) -> torch.Tensor:
    """A small host array on the device without waiting for what the device is doing."""
    return torch.from_numpy(np.ascontiguousarray(array)).to(device, non_blocking=True)


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


def picture_files(folder: Path) -> list[Path]:
    return sorted(f for f in (folder / "images").glob("*") if f.suffix.lower() in PICTURE_SUFFIXES)


def read_set(picture_set: PictureSet, root: Path, beside: Path) -> tuple[list[Sample], list[str]]:
    """The samples of a set below root, whose own additions lie beside its description, and what is wrong with them."""
    folder = root / picture_set.folder
    files = picture_files(folder)
    if not files:
        return [], [f"{folder}/images: no pictures; add them, or delete the set from its description"]
    if not (beside / picture_set.ours).is_dir():
        return [], [f"{beside / picture_set.ours}: no such folder; add it, or delete 'ours' from the set's description"]
    points_folder = "labels" if picture_set.points else picture_set.points_folder
    samples, problems = [], []
    unnamed = set()
    for file in files:
        match = re.match(picture_set.match, file.name)
        if not match or not match[1]:
            problems.append(f"{file}: its name holds no match as 'match' of its set has it; mend either")
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
            unnamed |= {CLASSES[int(kind)] for kind in boxes[:, 0]} - set(classes)
    problems += [f"{folder}/labels: has rows of class '{name}', which the set's 'classes' do not name; add it there, or delete the rows"
                 for name in sorted(unnamed)]
    return samples, problems + same_names(files)


def same_names(files: list[Path]) -> list[str]:
    """Pictures that one label file would stand for."""
    first: dict[str, Path] = {}
    return [f"{file}: {first[file.stem].name} has the same name, and so the same label; rename one, or delete it"
            for file in files if first.setdefault(file.stem, file) is not file]


def make_sample(picture_set: PictureSet, file: Path, match: str, classes: list[str], boxes, points) -> Sample:
    labelled = np.array([name in classes for name in CLASSES])
    # Batches draw pictures with points by themselves; with people it serves as one of those too.
    group = "people" if picture_set.group == "points" and labelled.any() else picture_set.group
    return Sample(file, match, group, boxes, points, labelled, picture_set.complete, picture_set.largest_scale)


def read_sets(root: Path, description: Path, as_given: bool = False) -> tuple[list[Sample], dict[str, list[str]]]:
    """All samples of the sets, and the held-out matches of each validation group. Throws DataError with every problem.

    as_given: without rows of ours.
    """
    told = read_description(description)
    samples, problems, pictures, left_out = [], [], defaultdict(set), False
    for picture_set in told.sets:
        if as_given:
            picture_set.ours = ""
        if picture_set.made and not (root / picture_set.folder).exists():
            print(f"{root / picture_set.folder}: not there, left out; made by {picture_set.made}", file=sys.stderr)
            left_out = True
            continue
        found, wrong = read_set(picture_set, root, description.parent)
        stems = {file.stem for file in picture_files(root / picture_set.folder)}
        for folder in label_folders(picture_set, root, description.parent):
            pictures[folder] |= stems
        samples += found
        problems += wrong
    problems += labels_alone(pictures)
    if not problems:
        problems = check_held_out(told, {sample.match for sample in samples}, left_out)
    if problems:
        raise DataError("\n".join(problems))
    return merge_same_pictures(samples), told.validation


def label_folders(picture_set: PictureSet, root: Path, beside: Path) -> list[Path]:
    folder = root / picture_set.folder
    points = [folder / picture_set.points_folder] if picture_set.points_folder else []
    return [folder / "labels", *points, *([beside / picture_set.ours] if picture_set.ours else [])]


def labels_alone(pictures: dict[Path, set[str]]) -> list[str]:
    """Label files of each folder that none of its pictures, by stem, is called after."""
    return [f"{label}: no picture has this name ({', '.join(PICTURE_SUFFIXES)}); add it, or delete the label"
            for folder, stems in pictures.items() if stems
            for label in sorted(folder.glob("*.txt")) if label.stem not in stems]


def check_held_out(told: Description, matches: set[str], left_out: bool) -> list[str]:
    """Matches to hold out that no picture is of: named where their set may be left out, else mistakes."""
    problems = []
    for group, held_out in told.validation.items():
        absent = [match for match in held_out if match not in matches]
        said = [f"{told.held_out_at(match)}: no picture is of match '{match}', held out as '{group}'; mend its name, or delete it" for match in absent]
        if left_out or len(absent) == len(held_out):
            print("".join(line + "\n" for line in said), end="", file=sys.stderr)
        else:
            problems += said
    return problems


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
    try:
        pictures = [decode(file) for file in (first, second)]
    except DataError:  # check_pictures() names it, with all others
        return False
    looks = []
    for picture in pictures:
        grey = cv2.resize(picture[..., 1], (32, 18), interpolation=cv2.INTER_AREA).astype(np.float32)
        looks.append((grey - grey.mean()) / (grey.std() + 1e-6))
    return float((looks[0] * looks[1]).mean()) > SAME_PICTURE_CORRELATION


def read_picture(file: Path) -> np.ndarray:
    """The bytes of a picture file. Throws DataError where it cannot be read, or is a JPEG without its begin or end."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
    if is_jpeg(file):
        if not raw.startswith(JPEG_BEGIN):
            raise DataError(f"{file}: broken picture (no JPEG; name it by what it is)")
        if JPEG_END not in raw[-64:]:
            raise DataError(f"{file}: broken picture (a JPEG without its end)")
    return np.frombuffer(raw, np.uint8)


def is_jpeg(file: Path) -> bool:
    return file.suffix.lower() in JPEG_SUFFIXES


def decode(file: Path) -> np.ndarray:
    """RGB [h, w, 3]. Throws DataError for a file that is no whole picture."""
    picture = cv2.imdecode(read_picture(file), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{file}: broken picture")
    return picture[..., ::-1]


def lacks_its_middle(jpeg: bytes, seen: np.ndarray) -> bool:
    """Whether its data end before its last line: then other bytes in place of its end are seen, or asked for more.

    seen: at an eighth of its size. A progressive one asks anyway, and passes.
    """
    if JPEG_PROGRESSIVE in jpeg:
        return False
    with_more = jpeg[: jpeg.rindex(JPEG_END)] + MORE_OF_A_JPEG
    return not np.array_equal(seen, cv2.imdecode(np.frombuffer(with_more, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8))


def check_picture(file: Path) -> str | None:
    """What is wrong with it. An eighth of its size shows that, in a fraction of the time."""
    try:
        raw = read_picture(file)
    except DataError as error:
        return str(error)
    seen = cv2.imdecode(raw, cv2.IMREAD_REDUCED_GRAYSCALE_8)
    if seen is None:
        return f"{file}: broken picture"
    return f"{file}: broken picture (a JPEG without its middle)" if is_jpeg(file) and lacks_its_middle(raw.tobytes(), seen) else None


def check_pictures(samples: Iterable[Sample]):
    """Throws DataError that names every picture that is none, or not whole."""
    with ThreadPoolExecutor(LOADER_THREADS) as pool:
        problems = [problem for problem in pool.map(check_picture, (sample.file for sample in samples)) if problem]
    if problems:
        raise DataError("\n".join(problems))


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
