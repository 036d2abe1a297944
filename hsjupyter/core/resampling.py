"""Data at other positions along an axis."""

from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis, make_axis
from hsjupyter.core.axis import SLACK, is_number
from hsjupyter.core.errors import AxisError
from hsjupyter.core.reducing import one_axis
from hsjupyter.core.signal import BaseSignal


def resampled(signal: BaseSignal, new_axis: Any, axis: Any, degree: int) -> BaseSignal:
    """A signal with one axis replaced, its data interpolated by a spline.

    Parameters
    ----------
    signal : BaseSignal
    new_axis : Axis or dict
        Inside of the old one.
    axis : int, str or Axis
        Which one is replaced.
    degree : int
        Of the spline, 1 to 5.

    Returns
    -------
    BaseSignal
        Binned data are densities while they are interpolated, so that counts stay right. The
        noise variance is not known: neighbouring channels are no longer independent.

    Raises
    ------
    AxisError
        The new axis reaches beyond the old one, or the degree cannot be.

    Source
    ------
    de Boor, A Practical Guide to Splines, revised ed., chapter XIII.
    """
    from scipy.interpolate import make_interp_spline

    (old,) = one_axis(signal, axis)
    new = new_axis.copy() if isinstance(new_axis, Axis) else make_axis(new_axis)
    beyond = SLACK * (old.high_value - old.low_value)
    if new.low_value < old.low_value - beyond or new.high_value > old.high_value + beyond:
        raise AxisError(
            f"{signal!r}: a new axis from {new.low_value:g} to {new.high_value:g} came, and the "
            f"old one goes from {old.low_value:g} to {old.high_value:g}; one inside is wanted"
        )
    if not is_number(degree) or degree not in range(1, min(6, old.size)):
        raise AxisError(
            f"{signal!r}: degree={degree!r} came; a whole number from 1 to {min(5, old.size - 1)} "
            "is wanted"
        )
    place, x = old.index_in_array, old.axis
    order = np.argsort(x)
    shape = [1] * len(signal.data.shape)
    shape[place] = -1
    data = np.asarray(signal.data)
    if old.is_binned:
        data = data / old.widths.reshape(shape)
    spline = make_interp_spline(
        x[order], np.take(data, order, axis=place), k=int(degree), axis=place
    )
    values = spline(np.clip(new.axis, old.low_value, old.high_value))
    if old.is_binned:
        values = values * new.widths.reshape(shape)
    labels: dict[str, Any] = {"navigate": old.navigate, "is_binned": old.is_binned}
    labels |= {"name": new.name or old.name, "units": new.units or old.units}
    axes = signal.axes_manager.as_dictionaries()
    axes[place] = {**new.as_dictionary(), **labels}
    made: BaseSignal = signal.derive(values, axes)
    return made
