"""log.jsonl as a picture: losses above, accuracy on held-out matches below."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

SHOWN = ("person", "player", "goalkeeper", "referee", "ball", "points PCK@10")


def draw_curves(log: Path, picture: Path):
    entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    if not entries:
        return
    groups = sorted({group for entry in entries for group in entry.get("accuracy", {})})
    figure, axes = pyplot.subplots(1 + len(groups), 1, figsize=(9, 3.2 * (1 + len(groups))), squeeze=False)
    for name in ("loss_boxes", "loss_points", "loss_ball"):
        axes[0][0].plot([e["iteration"] for e in entries], [e[name] for e in entries], label=name)
    axes[0][0].set_yscale("log")
    axes[0][0].legend()
    for axis, group in zip(axes[1:, 0], groups):
        measured = [e for e in entries if group in e.get("accuracy", {})]
        for name in SHOWN:
            values = [(e["iteration"], e["accuracy"][group][name]) for e in measured if name in e["accuracy"][group]]
            if values:
                axis.plot(*zip(*values), marker=".", label=name)
        axis.set_title(group)
        axis.set_ylim(0, 1)
        axis.legend(loc="lower right")
    axes[-1][0].set_xlabel("iteration")
    figure.tight_layout()
    figure.savefig(picture, dpi=80)
    pyplot.close(figure)
