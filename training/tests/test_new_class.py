"""A fifth class, from labels to the exported file, in a process of its own: CLASSES is read once, when a module is loaded."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from training import augment, evaluate, export, looks, model
from training.data import BACKDROP, MATERIALS, OTHER_TEAM, PictureStore, material_map, read_sets, split
from training.gradient import gradient, taught_losses
from training.tests.conftest import made_up_network
from training.tests.test_data import pitch_and_boards

pytest.importorskip("openvino")
COUNTS = (2, 1, 1, 1, 0)
SHAPE = augment.Shape(64, 96, COUNTS, COUNTS, (0.1, 0.3))
WITH_COACH = """
from pathlib import Path
from training import model
model.CLASSES += ("coach",)
from training.tests import test_new_class
test_new_class.learn_coaches(Path("."))
"""


def test_a_coach_is_planned_learnt_and_exported(sets):
    root, description = sets
    config = json.loads(description.read_text())
    config["sets"][0]["classes"].append("coach")
    description.write_text(json.dumps(config))
    for label in (root / "players" / "labels").glob("*.txt"):
        label.write_text(label.read_text() + "4 0.15 0.40 0.05 0.20\n")
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run([sys.executable, "-c", WITH_COACH], cwd=root, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def learn_coaches(root: Path):
    """What the process does."""
    torch.set_num_threads(1)
    samples, validation = split(*read_sets(root, root / "sets.json"))
    assert {len(s.labelled) for s in samples} == {5} and sum(s.labelled[4] for s in samples) == 2
    check_coach_wears_no_boards()
    network = made_up_network("n")
    learn_from_one_batch(network, samples)
    torch.save({"size": "n", "weights": network.state_dict()}, root / "weights.pt")
    export.export(root / "weights.pt", root / "n.onnx", "CC BY 4.0")
    assert export.load_exported(root / "n.onnx")[0] == "n"
    asked = evaluate.openvino_network(root / "n.onnx", 64, 96, 1)
    assert asked(np.zeros((1, 3, 64, 96), np.float32))[0].shape == (1, 69, 126)
    assert {"coach", "player"} <= evaluate.evaluate(asked, validation["home"], 64, 96).result().keys()


def check_coach_wears_no_boards():
    picture, green, boxes = pitch_and_boards()
    boxes[0, 0] = 4
    materials = material_map(picture, green, boxes)
    assert materials[100, 100] == 4 and materials[10, 390] == BACKDROP
    assert len({*range(5), BACKDROP, OTHER_TEAM}) == MATERIALS
    shown = np.bincount(materials.ravel(), minlength=MATERIALS)[None] > 0
    images = torch.from_numpy(picture.transpose(2, 0, 1)[None].copy()).float() / 255
    seen = torch.from_numpy(materials[None].astype(np.float32))
    changed = [(looks.recolour_kits(np.random.default_rng(seed), images, seen, shown, False) != images).any(1)[0] for seed in range(8)]
    assert any(change[100, 100] for change in changed) and not any(change[:, 202:].any() for change in changed)


def learn_from_one_batch(network: model.Network, samples):
    store = PictureStore(samples, torch.device("cpu"))
    props = looks.Props(store, 0)
    planner = augment.Planner(store.labels, props.sizes, {"1280": SHAPE, "640": SHAPE}, augment.Schedule(0, 100))
    batches = (augment.paint(planner.plan(k), store, props, SHAPE) for k in range(20))
    batch = next(batch for batch in batches if (batch.valid & (batch.classes == 4)).any())
    assert gradient(network, None, taught_losses, batch).isfinite().all()
    assert all(head.person_classes.flatten().tolist() == [0, 1, 1, 1, 1] for head in network.heads)
    assert network.heads[0].classes.weight.grad[4].any()
