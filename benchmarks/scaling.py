"""One and two workers, threads and engines, and what a large run costs beside its fits.

    python -m benchmarks.scaling [--side 128] [--rounds 3]

Prints Markdown: seconds by the clock of a map of W2, medians of interleaved rounds, and the gain of
the second worker; what an engine costs a pixel beyond a thread; and of a map of a million pixels
the part of its processor time that is not spent in the fits: scheduler, maps, journal. Wants a
machine that does nothing else.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import hsjupyter.api as hs
from benchmarks.workloads import three_gaussians
from hsjupyter.fitting import solve

REPORT = {
    "title": "Workers, and what a run costs beside its fits",
    "limit": "the second worker gains 1.8 times as a thread, 1.7 as an engine; 5 % beside fits",
    "quick": ["--side", "32", "--rounds", "1"],
    "default": False,
}
MILLION = 1000, 1000
CHANNELS = 256


def seconds(model: Any, **where: Any) -> float:
    """Of a map, by the clock, from its start values."""
    begun = time.perf_counter()
    model.multifit(show_progressbar=False, autosave=False, **where)
    return time.perf_counter() - begun


def workers(side: int, rounds: int) -> None:
    """The table of one and two of them."""
    workload = three_gaussians(side)
    clusters = {n: hs.cluster(n=n) for n in (1, 2)}
    ways = {f"{n} thread{'s'[: n - 1]}": {"workers": n} for n in (1, 2)}
    ways |= {f"{n} engine{'s'[: n - 1]}": {"client": clusters[n]} for n in (1, 2)}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds + 1):
        for way, where in ways.items():
            taken = seconds(workload.model(hs), **where)
            if turn:  # the first round compiles
                spent[way].append(taken)
    median = {way: statistics.median(each) for way, each in spent.items()}
    print("| workers | s | x one |")
    print("| --- | --- | --- |")
    for way, taken in median.items():
        one = median[f"1 {way.split()[1].rstrip('s')}"]
        print(f"| {way} | {taken:.2f} | {one / taken:.2f} |")
    beyond = (median["1 engine"] - median["1 thread"]) / side**2
    part = beyond * side**2 / median["1 thread"]
    print(f"\nAn engine takes {1e6 * beyond:.1f} us a pixel beyond a thread, {100 * part:.1f} %.")


def bookkeeping(shape: tuple[int, int]) -> None:
    """What of a run is not spent in fits."""
    x = np.arange(float(CHANNELS), dtype=np.float32)
    rng = np.random.default_rng(6)
    data = np.empty((*shape, CHANNELS), dtype=np.float32)
    for k in range(shape[0]):
        height = rng.uniform(50, 150, (shape[1], 1)).astype(np.float32)
        line = np.exp(-0.5 * ((x - 128 - 20 * np.sin(k / 90)) / 14) ** 2)
        data[k] = height * line + 10 + rng.standard_normal(data.shape[1:], dtype=np.float32)
    model = hs.signals.Signal1D(data).create_model()
    c1 = hs.model.components1D
    model.extend([c1.Gaussian(A=3000, sigma=12, centre=128), c1.Offset(5)])
    inside, plain = [0.0], solve.solve_batch

    def timed(*given: Any) -> Any:
        begun = time.thread_time()
        found = plain(*given)
        inside[0] += time.thread_time() - begun
        return found

    solve.solve_batch = timed
    try:
        with tempfile.TemporaryDirectory() as name:
            begun = time.process_time()
            journal = str(Path(name) / "run.hsjrun")
            model.multifit(workers=1, show_progressbar=False, autosave=journal)
            whole = time.process_time() - begun
    finally:
        solve.solve_batch = plain
    beside = 1 - inside[0] / whole
    slow = " **too much**" if beside > 0.05 else ""
    print(f"\n{data.shape[0] * data.shape[1]} pixels: {whole:.1f} s of processor time, ", end="")
    print(f"{100 * beside:.1f} % of it beside the fits{slow}.")


def main() -> None:
    """Measure, and print the tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--side", type=int, default=128)
    words.add_argument("--rounds", type=int, default=3)
    asked = words.parse_args()
    workers(asked.side, asked.rounds)
    bookkeeping(MILLION if asked.side >= MILLION[0] // 10 else (asked.side, asked.side))


if __name__ == "__main__":
    main()
