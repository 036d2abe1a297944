"""Which channels a fit looks at."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError
from hsjupyter.core.model import BaseModel


class RangeVerbs(BaseModel):
    """Leave channels out of the fit, and take them in again; values are calibrated."""

    def set_signal_range(self, x1: float | None = None, x2: float | None = None) -> None:
        """Fit only the channels from ``x1`` to ``x2``, both included.

        Parameters
        ----------
        x1, x2 : float, optional
            In the units of the signal axis; an end that is not given is the axis's own.

        Raises
        ------
        AxisError
            ``x1`` is not below ``x2``, or no channel lies between them.
        """
        self.channel_switches = _between(self, x1, x2)

    def add_signal_range(self, x1: float | None = None, x2: float | None = None) -> None:
        """Take the channels from ``x1`` to ``x2`` into the fit again."""
        self.channel_switches = self.channel_switches | _between(self, x1, x2)

    def remove_signal_range(self, x1: float | None = None, x2: float | None = None) -> None:
        """Leave the channels from ``x1`` to ``x2`` out of the fit."""
        self.channel_switches = self.channel_switches & ~_between(self, x1, x2)

    def reset_signal_range(self) -> None:
        """Fit all channels."""
        self.channel_switches = np.ones_like(self.channel_switches)


def _between(model: BaseModel, x1: float | None, x2: float | None) -> NDArray[np.bool_]:
    axis = model.signal.signal_coordinates()[0]
    low = -np.inf if x1 is None else float(x1)
    high = np.inf if x2 is None else float(x2)
    chosen: NDArray[np.bool_] = (axis >= low) & (axis <= high)
    if not low < high or not chosen.any():
        raise AxisError(
            f"{model!r}: the range {x1} to {x2} came; the axis goes from {axis.min():g} to "
            f"{axis.max():g}; give two values inside, the smaller one first"
        )
    return chosen
