"""Areas and slopes along an axis."""

from typing import Any

import numpy as np

from hsjupyter.core.axes import DataAxis, UniformDataAxis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError
from hsjupyter.core.reading import whole
from hsjupyter.core.reducing import handed_out, one_axis, reduced
from hsjupyter.core.signal import BaseSignal


def integrated(signal: BaseSignal, axis: Any, out: BaseSignal | None, *, simpson: bool) -> Any:
    """The area along one axis.

    Parameters
    ----------
    signal : BaseSignal
    axis : int, str or Axis
    out : BaseSignal, optional
        Takes the result, in place.
    simpson : bool
        Simpson's rule; else the sum of what the channels hold.

    Returns
    -------
    BaseSignal, or None where ``out`` is given

    Source
    ------
    Simpson's rule for any spacing: Cartwright 2017, Journal of Mathematical Sciences and
    Mathematics Education 12(2).
    """
    (along,) = one_axis(signal, axis)
    if not simpson:
        return reduced(signal, np.sum, axis, out)
    from scipy.integrate import simpson as rule

    kept = [each for each in signal.axes_manager._axes if each is not along]
    area = rule(np.asarray(signal.data), x=along.axis, axis=along.index_in_array)
    # Along a falling axis the steps are negative; an area is that of the rising one.
    turned = along.axis[-1] < along.axis[0]
    return handed_out(signal, -area if turned else area, kept, None, out)


def derived(signal: BaseSignal, axis: Any, order: int, out: BaseSignal | None) -> Any:
    """The slope along one axis, at the same channels, by central differences.

    Source
    ------
    Fornberg 1988, doi:10.1090/S0025-5718-1988-0935077-0, for uneven steps.
    """
    (along,) = one_axis(signal, axis)
    _check_order(signal, order, along.size)
    data = whole(signal.data)
    for _ in range(order):
        data = np.gradient(data, along.axis, axis=along.index_in_array)
    return handed_out(signal, data, list(signal.axes_manager._axes), None, out)


def differences(signal: BaseSignal, axis: Any, order: int, out: BaseSignal | None) -> Any:
    """What each channel has more than the one before it, half-way between the two."""
    (along,) = one_axis(signal, axis)
    _check_order(signal, order, along.size)
    data = np.diff(whole(signal.data), n=order, axis=along.index_in_array)
    axes = list(signal.axes_manager._axes)
    if isinstance(along, UniformDataAxis):
        at = {"scale": along.scale, "offset": along.offset + along.scale * order / 2}
        made: Any = UniformDataAxis(along.size - order, **at, **along.labels())
    else:
        middle = along.axis
        for _ in range(order):
            middle = (middle[1:] + middle[:-1]) / 2
        made = DataAxis(middle, **along.labels())
    axes[along.index_in_array] = made
    return handed_out(signal, data, axes, None, out)


def _check_order(signal: BaseSignal, order: Any, size: int) -> None:
    if not is_number(order) or order != int(order) or not 1 <= order < size:
        raise AxisError(
            f"{signal!r}: order={order!r} came; a whole number from 1 to {size - 1} is wanted"
        )
