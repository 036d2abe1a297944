"""Where a step stands in a window of noisy data, how wide it is, and how high."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.peaks import Sampled
from hsjupyter.components.refine import Ground, refine
from hsjupyter.core.shape import Shape

Array = NDArray[np.float64]


def find_steps(
    x: Array, data: Array, shape: Shape, row: tuple[float, ...]
) -> tuple[Array, Array, Array]:
    """The step from one end of a window to the other.

    Parameters
    ----------
    x : ndarray, (channel,)
    data : ndarray, (pixel, channel)
    shape : Shape
    row : tuple of float
        The numbers that make it a unit step: at 0, with amplitude and width 1.

    Returns
    -------
    place, width, amplitude : ndarray, (pixel,)
        NaN where both ends are alike.
    """
    order = np.argsort(x)
    x, data = x[order], data[:, order]
    start = first_place(x, data), np.full(len(data), np.ptp(x) / 10)
    jet = partial(Sampled(shape, row).jet, x)
    found = refine(x, data, Ground(x, straight=False), jet, start)
    place, width, amplitude = (np.where(found[2] == 0, np.nan, each) for each in found[:3])
    return place, width, amplitude


def levels(x: Array, data: Array) -> tuple[Array, Array]:
    """Medians over the first and the last tenth of a window, each (pixel,)."""
    end = max(1, len(x) // 10)
    return np.median(data[:, :end], axis=1), np.median(data[:, -end:], axis=1)


def first_place(x: Array, data: Array) -> Array:
    """Where a sharp step of the same area would stand, (pixel,); the middle where it is flat.

    Parameters
    ----------
    x : ndarray, (channel,)
        Ascending.
    data : ndarray, (pixel, channel)
    """
    low, high = levels(x, data)
    rise = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.trapezoid(data - low[:, None], x, axis=1) / rise / np.ptp(x)
    part = np.where(np.isfinite(part), np.clip(part, 0.0, 1.0), 0.5)
    place: Array = x[-1] - part * np.ptp(x)
    return place
