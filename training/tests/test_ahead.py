import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from training import ahead
from training.data import PictureStore, read_sets
from training.tests.test_augment import planner


class Told:
    """In place of a planner: who plans, and whether it hears Ctrl-C."""

    def plan(self, iteration: int):
        return iteration, os.getpid(), signal.getsignal(signal.SIGINT)


def plan_and_wait():
    """What the process of the test below does."""
    for _, pid, _ in ahead.plans(Told(), 0, 4, workers=1):
        print(pid, flush=True)
        time.sleep(60)


def test_plans_made_ahead_are_those_made_at_once(sets):
    maker = planner(PictureStore(read_sets(*sets)[0], torch.device("cpu")))
    made = list(ahead.plans(maker, 3, 6, workers=1))
    for iteration, plan in zip(range(3, 6), made, strict=True):
        assert (plan.boxes == maker.plan(iteration).boxes).all()


def test_who_plans_ahead_does_not_hear_an_interrupt():
    before = signal.getsignal(signal.SIGINT)
    made = list(ahead.plans(Told(), 0, 2, workers=1))
    assert [(iteration, heard) for iteration, _, heard in made] == [(0, signal.SIG_IGN), (1, signal.SIG_IGN)]
    assert made[0][1] != os.getpid() and signal.getsignal(signal.SIGINT) == before


def test_who_plans_ahead_ends_with_a_killed_run():
    command = [sys.executable, "-c", "from training.tests.test_ahead import plan_and_wait; plan_and_wait()"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as run:
        worker = int(run.stdout.readline())
        run.kill()
    for _ in range(100):
        if not is_running(worker):
            return
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("still there ten seconds after its run")


def is_running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().split()[2] != "Z"
