"""Where the data of pixels are, as a driver of many pixels reads them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.tables import Words


class Data(NamedTuple):
    """The data of some pixels, where they are.

    Attributes
    ----------
    rows : ndarray of int64, (pixel,)
        Their addresses; 0 for one that is not to be fitted.
    single : bool
        They are float32.
    channels : ndarray of int64, (channel,), or None
        Those of the signal range; None for all, or where others are not in the rows.
    widths : ndarray, (channel,), or None
        What the data are to be divided by.
    roots : ndarray, (pixel or 1, channel), or None
        Of the weights; for counts, widths of the channels.
    wrong : ndarray of bool, (pixel,)
        Those that cannot be fitted, as far as is known.
    held : ndarray
        What the addresses point to.
    """

    rows: Words
    single: bool
    channels: Words | None
    widths: Array | None
    roots: Array | None
    wrong: Flags
    held: Any


def data_of(
    plan: Plan, pixels: Pixels, which: NDArray[np.intp], *, counts: bool, whole: bool
) -> Data:
    """Data of some pixels; read where they are, if they are plain numbers and it is not ``whole``.

    Then `Data.held` has them, (pixel, channel).
    """
    if whole or not pixels.plain:
        y, roots, wrong = pixels.block(which, plan.channels, plan.widths, counts=counts)
        rows = y.ctypes.data + np.arange(len(y), dtype=np.int64) * y.strides[0]
        told = np.array([bool(words) for words in wrong.tolist()], dtype=bool)
        return Data(np.where(told, 0, rows), False, None, None, roots, told, y)
    signal = int(np.prod(pixels.data.shape[pixels.data.ndim - pixels.signal_dimension :]))
    size = pixels.data.itemsize
    rows = pixels.data.ctypes.data + pixels.places(which).astype(np.int64) * (signal * size)
    channels = None if len(plan.channels) == signal else plan.channels.astype(np.int64)
    if counts:  # what is not a count makes the deviance NaN
        roots, bad = None if plan.widths is None else plan.widths[np.newaxis].copy(), None
    else:
        roots, bad = pixels.roots(which, plan.channels, plan.widths)
    never = np.zeros(len(which), dtype=bool)
    known = never if bad is None else bad | never
    return Data(rows, size == 4, channels, plan.widths, roots, known, pixels.data)
