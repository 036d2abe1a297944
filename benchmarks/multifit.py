"""Maps fitted here, by HyperSpy and by scipy, side by side in one process.

    python -m benchmarks.multifit [W1 W2 W3 W4] [--rounds 3] [--no-hyperspy]

Prints Markdown: pixels a second of every peer, medians of interleaved rounds in process time of
one thread (two-thread rows: wall time), ratios to HyperSpy's, and chi squared on the same pixels.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import hsjupyter.api as hs
from benchmarks.workloads import WORKLOADS, Workload
from hsjupyter.fitting.plan import make_plan

PEERS = 64  # pixels of the slower peers


def ours(workload: Workload, workers: int) -> Callable[[], tuple[int, Any]]:
    """Our map, from the start values, plan and maps included."""

    def run() -> tuple[int, Any]:
        model = workload.model(hs)
        begun = clock(workers)
        model.multifit(workers=workers, show_progressbar=False)
        taken = clock(workers) - begun
        return model.maps.chisq.size / taken, model.maps.chisq.ravel()[:PEERS]

    return run


def clock(workers: int) -> float:
    """Process time for one thread, wall time for several."""
    return time.process_time() if workers <= 1 else time.perf_counter()


def hyperspy(workload: Workload) -> Callable[[], tuple[float, Any]]:
    """HyperSpy's multifit from the same start at every pixel, with its better gradient."""
    import hyperspy.api as theirs

    theirs.set_log_level("ERROR")
    grad = "analytical" if workload.name[:2] in {"W1", "W2"} else "fd"

    def run() -> tuple[float, Any]:
        model = workload.model(theirs, PEERS)
        model.assign_current_values_to_all()
        begun = time.process_time()
        model.multifit(optimizer="lm", grad=grad, show_progressbar=False)
        taken = time.process_time() - begun
        residual = model.signal.data - model.as_signal(show_progressbar=False).data
        return PEERS / taken, (residual**2).reshape(PEERS, -1).sum(axis=1)

    return run


def scipy_loop(workload: Workload) -> Callable[[], tuple[float, Any]]:
    """MINPACK with our analytic Jacobian, one pixel after another."""
    from scipy.optimize import leastsq

    def run() -> tuple[float, Any]:
        model = workload.model(hs)
        plan = make_plan(model)
        data = workload.data.reshape(-1, int(np.prod(workload.data.shape[2:])))[:PEERS]
        slots, active, row = plan.free_slots(plan.active), plan.active, plan.start.copy()
        chisq = np.empty(PEERS)

        def residual(p: Any, y: Any) -> Any:
            row[slots] = p
            return plan.value(row, active) - y

        def jacobian(p: Any, _y: Any) -> Any:
            row[slots] = p
            return plan.jacobian(row, active)

        begun = time.process_time()
        for i, y in enumerate(data):
            x, *_ = leastsq(
                residual, plan.start[slots], (y,), jacobian, full_output=True, col_deriv=True
            )
            chisq[i] = (residual(x, y) ** 2).sum()
        return PEERS / (time.process_time() - begun), chisq

    return run


def measure(workload: Workload, rounds: int, *, with_hyperspy: bool) -> None:
    """Interleaved rounds of all peers, as a Markdown table."""
    peers = {
        "hsjupyter, 1 thread": ours(workload, 1),
        "hsjupyter, 2 threads (wall)": ours(workload, 2),
        "scipy leastsq, analytic": scipy_loop(workload),
    }
    if with_hyperspy:
        peers["HyperSpy multifit"] = hyperspy(workload)
    rates: dict[str, list[float]] = {name: [] for name in peers}
    chisq = {}
    for turn in range(rounds + 1):
        for name, run in peers.items():
            rate, chisq[name] = run()
            if turn:
                rates[name].append(rate)
    statistics.median(rates[list(peers)[-1]])
    reference = chisq["hsjupyter, 1 thread"]
    for name in peers:
        rate = statistics.median(rates[name])
        np.median(np.abs(chisq[name] / reference - 1))


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-hyperspy", action="store_true")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in chosen.names:
        measure(WORKLOADS[name](), chosen.rounds, with_hyperspy=not chosen.no_hyperspy)


if __name__ == "__main__":
    main()
