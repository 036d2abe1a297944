"""Axes that vanish: sums, means, extremes and where they are."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError, DataError
from hsjupyter.core.reading import reduce_axes
from hsjupyter.core.signal import BaseSignal

Function = Callable[..., Any]


def reduced(signal: BaseSignal, function: Function, axis: Any, out: BaseSignal | None) -> Any:
    """A signal without the axes over which a function of numpy was taken.

    Parameters
    ----------
    signal : BaseSignal
    function : callable
        ``np.sum`` and the like: ``function(array, axis=...)``.
    axis : int, str, Axis or iterable of them, or None
        Natural order; None for all navigation axes, or for the signal axes where there are none.
    out : BaseSignal, optional
        Takes the result, in place.

    Returns
    -------
    BaseSignal, or None where ``out`` is given
        The noise variance is known for sums and means.
    """
    manager = signal.axes_manager
    over = manager.navigation_axes or manager.signal_axes if axis is None else manager.chosen(axis)
    if not over:
        raise AxisError(f"{signal!r}: axis={axis!r} came, which is no axis; name at least one")
    places = tuple(sorted(each.index_in_array for each in over))
    kept = [each for each in manager._axes if not any(each is one for one in over)]
    data = reduce_axes(function, signal.data, places)
    variance = _variance_after(signal, function, places)
    return handed_out(signal, data, kept, variance, out)


def located(
    signal: BaseSignal, function: Function, axis: Any, out: BaseSignal | None, *, values: bool
) -> Any:
    """Where along one axis a function of numpy finds its element: ``np.argmax`` and the like.

    Parameters
    ----------
    signal : BaseSignal
    function : callable
    axis : int, str or Axis
    out : BaseSignal, optional
        Takes the result, in place.
    values : bool
        Positions in the units of the axis, not indices.
    """
    (along,) = one_axis(signal, axis)
    kept = [each for each in signal.axes_manager._axes if each is not along]
    index = reduce_axes(function, signal.data, (along.index_in_array,))
    found = along.axis[np.asarray(index)] if values else index
    return handed_out(signal, found, kept, None, out)


def one_axis(signal: BaseSignal, axis: Any) -> tuple[Axis]:
    """The one axis that was asked for.

    Raises
    ------
    AxisError
        Several were.
    """
    chosen = signal.axes_manager.chosen(axis)
    if len(chosen) != 1:
        raise AxisError(f"{signal!r}: axis={axis!r} came; one axis is wanted")
    return (chosen[0],)


def handed_out(
    signal: BaseSignal, data: Any, kept: list[Axis], variance: Any, out: BaseSignal | None
) -> Any:
    """A result as a signal over the axes that are kept, or put into ``out``."""
    made: BaseSignal = signal.derive(data, kept, variance)
    shape = tuple(made.data.shape)
    if isinstance(out, BaseSignal) and tuple(out.data.shape) != shape:
        raise DataError(f"{signal!r}: out={out!r} came; a signal of shape {shape} is wanted")
    return put_into(out, made)


def put_into(out: Any, made: BaseSignal) -> Any:
    """A result as it is, or None where it was put into ``out``.

    Raises
    ------
    DataError
        ``out`` is no signal.
    """
    if out is None:
        return made
    if not isinstance(out, BaseSignal):
        raise DataError(f"{made!r}: out={out!r:.60} came; a signal that takes the result is wanted")
    return out.become("a result was put into it", made)


def _variance_after(signal: BaseSignal, function: Function, places: tuple[int, ...]) -> Any:
    """The noise variance of a sum or mean of independent channels; None of all else.

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §3.3.
    """
    if function not in {np.sum, np.mean}:
        return None
    variance = signal.variance_array()
    if variance is None:
        return None
    n = prod(signal.data.shape[place] for place in places)
    total = variance * n if is_number(variance) else np.sum(variance, axis=places)
    return total / n**2 if function is np.mean else total
