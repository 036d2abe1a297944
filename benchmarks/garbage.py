"""Maps of what no model describes: does every pixel end, soon, and is it told.

    python -m benchmarks.garbage [--pixels 100000] [--channels 256]

A Gaussian on a constant is fitted to maps of one kind of garbage each, by least squares and by
Poisson likelihood, behind one row of good pixels (a run whose first pixels all fail is stopped).
Prints, as Markdown, the time beside a map of good pixels of the same size, in process time of one
thread, and of the garbage how many pixels failed with a reason, how many were fitted with a number
that has no error or one larger than itself, and how many are left that nothing tells of.
"""

import argparse
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs

REPORT = {
    "title": "Garbage",
    "limit": "every pixel ends and is told, in 3 times the time of good ones",
    "quick": ["--pixels", "2000"],
}

Array = NDArray[np.float64]
ACROSS = 100
LOSSES = ("ls", "ML-poisson")


def spectra(pixels: int, channels: int) -> Array:
    """Counts of a line on a ground."""
    rng, x = np.random.default_rng(1), np.arange(channels)
    height = rng.uniform(80, 200, (pixels, 1))
    line = height * np.exp(-0.5 * ((x - channels / 2) / (channels / 30)) ** 2)
    return rng.poisson(line + 20).astype(np.float64)


def garbage(good: Array, loss: str) -> Iterator[tuple[str, Array]]:
    """Kinds of it, for a loss."""
    rng, shape = np.random.default_rng(2), good.shape
    somewhere = np.zeros(shape, dtype=bool)
    somewhere[np.arange(len(good)), rng.integers(0, shape[1], len(good))] = True
    yield "NaN in a channel", np.where(somewhere, np.nan, good)
    yield "infinity in a channel", np.where(somewhere, np.inf, good)
    yield "zeros", np.zeros(shape)
    yield "a constant", np.full(shape, 7.0)
    yield "1e300", np.full(shape, 1e300)
    yield "1e300 in a channel", np.where(somewhere, 1e300, good)
    yield "one channel", np.where(somewhere, 500.0, 0.0)
    if loss == "ML-poisson":
        yield "negative counts", good - 30


def fitted(data: Array, loss: str) -> tuple[Any, float]:
    """A run over a map, and its seconds."""
    channels = data.shape[1]
    signal = hs.signals.Signal1D(data.reshape(-1, ACROSS, channels))
    model = signal.create_model()
    start = {"A": 15.0 * channels, "sigma": channels / 22, "centre": channels / 2 - 3}
    line = hs.model.components1D.Gaussian(**start)
    line.sigma.set_bounds(channels / 1024, channels / 2)
    line.centre.set_bounds(0, channels - 1)
    model.extend([line, hs.model.components1D.Offset(10.0)])
    begun = time.process_time()
    run = model.multifit(loss_function=loss, workers=1, show_progressbar=False)
    return run, time.process_time() - begun


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pixels", type=int, default=100_000)
    parser.add_argument("--channels", type=int, default=256)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    good = spectra(asked.pixels, asked.channels)
    print("| data | loss | x good | failed | without an error | not told |")
    print("| --- | --- | --- | --- | --- | --- |")
    for loss in LOSSES:
        fitted(good[: 10 * ACROSS], loss)
        _, usual = fitted(good, loss)
        for kind, data in garbage(good, loss):
            data[:ACROSS] = good[:ACROSS]
            run, spent = fitted(data, loss)
            maps, slots = run.model.maps, [0, 1, 2, 3]
            values, std = (
                a.reshape(asked.pixels, -1)[ACROSS:, slots] for a in (maps.values, maps.std)
            )
            failed = sum(f.pixel >= ACROSS for f in run.failures)
            known = np.isfinite(std) & (std < np.abs(values))
            told = np.isfinite(values).all(axis=1) & ~known.all(axis=1)
            left = asked.pixels - ACROSS - failed - int(told.sum())
            ratio = spent / usual
            print(
                f"| {kind} | {loss} | {ratio:.2f} | {failed} | {told.sum()} | {left} |", flush=True
            )


if __name__ == "__main__":
    main()
