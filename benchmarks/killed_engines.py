"""Engines are killed at random moments of runs: every pixel is fitted once.

``python -m benchmarks.killed_engines --times 50 [--seed 1]``
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

import hsjupyter.api as hs
from hsjupyter.schedule.run import Run

REPORT = {
    "title": "Engines that are killed",
    "limit": "every pixel fitted once",
    "full": ["--times", "50"],
    "quick": ["--times", "2"],
    "default": False,
}

SHAPE = (192, 256)
LATER = 0.05
"""Seconds at most between the pixel that is waited for and the kill: it falls anywhere."""

PATIENCE = 60.0
"""Seconds for a cluster to notice that an engine is gone."""


def a_model() -> Any:
    """A map that takes two engines a second or so."""
    m = hs.data.two_gaussians(shape=SHAPE, seed=1).create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


def watched(run: Run, at: int, do: Callable[[], None]) -> Counter[str]:
    """Count the pixels of a run as they come, and do something once so many are there."""
    times: Counter[str] = Counter()
    plain = run.count

    def count(good: int, failures: Any = ()) -> None:
        before = times["good"] + times["failed"]
        times["good"] += good
        times["failed"] += len(failures)
        if before <= at < times["good"] + times["failed"]:
            do()
        plain(good, failures)

    run.count = count  # type: ignore[method-assign]
    return times


def kill_once(cluster: Any, wanted: np.ndarray, dice: random.Random) -> tuple[bool, str]:
    """Kill one engine somewhere in a run; whether all is well, and a row of the table."""
    pids = {n: cluster.client[n].apply_sync(os.getpid) for n in cluster.ids}
    victim = dice.choice(list(pids))
    at, later = dice.randrange(int(np.prod(SHAPE))), dice.uniform(0.0, LATER)
    timer = threading.Timer(later, os.kill, (pids[victim], signal.SIGKILL))
    m, told = a_model(), list[Counter[str]]()
    m.observe(lambda change: told.append(watched(change["new"], at, timer.start)), "run")
    run = m.multifit(client=cluster, show_progressbar=False)
    during = not timer.is_alive()
    timer.join()
    (times,) = told
    once = run.done == run.total == times["good"] + times["failed"]
    same = np.allclose(m.maps.values, wanted, rtol=1e-8, atol=1e-11, equal_nan=True)
    good = run.state == "done" and once and same and not run.failures
    end = time.monotonic() + PATIENCE
    while victim in cluster.ids and time.monotonic() < end:
        time.sleep(0.05)
    moment = f"{at:6} + {1000 * later:2.0f} ms" + ("" if during else " (after its end)")
    row = f"engine {victim:3} | {moment:28} | {times['good']:6} | {times['failed']:6} | {run.state}"
    return good, f"{row:72} | {'yes' if same else 'NO'}"


def main() -> int:
    """Play it through; 1 where anything was lost or came twice."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=50)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    dice = random.Random(asked.seed)  # noqa: S311 - no secret
    reference = a_model()
    reference.multifit(workers=0, show_progressbar=False)
    good = 0
    print(f"runs of {np.prod(SHAPE)} pixels on three engines")
    print("kill | victim     | after so many pixels         | good   | failed | state      | same")
    with hs.cluster(n=3) as cluster:
        for n in range(asked.times):
            well, row = kill_once(cluster, reference.maps.values, dice)
            good += well
            print(f"{n + 1:4} | {row}{'' if well else ' BAD'}", flush=True)
            cluster.refill(3)
    print(f"{good} of {asked.times} runs with every pixel fitted once, as without engines")
    return int(good < asked.times)


if __name__ == "__main__":
    sys.exit(main())
