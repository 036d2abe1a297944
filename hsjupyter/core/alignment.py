"""How spectra of a map lie against each other, and bringing them together."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError, DataError
from hsjupyter.core.shifting import correlated_shifts, uniform_axis
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.slicing import edge_on


def estimated_shifts(
    signal: BaseSignal,
    window: tuple[Any, Any],
    reference: Any,
    longest: Any,
    *,
    finer: int,
    mask: Any,
) -> NDArray[np.float64]:
    """By how much the spectrum of each pixel must be moved to lie on that of one pixel.

    Parameters
    ----------
    signal : BaseSignal
    window : (int or float or None, int or float or None)
        Where it looks: indices or values.
    reference : tuple of int or None
        Indices of the pixel, natural order; the current one for None.
    longest : int, float or None
        The largest shift: channels, or in units of the axis.
    finer : int
        Points into which a channel is divided; 0 for whole channels.
    mask : array_like or BaseSignal or None
        True where a pixel is left alone, (nav...).

    Returns
    -------
    ndarray, (nav...)
        In units of the axis; 0 where a spectrum is flat, not finite, or masked.

    Raises
    ------
    AxisError
        There is no map, the window holds too few channels, or the reference is no pixel of it.
    DataError
        The reference is flat or not finite, or the mask has another shape.
    """
    axis, manager = uniform_axis(signal), signal.axes_manager
    if not manager.navigation_dimension:
        raise AxisError(
            f"{signal!r}: a single spectrum has none to lie on; a map is wanted, hs.stack() makes "
            "one of several"
        )
    first, last, _ = slice(edge_on(axis, window[0]), edge_on(axis, window[1])).indices(axis.size)
    if last - first < 3:
        raise AxisError(
            f"{signal!r}: start={window[0]!r}, end={window[1]!r} came, which hold "
            f"{max(0, last - first)} channels; at least 3 are wanted"
        )
    spectra = np.asarray(signal.data, dtype=np.float64)[..., first:last]
    one = _pixel(signal, reference)
    target = spectra[one]
    if not np.isfinite(target).all() or np.ptp(target) == 0:
        raise DataError(
            f"{signal!r}: the spectrum of the pixel {one[::-1]} is flat or not finite between the "
            "limits; give another one as reference_indices"
        )
    rows = spectra.reshape(-1, last - first)
    channels = correlated_shifts(rows, target, finer=finer, longest=_longest(axis, longest))
    shifts = np.nan_to_num(channels.reshape(manager.map_shape)) * axis.scale
    return np.where(_masked(signal, mask), 0.0, shifts)


def _pixel(signal: BaseSignal, reference: Any) -> tuple[int, ...]:
    manager = signal.axes_manager
    if reference is None:
        return manager.map_index
    given = tuple(reference) if isinstance(reference, Iterable) else (reference,)
    shape = manager.navigation_shape
    sound = len(given) == len(shape) and all(
        is_number(i) and i == int(i) and -n <= i < n for i, n in zip(given, shape, strict=True)
    )
    if not sound:
        raise AxisError(
            f"{signal!r}: reference_indices={reference!r} came; the indices of a pixel of the map "
            f"{shape}, the fastest first, are wanted"
        )
    return tuple(int(i) for i in given[::-1])


def _longest(axis: Axis, longest: Any) -> float | None:
    if longest is None:
        return None
    if not is_number(longest) or longest <= 0:
        raise AxisError(
            f"{axis}: max_shift={longest!r} came; a positive number is wanted, whole for channels, "
            f"a float in {axis.units or 'units of the axis'}"
        )
    whole = isinstance(longest, int | np.integer)
    return float(longest) if whole else float(longest / axis.widths[0])


def _masked(signal: BaseSignal, mask: Any) -> NDArray[np.bool_]:
    shape = signal.axes_manager.map_shape
    if mask is None:
        return np.zeros(shape, dtype=bool)
    array = np.asarray(mask.data if isinstance(mask, BaseSignal) else mask)
    if array.shape != shape or array.dtype.kind not in "bi":
        raise DataError(
            f"{signal!r}: a mask of shape {array.shape} and type {array.dtype} came; True or False "
            f"for each pixel, {shape}, is wanted"
        )
    return array.astype(bool)
