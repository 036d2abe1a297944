"""Spectra moved along their axis: by how much, and there."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import UniformDataAxis
from hsjupyter.core.axis import SLACK
from hsjupyter.core.errors import AxisError, DataError, unknown_name
from hsjupyter.core.signal import BaseSignal

Array = NDArray[np.float64]

METHODS = {"linear": 1, "nearest": 0, "quadratic": 2, "cubic": 3, "zero": 0, "slinear": 1}
"""Names of interpolations -> degree of the spline; "nearest" and "zero" are steps."""


def uniform_axis(signal: BaseSignal) -> UniformDataAxis:
    """The one signal axis of spectra.

    Raises
    ------
    AxisError
        They are no spectra, or their channels are not equally spaced.
    """
    axes = signal.axes_manager.signal_axes
    if len(axes) != 1 or not isinstance(axes[0], UniformDataAxis):
        raise AxisError(
            f"{signal!r}: spectra are shifted along one axis of equally spaced channels; "
            "s.axes_manager[-1].convert_to_uniform_axis() makes one where that is right"
        )
    return axes[0]


def correlated_shifts(
    spectra: Array, reference: Array, *, finer: int, longest: float | None
) -> Array:
    """By how many channels spectra must be moved to the right to lie on a reference.

    The maximum of the cross-correlation of the slopes, so that a background that is the same in
    all has no say; between channels by a parabola through the three highest points.

    Parameters
    ----------
    spectra : ndarray, (spectrum, channel)
    reference : ndarray, (channel,)
    finer : int
        Points into which a channel is divided before the parabola; 0 for whole channels.
    longest : float, optional
        The largest shift, in channels.

    Returns
    -------
    ndarray, (spectrum,)
        NaN where a spectrum is flat or not finite.

    Source
    ------
    Knapp & Carter 1976, doi:10.1109/TASSP.1976.1162830; the refinement by zero padding:
    Guizar-Sicairos et al. 2008, doi:10.1364/OL.33.000156.
    """
    from scipy import fft

    slopes, wanted = np.diff(spectra, axis=-1), np.diff(reference)
    sound = np.isfinite(slopes).all(axis=-1) & (np.ptp(slopes, axis=-1) > 0)
    n = slopes.shape[-1]
    size = fft.next_fast_len(2 * n, real=True)
    spectrum = fft.rfft(np.where(sound[:, None], slopes, 0.0), size)
    product = np.conj(spectrum) * fft.rfft(wanted, size)
    fine = max(1, finer)
    correlation = fft.irfft(product, size * fine) * fine
    lags = np.arange(size * fine)
    lags = np.where(lags > size * fine // 2, lags - size * fine, lags)
    far = np.abs(lags) > fine * (n - 1 if longest is None else longest)
    correlation[:, far] = -np.inf
    peak = correlation.argmax(axis=-1)
    shift = lags[peak].astype(np.float64)
    if finer:
        shift += _parabola(correlation, peak)
    bound = n - 1 if longest is None else longest
    return np.where(sound, np.clip(shift / fine, -bound, bound), np.nan)


def _parabola(correlation: Array, peak: NDArray[np.intp]) -> Array:
    """How far the top of a parabola lies from the highest point, in points."""
    rows, n = np.arange(len(peak)), correlation.shape[-1]
    left, top, right = (correlation[rows, (peak + k) % n] for k in (-1, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = 0.5 * (left - right) / (left - 2 * top + right)
    return np.where(np.isfinite(moved), np.clip(moved, -0.5, 0.5), 0.0)


@dataclass(frozen=True, eq=False)
class Target:
    """Where moved spectra go.

    Attributes
    ----------
    axis : UniformDataAxis
        Of the spectra.
    at : ndarray, (new,)
        Positions of the new channels.
    method : str
        Of the interpolation.
    """

    axis: UniformDataAxis
    at: Array
    method: str


def moved_spectra(spectra: Array, shifts: Array, target: Target, fill: float) -> Array:
    """Spectra at other positions: ``new(x) = old(x - shift)``.

    Parameters
    ----------
    spectra : ndarray, (spectrum, channel)
    shifts : ndarray, (spectrum,)
        In units of the axis; NaN moves nothing.
    target : Target
    fill : float
        What stands where a spectrum does not reach.

    Returns
    -------
    ndarray, (spectrum, new)

    Raises
    ------
    UnknownNameError
        There is no such interpolation.
    """
    if target.method not in METHODS:
        raise unknown_name("shift1D(interpolation_method=...)", target.method, METHODS)
    channels = np.arange(spectra.shape[-1], dtype=np.float64)
    new = np.empty((len(spectra), len(target.at)))
    for row, (y, shift) in enumerate(zip(spectra, np.nan_to_num(shifts), strict=True)):
        place = target.axis.fraction(target.at - shift)
        line = _spline(channels, y, place, target.method)
        outside = (place < -SLACK) | (place > channels[-1] + SLACK)
        new[row] = np.where(outside, fill, line)
    return new


def _spline(channels: Array, y: Array, place: Array, method: str) -> Array:
    degree = min(METHODS[method], len(channels) - 1)
    inside = np.clip(place, 0, channels[-1])
    if method == "nearest":
        return np.asarray(y[np.rint(inside).astype(np.intp)])
    if degree == 0:
        return np.asarray(y[np.floor(inside + SLACK).astype(np.intp)])
    if degree == 1:
        return np.asarray(np.interp(inside, channels, y))
    from scipy.interpolate import make_interp_spline

    return np.asarray(make_interp_spline(channels, y, k=degree)(inside))


def shifted(
    signal: BaseSignal,
    shifts: Any,
    *,
    method: str,
    crop: bool,
    expand: bool,
    fill_value: float,
) -> BaseSignal:
    """A signal whose spectra are moved, each by its own shift: ``new(x) = old(x - shift)``.

    Parameters
    ----------
    signal : BaseSignal
    shifts : array_like, (nav...)
        In units of the signal axis.
    method : str
        Of the interpolation.
    crop : bool
        Leave out the channels that some spectrum does not reach.
    expand : bool
        Add channels so that no spectrum loses any.
    fill_value : float
        What stands where a spectrum does not reach.

    Raises
    ------
    DataError
        Not one finite shift a pixel.
    """
    axis = uniform_axis(signal)
    shape = signal.axes_manager.map_shape
    given = shifts.data if isinstance(shifts, BaseSignal) else shifts
    rows = np.asarray(given, dtype=np.float64)
    if rows.size != np.prod(shape) or not np.isfinite(rows).any():
        raise DataError(
            f"{signal!r}: shifts of shape {rows.shape} came; one finite number a pixel, {shape}, "
            "is wanted"
        )
    rows = np.nan_to_num(rows.ravel())
    first, last = 0, axis.size - 1
    moves = rows / axis.scale
    right, left = (int(np.ceil(max(0.0, far) - SLACK)) for far in (moves.max(), -moves.min()))
    if expand:
        first, last = -left, last + right
    elif crop:
        first, last = right, last - left
    if last < first:
        raise DataError(
            f"{signal!r}: shifts from {rows.min():g} to {rows.max():g} {axis.units} leave no "
            "channel that all spectra reach; say crop=False"
        )
    at: Array = axis.offset + axis.scale * np.arange(first, last + 1, dtype=np.float64)
    target = Target(axis, at, method)

    def move(data: Any, fill: float) -> Any:
        spectra = np.asarray(data, dtype=np.float64).reshape(-1, axis.size)
        new = moved_spectra(spectra, rows, target, fill)
        return new.reshape(*data.shape[:-1], len(at))

    axes = signal.axes_manager.as_dictionaries()
    axes[-1] |= {"size": len(at), "offset": float(at[0])}
    variance = signal.variance_array()
    if variance is not None and np.ndim(variance):
        variance = move(variance, np.nan)
    made: BaseSignal = signal.derive(move(signal.data, fill_value), axes, variance)
    return made
