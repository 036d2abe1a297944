"""A line spread by multiple scattering: convolved with a measured low-loss spectrum."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import UniformDataAxis
from hsjupyter.core.errors import DataError

if TYPE_CHECKING:
    from hsjupyter.core.signal import BaseSignal

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Convolution:
    """How a line over a wider axis becomes one over the channels of a spectrum.

    Attributes
    ----------
    axis : ndarray, (wide,)
        Calibrated positions at which the line is wanted: beyond both ends of the spectrum by as
        much as the low loss reaches.
    """

    axis: Array

    def __call__(self, lines: Array, low_loss: Array) -> Array:
        """Convolve lines with a low loss; its values are the weights, not scaled to one.

        Parameters
        ----------
        lines : ndarray, (..., wide)
        low_loss : ndarray, (low,)

        Returns
        -------
        ndarray, (..., channel)

        Source
        ------
        Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §4.3.2.
        """
        from scipy.signal import fftconvolve

        kernel = low_loss.reshape((1,) * (lines.ndim - 1) + (-1,))
        spread: Array = fftconvolve(lines, kernel, mode="valid", axes=-1)
        return spread


def make_convolution(signal: "BaseSignal", low_loss: "BaseSignal") -> Convolution:
    """How lines over the axis of a signal are convolved with a low loss.

    Raises
    ------
    DataError
        The axes are not uniform, not of one scale, or the low loss does not hold the energy zero;
        or its map is neither a single spectrum nor of the shape of the signal's.
    """
    ours, theirs = signal.axes_manager, low_loss.axes_manager
    whose = f"the low loss {low_loss!r} of {signal!r}"
    if (ours.signal_dimension, theirs.signal_dimension) != (1, 1):
        raise DataError(f"{whose} came; both must be spectra")
    if theirs.navigation_dimension and theirs.navigation_shape != ours.navigation_shape:
        raise DataError(
            f"{whose} has navigation shape {theirs.navigation_shape}; one spectrum, or "
            f"{ours.navigation_shape} of them, are wanted"
        )
    axis, low = ours.signal_axes[0], theirs.signal_axes[0]
    if not isinstance(axis, UniformDataAxis) or not isinstance(low, UniformDataAxis):
        raise DataError(f"{whose}: convolution needs uniform axes; interpolate onto one first")
    if not np.isclose(axis.scale, low.scale, rtol=1e-3):
        raise DataError(
            f"{whose}: channels of {low.scale:g} and {axis.scale:g} {axis.units} came; the same "
            "width is wanted: rebin or interpolate the low loss"
        )
    zero = round(-low.offset / low.scale)
    if not 0 <= zero < low.size:
        raise DataError(
            f"{whose} goes from {low.low_value:g} to {low.high_value:g} {low.units}; it must hold "
            "the zero-loss peak at 0: correct its offset"
        )
    # Channel i of the result sums low[k] * line[i + low.size - 1 - k]: the zero of the low loss
    # must meet the line at the same energy.
    first = axis.offset - (low.size - 1 - zero) * axis.scale
    steps = np.arange(axis.size + low.size - 1, dtype=np.float64)
    return Convolution(first + axis.scale * steps)


def spectrum_of(low_loss: Any, map_index: tuple[int, ...]) -> Array:
    """The low loss that belongs to a pixel, (low,)."""
    return np.asarray(low_loss.spectrum_at(map_index), dtype=np.float64)
