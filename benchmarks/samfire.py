"""SAMFire here and in HyperSpy, side by side in one process, and how often each is right.

    python -m benchmarks.samfire [--size 64] [--rounds 3] [--no-hyperspy]

Prints Markdown: processor time of one map of two Gaussians and an offset, the ratio, and the
accuracy of both; then the maps of `benchmarks.domains` with what `multifit` makes of them.
"""

import argparse
import contextlib
import io
import statistics
import sys
import time
import warnings
from typing import Any

import numpy as np

import hsjupyter.api as ours
from benchmarks.domains import (
    Truth,
    crossing_peaks,
    misleading,
    three_domains,
    two_peaks,
)

REPORT = {
    "title": "SAMFire",
    "limit": "200 times HyperSpy, and less than 0.5 % of the pixels wrong",
    "quick": ["--size", "24", "--rounds", "1", "--no-hyperspy"],
}


def model_of(hs: Any, signal: Any, start: list[tuple[float, float, float]]) -> Any:
    """Gaussians (area, sigma, centre), their widths and areas bounded, and an offset."""
    model = signal.create_model()
    for area, sigma, centre in start:
        peak = hs.model.components1D.Gaussian(A=area, sigma=sigma, centre=centre)
        peak.sigma.bmin, peak.sigma.bmax, peak.A.bmin = 0.5, 60.0, 0.0
        model.append(peak)
    model.append(hs.model.components1D.Offset(offset=10.0))
    return model


def start_near(truth: Truth, pixel: tuple[int, int]) -> list[tuple[float, float, float]]:
    """Start values that are right for one pixel, in the order of arrays."""
    first, second = truth.centres[(slice(None), *pixel)]
    return [(1200.0, 6.0, float(first)), (1200.0, 10.0, float(second))]


def fit(hs: Any, truth: Truth, **options: Any) -> tuple[Any, float]:
    """A model after SAMFire from one seed in the middle, and its processor time, seed included."""
    n = truth.data.shape[0]
    model = model_of(hs, truth.signal(hs), start_near(truth, (n // 2, n // 2)))
    begun = time.process_time()
    model.axes_manager.indices = (n // 2, n // 2)
    model.fit()
    samfire = model.create_samfire(workers=0)
    samfire.start(**options)
    return model, time.process_time() - begun


def wrong(truth: Truth, model: Any, apart: float = 3.0) -> Any:
    """Pixels where a peak is not within some channels of its place, (y, x)."""
    found = np.stack([model[k].centre.map["values"] for k in range(len(truth.centres))])
    return ~((np.abs(found - truth.centres) < apart) | ~truth.active).all(axis=0)


def accuracy(truth: Truth, model: Any) -> str:
    """Share of wrong pixels, and the scatter of the others about the truth, in channels."""
    bad = wrong(truth, model)
    found = np.stack([model[k].centre.map["values"] for k in range(len(truth.centres))])
    error = (found - truth.centres)[:, ~bad]
    return f"{100 * bad.mean():.2f} % wrong, centres within {np.sqrt((error**2).mean()):.3f} rms"


def beside_hyperspy(size: int, rounds: int, *, with_hyperspy: bool) -> None:
    """Time both on the same map; ours in several rounds around theirs."""
    truth = two_peaks(size)
    fit(ours, two_peaks(8), show_progressbar=False)  # compiles
    times = []
    for _ in range(rounds):
        mine, taken = fit(ours, truth, show_progressbar=False)
        times.append(taken)
    say(f"### Two Gaussians and an offset, {size}x{size}x{len(truth.x)}\n")
    say("| | CPU s | accuracy |\n| --- | --- | --- |")
    if with_hyperspy:
        import hyperspy.api as theirs

        theirs.set_log_level("ERROR")
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            other, long = fit(theirs, truth)
        times += [fit(ours, truth, show_progressbar=False)[1] for _ in range(rounds)]
        say(f"| HyperSpy {theirs.__version__}, serial | {long:.1f} | {accuracy(truth, other)} |")
        say(f"| ratio | {long / statistics.median(times):.0f} | |")
    say(f"| hsjupyter, serial | {statistics.median(times):.3f} | {accuracy(truth, mine)} |")


def truths() -> None:
    """The maps of which the truth is known."""
    say("\n### Maps with a known truth\n")
    say("| map | multifit | SAMFire | SAMFire, noise not known, seeds by itself |")
    say("| --- | --- | --- | --- |")
    for truth, name in ((crossing_peaks(), "crossing peaks"), (misleading(), "misleading start")):
        n = truth.data.shape[0]
        start = start_near(truth, (n // 2, n // 2))
        plain = model_of(ours, truth.signal(ours), start)
        plain.assign_current_values_to_all()
        plain.multifit(show_progressbar=False)
        alone = model_of(ours, truth.signal(ours, known_noise=False), start)
        alone.create_samfire().start(seeds="auto", show_progressbar=False)
        told = [
            accuracy(truth, m) for m in (plain, fit(ours, truth, show_progressbar=False)[0], alone)
        ]
        say(f"| {name} | {' | '.join(told)} |")
    domains = [
        f"{100 * recovered(known_noise=known):.2f} % of sets right" for known in (True, False)
    ]
    say(f"| three domains | - | {' | '.join(domains)} |")


def recovered(*, known_noise: bool) -> float:
    """Share of pixels of the map of domains whose active components are the true ones."""
    truth = three_domains()
    start = [(900.0, 8.0, 64.0), (900.0, 9.0, 135.0)]
    model = model_of(ours, truth.signal(ours, known_noise=known_noise), start)
    samfire = model.create_samfire()
    samfire.optional_components = [model[0], model[1]]
    samfire.start(seeds="auto", show_progressbar=False)
    active = np.stack([model.maps.active_of(model[k]) for k in range(2)])
    return float((active == truth.active).all(axis=0).mean())


def say(text: str) -> None:
    """Write a line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-hyperspy", action="store_true")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    beside_hyperspy(chosen.size, chosen.rounds, with_hyperspy=not chosen.no_hyperspy)
    truths()


if __name__ == "__main__":
    main()
