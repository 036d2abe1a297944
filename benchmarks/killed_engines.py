"""Engines are killed at random moments of runs: every pixel is fitted once.

``python -m benchmarks.killed_engines --times 50``
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from typing import Any

import numpy as np

import hsjupyter.api as hs
from hsjupyter.schedule.run import Run

SHAPE = (192, 256)


def a_model() -> Any:
    """A map that takes two engines a few seconds."""
    m = hs.data.two_gaussians(shape=SHAPE, seed=1).create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


def counted(run: Run, model: Any) -> Counter[int]:
    """How often each pixel came back, counted while the run is under way."""
    times: Counter[int] = Counter()
    plain = run.count

    def count(good: int, failures: Any = ()) -> None:
        now = np.flatnonzero(~np.isnan(model.maps.chisq.ravel()))
        times["calls"] += good
        times["failed"] += len(failures)
        times["known"] = len(now)
        plain(good, failures)

    run.count = count  # type: ignore[method-assign]
    return times


def kill_once(cluster: Any, wanted: np.ndarray, seconds: float) -> str:
    """Kill one engine some time into a run; what happened."""
    pids = {n: cluster.client[n].apply_sync(os.getpid) for n in cluster.ids}
    victim = random.choice(list(pids))  # noqa: S311 - which one does not matter
    m = a_model()
    m.observe(lambda change: told.append(counted(change["new"], m)), "run")
    told: list[Counter[int]] = []
    after = random.uniform(0.0, 0.8 * seconds)  # noqa: S311
    timer = threading.Timer(after, os.kill, (pids[victim], signal.SIGKILL))
    timer.start()
    run = m.multifit(client=cluster, show_progressbar=False)
    timer.cancel()
    once = run.done == run.total == told[0]["calls"] + told[0]["failed"]
    same = np.allclose(m.maps.values, wanted, rtol=1e-8, atol=1e-11, equal_nan=True)
    good = run.state == "done" and once and same and not run.failures
    engines = len(cluster.ids)
    end = time.monotonic() + 30
    while victim in cluster.ids and time.monotonic() < end:
        time.sleep(0.1)
    told = f"killed {victim} after {after:.2f} s, {engines} left, {run.seconds:.1f} s, {run}"
    return f"{'good' if good else 'BAD'}: {told}"


def main() -> int:
    """Play it through; 1 where anything was lost or came twice."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=50)
    times = words.parse_args().times
    reference = a_model()
    reference.multifit(workers=0, show_progressbar=False)
    bad = 0
    with hs.cluster(n=3) as cluster:
        began = time.monotonic()
        a_model().multifit(client=cluster, show_progressbar=False)
        began = time.monotonic()
        a_model().multifit(client=cluster, show_progressbar=False)
        seconds = time.monotonic() - began
        print(f"a run takes {seconds:.2f} s")
        for n in range(times):
            told = kill_once(cluster, reference.maps.values, seconds)
            bad += told.startswith("BAD")
            print(n + 1, told, flush=True)
            cluster.refill(3)
    print(f"{times - bad} of {times} runs with every pixel fitted once, as without engines")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
