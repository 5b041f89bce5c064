"""Plans of batches, made ahead by other processes: the host, not the GPU, was what a step waited for."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from training.augment import Plan, Planner

_planner: Planner | None = None


def _begin(planner: Planner):
    """What a process does first. Of a killed run it would wait for its next plan for ever, so it watches the one that began it."""
    global _planner
    _planner = planner
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent):
    parent.join()
    os._exit(1)


def _plan(iteration: int) -> Plan:
    return _planner.plan(iteration)


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes begun within do not hear the terminal's Ctrl-C: they end with their work, or with the one that began them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def plans(planner: Planner, first: int, last: int, workers: int) -> Iterator[Plan]:
    """Plans of the iterations first to last - 1 in order, made ahead where there are workers."""
    if workers == 0:
        yield from map(planner.plan, range(first, last))
        return
    ahead = 4 * workers
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(planner,)) as pool:
        with deaf_to_interrupts():  # all of them begin with the first plan that is asked for
            waiting = deque(pool.submit(_plan, k) for k in range(first, min(first + ahead, last)))
        for iteration in range(first, last):
            plan = waiting.popleft().result()
            if iteration + ahead < last:
                waiting.append(pool.submit(_plan, iteration + ahead))
            yield plan
