"""What a large map takes of memory beside its data.

    python -m benchmarks.memory [--side 512] [--channels 1024]

A Gaussian on a constant in float32 data; prints, in MB, the data, the maps, the most that the
process ever held, before the fit and after it, and what of that is neither data nor maps: the
interpreter with its libraries, the engine, and what the fit itself needs. The engine is compiled
before by a small map.
"""

import argparse
import resource
import sys
from typing import Any

import numpy as np

import hsjupyter.api as hs

REPORT = {
    "title": "Memory of a large map",
    "limit": "data, maps and 200 MB",
    "quick": ["--side", "128"],
}

MB = 1e6


def model_of(side: int, channels: int) -> Any:
    """A model of side x side pixels; widths and heights differ from pixel to pixel."""
    x = np.arange(channels, dtype=np.float32)
    rng = np.random.default_rng(5)
    data = np.empty((side, side, channels), dtype=np.float32)
    for k, row in enumerate(data):
        height = np.float32(100 + 50 * np.sin(k)) * rng.uniform(0.5, 1.5, (side, 1))
        line = height * np.exp(-0.5 * ((x - channels / 2) / (0.05 * channels)) ** 2)
        row[:] = line + 20 + rng.normal(0, 4, row.shape)
    model = hs.signals.Signal1D(data).create_model()
    area = 100.0 * 0.04 * channels * np.sqrt(2 * np.pi)
    model.append(
        hs.model.components1D.Gaussian(A=area, sigma=0.04 * channels, centre=0.48 * channels)
    )
    model.append(hs.model.components1D.Offset(offset=10.0))
    return model


def most() -> float:
    """The most memory that this process ever held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MB


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--channels", type=int, default=1024)
    asked = parser.parse_args()
    model_of(8, asked.channels).multifit(show_progressbar=False)
    model = model_of(asked.side, asked.channels)
    before = most()
    model.multifit(show_progressbar=False)
    held = most()
    per = model.maps
    maps = sum(a.nbytes for a in vars(per).values() if isinstance(a, np.ndarray)) / MB
    data = model.signal.data.nbytes / MB
    print("| data | maps | most before the fit | after | beside data and maps |")
    print("| --- | --- | --- | --- | --- |")
    print(f"| {data:.0f} | {maps:.0f} | {before:.0f} | {held:.0f} | {held - data - maps:.0f} |")
    print(f"\n{int(np.isfinite(per.chisq).sum())} of {per.chisq.size} pixels fitted")


if __name__ == "__main__":
    main()
