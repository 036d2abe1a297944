"""A map of 256 x 256 x 1024 float32 saved and loaded, beside plain h5py doing the same.

    python -m benchmarks.storage [--rounds 3] [--side 256]

Plain h5py writes one dataset with the same pieces, compression and sync, and reads it whole. The
rounds alternate; the figure is the median of their ratios, in processor time and in wall time.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import numpy as np

import hsjupyter.api as hs
from hsjupyter.storage.hspy_writer import chunk_shape

REPORT = {
    "title": "Saving and loading",
    "limit": "1.3 times plain h5py",
    "quick": ["--side", "32", "--rounds", "1"],
}

LIMIT = 1.3
"""Times plain h5py, beyond which it is too slow."""


def counts(side: int) -> np.ndarray:
    """Spectra as an instrument counts them: two lines on a background, with noise."""
    draw, x = np.random.default_rng(0), np.arange(1024)
    lines = [300 * np.exp(-0.5 * ((x - centre) / 20) ** 2) for centre in (400, 650)]
    return draw.poisson(20 + sum(lines), (side, side, 1024)).astype(np.float32)


def write_plainly(path: Path, data: np.ndarray) -> None:
    """What a few lines of h5py do."""
    axes = [{"navigate": True}, {"navigate": True}, {"navigate": False}]
    chunks = chunk_shape(data.shape, data.itemsize, axes)
    with h5py.File(path, "w") as file:
        file.create_dataset("data", data=data, chunks=chunks, compression="gzip", shuffle=True)
    with path.open("rb") as written:
        os.fsync(written.fileno())


def read_plainly(path: Path) -> np.ndarray:
    """The dataset, whole."""
    with h5py.File(path) as file:
        return np.asarray(file["data"][()])


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor and of the clock on the wall."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    """Measure in alternation, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--side", type=int, default=256)
    given = options.parse_args()
    data = counts(given.side)
    signal = hs.signals.Signal1D(data)
    with TemporaryDirectory() as folder:
        ours, plain = Path(folder) / "ours.hspy", Path(folder) / "plain.h5"
        acts = {
            "save": (
                lambda: signal.save(ours, overwrite=True),
                lambda: write_plainly(plain, data),
            ),
            "load": (lambda: hs.load(ours, lazy=False), lambda: read_plainly(plain)),
        }
        for act in acts["save"]:
            act()  # what is made at first use is not counted
        print(f"| {data.nbytes / 2**20:.0f} MiB | processor, s | h5py | ratio | wall: ratio |")
        print("| --- | --- | --- | --- | --- |")
        for name, (mine, theirs) in acts.items():
            pairs = [(timed(mine), timed(theirs)) for _ in range(given.rounds)]
            cpu = statistics.median(a[0] / b[0] for a, b in pairs)
            wall = statistics.median(a[1] / b[1] for a, b in pairs)
            seconds = [statistics.median(p[i][0] for p in pairs) for i in (0, 1)]
            verdict = "" if cpu <= LIMIT else " **too slow**"
            print(
                f"| {name} | {seconds[0]:.2f} | {seconds[1]:.2f} | {cpu:.2f}{verdict} | "
                f"{wall:.2f} |"
            )


if __name__ == "__main__":
    main()
