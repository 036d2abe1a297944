"""One fit of one spectrum, here, by HyperSpy, scipy and lmfit, side by side in one process.

    python -m benchmarks.single_fit [W1 W2 W3 W4] [--rounds 9] [--fits 20]

Prints Markdown: milliseconds of process time of one ``m.fit()``, from the second call on, each from
the same start (setting it is not counted); medians of interleaved rounds, ratios to ours, and chi
squared above the least of all. HyperSpy fits by its default optimizer, which keeps no bounds, and
by the one that does (``bounded=True``); ours keeps them by default. Its gradient is the better of
its two: exact for W1 and W2, of differences for W3, where it has no other, and for W4.
Scripts of scipy and lmfit have our model and its exact derivatives, and keep no bounds.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import hsjupyter.api as hs
from benchmarks.loops import SCRIPTS, Fit, Problem, problem_of
from benchmarks.workloads import WORKLOADS, Workload

REPORT = {
    "title": "One fit of one spectrum",
    "limit": "W2 ten times HyperSpy, chi squared not above it",
    "full": ["--rounds", "9"],
    "quick": ["W1", "--rounds", "1", "--fits", "3"],
}

Peer = Callable[[], tuple[float, float]]  # seconds of one fit, chi squared


def peer(workload: Workload, api: Any, fits: int, **words: Any) -> Peer:
    """Fits of the first pixel, again and again from the start values."""
    model = workload.model(api, np.arange(1))
    start = [(p, p.value) for c in model for p in c.parameters]
    y = model.signal.data.ravel()

    def run() -> tuple[float, float]:
        spent = 0.0
        for _ in range(fits):
            for parameter, value in start:
                if parameter.value != value:
                    parameter.value = value
            before = time.process_time()
            model.fit(**words)
            spent += time.process_time() - before
        model.store_current_values()
        quiet = {} if api is hs else {"show_progressbar": False}
        line = model.as_signal(**quiet).data.ravel()
        return spent / fits, float(((line - y) ** 2).sum())

    return run


def script(workload: Workload, by: Callable[[Problem], Fit], fits: int) -> Peer:
    """Fits of the first pixel by a script, each from the start values."""
    problem = problem_of(workload)
    fit, y = by(problem), workload.data.reshape(-1, int(np.prod(workload.data.shape[2:])))[0]

    def run() -> tuple[float, float]:
        before = time.process_time()
        for _ in range(fits):
            found = fit(y)
        return (time.process_time() - before) / fits, problem.chisq(found, y)

    return run


def measure(workload: Workload, fits: int, rounds: int) -> None:
    """Interleaved rounds of all peers, as a Markdown table."""
    import hyperspy.api as theirs

    theirs.set_log_level("ERROR")
    exact = "analytical" if workload.name[:2] in {"W1", "W2", "W5"} else "fd"
    few = max(fits // 10, 1)
    peers = {
        "hsjupyter, bounds kept": peer(workload, hs, fits),
        "hsjupyter, `bounded=False`": peer(workload, hs, fits, bounded=False),
        "HyperSpy": peer(workload, theirs, few, grad=exact),
        "HyperSpy, `bounded=True`": peer(workload, theirs, few, grad=exact, bounded=True),
    }
    peers |= {title: script(workload, by, few) for title, by in SCRIPTS.items()}
    spent: dict[str, list[float]] = {name: [] for name in peers}
    chisq = {}
    for turn in range(rounds + 1):
        for name, run in peers.items():
            seconds, chisq[name] = run()
            if turn:
                spent[name].append(seconds)
    median = {name: statistics.median(each) for name, each in spent.items()}
    ours, least = median[next(iter(peers))], min(chisq.values())
    print(f"\n### {workload.name}\n")
    print("| peer | ms | x ours | chi squared above the least |\n| --- | --- | --- | --- |")
    for name, seconds in median.items():
        above = chisq[name] / least - 1
        print(f"| {name} | {1e3 * seconds:.3f} | {seconds / ours:.1f} | {above:.0e} |", flush=True)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["W1", "W2", "W3", "W4"])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--fits", type=int, default=20)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in asked.names:
        measure(WORKLOADS[name](4), asked.fits, asked.rounds)


if __name__ == "__main__":
    main()
