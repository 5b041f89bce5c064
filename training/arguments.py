"""Numbers and files as a command line gives them: what does not fit is refused in a sentence."""

import argparse
import math
import os
from collections.abc import Callable
from pathlib import Path

LARGEST_WHOLE = 2**31 - 1


def whole(least: int, most: int = LARGEST_WHOLE) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text}: must be a whole number from {least} to {most}")
        return value

    return parse


def number(text: str) -> float:
    """nan where it is none, which is in no range."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def rate(text: str) -> float:
    value = number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be a number above 0 and below 1")
    return value


def share(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text}: a share is a number in 0 to 1")
    return value


def seconds(text: str) -> float:
    value = number(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text}: must be a number of seconds, 0 or more")
    return value


def file_to_write(text: str) -> Path:
    file = Path(text)
    if file.is_dir() or not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text}: not a file in a folder that is there")
    if not os.access(file.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text}: its folder may not be written into")
    return file
