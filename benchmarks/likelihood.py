"""Maps of counts by Poisson maximum likelihood, here and by HyperSpy's Nelder-Mead.

    python -m benchmarks.likelihood [W1 W2] [--rounds 3] [--pixels 16]

Prints Markdown: pixels a second of process time on two threads and on one, medians of interleaved
rounds after one to warm up; the ratios; how far deviances of the same pixels, all from the same
start, are from each other; and how many pixels of the whole map have no result here. The deviance
is worked out from the numbers that either found, by the same formula.
"""

import argparse
import statistics
import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs
from benchmarks.workloads import WORKLOADS, Workload

REPORT = {
    "title": "Maps by Poisson maximum likelihood",
    "limit": "2,000 times Nelder-Mead of HyperSpy, the deviance to 9 digits, no failed pixel",
    "quick": ["W1", "--rounds", "1", "--pixels", "4"],
}

Array = NDArray[np.float64]


def deviance(data: Array, model: Array) -> Array:
    """Twice the logarithm of the ratio of likelihoods, (pixel,), of counts (pixel, channel).

    Source: Baker & Cousins, Nucl. Instrum. Methods 221, 437 (1984).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(data > 0, data * np.log(data / model), 0.0)
    total: Array = 2 * (model - data + logs).reshape(len(data), -1).sum(axis=1)
    return total


def ours(workload: Workload, chosen: NDArray[np.intp], workers: int) -> tuple[float, Array, int]:
    """Pixels a second of the whole map, deviances of the chosen pixels, and how many failed."""
    model = workload.model(hs)
    begun = time.process_time()
    model.multifit(loss_function="ML-poisson", workers=workers, show_progressbar=False)
    spent = time.process_time() - begun
    counts = workload.data.reshape(-1, workload.data.shape[-1])[chosen]
    found = model.as_signal(show_progressbar=False).data.reshape(-1, counts.shape[1])[chosen]
    failed = int((~np.isfinite(model.maps.chisq)).sum())
    return model.maps.chisq.size * workers / spent, deviance(counts, found), failed


def hyperspy(workload: Workload, chosen: NDArray[np.intp]) -> tuple[float, Array]:
    """Pixels a second of the chosen pixels, and their deviances."""
    import hyperspy.api as theirs

    theirs.set_log_level("ERROR")
    model: Any = workload.model(theirs, chosen)
    model.assign_current_values_to_all()
    begun = time.process_time()
    model.multifit(
        optimizer="Nelder-Mead",
        loss_function="ML-poisson",
        show_progressbar=False,
        options={"maxiter": 100_000, "maxfev": 100_000, "xatol": 1e-8, "fatol": 1e-8},
    )
    spent = time.process_time() - begun
    return len(chosen) / spent, deviance(
        model.signal.data, model.as_signal(show_progressbar=False).data
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["W1"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pixels", type=int, default=16, help="that HyperSpy fits")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print(
        "| map | fits/s: 2 threads | 1 thread | HyperSpy | x HyperSpy: 2 threads | 1 thread "
        "| deviances apart: median | worst | failed |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in asked.names:
        workload = WORKLOADS[name]()
        n = workload.data.shape[0] * workload.data.shape[1]
        chosen = np.linspace(0, n - 1, asked.pixels).astype(np.intp)
        rates = []
        for turn in range(asked.rounds + 1):
            both, _, _ = ours(workload, chosen, 2)
            alone, here, failed = ours(workload, chosen, 1)
            other, there = hyperspy(workload, chosen)
            if turn:
                rates.append((both, alone, other))
        two, one, theirs = (statistics.median(rate) for rate in zip(*rates, strict=True))
        apart = here / there - 1
        print(
            f"| {workload.name} | {two:.0f} | {one:.0f} | {theirs:.1f} | {two / theirs:.0f} "
            f"| {one / theirs:.0f} | {np.median(apart):.0e} "
            f"| {apart[np.abs(apart).argmax()]:.0e} | {failed} of {n} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
