"""The voltage of a capacitor that is charged over a resistor."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.components.areas import thirds
from hsjupyter.components.refine import solve
from hsjupyter.core.component import Component
from hsjupyter.core.errors import ParameterError
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.shape import Array, Coords


class RC(Component):
    """An exponential rise by ``Vmax`` from ``V0`` at zero.

    Parameters
    ----------
    *values : float
        Starting values of ``Vmax``, ``V0`` and ``tau``.
    **named : float
        The same by name; ``V`` is an older name of ``Vmax``.

    Source: Horowitz & Hill, The Art of Electronics, 3rd ed., §1.4.2.
    """

    formula = "Vmax * (1 - exp(-x / tau)) + V0"
    Vmax = Par(1.0, unit="y", doc="rise from zero to far right")
    V0 = Par(0.0, unit="y", doc="value at zero")
    tau = Par(1.0, unit="x", doc="time in which all but 1/e of the rise is done")

    def __init__(self, *values: Any, **named: Any) -> None:
        if "V" in named:
            if values or "Vmax" in named:
                raise ParameterError(
                    f"RC: V={named['V']!r} came beside another value of Vmax, of which V is an "
                    "older name; give one of them"
                )
            named["Vmax"] = named.pop("V")
        super().__init__(*values, **named)

    @property
    def V(self) -> Parameter:
        """Older name of ``Vmax``."""
        return self.Vmax

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """From the sums over three thirds, whose differences fall as the exponential does."""
        x = coords[0]
        rates = np.linspace(-20.0, 20.0, 802) / np.ptp(x)  # an even number leaves out zero
        middle = x.mean()
        rate = thirds(data, rates, np.exp(-rates[:, None] * (x - middle)))
        known = np.where(np.isfinite(rate), rate, 1.0)
        rows = np.stack([1 - np.exp(-known[:, None] * x), np.ones(data.shape)], axis=1)
        Vmax, V0 = solve(rows, data).T
        return {"Vmax": Vmax, "V0": V0, "tau": 1 / rate}
