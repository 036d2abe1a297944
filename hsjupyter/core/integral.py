"""Areas along an axis."""

from typing import Any

import numpy as np

from hsjupyter.core.reducing import handed_out, one_axis, reduced
from hsjupyter.core.signal import BaseSignal


def integrated(signal: BaseSignal, axis: Any, out: BaseSignal | None) -> Any:
    """The area along one axis.

    Parameters
    ----------
    signal : BaseSignal
    axis : int, str or Axis
    out : BaseSignal, optional
        Takes the result, in place.

    Returns
    -------
    BaseSignal, or None where ``out`` is given
        A sum where the axis is binned.

    Source
    ------
    Simpson's rule for any spacing: Cartwright 2017, Journal of Mathematical Sciences and
    Mathematics Education 12(2).
    """
    (along,) = one_axis(signal, axis)
    if along.is_binned:
        return reduced(signal, np.sum, axis, out)
    from scipy.integrate import simpson

    kept = [each for each in signal.axes_manager._axes if each is not along]
    area = simpson(np.asarray(signal.data), x=along.axis, axis=along.index_in_array)
    # Along a falling axis the steps are negative; an area is that of the rising one.
    turned = along.axis[-1] < along.axis[0]
    return handed_out(signal, -area if turned else area, kept, None, out)
