"""How large the noise of a pixel is, from its data alone."""

from math import comb

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.plan import Array

ORDERS = range(1, 7)
_BLOCK = 1024  # pixels looked at at once


def scatter_of(
    pixels: Pixels, which: NDArray[np.intp], channels: NDArray[np.intp], row_length: int
) -> Array:
    """The noise variance of pixels from the differences of neighbouring channels, (pixel,).

    Differences of a high order leave nothing of what is smooth. Of the orders 1 to 6 the one that
    leaves the least is taken: what is not noise only adds.

    Parameters
    ----------
    pixels : Pixels
    which : ndarray of int, (pixel,)
    channels : ndarray of int, (channel,)
        The signal range; differences do not reach over its gaps.
    row_length : int
        Channels of a row: all of a spectrum, the fastest axis of an image.

    Returns
    -------
    ndarray, (pixel,)
        In squared units of the data; never 0, but NaN where the data are not finite.

    Source
    ------
    Gasser, Sroka & Jennen-Steinmetz, Biometrika 73 (1986) 625, doi:10.1093/biomet/73.3.625.
    """
    found = np.full(len(which), np.nan)
    follows = (np.diff(channels) == 1) & (channels[1:] % row_length != 0)
    for start in range(0, len(which), _BLOCK):
        part = slice(start, start + _BLOCK)
        y, _, wrong = pixels.block(which[part], channels, None)
        with np.errstate(invalid="ignore", over="ignore"):
            found[part] = np.where(wrong == "", _least(y, follows), np.nan)
    return found


def _least(y: Array, follows: NDArray[np.bool_]) -> Array:
    least = y.var(axis=1)
    # Rounding of the data themselves: what is fitted exactly has a scatter, too.
    floor = np.maximum((y**2).mean(axis=1) * 1e-20, 1e-300)
    steps, good = y, follows
    for order in ORDERS:
        if steps.shape[1] < 2:
            break
        steps = np.diff(steps, axis=1)
        good = follows if order == 1 else good[1:] & follows[: len(good) - 1]
        if good.sum() < max(4, order):
            break
        squares = (steps[:, good] ** 2).mean(axis=1) / comb(2 * order, order)
        least = np.minimum(least, squares)
    found: Array = np.maximum(least, floor)
    return found
