"""Small made-up sets: green pictures with a few boxes, so that no test needs the real ones."""

import json

import cv2
import numpy as np
import pytest
import torch

from training import model

PEOPLE = ["2 0.30 0.50 0.05 0.20", "1 0.70 0.40 0.04 0.18", "0 0.50 0.60 0.01 0.015"]


def made_up_network(size: str) -> model.Network:
    """One no two of whose weights are alike, as an exporter would store those once, and whose normalisations are not a new one's."""
    torch.manual_seed(0)
    network = model.build(size)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d) and module.bias is not None:
            torch.nn.init.uniform_(module.bias, -0.1, 0.1)
        if isinstance(module, model.DetectHead):
            torch.nn.init.normal_(module.compared[-1].weight, std=0.3)
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.1, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.1, 0.1)
    return network.eval()


def write_picture(file, seed: int, height_px=360, width_px=640):
    rng = np.random.default_rng(seed)
    picture = np.full((height_px, width_px, 3), (40, 140, 60), np.uint8)
    picture[height_px // 3 : height_px // 2, width_px // 4 : width_px // 3] = rng.integers(0, 255, 3)
    cv2.imwrite(str(file), picture)


def pitch_row() -> str:
    points = [f"{0.1 + 0.02 * i:.3f} {0.9 - 0.02 * i:.3f} {2 if i % 2 else 0}" for i in range(32)]
    return "0 0.5 0.5 0.9 0.8 " + " ".join(points)


@pytest.fixture
def sets(tmp_path):
    """Root folder of three sets and their description; match "match0" of each is held out."""
    for folder, rows in (("players", PEOPLE), ("pitch", [pitch_row()]), ("ball", PEOPLE[2:])):
        (tmp_path / folder / "images").mkdir(parents=True)
        (tmp_path / folder / "labels").mkdir()
        for k in range(4):
            name = f"match{k % 2}_{folder}_{k}"
            write_picture(tmp_path / folder / "images" / f"{name}.jpg", seed=k)
            (tmp_path / folder / "labels" / f"{name}.txt").write_text("\n".join(rows) + "\n")
    everything = ["ball", "goalkeeper", "player", "referee"]
    description = tmp_path / "sets.json"
    description.write_text(json.dumps({
        "sets": [
            {"folder": "players", "match": "^(.{6})", "classes": everything, "group": "people"},
            {"folder": "pitch", "match": "^(.{6})", "points": True, "group": "points"},
            {"folder": "ball", "match": "^(.{6})", "classes": ["ball"], "group": "ball"},
        ],
        "validation": {"home": ["match0"]},
    }))
    return tmp_path, description


def det_of(*people) -> np.ndarray:
    """[68, 126] for 64 x 96: each a cell of stride 8 (row, column) and its scores; 32 x 32 px about the cell's centre."""
    det = np.full((68, 126), -20.0, np.float32)
    for row, column, scores in people:
        det[[2, 18, 34, 50], row * 12 + column] = 20
        det[64:, row * 12 + column] = [np.log(score / (1 - score)) for score in scores]
    return det


@pytest.fixture
def seeded():
    torch.manual_seed(5)
