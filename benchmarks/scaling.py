"""One and two workers, threads and engines, and what a large run costs beside its fits.

    python -m benchmarks.scaling [--side 128] [--rounds 3] [--pixels 1000000] [--channels 64 256]

Prints Markdown. Of a map of W2, in memory and in a file: seconds by the clock, medians of
interleaved rounds, and the gain of the second worker; processor time of this process and of the
engines, and the gain that it would allow on two processors that do nothing else, which means
something on a machine that does. And of a million pixels of W2 and of the least that one would fit,
the part of their processor time that is not spent in the fits: scheduler, maps, journal.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import hsjupyter.api as hs
from benchmarks.workloads import three_gaussians
from hsjupyter.fitting import solve

REPORT = {
    "title": "Workers, and what a run costs beside its fits",
    "limit": "the second worker gains 1.8 times as a thread, 1.7 as an engine; 5 % beside W2",
    "quick": ["--side", "32", "--rounds", "1", "--pixels", "9999", "--channels", "64"],
    "default": False,
}
MILLION = 1000, 1000
Spent = tuple[float, float, float]
Way = tuple[str, int]


def spent(model: Any, cluster: Any = None, **where: Any) -> Spent:
    """Of a map from its start values: seconds by the clock, and of the processor, here and there.

    Parameters
    ----------
    model : Model1D
    cluster : Cluster, optional
    **where
        Of `multifit`.
    """
    where |= {} if cluster is None else {"client": cluster}
    there = _there(cluster)
    here, begun = time.process_time(), time.perf_counter()
    model.multifit(show_progressbar=False, autosave=False, **where)
    taken = time.perf_counter() - begun
    return taken, time.process_time() - here, _there(cluster) - there


def _there(cluster: Any) -> float:
    """Seconds of the processors of engines so far."""
    return 0.0 if cluster is None else sum(cluster.client[:].apply_sync(time.process_time))


def workers(side: int, rounds: int) -> None:
    """The table of one and two of them."""
    workload = three_gaussians(side)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workload.data.tofile(folder / "map.f8")

        def in_file() -> Any:
            model = workload.model(hs)
            model.signal.data = np.memmap(
                folder / "map.f8", workload.data.dtype, "r", shape=workload.data.shape
            )
            return model

        def in_memory() -> Any:
            return workload.model(hs)

        clusters = {n: stack.enter_context(hs.cluster(n=n)) for n in (1, 2)}
        ways: dict[Way, tuple[Callable[[], Any], dict[str, Any]]] = {}
        for n in (1, 2):
            ways["threads", n] = in_memory, {"workers": n}
            ways["engines", n] = in_memory, {"cluster": clusters[n]}
            ways["engines, data in a file", n] = in_file, {"cluster": clusters[n]}
        found: dict[Way, list[Spent]] = {way: [] for way in ways}
        for turn in range(rounds + 1):
            for way, (make, where) in ways.items():
                each = spent(make(), **where)
                if turn:  # the first round compiles
                    found[way].append(each)
    _tell(found, side)


def _tell(found: dict[Way, list[Spent]], side: int) -> None:
    """Print medians."""
    median = {
        way: [statistics.median(column) for column in zip(*each, strict=True)]
        for way, each in found.items()
    }
    print("| workers | s | gain | processor, here | engines | gain it allows |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (kind, n), (taken, here, there) in sorted(median.items()):
        one, one_here, one_there = median[kind, 1]
        # One engine works while this process sends; two share two processors with it.
        allowed = max(one_there, one_here) / ((here + there) / 2)
        gains = f"{one / taken:.2f}", f"{allowed:.2f}" if there else ""
        gains = gains if n > 1 else ("", "")
        print(f"| {n} {kind} | {taken:.2f} | {gains[0]} | {here:.2f} | {there:.2f} | {gains[1]} |")
    beyond = sum(median["engines", 1][1:]) - median["threads", 1][1]
    part = 100 * beyond / median["threads", 1][1]
    print(f"\nAn engine takes {1e6 * beyond / side**2:.1f} us of processor a pixel ", end="")
    print(f"beyond a thread, {part:.1f} %.")


def one_line(shape: tuple[int, int], channels: int) -> Any:
    """A Gaussian on a constant at every pixel: the least that anybody would fit."""
    x = np.arange(float(channels), dtype=np.float32)
    rng = np.random.default_rng(6)
    height = rng.uniform(50, 150, (shape[1], 1)).astype(np.float32)
    noise = 10 + rng.standard_normal((shape[1], channels), dtype=np.float32)
    data = np.empty((*shape, channels), dtype=np.float32)
    for k in range(shape[0]):
        centre = channels * (0.5 + 0.08 * np.sin(k / 90))
        data[k] = height * np.exp(-0.5 * ((x - centre) / (channels / 18)) ** 2) + noise
    model = hs.signals.Signal1D(data).create_model()
    c1 = hs.model.components1D
    model.extend([c1.Gaussian(A=12 * channels, sigma=channels / 21, centre=channels / 2)])
    model.append(c1.Offset(5))
    return model


def w2(pixels: int) -> Any:
    """Spectra of W2 in single precision, over and over."""
    work = three_gaussians(64)
    work = replace(work, data=work.data.astype(np.float32))
    return work.model(hs, np.resize(np.arange(64**2), pixels))


def bookkeeping(name: str, model: Any) -> str:
    """What of a run is not spent in fits, as a row of a table."""
    inside, plain = [0.0], solve.solve_batch

    def timed(*given: Any) -> Any:
        begun = time.thread_time()
        found = plain(*given)
        inside[0] += time.thread_time() - begun
        return found

    solve.solve_batch = timed
    try:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.process_time()
            journal = str(Path(folder) / "run.hsjrun")
            model.multifit(workers=1, show_progressbar=False, autosave=journal)
            whole = time.process_time() - begun
    finally:
        solve.solve_batch = plain
    beside, n = 1 - inside[0] / whole, model.axes_manager.navigation_size
    slow = " **too much**" if beside > 0.05 else ""
    words = f"| {name}, {n} | {whole:.1f} | {1e6 * inside[0] / n:.2f} "
    return f"{words}| {1e6 * (whole - inside[0]) / n:.2f} | {100 * beside:.1f} %{slow} |"


def main() -> None:
    """Measure, and print the tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--side", type=int, default=128)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--channels", type=int, nargs="*", default=[64, 256])
    words.add_argument("--pixels", type=int, default=10**6, help="of W2, 4 kB each")
    asked = words.parse_args()
    if asked.rounds:
        workers(asked.side, asked.rounds)
    shape = MILLION if asked.side >= MILLION[0] // 10 else (asked.side, asked.side)
    print("\n| model, pixels | s of processor | fit of a pixel, us | beside, us | part |")
    print("| --- | --- | --- | --- | --- |")
    bookkeeping("", w2(64))  # libraries are loaded and kernels read
    if asked.pixels:
        print(bookkeeping("W2", w2(asked.pixels)))
    for channels in asked.channels:
        name = f"one Gaussian in {channels} channels"
        print(bookkeeping(name, one_line(shape, channels)))


if __name__ == "__main__":
    main()
