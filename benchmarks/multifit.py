"""Maps fitted here, by HyperSpy, scipy and lmfit, side by side in one process.

    python -m benchmarks.multifit [W1 W2 W3 W4] [--rounds 5] [--no-hyperspy] [--numpy] [--all-peers]

Prints Markdown: pixels a second of every peer, medians of interleaved rounds after one to warm up,
ratios to HyperSpy's, and chi squared on the same pixels. Rates are of process time, which others
on the machine hardly change; those of two threads too (of the time of both, halved), and once more
of the clock, which wants a quiet machine. Start values are the same at every pixel for all
(`assign_current_values_to_all` for HyperSpy, which would otherwise start from the pixel before);
HyperSpy has the better of its gradients, which is ``fd`` for W3, where it has no other, and for W4,
where its polynomial differentiates channel by channel.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs
from benchmarks.loops import SCRIPTS, Fit, Problem, problem_of
from benchmarks.workloads import WORKLOADS, Workload
from hsjupyter.fitting import batch

REPORT = {
    "title": "Maps",
    "limit": "300, 300, 450 and 350 times HyperSpy on two threads, chi squared to 8 digits",
    "full": ["--rounds", "5", "--all-peers"],
    "quick": ["W1", "W3", "--rounds", "1"],
}

PEERS = 64  # pixels of the slower peers, evenly over the map

Chisq = NDArray[np.float64]
Peer = Callable[[], tuple[float, float, Chisq]]  # rate by process time, by the clock, chi squared


def chosen_pixels(workload: Workload) -> NDArray[np.intp]:
    """The pixels that all peers fit."""
    n = workload.data.shape[0] * workload.data.shape[1]
    return np.linspace(0, n - 1, PEERS).astype(np.intp)


def ours(workload: Workload, workers: int, *, compiled: bool = True) -> Peer:
    """Our whole map, from the start values; plan, maps and errors included."""
    chosen = chosen_pixels(workload)
    served = batch.is_compiled

    def run() -> tuple[float, float, Chisq]:
        model = workload.model(hs)
        batch.is_compiled = served if compiled else _never
        cpu, clock = time.process_time(), time.perf_counter()
        model.multifit(workers=workers, show_progressbar=False)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        batch.is_compiled = served
        n = model.maps.chisq.size
        return n * max(workers, 1) / cpu, n / clock, model.maps.chisq.ravel()[chosen]

    return run


def _never(_plan: Any) -> bool:
    return False


def hyperspy(workload: Workload) -> Peer:
    """HyperSpy's multifit from the same start at every pixel, with its better gradient."""
    import hyperspy.api as theirs

    theirs.set_log_level("ERROR")
    grad = "analytical" if workload.name[:2] in {"W1", "W2", "W5"} else "fd"
    chosen = chosen_pixels(workload)

    def run() -> tuple[float, float, Chisq]:
        model = workload.model(theirs, chosen)
        model.assign_current_values_to_all()
        cpu, clock = time.process_time(), time.perf_counter()
        model.multifit(optimizer="lm", grad=grad, show_progressbar=False)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        residual = model.signal.data - model.as_signal(show_progressbar=False).data
        squares: Chisq = (residual**2).reshape(PEERS, -1).sum(axis=1)
        return PEERS / cpu, PEERS / clock, squares

    return run


def script(workload: Workload, by: Callable[[Problem], Fit]) -> Peer:
    """A script that fits one pixel after another, with our model and its exact derivatives."""
    problem = problem_of(workload)
    fit = by(problem)
    data = workload.data.reshape(-1, int(np.prod(workload.data.shape[2:])))
    data = data[chosen_pixels(workload)]

    def run() -> tuple[float, float, Chisq]:
        cpu, clock = time.process_time(), time.perf_counter()
        found = [fit(y) for y in data]
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        chisq = [problem.chisq(p, y) for p, y in zip(found, data, strict=True)]
        return PEERS / cpu, PEERS / clock, np.array(chisq)

    return run


def measure(workload: Workload, peers: dict[str, Peer], rounds: int) -> None:
    """Interleaved rounds of all peers, as a Markdown table; ratios are to the last peer."""
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in peers}
    chisq = {}
    for turn in range(rounds + 1):
        for name, run in peers.items():
            cpu, clock, chisq[name] = run()
            if turn:
                rates[name].append((cpu, clock))
    last = list(peers)[-1]
    median = {n: [statistics.median(c) for c in zip(*r, strict=True)] for n, r in rates.items()}
    # Where peers end in different minima, the deepest is the one to be compared with.
    best = np.min([chisq[name] for name in peers], axis=0)
    print(f"\n### {workload.name}\n")
    print(
        f"| peer | fits/s | by the clock | x {last} | chi squared above the least: median | worst |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name in peers:
        cpu, clock = median[name]
        above = chisq[name] / best - 1
        print(
            f"| {name} | {cpu:.0f} | {clock:.0f} | {cpu / median[last][0]:.1f} "
            f"| {np.median(above):.0e} | {above.max():.0e} |",
            flush=True,
        )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["W1", "W2", "W3", "W4"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-hyperspy", action="store_true")
    parser.add_argument("--numpy", action="store_true")
    parser.add_argument("--all-peers", action="store_true", help="curve_fit and lmfit, too")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in asked.names:
        workload = WORKLOADS[name]()
        peers = {
            "hsjupyter, 2 threads": ours(workload, 2),
            "hsjupyter, 1 thread": ours(workload, 1),
        }
        chosen = list(SCRIPTS.items()) if asked.all_peers else list(SCRIPTS.items())[:1]
        peers |= {title: script(workload, by) for title, by in chosen}
        if asked.numpy:
            peers = {"hsjupyter, numpy alone": ours(workload, 1, compiled=False), **peers}
        if not asked.no_hyperspy:
            peers["HyperSpy"] = hyperspy(workload)
        measure(workload, peers, asked.rounds)


if __name__ == "__main__":
    main()
