"""A power law through two areas of a spectrum, without a fit."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError

Array = NDArray[np.float64]


def two_area_power_law(
    x: Array, y: Array, widths: Array, bounds: tuple[float, float] = (-np.inf, np.inf)
) -> tuple[Array, Array]:
    """``A`` and ``r`` of ``A * x**-r`` from the areas of both halves of a stretch of spectrum.

    The halves meet at the geometric mean of the ends, for which the two areas give the exponent
    exactly.

    Parameters
    ----------
    x : ndarray, (channel,)
        Positive, rising.
    y : ndarray, (..., channel)
        Density at each place.
    widths : ndarray, (channel,)
        Of the channels, in units of x.
    bounds : tuple of float
        Of the exponent; an exponent moved inside keeps the whole area.

    Returns
    -------
    A, r : ndarray, (...)
        NaN where an area is not positive.

    Raises
    ------
    DataError
        Fewer than four channels, or places that are not positive.

    Source
    ------
    Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §4.4.2.
    """
    if len(x) < 4 or not x[0] > 0:
        raise DataError(
            f"two areas of a background: {len(x)} channels from {x[:1]} came; at least 4 channels "
            "at positive energies are wanted; give a wider range"
        )
    low, high = x[0] - widths[0] / 2, x[-1] + widths[-1] / 2
    low = max(low, x[0] / 2)
    middle = np.sqrt(low * high)
    # The channel in which the halves meet is shared between them.
    share = np.clip((middle - (x - widths / 2)) / widths, 0.0, 1.0)
    first, second = (y * widths * share).sum(-1), (y * widths * (1 - share)).sum(-1)
    good = (first > 0) & (second > 0)
    with np.errstate(all="ignore"):  # where not good, NaN is the answer
        exponent = np.clip(1 - 2 * np.log(second / first) / np.log(high / low), *bounds)
        slope = 1 - exponent
        whole = np.where(
            np.abs(slope) < 1e-9, np.log(high / low), (high**slope - low**slope) / slope
        )
        amplitude = (first + second) / whole
    return np.where(good, amplitude, np.nan), np.where(good, exponent, np.nan)
