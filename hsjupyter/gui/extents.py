"""What stands beside the axes of a plot, and from where to where they go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.model import BaseModel

Array = NDArray[np.float64]


def label_of(axis: Axis) -> str:
    """Name and units of an axis, as written beside it."""
    name = axis.name or "x"
    return f"{name} ({axis.units})" if axis.units else name


def quantity_of(model: BaseModel) -> str:
    """What the data are, as written beside the vertical axis."""
    return str(model.signal.metadata.get_item("Signal.quantity", "")) or "Intensity"


def limits(data: Array, model: Array) -> tuple[float, float]:
    """Vertical limits that show the data, and the model unless it is far off.

    Parameters
    ----------
    data, model : ndarray, (channel,)
        NaN is left out.

    Returns
    -------
    low, high : float
        With a margin of 6 %; a model is followed to twice the span of the data.
    """
    good = data[np.isfinite(data)]
    if not good.size:
        return 0.0, 1.0
    low, high = float(good.min()), float(good.max())
    span = (high - low) or abs(high) or 1.0
    line = model[np.isfinite(model)]
    if line.size:
        low = min(low, max(float(line.min()), low - span))
        high = max(high, min(float(line.max()), high + span))
    margin = 0.06 * ((high - low) or span)
    return low - margin, high + margin


def round_end(numbers: Array) -> float:
    """The first of 1, 2, 5, 10, 20, … that no number is beyond, on either side of zero."""
    good = np.abs(numbers[np.isfinite(numbers)])
    largest = float(good.max()) if good.size else 0.0
    if largest == 0:
        return 1.0
    unit = 10.0 ** np.floor(np.log10(largest))
    return float(next(step * unit for step in (1, 2, 5, 10) if step * unit >= largest))
