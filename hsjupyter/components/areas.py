"""Decays told from the sums over parts of a window: exact for any channels, gaps included.

Source: the two-area method, Egerton, Electron Energy-Loss Spectroscopy in the Electron
Microscope, 3rd ed., §4.4.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def halves(data: Array) -> tuple[Array, Array]:
    """Sums over the first and the second half of the channels, (row,) each."""
    middle = data.shape[1] // 2
    return data[:, :middle].sum(axis=1), data[:, middle:].sum(axis=1)


def decay_of(data: Array, numbers: Array, lines: Array) -> tuple[Array, Array]:
    """The law whose two halves have the ratio that the data's have.

    Parameters
    ----------
    data : ndarray, (pixel, channel)
    numbers : ndarray, (line,)
        What tells the laws apart, such as an exponent.
    lines : ndarray, (line, channel)
        The law of amplitude 1 for each; the ratio of its halves grows or falls all along.

    Returns
    -------
    number, amplitude : ndarray, (pixel,)
        NaN where the halves are not positive or no law has their ratio.
    """
    first, second = halves(lines)
    ratio = np.log(first / second)
    order = np.argsort(ratio)
    near, far = halves(data)
    good = (near > 0) & (far > 0)
    wanted = np.log(np.where(good, near, 1.0) / np.where(good, far, 1.0))
    number = np.interp(wanted, ratio[order], numbers[order], left=np.nan, right=np.nan)
    number = np.where(good, number, np.nan)
    rising = np.argsort(numbers)
    size = np.interp(number, numbers[rising], np.log(first + second)[rising])
    amplitude = np.where(good, (near + far) / np.exp(size), np.nan)
    return number, amplitude


def thirds(data: Array, numbers: Array, lines: Array) -> Array:
    """As `decay_of`, for a law on a constant: the differences of three thirds have its ratio.

    Returns
    -------
    number : ndarray, (pixel,)
        NaN where no law has their ratio.
    """
    near, far = _differences(data)
    first, second = _differences(lines)
    ratio = np.log(first / second)
    order = np.argsort(ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.log(near / far)
    found: Array = np.interp(wanted, ratio[order], numbers[order], left=np.nan, right=np.nan)
    return np.where(np.isfinite(wanted), found, np.nan)


def _differences(rows: Array) -> tuple[Array, Array]:
    n = rows.shape[1] // 3
    means = [rows[:, k * n : (k + 1) * n].mean(axis=1) for k in range(3)]
    return means[0] - means[1], means[1] - means[2]
