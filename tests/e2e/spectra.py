"""Spectra of one line that the tests of dashboards show and upload."""

import json
import zlib
from pathlib import Path

import h5py
import numpy as np

import hsjupyter.api as hs

X = np.linspace(0, 10, 128)


def spectra(*shape: int, centre: float = 4.0) -> hs.signals.Signal1D:
    """Spectra of one line on a constant, with noise of 0.3."""
    noise = np.random.default_rng(3).normal(scale=0.3, size=(*shape, X.size))
    signal = hs.signals.Signal1D(30 * np.exp(-((X - centre) ** 2) / 0.5) + 5 + noise)
    axis = signal.axes_manager[-1]
    axis.scale, axis.units, axis.name = X[1], "eV", "Energy"
    signal.set_noise_variance(0.09)
    return signal


def save_vast(path: Path, rows: int, columns: int) -> Path:
    """A whole file of zeros, 1 KB in the memory for each byte on the disk.

    Parameters
    ----------
    path : Path
    rows, columns : int
        Of the map, of 128 channels.
    """
    written = spectra(1, 1).save(path)
    packed = zlib.compress(bytes(8 * columns * X.size * 50), 9)
    with h5py.File(written, "r+") as file:
        (group,) = file["Experiments"].values()
        kept = dict(group["data"].attrs)
        del group["data"]
        shape, piece = (rows, columns, X.size), (50, columns, X.size)
        data = group.create_dataset("data", shape, "f8", chunks=piece, compression="gzip")
        data.attrs.update(kept)
        for start in range(0, rows, 50):
            data.id.write_direct_chunk((start, 0, 0), packed)
        for name, size in (("axis-0", rows), ("axis-1", columns)):
            group[name].attrs["size"] = size
    return Path(written)


def save_notebook(path: Path, words: str, code: str) -> Path:
    """A notebook of a text and a cell of code."""
    cells = [
        {"cell_type": "markdown", "id": "words", "metadata": {}, "source": words},
        {
            "cell_type": "code",
            "id": "code",
            "metadata": {},
            "source": code,
            "outputs": [],
            "execution_count": None,
        },
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
