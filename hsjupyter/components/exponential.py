"""An exponential decay."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.areas import decay_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Exponential(Component):
    """An exponential decay from ``A`` at zero.

    Source: Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §8.1.
    """

    formula = "A * exp(-x / tau)"
    A = Par(1.0, unit="y", doc="value at zero")
    tau = Par(1.0, unit="x", doc="distance in which the value falls by a factor e")
    isbackground = True
    convolved = False

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """By two areas."""
        x = coords[0]
        rates = np.linspace(-40.0, 40.0, 1602) / np.ptp(x)  # an even number leaves out zero
        middle = x.mean()
        rate, at_middle = decay_of(data, rates, np.exp(-rates[:, None] * (x - middle)))
        return {"A": at_middle * np.exp(rate * middle), "tau": 1 / rate}
