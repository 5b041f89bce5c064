"""Puts measured figures into the tables of the networks' cards, models/NAME.md; whatever else a card says stays.

  python -m training.evaluate models/touchline_n.onnx --size 736x1280 --size 384x640 > n.jsonl
  make accuracy > accuracy.log
  touchline eval detect RUNS --labels tests/other_cameras > whole.txt     # of clips analyzed whole
  python -m training.cards --held-out touchline_n=n.jsonl --clips accuracy.log --whole touchline_n=whole.txt models/*.md

A row is known by its first cell: "home, 736 x 1280" of the card's own network, with a network's name or "this" for another or the
same one; a clip's name below a heading "1280 px"; "decisions" or "reported" of clips analyzed whole.
"""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

from training.sets import ALL_MATCHES

HELD_OUT_ROW = re.compile(r"(?:(?P<other>\w+), )?(?P<set>home|broadcasts), (?P<size>\d+ × \d+)(?:, (?P<named>\w+))?$")
CLIP_SECTION = re.compile(r"== other cameras, .*, (?P<name>\w+), network (?P<size>\d+)$")
TABLE_HEAD = re.compile(r"\| (?P<size>\d+) px \|")
WHOLE_ROW = re.compile(r"(?P<clips>decisions|reported)(?:, (?P<named>\w+))?$")
# Columns of `touchline eval detect` and `eval pitch` behind a clip's name.
DETECT = ("frames", "person", "person_recall", "person_precision", "goalkeeper", "goalkeeper_recall", "goalkeeper_precision", "player",
          "player_recall", "player_precision", "referee", "referee_recall", "referee_precision", "ball", "ball_recall", "ball_precision",
          "sure", "role", "false")
PITCH = ("frames", "visible", "points", "median_px", "p90_px", "false_points")

Figures = dict[str, str]


def short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def shares(found: Figures, *names: str) -> str:
    return " / ".join(found[name].removeprefix("0") for name in names)


def read_held_out(file: Path) -> dict[tuple[str, str], list[str]]:
    """Cells of a card's row by its set and size, of what training.evaluate wrote."""
    rows = {}
    for line in file.read_text().splitlines():
        values = json.loads(line)
        if values["validation"] == ALL_MATCHES:
            continue
        group = {"home": "home", "broadcast": "broadcasts"}[values["validation"]]

        def within_8_px(name: str) -> str:
            return " / ".join(short(values[f"{name}, {pictures}"]) for pictures in ("people", "ball set") if f"{name}, {pictures}" in values)

        points = ""
        if "points PCK@10" in values:
            points = f"{short(values['points PCK@10'])}, {values['points median px']:.2f} px, {values['points false a picture']:.2f}"
        cells = [short(values[name]) for name in ("person", "player", "goalkeeper", "referee", "ball")]
        rows[group, values["size"].replace("x", " × ")] = [*cells, within_8_px("ball8px"), within_8_px("ball8px heat"), points]
    return rows


def read_table(lines: list[str], columns: tuple[str, ...]) -> dict[str, Figures]:
    """The rows of a table of `touchline eval` by clip, and its sums by group; shares with their leading zero."""
    rows = {}
    for line in lines:
        name, *values = line.split()
        if len(values) == len(columns) and values[0].isdigit():
            rows[re.split(r"[_.]", name)[0]] = dict(zip(columns, values))
    return rows


def clip_cells(found: Figures) -> list[str]:
    points = "-" if found["visible"] == "0" else shares(found, "points")
    if found["median_px"] != "-":
        points += f", {float(found['median_px']):.2f} px"
    roles = [shares(found, name) for name in ("player", "goalkeeper", "referee", "role")]
    return [shares(found, "person", "person_recall", "person_precision"), *roles,
            f"{float(found['false']):.2f}", shares(found, "ball_recall", "ball_precision"), shares(found, "sure"), points,
            f"{float(found['false_points']):.2f}"]


def whole_cells(found: Figures) -> list[str]:
    return [shares(found, "person", "person_recall", "person_precision"), shares(found, "goalkeeper_recall", "goalkeeper_precision"),
            shares(found, "referee_recall", "referee_precision"), shares(found, "role"), shares(found, "ball_recall", "ball_precision")]


def read_clips(log: Path) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Cells by network and size, then clip, of the log of `make accuracy`."""
    sections: dict[tuple[str, str], list[str]] = {}
    into: list[str] = []
    for line in log.read_text().splitlines():
        if line.startswith("=="):
            head = CLIP_SECTION.match(line)
            into = sections.setdefault((head["name"], head["size"]), []) if head else []
        elif line:
            into.append(line)
    found = {}
    for key, lines in sections.items():
        people, points = read_table(lines, DETECT), read_table(lines, PITCH)
        found[key] = {clip: clip_cells(people[clip] | points[clip]) for clip in people if clip in points}
    return found


def read_whole(file: Path) -> dict[str, list[str]]:
    return {clips: whole_cells(found) for clips, found in read_table(file.read_text().splitlines(), DETECT).items()}


def fill(card: str, name: str, held_out: dict, clips: dict, whole: dict) -> str:
    """The card of network `name` with the rows that were measured."""
    lines, size = [], ""
    for line in card.splitlines():
        head = TABLE_HEAD.match(line)
        size = head["size"] if head else size if line.startswith("|") else ""
        label, *old = [cell.strip() for cell in line.strip().strip("|").split(" | ")] if line.startswith("| ") else [""]
        new = cells_of(label, name, size, held_out, clips, whole)
        lines.append(f"| {label} | {' | '.join(new)} |" if new and old else line)
    return "\n".join(lines) + "\n"


def cells_of(label: str, name: str, size: str, held_out: dict, clips: dict, whole: dict) -> list[str] | None:
    def named(other: str | None) -> str:
        return name if other in (None, "this") else other

    if row := HELD_OUT_ROW.match(label):
        return held_out.get(named(row["other"] or row["named"]), {}).get((row["set"], row["size"]))
    if size:
        return clips.get((name, size), {}).get(label)
    if row := WHOLE_ROW.match(label):
        return whole.get(named(row["named"]), {}).get(row["clips"])
    return None


def file_of(read: Callable[[Path], dict | tuple]) -> Callable[[str], dict | tuple]:
    """An argument's type: what read() makes of the file that it names."""

    def parse(text: str) -> dict | tuple:
        try:
            return read(Path(text))
        except (OSError, KeyError, TypeError, ValueError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else error
            raise argparse.ArgumentTypeError(f"{text}: nothing can be read from it ({reason})") from error

    return parse


def named_file_of(read: Callable[[Path], dict]) -> Callable[[str], tuple[str, dict]]:
    def parse(text: str) -> tuple[str, dict]:
        name, equals, file = text.partition("=")
        if not equals:
            raise argparse.ArgumentTypeError(f"'{text}' is not NAME=FILE")
        return name, file_of(read)(file)

    return parse


def read_card(file: Path) -> tuple[Path, str]:
    return file, file.read_text()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cards", type=file_of(read_card), nargs="+")
    parser.add_argument("--held-out", type=named_file_of(read_held_out), action="append", default=[], metavar="NAME=JSONL")
    parser.add_argument("--whole", type=named_file_of(read_whole), action="append", default=[], metavar="NAME=TXT")
    parser.add_argument("--clips", type=file_of(read_clips), default={}, metavar="LOG", help="of make accuracy")
    options = parser.parse_args()
    for file, old in options.cards:
        new = fill(old, file.stem, dict(options.held_out), options.clips, dict(options.whole))
        changed = sum(a != b for a, b in zip(old.splitlines(), new.splitlines(), strict=True))
        if changed:
            file.write_text(new)
        print(f"{file}: {changed} rows changed")


if __name__ == "__main__":
    main()
