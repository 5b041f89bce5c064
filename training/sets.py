"""What sets.json and label files say, and what is wrong with them, each as "file:line: what"."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np

from training.model import CLASSES, PITCH_POINTS
from training.pitch import PLACED, UNKNOWN, VISIBLE

# A batch holds a fixed share of each.
GROUPS = ("people", "broadcast", "ball", "points", "synth")
ALL_MATCHES = "all"  # the held-out matches of every group together
# Labels drawn by hand overshoot the picture's edge by a pixel or two; more than this is a mistake.
EDGE_TOLERANCE = 0.02
SAME_PLACE = 0.001  # of the picture
LARGEST_NUMBER = float(np.finfo(np.float32).max)


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


KINDS = {f.name: f.type for f in fields(PictureSet)}
KINDS_TOLD = {str: "a text", bool: "true or false", float: "a number", list[str]: "a list of texts"}


@dataclass
class Description:
    """sets.json"""

    file: Path
    text: str
    sets: list[PictureSet]
    validation: dict[str, list[str]]  # held-out matches of each group of them

    def held_out_at(self, match: str) -> str:
        """file:line of a match to hold out"""
        return f"{self.file}:{line_of(self.text, match, line_of(self.text, 'validation'))}"


def line_of(text: str, word: str, first: int = 1) -> int:
    """The line, from the first on, that holds a word of JSON; the first where it is written another way."""
    return line_where(text, re.escape(json.dumps(word, ensure_ascii=False)), first)


def line_where(text: str, pattern: str, first: int = 1) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if number >= first and re.search(pattern, line)), first)


def read_description(file: Path) -> Description:
    """Throws DataError with every problem."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        config = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{file}:{error.lineno}: no JSON ({error.msg})") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: no description of sets can be read from it ({error})") from error
    if not has_form(config):
        raise DataError(f'{file}:1: "sets", a list of one or more, and "validation", lists of matches by group, expected')
    problems = []
    for entry in config["sets"]:
        first = line_where(text, rf'"folder"\s*:\s*{re.escape(json.dumps(entry.get("folder"), ensure_ascii=False))}')
        problems += [f"{file}:{line_of(text, word, first)}: {problem}" for word, problem in check_entry(entry)]
    first = line_of(text, "validation")
    problems += [f"{file}:{line_of(text, word, first)}: {problem}" for word, problem in check_groups(config["validation"])]
    if problems:
        raise DataError("\n".join(problems))
    return Description(file, text, [PictureSet(**entry) for entry in config["sets"]], config["validation"])


def has_form(config) -> bool:
    if not isinstance(config, dict) or set(config) != {"sets", "validation"}:
        return False
    sets, validation = config["sets"], config["validation"]
    return (isinstance(sets, list) and len(sets) > 0 and all(isinstance(entry, dict) for entry in sets)
            and isinstance(validation, dict) and all(is_a(matches, list[str]) for matches in validation.values()))


def is_a(value, kind) -> bool:
    if kind == list[str]:
        return isinstance(value, list) and all(isinstance(word, str) for word in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind)


def check_groups(validation: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Words of the held-out groups and what is wrong with each."""
    if ALL_MATCHES in validation:
        yield ALL_MATCHES, f"a group '{ALL_MATCHES}', which stands for all groups together; call it another name"
    counts = Counter(match for matches in validation.values() for match in matches)
    for match in (match for match, count in counts.items() if count > 1):
        yield match, f"match '{match}' is held out {counts[match]} times; once is enough"


def check_entry(entry: dict) -> Iterator[tuple[str, str]]:
    """Words of a set's entry and what is wrong with each."""
    for key in ("folder", "match", "group"):
        if key not in entry:
            yield str(entry.get("folder")), f"a set without '{key}'"
    for key, value in entry.items():
        if key not in KINDS:
            yield key, f"unknown key '{key}' (one of {', '.join(KINDS)})"
        elif not is_a(value, KINDS[key]):
            yield key, f"'{key}' must be {KINDS_TOLD[KINDS[key]]}"
        elif key in ("classes", "ours_classes"):
            yield from ((name, f"class '{name}' does not exist (one of {', '.join(CLASSES)})") for name in value if name not in CLASSES)
        elif key == "group" and value not in GROUPS:
            yield value, f"group '{value}' does not exist (one of {', '.join(GROUPS)})"
        elif key == "largest_scale" and not 0 < value < math.inf:
            yield key, f"'largest_scale' must be above 0, not {value:g}"
        elif key == "match" and not has_group(value):
            yield value, f"'{value}' is no pattern whose first group, in brackets, is the match"
    for key in ("classes", "points_folder"):
        if entry.get("points") and entry.get(key):
            yield key, f"'{key}' beside 'points', of a set whose labels/ hold points alone; one with both has 'points_folder' instead of 'points'"


def has_group(pattern: str) -> bool:
    try:
        return re.compile(pattern).groups > 0
    except re.error:
        return False


def read_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Lines of a label file by number; what is not UTF-8 is left to be no number, the mark that some editors begin with is left out."""
    return enumerate(file.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1)


def read_labels(file: Path, columns: int, classes: int) -> tuple[np.ndarray, list[str]]:
    """Rows of a label file and what is wrong with it, each as "file:line: what"."""
    rows, problems = [], []
    for number, line in read_lines(file):
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
    for number, line in read_lines(file):
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
    if not all(abs(number) <= LARGEST_NUMBER for number in row):  # nor is a nan
        return "a number that is not finite"
    if row[0] != int(row[0]) or not 0 <= row[0] < classes:
        return f"class {row[0]:g} does not exist (0 to {classes - 1})"
    x, y, width, height = row[1:5]
    if width <= 0 or height <= 0:
        return "a label without width or height"
    low = min(x - width / 2, y - height / 2)
    high = max(x + width / 2, y + height / 2)
    if low < -EDGE_TOLERANCE or high > 1 + EDGE_TOLERANCE:
        return f"label outside the picture (edges {low:.3f} to {high:.3f} of 0 to 1)"
    points = np.array(row[5:]).reshape(-1, 3)
    unknown = set(points[:, 2]) - {UNKNOWN, PLACED, VISIBLE}
    if unknown:
        return f"visibility {min(unknown):g} does not exist ({VISIBLE} visible, {PLACED} hidden or outside, {UNKNOWN} unknown)"
    seen = points[points[:, 2] == VISIBLE, :2]
    if seen.size and (seen.min() < -EDGE_TOLERANCE or seen.max() > 1 + EDGE_TOLERANCE):
        return "visible pitch point outside the picture"
    return None


def same_place(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """[len(first), len(second)] of rows"""
    return np.abs(first[:, None, 1:] - second[None, :, 1:]).max(2) <= SAME_PLACE


def is_among(row: list[float], boxes: np.ndarray) -> bool:
    """A row of this class at this place."""
    return bool(row) and bool((same_place(boxes, as_rows([row], 5))[:, 0] & (boxes[:, 0] == row[0])).any())


def read_label_file(folder: Path, picture: Path, columns: int, classes: int) -> tuple[np.ndarray, list[str]]:
    label = folder / (picture.stem + ".txt")
    if not label.is_file():
        return np.zeros((0, columns), np.float32), [f"{picture}: no label file {label}"]
    return read_labels(label, columns, classes)


def read_points(folder: Path, picture: Path) -> tuple[np.ndarray | None, list[str]]:
    rows, wrong = read_label_file(folder, picture, 5 + 3 * PITCH_POINTS, 1)
    if not wrong and len(rows) != 1:
        wrong = [f"{folder / picture.stem}.txt:1: {len(rows)} pitches, 1 expected"]
    return (None if wrong else rows[0, 5:].reshape(PITCH_POINTS, 3)), wrong
