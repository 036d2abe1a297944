"""Binned or not: one fact of two names, and the widths that go with it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.axes_manager import AxesManager
from hsjupyter.core.metadata import Metadata


def bind_binned(metadata: Metadata, manager: AxesManager) -> None:
    """Make ``metadata.Signal.binned`` the older name of what the signal axes say."""

    def read() -> bool:
        return any(axis.is_binned for axis in manager.signal_axes)

    def write(binned: Any) -> None:
        for axis in manager.signal_axes:
            axis.is_binned = binned

    metadata.set_alias("Signal.binned", read, write)


def widths_of(axes: Sequence[Axis]) -> NDArray[np.float64] | None:
    """Widths of the channels over several axes; None where none of them is binned.

    Parameters
    ----------
    axes : sequence of Axis
        Signal axes, array order.

    Returns
    -------
    ndarray, (sig...), or None
        Areas for two binned axes.
    """
    if not any(axis.is_binned for axis in axes):
        return None
    widths = np.ones([axis.size for axis in axes])
    for place, axis in enumerate(axes):
        if axis.is_binned:
            shape = [1] * len(axes)
            shape[place] = axis.size
            widths = widths * axis.widths.reshape(shape)
    return widths
